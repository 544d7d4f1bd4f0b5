"""Passwords: what is good enough, and argon2 away from the event loop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar, TypeVarTuple, Unpack

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from credo.base.errors import Invalid
from credo.base.ids import fold, token

Result = TypeVar("Result")
Given = TypeVarTuple("Given")

SHORTEST = 12
_LONGEST = 500
_LEAST_LEFT = 6  # characters that must remain once everything guessable is taken away

# Two at a time: argon2 takes 64 MB each, and a flood of sign-ins must not take all the memory there is.
_threads = ThreadPoolExecutor(2, thread_name_prefix="argon2")
_argon2 = PasswordHash((Argon2Hasher(),))


class PasswordTooShort(Invalid):
    """Use at least twelve characters; four or five words in a row make a good password."""


class PasswordTooLong(Invalid):
    """That is longer than 500 characters; a shorter password protects just as well."""


class PasswordGuessable(Invalid):
    """This can be guessed: it is made of names, common words or rows of keys. Add words that do not belong together."""


BAD = (PasswordTooShort, PasswordTooLong, PasswordGuessable)  # what `ensure_good` may raise


def ensure_good(password: str, *about: str) -> None:
    """Refuse what is too short, too long, or guessable from common words and from `about` (name, address, desk)."""
    if len(password) < SHORTEST:
        raise PasswordTooShort
    if len(password) > _LONGEST:
        raise PasswordTooLong
    if len(_unguessable(password, about)) < _LEAST_LEFT:
        raise PasswordGuessable


async def hashed(password: str) -> str:
    """The argon2id hash of `password`."""
    return await _in_thread(_argon2.hash, password)


async def check(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether `password` belongs to the hash `kept`, and a fresh hash when `kept` is of an older strength.

    Without a hash it takes as long and says no, so that nobody learns which addresses exist.
    """
    password = password[:_LONGEST]
    if kept is None:
        await _in_thread(_argon2.verify, password, await _in_thread(_nobodys))
        return False, None
    return await _in_thread(_argon2.verify_and_update, password, kept)


async def _in_thread(work: Callable[[Unpack[Given]], Result], *arguments: *Given) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_threads, work, *arguments)


@lru_cache
def _nobodys() -> str:
    return _argon2.hash(token())


def _unguessable(password: str, about: tuple[str, ...]) -> str:
    """What remains of a password without known words, rows of keys, years, and repeated characters."""
    rest = fold(password)
    own = {word for text in about for word in re.split(r"[^a-z0-9]+", fold(text)) if len(word) > 2}
    for _ in range(2):  # as written, then with the usual disguises undone
        for word in sorted(own | _COMMON, key=len, reverse=True):
            rest = rest.replace(word, " ")
        rest = re.sub(r"(?<!\d)(19|20)\d\d(?!\d)", " ", rest)
        rest = re.sub(r"(.{1,4})\1{2,}", " ", rest)
        undisguised = rest.translate(_DISGUISES)
        if undisguised == rest:
            break
        if any(word in undisguised for word in own | _COMMON):
            rest = undisguised
    return "".join(dict.fromkeys(re.sub(r"\s", "", rest)))


_DISGUISES = str.maketrans("0134578@$!|", "oieastbasil")
_ROWS = ("1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "abcdefghijklmnop")
_WORDS = """
    password passwort contrasena passwd secret geheim secreto welcome willkommen bienvenido letmein admin
    administrator changeme default login master support helpdesk service customer credo company test demo user guest
    hello hallo hola monkey dragon sunshine princess football baseball iloveyou shadow superman batman trustno1
    summer winter spring autumn sommer fruhling herbst verano invierno january february october november december
    monday friday
"""
_COMMON = frozenset(_WORDS.split()) | {
    row[i : i + n]
    for line in _ROWS
    for row in (line, line[::-1])
    for n in range(4, len(row) + 1)
    for i in range(len(row) - n + 1)
}
