from __future__ import annotations

import asyncio
import time

import pytest

from credo.people import passwords


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "Nebel über der Spree um vier",
        "x7!kQ2vv-9pLmR",
        "drei blaue lampen im keller",
        "la lluvia cae sobre el puente",
    ],
)
def test_good_passwords_are_taken(password: str) -> None:
    passwords.ensure_good(password, "ines@lumen.example", "Ines Duarte", "Lumen Lamps")


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("short", passwords.PasswordTooShort),
        ("eleven char", passwords.PasswordTooShort),
        ("a" * 501, passwords.PasswordTooLong),
        ("password1234", passwords.PasswordGuessable),
        ("P@ssw0rd!2026", passwords.PasswordGuessable),
        ("123456789012", passwords.PasswordGuessable),
        ("qwertyuiop12", passwords.PasswordGuessable),
        ("poiuytrewq!!", passwords.PasswordGuessable),
        ("aaaaaaaaaaaaaaaa", passwords.PasswordGuessable),
        ("abcabcabcabcabc", passwords.PasswordGuessable),
        ("InesDuarte2026!", passwords.PasswordGuessable),
        ("lumenlamps2026", passwords.PasswordGuessable),
        ("Willkommen2026", passwords.PasswordGuessable),
        ("LumenLumenLumen", passwords.PasswordGuessable),
    ],
)
def test_what_can_be_guessed_is_refused(password: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        passwords.ensure_good(password, "ines@lumen.example", "Ines Duarte", "Lumen Lamps")


async def test_hash_and_check_away_from_the_event_loop() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    kept = await passwords.hashed("correct horse battery staple")
    assert kept.startswith("$argon2id$")
    assert await passwords.check("correct horse battery staple", kept) == (True, None)
    assert await passwords.check("correct horse battery stapler", kept) == (False, None)
    ticking.cancel()
    assert ticks >= 10  # the loop went on while three hashes were made


async def test_a_weaker_hash_is_renewed() -> None:
    from pwdlib.hashers.argon2 import Argon2Hasher

    weak = Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1).hash("correct horse battery staple")
    right, renewed = await passwords.check("correct horse battery staple", weak)
    assert right
    assert renewed
    assert renewed != weak


async def test_an_unknown_account_takes_as_long() -> None:
    kept = await passwords.hashed("correct horse battery staple")
    await passwords.check("warm", None)
    known = await _fastest(kept)
    unknown = await _fastest(None)
    assert 0.5 < unknown / known < 2


async def _fastest(kept: str | None) -> float:
    best = 9.0
    for _ in range(5):
        start = time.perf_counter()
        await passwords.check("something else entirely", kept)
        best = min(best, time.perf_counter() - start)
    return best
