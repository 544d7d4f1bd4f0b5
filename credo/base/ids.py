"""Secrets, short keys and digests."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

BIGGEST = 2**63 - 1  # the largest id the database can hold
BIGGEST_SEQ = 2**31 - 1  # and the largest place in a thread
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def short_key(length: int = 12) -> str:
    """A random key without look-alike letters; about 4.95 bits a character."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def token() -> str:
    """A random secret of 256 bits, safe in URLs and headers."""
    return secrets.token_urlsafe(32)


def digest(secret: str | bytes) -> bytes:
    """The SHA-256 of a secret, which is what tables keep of it."""
    return hashlib.sha256(secret.encode() if isinstance(secret, str) else secret).digest()


def sign(key: bytes, *parts: object, length: int = 16) -> str:
    """A hex HMAC-SHA256 over `parts`, cut to `length` characters."""
    message = "\x1f".join(str(part) for part in parts).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:length]


def signed(signature: str, key: bytes, *parts: object) -> bool:
    """Whether `signature` is ours, compared in constant time."""
    return hmac.compare_digest(sign(key, *parts, length=len(signature) or 1), signature)


def fold(text: str) -> str:
    """Lower case without accents: what search and orders compare, since the database has no ICU."""
    text = text.casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return (
        "".join(c for c in decomposed if not unicodedata.combining(c))
        .replace("ß", "ss")
        .replace("ø", "o")
        .replace("ł", "l")
    )
