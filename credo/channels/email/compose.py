"""Composing: one letter becomes the bytes of one mail, the same bytes at every attempt to send it.

The header block is written here and not by the standard library, which breaks long Message-IDs in References.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from credo.channels import Address

_POLICY = SMTP.clone(cte_type="7bit", refold_source="none")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_REFERENCES_AT_MOST = 20
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that goes along; one with a `content_id` that the HTML names is shown in place."""

    name: str
    type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything a mail says. Who gets a blind copy is not in it. Message-IDs come without brackets.

    `mark` is a signed word hidden in the HTML: servers that rewrite Message-IDs leave it in the quote of an answer.
    """

    message_id: str
    at: datetime
    from_: Address
    to: Sequence[Address]
    cc: Sequence[Address] = ()
    reply_to: str | None = None
    subject: str
    text: str
    html: str | None = None
    signature: str = ""
    files: Sequence[File] = ()
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    mark: str | None = None
    automatic: bool = False


def compose(letter: Letter) -> bytes:
    """The whole mail: text and HTML as alternatives, images the HTML shows as related parts, files attached.

    Line ends are CRLF, no line is longer than 998 bytes, and nothing in a name or subject can add a header.
    """
    body = _body(letter)
    return b"".join((*_headers(letter), body.as_bytes(policy=_POLICY)))


def _headers(letter: Letter) -> Iterable[bytes]:
    yield _line("Message-ID", f"<{_id(letter.message_id)}>")
    yield _line("Date", format_datetime(letter.at))
    yield _line("From", _address(letter.from_))
    if letter.to:
        yield _line("To", _addresses(letter.to))
    if letter.cc:
        yield _line("Cc", _addresses(letter.cc))
    if not letter.to and not letter.cc:
        yield _line("To", "undisclosed-recipients:;")
    if letter.reply_to:
        yield _line("Reply-To", _address(Address(name=letter.from_.name, address=letter.reply_to)))
    yield _line("Subject", _words(letter.subject, len("Subject: ")))
    if letter.in_reply_to:
        yield _line("In-Reply-To", f"<{_id(letter.in_reply_to)}>")
    if letter.references:
        yield _line("References", "\r\n ".join(f"<{_id(one)}>" for one in _fewer(letter.references)))
    if letter.automatic:
        yield _line("Auto-Submitted", "auto-replied")
        yield _line("X-Auto-Response-Suppress", "All")


def _line(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode()


def _fewer(references: Sequence[str]) -> list[str]:
    """The first and the newest of a long thread: what every mail program needs to join it."""
    known = list(dict.fromkeys(one for one in references if one))
    return known if len(known) <= _REFERENCES_AT_MOST else [known[0], *known[1 - _REFERENCES_AT_MOST :]]


def _id(message_id: str) -> str:
    return re.sub(r"[\s<>]+", "", _CONTROLS.sub("", message_id))[:900]


def _plain(text: str) -> str:
    """One line without control characters, so that no name or subject can begin a header of its own."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _words(text: str, used: int) -> str:
    """A header text, folded, in encoded words where it is not ASCII or looks like one of them."""
    plain = _plain(text)
    simple = plain.isascii() and "=?" not in plain and all(len(word) < 900 for word in plain.split(" "))
    charset = "us-ascii" if simple else "utf-8"
    return Header(plain, charset, maxlinelen=76, header_name="x" * (used - 2)).encode(linesep="\r\n")


def _addresses(people: Sequence[Address]) -> str:
    return ",\r\n ".join(_address(one) for one in people)


def _address(person: Address) -> str:
    name, address = _plain(person.name)[:200], _domain_in_ascii(_plain(person.address))
    if not name:
        return f"<{address}>" if not address.isascii() else address
    if not name.isascii() or "=?" in name:
        return f"{Header(name, 'utf-8', maxlinelen=60).encode(linesep=chr(13) + chr(10))}\r\n <{address}>"
    if _ATOM.fullmatch(name):
        return f"{name} <{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def _domain_in_ascii(address: str) -> str:
    """`jörg@bücher.example` keeps its local part; its domain is written so that every server knows it."""
    local, _, domain = address.replace("<", "").replace(">", "").rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}@{domain}"


def _body(letter: Letter) -> EmailMessage:
    text, html = _with_signature(letter)
    shown = [f for f in letter.files if f.content_id and f"cid:{f.content_id}" in html]
    message = EmailMessage(policy=_POLICY)
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    alternative = message.get_payload()
    assert isinstance(alternative, list)
    page = alternative[1]
    assert isinstance(page, MIMEPart)
    for file in shown:
        maintype, subtype = _type(file.type)
        page.add_related(
            file.content,
            maintype=maintype,
            subtype=subtype,
            cid=f"<{_id(file.content_id or '')}>",
            filename=_file_name(file.name),
            disposition="inline",
        )
    for file in letter.files:
        if file not in shown:
            maintype, subtype = _type(file.type)
            message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=_file_name(file.name))
    return message


def _type(named: str) -> tuple[str, str]:
    """A content type that nobody can misuse: mail inside mail and text go as they are, in bytes."""
    plain = named.lower().partition(";")[0].strip()
    if not _TYPE.fullmatch(plain) or plain.startswith(("message/", "multipart/")):
        return "application", "octet-stream"
    maintype, _, subtype = plain.partition("/")
    return maintype, subtype


def _file_name(name: str) -> str:
    plain = _plain(name).replace("/", "_").replace("\\", "_").replace('"', "'")
    return plain[:180] or "file"


def _with_signature(letter: Letter) -> tuple[str, str]:
    text = letter.text.replace("\r\n", "\n").replace("\x00", "").rstrip()
    html = letter.html if letter.html is not None else _paragraphs(text)
    if signature := letter.signature.strip():
        text = f"{text}\n\n-- \n{signature}"
        html = f'{html}\n<div class="signature">-- <br>{_breaks(signature)}</div>'
    mark = f' class="credo-ref-{escape(_id(letter.mark))}"' if letter.mark else ""
    page = (
        '<!doctype html>\n<html><head><meta charset="utf-8"></head>\n'
        f'<body><div{mark} style="font-family: sans-serif; line-height: 1.5">\n{html}\n</div></body></html>\n'
    )
    return text + "\n", page


def _paragraphs(text: str) -> str:
    return "\n".join(f"<p>{_breaks(one)}</p>" for one in re.split(r"\n{2,}", text) if one.strip())


def _breaks(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>\n")
