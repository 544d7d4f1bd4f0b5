"""Letters of the journeys, as mail programs write them."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.utils import format_datetime, localtime

from support.imap_server import USER

HANNA = "hanna.vogel@example.com"
FIRST_ID = "<cracked-shade@mail.example.com>"
LAMP = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGP4v5QBK2IYWhIAjDpSgcdiFckAAAAASUVORK5CYII="
)

FIRST_HTML = """<html><body style="font-family: Georgia">
<p>Hello,</p>
<p>the shade of my <b>Luna lamp</b> has a crack, see here:</p>
<p><img src="cid:crack@mail.example.com" alt="the crack" width="120" height="120"></p>
<p>Can you send another one before Saturday?</p>
<p>Hanna</p>
<p>On Mon, 16 Nov 2026 at 10:12, Lumen Lamps wrote:</p>
<blockquote type="cite">Your parcel with order 4711 is on its way.</blockquote>
</body></html>"""

FIRST_TEXT = """Hello,

the shade of my Luna lamp has a crack, see the picture.

Can you send another one before Saturday?

Hanna

On Mon, 16 Nov 2026 at 10:12, Lumen Lamps wrote:
> Your parcel with order 4711 is on its way.
"""


def letter(sender: str, subject: str, text: str, message_id: str, *, to: str = USER, **headers: str) -> EmailMessage:
    """A plain letter of today; `in_reply_to="<x>"` becomes `In-Reply-To: <x>`."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = format_datetime(localtime()), message_id
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    message.set_content(text)
    return message


def first() -> bytes:
    """A customer's first letter: HTML with a picture inside, what was quoted, and a receipt."""
    message = letter(f"Hanna Vogel <{HANNA}>", "Cracked shade of my Luna lamp", FIRST_TEXT, FIRST_ID)
    message.add_alternative(FIRST_HTML, subtype="html")
    page = message.get_payload()[1]
    assert isinstance(page, EmailMessage)
    page.add_related(LAMP, "image", "png", cid="<crack@mail.example.com>", filename="crack.png")
    message.add_attachment(
        b"%PDF-1.4\n% a receipt\n", maintype="application", subtype="pdf", filename="Rechnung 4711.pdf"
    )
    return message.as_bytes()


def thanks(in_reply_to: str, references: str) -> bytes:
    """Her reply to our answer, quoting it as mail programs do."""
    text = "That is quick, thank you!\n\nOne more thing: is the cable included?\n\n> A new shade leaves today.\n"
    return letter(
        f"Hanna Vogel <{HANNA}>",
        "Re: Cracked shade of my Luna lamp",
        text,
        "<thanks@mail.example.com>",
        in_reply_to=in_reply_to,
        references=f"{references} {in_reply_to}".strip(),
    ).as_bytes()
