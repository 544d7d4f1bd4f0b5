"""Encryption and signatures under one secret key, so that a stolen database alone opens nothing."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from credo.base.errors import CredoError
from credo.base.settings import Settings

_FORM = b"\x01"
_ID, _NONCE, _TAG = 4, 12, 16
KEY_FILE = "secret.key"


class SecretUnreadable(CredoError):
    """This was encrypted under another secret key; set CREDO_SECRET_KEY to the one used before."""


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The secret keys in force: the first encrypts and signs, all of them decrypt and verify."""

    keys: tuple[bytes, ...]

    def seal(self, plain: bytes, about: str) -> bytes:
        """Encrypt with AES-256-GCM; `about` ("mailbox 7 password") must be given again to open it.

        The result is form byte, key id (4), nonce (12), ciphertext with tag.
        """
        key = self.keys[0]
        nonce = os.urandom(_NONCE)
        head = _FORM + _key_id(key)
        return head + nonce + AESGCM(_derived(key, "seal")).encrypt(nonce, plain, head + about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Decrypt what `seal` made for the same `about`; raises `SecretUnreadable`."""
        head, nonce, body = sealed[: 1 + _ID], sealed[1 + _ID : 1 + _ID + _NONCE], sealed[1 + _ID + _NONCE :]
        if head[:1] != _FORM or len(body) < _TAG:
            raise SecretUnreadable("This is not something Credo encrypted.")
        for key in self.keys:
            if _key_id(key) == head[1:]:
                try:
                    return AESGCM(_derived(key, "seal")).decrypt(nonce, body, head + about.encode())
                except InvalidTag as error:
                    raise SecretUnreadable("This was encrypted for another place, or it was changed.") from error
        raise SecretUnreadable

    def knows(self, sealed: bytes) -> bool:
        """Whether `sealed` stands under one of the keys."""
        return sealed[1 : 1 + _ID] in map(_key_id, self.keys)

    def is_current(self, sealed: bytes) -> bool:
        """Whether `sealed` already stands under the first key, or should be sealed again."""
        return sealed[1 : 1 + _ID] == _key_id(self.keys[0])

    def sign(self, purpose: str, message: bytes, length: int = 16) -> bytes:
        """A keyed digest of `length` bytes (at most 32) that only this installation can make."""
        return _digest(self.keys[0], purpose, message)[:length]

    def is_signed(self, purpose: str, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (8 bytes or more) was made by `sign` under any of the keys."""
        if len(signature) < 8:
            return False
        digests = [_digest(key, purpose, message)[: len(signature)] for key in self.keys]
        return any(hmac.compare_digest(digest, signature) for digest in digests)


def keyring(settings: Settings) -> Keyring:
    """The keys from CREDO_SECRET_KEY, else from the data folder, where one is made the first time."""
    text = settings.secret_key or _kept_key(settings.data_dir / KEY_FILE)
    return Keyring(tuple(part.strip().encode() for part in text.split(",") if part.strip()))


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_key(path)
    return path.read_text(encoding="ascii")


def _make_key(path: Path) -> None:
    """Write a whole key under another name and link it, so that no process ever reads half a key."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(os.urandom(48).hex())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first, and its key counts
    finally:
        draft.unlink()


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(hashlib.sha256(key).digest(), b"credo " + purpose.encode(), "sha256")


def _key_id(key: bytes) -> bytes:
    return _derived(key, "id")[:_ID]


def _digest(key: bytes, purpose: str, message: bytes) -> bytes:
    return hmac.digest(_derived(key, f"sign {purpose}"), message, "sha256")
