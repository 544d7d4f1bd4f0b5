"""A write that is sent twice under one key happens once: the first answer is kept and given again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from credo.base.db import Tx
from credo.base.errors import Conflict, Invalid
from credo.base.secrets import Keyring

HEADER = "idempotency-key"
_LONGEST = 200


class KeyReused(Invalid):
    """This Idempotency-Key was used for another request; take a new key for each thing you want done."""


class KeyBusy(Conflict):
    """A request with this Idempotency-Key is still being worked on; ask again in a moment."""


class KeyUnfit(Invalid):
    """An Idempotency-Key is 1 to 200 visible ASCII characters; a random UUID is a good one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that was given: its status and its body, empty or JSON."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class _Kept:
    free: bool
    digest: bytes | None
    status: int | None
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a token, and the digest of the request it came with."""

    token_id: int
    text: str
    digest: bytes


def key(text: str, token_id: int, *request: bytes) -> Key:
    """The key `text` of a token for a request: its method, path, query and body. Raises KeyUnfit."""
    if not 0 < len(text) <= _LONGEST or not all("!" <= c <= "~" for c in text):
        raise KeyUnfit
    return Key(token_id, text, hashlib.sha256(b"\x00".join(request)).digest())


async def answered(tx: Tx, keys: Keyring, key: Key) -> Answer | None:
    """The answer already given under `key`, or None for a new key, which is then held until `tx` ends.

    Raises KeyReused for another request under the same key and KeyBusy while the first is being worked on.
    """
    kept = await tx.one(
        _Kept,
        """select held.free, i.digest, i.status, i.body
             from (select pg_try_advisory_xact_lock(hashtextextended(%(name)s, 5)) as free) held
             left join idempotency i on i.desk_id = %(desk)s and i.token_id = %(token)s and i.key = %(key)s""",
        name=f"{tx.desk_id}:{key.token_id}:{key.text}",
        token=key.token_id,
        key=key.text,
    )
    if kept.digest is None:
        if not kept.free:
            raise KeyBusy
        return None
    if kept.digest != key.digest:
        raise KeyReused
    return Answer(kept.status or 200, keys.open(kept.body, _about(tx, key)) if kept.body else b"")


async def keep(tx: Tx, keys: Keyring, key: Key, given: Answer) -> None:
    """Keep the answer, in the same transaction as what was done; a second writer of the key fails here as a whole.

    It is encrypted, because an answer may hold a secret that is shown this once.
    """
    await tx.run(
        """insert into idempotency (desk_id, token_id, key, digest, status, body)
           values (%(desk)s, %(token)s, %(key)s, %(digest)s, %(status)s, %(body)s)""",
        token=key.token_id,
        key=key.text,
        digest=key.digest,
        status=given.status,
        body=keys.seal(given.body, _about(tx, key)),
    )


def _about(tx: Tx, key: Key) -> str:
    return f"answer {tx.desk_id} {key.token_id} {key.text}"
