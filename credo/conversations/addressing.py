"""Our own marks on a mail: the reply address and the Message-ID, both signed, so that an answer finds its thread."""

from __future__ import annotations

import re
from collections.abc import Iterable

from credo.base.ids import short_key, sign, signed

_PLUS = re.compile(r"\+(?P<key>[a-z0-9]{8,24})\.(?P<sig>[0-9a-f]{16})@", re.IGNORECASE)
_OURS = re.compile(
    r"<?credo\.(?P<key>[a-z0-9]{8,24})\.(?P<nonce>[a-z0-9]{6,24})\.(?P<sig>[0-9a-f]{16})(?:@|$)", re.IGNORECASE
)
_TOKEN = re.compile(r"\[#(?P<id>\d{1,18})\]")
_REPLY_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|antw|sv|vs|ref|rif|r|res|odp|ynt|tr|fwd?|wg|vb|doorst|i|enc|rv|回复|答复|转发|返信)\s*(?:\[\d+\]\s*)?[:：]\s*)+",
    re.IGNORECASE,
)


def reply_address(mailbox_address: str, key: bytes, reply_key: str) -> str:
    """`care@x` as `care+<reply key>.<signature>@x`: answers to it find their conversation whatever the client drops."""
    local, _, domain = mailbox_address.rpartition("@")
    return f"{local}+{reply_key}.{sign(key, 'reply', reply_key)}@{domain}"


def message_id(mailbox_address: str, key: bytes, reply_key: str) -> str:
    """A fresh Message-ID, without brackets, that names the conversation and proves that we made it."""
    nonce = short_key(14)
    return f"credo.{reply_key}.{nonce}.{sign(key, 'message', reply_key, nonce)}@{mailbox_address.rpartition('@')[2]}"


def reply_keys_of_addresses(addresses: Iterable[str], key: bytes) -> list[str]:
    """The reply keys in signed plus-addresses among `addresses`; forged ones are passed over."""
    found = (_PLUS.search(address) for address in addresses)
    return [m["key"].lower() for m in found if m and signed(m["sig"].lower(), key, "reply", m["key"].lower())]


def reply_keys_of_message_ids(ids: Iterable[str], key: bytes) -> list[str]:
    """The reply keys in Message-IDs that we signed; forged ones are passed over."""
    found = (_OURS.search(id) for id in ids)
    return [
        m["key"].lower()
        for m in found
        if m and signed(m["sig"].lower(), key, "message", m["key"].lower(), m["nonce"].lower())
    ]


def number_in_subject(subject: str) -> int | None:
    """The conversation number of a subject token such as `[#4812]`."""
    found = _TOKEN.search(subject)
    return int(found["id"]) if found else None


def without_plus(address: str) -> str:
    """`care+anything@x` as `care@x`, folded to lower case."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.split('+', 1)[0]}@{domain}"


def bare_subject(subject: str) -> str:
    """A subject without reply and forward marks and without our token."""
    return _TOKEN.sub("", _REPLY_PREFIX.sub("", subject)).strip()
