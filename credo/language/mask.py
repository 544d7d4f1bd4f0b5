"""Hiding what nobody needs to read twice: card numbers and IBANs, found by their checksums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_DIGITS = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")


class Secret(NamedTuple):
    """A stretch of text that holds a secret, as offsets."""

    kind: str
    start: int
    end: int


def secrets(text: str) -> Iterator[Secret]:
    """Card numbers (Luhn, issuer and length) and IBANs (mod 97) in `text`, in order of kind."""
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if _is_card(digits):
            yield Secret("card", *found.span())
    for found in _IBAN.finditer(text):
        end = _iban_end(found.group())
        if end:
            yield Secret("iban", found.start(), found.start() + end)


def mask(text: str) -> str:
    """`text` with every secret replaced by dots of the same length, its last four characters kept."""
    found = list(secrets(text))
    if not found:
        return text
    letters = list(text)
    for secret in found:
        hidden = slice(secret.start, secret.end - 4)
        letters[hidden] = re.sub(r"\w", "•", text[hidden])
    return "".join(letters)


def _is_card(digits: str) -> bool:
    length, two, four = len(digits), int(digits[:2]), int(digits[:4])
    known = (
        (digits[0] == "4" and length in (13, 16, 19))
        or ((51 <= two <= 55 or 2221 <= four <= 2720) and length == 16)
        or (two in (34, 37) and length == 15)
        or (two in (36, 38, 39) and length in (14, 16))
        or ((four == 6011 or two == 65 or 3528 <= four <= 3589) and length in (16, 19))
        or (two in (50, 56, 57, 58, 63, 67) and 13 <= length <= 19)
    )
    return known and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _iban_end(text: str) -> int:
    """Where a valid IBAN at the start of `text` ends; 0 when there is none. Words after it may look like part of it."""
    rest = length = end = 0
    for place, letter in enumerate(text):
        if letter == " ":
            continue
        length += 1
        if length > 34:
            break
        if length > 4:
            rest = _mod97(rest, letter)
            if length >= 15 and _mod97(rest, text[:4]) == 1:
                end = place + 1
    return end


def _mod97(rest: int, letters: str) -> int:
    """The remainder of a number that goes on with `letters`, A being 10."""
    for letter in letters:
        value = int(letter, 36)
        rest = (rest * (10 if value < 10 else 100) + value) % 97
    return rest
