"""What is indexed and what is asked are cut alike."""

from __future__ import annotations

import pytest

from credo.language.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schöne Grüße", ["schone", "grusse"]),
        ("hanna.vogel@example.com", ["hanna", "vogel", "example", "com"]),
        ("LL-4790_b", ["ll", "4790", "b"]),
        ("東京都", ["東京", "京都"]),
        ("A4用紙", ["a4", "用紙"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected
