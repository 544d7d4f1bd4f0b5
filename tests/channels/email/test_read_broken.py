"""Mail that breaks the rules of its own form: no word of it may be lost, no line of the machinery told as words."""

from __future__ import annotations

import base64

import pytest

from credo.channels.email.read import read

HEAD = b"From: kim@old.example\nSubject: Lamp\n"
TWO = b"--cut0\nContent-Type: text/plain\n\nIt hums.\n--cut0\nContent-Type: text/html\n\n<p>It hums.</p>\n--cut0--\n"
MIXED = b'Content-Type: multipart/mixed; boundary="x"\n'


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Content-Transfer-Encoding: base64\n\nIt hums. What can I do?\n", "It hums. What can I do?"),
        (b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(b"It hums. Why?"), "It hums. Why?"),
        (b"Content-Type: text/plain, charset=utf-8\n\nGr\xc3\xbc\xc3\x9fe", "Grüße"),
        (b"Content-Type: text/plain charset=utf-8\n\nGr\xc3\xbc\xc3\x9fe", "Grüße"),
        (b"Content-Type: text/plain, hello\n\nIt hums.", "It hums."),
        (b"Content-Disposition: attachment\n\nIt hums.", "It hums."),
        (b"\n" + TWO, "It hums."),
        (b"Content-Type: text/plain\n\nThis is a multi-part message in MIME format.\n\n" + TWO, "It hums."),
        (b'Content-Type: multipart/alternative; boundary="cut0"\nContent-Transfer-Encoding: base64\n\n'
         + base64.encodebytes(TWO), "It hums."),
        (MIXED + b"\n--x\nIt hums now.\nNote: at night.\nBye\n--x--\n", "It hums now.\nNote: at night.\nBye"),
        (MIXED + b"\n--x\nNote: it hums.\n--x--\n", "Note: it hums."),
        (MIXED + b"\n--x\n\nNote: it hums.\nBye\n--x--\n", "Note: it hums.\nBye"),
        (MIXED + b"\n--x\n\nContent-Type: text/plain\n\nIt hums.\n--x--\n", "It hums."),
        (MIXED + b"\n--x\ncharset=utf-8\nContent-Type: text/plain\n\nIt hums.\n--x--\n", "It hums."),
        (b"It hums again every night\nX-Mailer: form\n\nPlease help.", "It hums again every night\n\nPlease help."),
        (b"=_broken;fold\nX-Mailer: form\n\nPlease help.", "Please help."),
        (b"Content-Type: text/plain\n\n<html><body><p>It <b>hums</b>.</p></body></html>", "It hums."),
        (b"\nThe page says <html> where the price was.", "The page says <html> where the price was."),
        (b"\r\r\nIt hums.\r\r\nBye\r\r\n", "It hums.\nBye"),
    ],
)  # fmt: skip
def test_words_are_found(raw: bytes, text: str) -> None:
    message = read(HEAD + raw)
    assert message.text.strip() == text
    assert message.attachments == ()


def test_marks_of_other_parts_are_no_words() -> None:
    raw = (
        MIXED
        + b'\n--x\nContent-Type: multipart/alternative; boundary="y"\n\n--y\n\nIt hums.\n--x\n\nAlso it is cold.\n'
        b"--y\nContent-Type: text/plain;\n charset=utf-8\n\nBye\n--y--\n--x--\n"
    )
    assert read(HEAD + raw).text.split() == ["It", "hums.", "Also", "it", "is", "cold.", "Bye"]


def test_mails_in_a_digest_keep_their_heads() -> None:
    raw = MIXED.replace(b"mixed", b"digest") + b"\n--x\n\nFrom: bo@old.example\nSubject: One lamp\n\nHi\n--x--\n"
    (enclosed,) = read(HEAD + raw).attachments
    assert (enclosed.name, enclosed.content[:5]) == ("One lamp.eml", b"From:")


def test_a_head_of_carriage_returns_is_read() -> None:
    message = read(b"From: kim@old.example\rSubject: Lamp\r\rIt hums.\rBye\n")
    assert (message.subject, message.text) == ("Lamp", "It hums.\nBye\n")


def test_a_third_form_of_the_same_words_is_no_file() -> None:
    raw = b'Content-Type: multipart/alternative; boundary="cut0"\n\n' + TWO.replace(
        b"--cut0--", b"--cut0\nContent-Type: text/x-amp-html\n\n<html amp4email></html>\n--cut0--"
    )
    message = read(HEAD + raw)
    assert (message.text, message.attachments) == ("It hums.", ())


def test_a_file_name_in_the_extended_form_without_its_star() -> None:
    raw = MIXED + b"\n--x\nContent-Disposition: attachment; filename=utf-8''Gr%C3%BC%C3%9Fe.txt\n\nhi\n--x--\n"
    assert [one.name for one in read(HEAD + raw).attachments] == ["Grüße.txt"]
