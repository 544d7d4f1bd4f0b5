"""What a stranger may send must not keep a worker busy: each of these took half a minute or never ended."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from credo.channels.email import headers, html
from credo.channels.email.read import read
from credo.conversations import addressing
from credo.language.mask import mask

_SECONDS = 6.0  # each needs far below one; a loaded machine may be slow, but not quadratic


def _page(body: bytes) -> bytes:
    return b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body


CASES: dict[str, Callable[[], object]] = {
    "signature elements": lambda: read(_page(b'<div class="gmail_signature">-- <br>x</div>' * 10_000)),
    "quote elements": lambda: read(_page(b'<div id="divRplyFwdMsg">x</div>' * 10_000)),
    "quotes and answers": lambda: html.read("<blockquote>a</blockquote>b" * 20_000),
    "reply mark and blanks": lambda: addressing.bare_subject("re" + " " * 100_000 + "x"),
    "reply marks": lambda: addressing.bare_subject("re [1] : " * 20_000 + "x"),
    "date of comments": lambda: headers.date(b" (" * 100_000),
    "date of words": lambda: headers.date(b"(1 2" * 50_000),
    "encoded words without end": lambda: headers.text(b"=?u?q?a" * 20_000),
    "one encoded word without end": lambda: headers.text(b"=?u?q?" + b"=?" * 50_000),
    "card numbers": lambda: mask("4111111111111111 " * 20_000),
    "account numbers": lambda: mask("DE89370400440532013000 " * 20_000),
}


@pytest.mark.parametrize("name", CASES)
def test_hostile_mail_is_read_in_no_time(name: str) -> None:
    began = time.process_time()
    CASES[name]()
    assert time.process_time() - began < _SECONDS


def test_masking_still_hides_what_it_should() -> None:
    text = "Card 4111 1111 1111 1111, account DE89 3704 0044 0532 0130 00 and GB82WEST12345698765432 TODAY"
    assert (
        mask(text) == "Card •••• •••• •••• 1111, account •••• •••• •••• •••• •••0 00 and ••••••••••••••••••5432 TODAY"
    )
    assert mask("No. 4111 1111 1111 1112 and DE89 3704 0044 0532 0130 01") == (
        "No. 4111 1111 1111 1112 and DE89 3704 0044 0532 0130 01"
    )


def test_broken_encoded_words_are_still_read() -> None:
    assert headers.text(b"=?utf-8?q?caf=C3=A9?= =?utf-8?q?s?= and =?utf-8?q?open") == "cafés and open"
    assert headers.text(b"=?utf-8?q?why? because?=") == "why? because"
    assert addressing.bare_subject("Re[2]: AW : [#12] Fwd: Lamp") == addressing.bare_subject("Lamp").replace(
        "Lamp", "Fwd: Lamp"
    )
