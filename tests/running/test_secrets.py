"""Secrets: opened only by the right key, for the right purpose, unchanged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from credo.base import secrets, settings
from credo.base.secrets import Keyring, SecretUnreadable

OLD, NEW = os.urandom(32), os.urandom(32)


@given(some.binary(max_size=300), some.text(max_size=30))
def test_what_was_sealed_opens_again(plain: bytes, about: str) -> None:
    sealed = Keyring((NEW,)).seal(plain, about)
    assert Keyring((NEW,)).open(sealed, about) == plain
    assert len(plain) < 4 or plain not in sealed


@given(some.integers(min_value=0, max_value=40))
def test_one_changed_byte_opens_nothing(place: int) -> None:
    ring = Keyring((NEW,))
    sealed = bytearray(ring.seal(b"imap password", "mailbox 1"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(SecretUnreadable):
        ring.open(bytes(sealed), "mailbox 1")


def test_a_secret_cannot_be_moved_to_another_place() -> None:
    ring = Keyring((NEW,))
    with pytest.raises(SecretUnreadable):
        ring.open(ring.seal(b"secret", "mailbox 1"), "mailbox 2")


def test_keys_are_exchanged_one_after_the_other() -> None:
    before = Keyring((OLD,)).seal(b"secret", "x")
    both = Keyring((NEW, OLD))
    assert both.open(before, "x") == b"secret"
    assert not both.is_current(before)
    assert both.is_current(both.seal(b"secret", "x"))
    with pytest.raises(SecretUnreadable, match="another secret key"):
        Keyring((NEW,)).open(before, "x")


def test_signatures_hold_for_their_purpose_only() -> None:
    ring = Keyring((NEW, OLD))
    signature = Keyring((OLD,)).sign("reply address", b"42", 10)
    assert ring.is_signed("reply address", b"42", signature)
    assert not ring.is_signed("reply address", b"43", signature)
    assert not ring.is_signed("message id", b"42", signature)
    assert not ring.is_signed("reply address", b"42", signature[:4])
    assert not Keyring((NEW,)).is_signed("reply address", b"42", signature)


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    chosen = settings.read({"CREDO_DATA_DIR": str(tmp_path / "data")})
    first = secrets.keyring(chosen)
    assert secrets.keyring(chosen).keys == first.keys
    assert (chosen.data_dir / secrets.KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert os.listdir(chosen.data_dir) == [secrets.KEY_FILE]


def test_a_given_key_leaves_no_file(tmp_path: Path) -> None:
    chosen = settings.read({"CREDO_DATA_DIR": str(tmp_path), "CREDO_SECRET_KEY": f"{'a' * 40},{'b' * 40}"})
    assert secrets.keyring(chosen).keys == (b"a" * 40, b"b" * 40)
    assert list(tmp_path.iterdir()) == []
