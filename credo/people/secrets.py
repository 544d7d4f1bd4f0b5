"""Secrets handed to people: each names its desk, so that lookups stay within one, and only its digest is kept."""

from __future__ import annotations

from credo.base.ids import digest, token

TOKEN_PREFIX = "credo_"  # noqa: S105 - lets secret scanners and people recognise a token


def make(desk_id: int) -> tuple[str, bytes]:
    """A new secret of 256 bits for cookies and links, and the digest to store."""
    secret = f"{desk_id}.{token()}"
    return secret, digest(secret)


def make_token(desk_id: int) -> tuple[str, bytes]:
    """A new API token and the digest to store."""
    secret = f"{TOKEN_PREFIX}{desk_id}_{token()}"
    return secret, digest(secret)


def desk_of(secret: str) -> int | None:
    """The desk that a secret says it belongs to, or None when it is none of ours."""
    head = secret.removeprefix(TOKEN_PREFIX).split("_" if secret.startswith(TOKEN_PREFIX) else ".", 1)[0]
    return int(head) if head.isascii() and head.isdecimal() and len(head) <= 18 and len(secret) <= 200 else None
