"""Composing: what a colleague wrote arrives as written, in any mail program, and nothing can be smuggled in."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.channels import Address
from credo.channels.email.compose import File, Letter, compose
from credo.channels.email.read import read

CARE = Address(name="Lumen Care", address="care@lumen.example")
MARA = Address(name="Mara", address="mara@example.org")


def letter(**more: Any) -> Letter:
    """A plain answer; `more` overrides."""
    given: dict[str, Any] = {
        "message_id": "credo.abcdefgh.123456.0123456789abcdef@lumen.example",
        "at": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        "from_": CARE,
        "to": [MARA],
        "subject": "Re: Lamp",
        "text": "A new shade is on its way.",
    }
    return Letter(**{**given, **more})


def parsed(content: bytes) -> EmailMessage:
    """The mail as the standard library reads it."""
    found = message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def well_formed(content: bytes) -> bool:
    """CRLF only, nothing beyond ASCII in the body, no line over the limit."""
    lines = content.split(b"\r\n")
    return all(b"\n" not in line and b"\r" not in line and len(line) <= 998 for line in lines)


def test_text_and_html_stand_side_by_side() -> None:
    mail = parsed(compose(letter(html="<p>A <b>new</b> shade</p>", signature="Care <team>\nLumen")))
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == "A new shade is on its way.\n\n-- \nCare <team>\nLumen\n"
    assert "<p>A <b>new</b> shade</p>" in html.get_content()
    assert "Care &lt;team&gt;<br>" in html.get_content()


def test_images_are_related_and_files_attached() -> None:
    content = compose(
        letter(
            html='<p>Look: <img src="cid:pic@credo"></p>',
            files=[
                File(name="crack.png", type="image/png", content=b"\x89PNG", content_id="pic@credo"),
                File(name="Größe ünd.pdf", type="application/pdf", content=b"%PDF" * 1000),
                File(name="unused.png", type="image/png", content=b"x", content_id="nobody@credo"),
                File(name="a.eml", type="message/rfc822", content=b"Subject: x\r\n\r\n"),
            ],
        )
    )
    inbound = read(content)
    assert [(a.name, a.inline) for a in inbound.attachments] == [
        ("crack.png", True),
        ("Größe ünd.pdf", False),
        ("unused.png", False),
        ("a.eml", False),
    ]
    assert inbound.attachments[1].content == b"%PDF" * 1000
    assert well_formed(content)


def test_the_thread_is_named_and_long_ids_stay_whole() -> None:
    long = "a" * 300 + "@example.org"
    content = compose(letter(in_reply_to="b@example.org", references=["first@x", long, "b@example.org"]))
    assert f"<{long}>".encode() in content
    inbound = read(content)
    assert inbound.references == ("first@x", long, "b@example.org")
    assert inbound.in_reply_to == ("b@example.org",)


def test_a_very_long_thread_keeps_its_first_and_newest_ids() -> None:
    many = [f"{number}@x" for number in range(100)]
    references = read(compose(letter(references=many))).references
    assert references[0] == "0@x"
    assert references[1:] == tuple(many[-19:])


def test_only_automatic_mail_says_so() -> None:
    assert parsed(compose(letter(automatic=True)))["Auto-Submitted"] == "auto-replied"
    assert parsed(compose(letter()))["Auto-Submitted"] is None
    assert read(compose(letter(automatic=True))).kind == "auto_reply"


def test_the_mark_survives_for_our_own_reader() -> None:
    content = compose(letter(mark="credo.abcdefgh.123456.0123456789abcdef"))
    assert read(content).markers == ("credo.abcdefgh.123456.0123456789abcdef",)


def test_an_answer_to_nobody_openly_has_no_empty_field() -> None:
    mail = parsed(compose(letter(to=[])))
    assert mail["To"] is not None
    assert "undisclosed" in str(mail["To"])


NASTY = st.text(max_size=120) | st.sampled_from(
    [
        "a\r\nBcc: evil@example.com",
        "a\nX: y",
        "a\x0bb\x0cc\x85d\u2028e",
        '"quoted" \\ name',
        "=?utf-8?q?spoof?=",
        "Jörg, Müller <x@y>",
        "x" * 2000,
        "ß" * 500,
        "",
    ]
)


@given(subject=NASTY, name=NASTY, text=st.text(max_size=3000) | st.just("y" * 5000), file_name=NASTY)
def test_whatever_people_write_the_mail_is_whole(subject: str, name: str, text: str, file_name: str) -> None:
    content = compose(
        letter(
            subject=subject,
            to=[Address(name=name, address="mara@example.org")],
            text=text,
            files=[File(name=file_name, type="text/plain", content=b"content")],
        )
    )
    assert well_formed(content)
    mail = message_from_bytes(content, policy=policy.compat32)
    assert set(mail.keys()) == {"Message-ID", "Date", "From", "To", "Subject", "MIME-Version", "Content-Type"}
    inbound = read(content)
    assert [one.address for one in inbound.to] == ["mara@example.org"]
    assert inbound.bcc == ()
    assert inbound.attachments[0].content == b"content"


@pytest.mark.parametrize(
    "subject",
    ["Re: Größe " + "sehr lang " * 30, "東京のランプ" * 20, "plain " * 60, "one" * 300, "🙂" * 80, "a =?utf-8?q?b?= c"],
)
def test_subjects_come_back_as_written(subject: str) -> None:
    assert read(compose(letter(subject=subject))).subject == " ".join(subject.split())


@pytest.mark.parametrize(
    "name", ["Müller, Bernd", 'The "best" lamp', "O'Neil", "a, b; c", "田中", "x (y)", "back\\slash"]
)
def test_names_come_back_as_written(name: str) -> None:
    (found,) = read(compose(letter(to=[Address(name=name, address="mara@example.org")]))).to
    assert (found.name, found.address) == (name, "mara@example.org")


def test_domains_are_written_in_ascii() -> None:
    assert b"<mara@xn--bcher-kva.example>" in compose(letter(to=[Address(name="M", address="mara@bücher.example")]))
