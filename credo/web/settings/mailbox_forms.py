"""Between the form of a mailbox and the mailbox: what was filled in, and what a known one looks like in the form."""

from __future__ import annotations

from typing import Any

import msgspec

from credo.channels.email.connecting import Wish, guessed
from credo.channels.email.mailbox import Incoming, Mailbox, OAuth, Outgoing, Secrets, Security
from credo.channels.email.oauth import PRESETS
from credo.web.forms import Form

CONSENT = "/settings/mailboxes/consent"
_SECURITY: tuple[Security, ...] = ("tls", "starttls", "plain")
_TRUSTED = {"google": ("mx.google.com",)}
_LONGEST = 20_000


def wished(data: Form, present: Mailbox | None) -> Wish:
    """The mailbox a form describes, servers guessed where none were named; what no field shows stays as it is."""
    provider = data.text("sign_in")
    handed = provider not in PRESETS and data.text("handed") == "1"
    ways = _preset(data, provider) if provider in PRESETS else _by_hand(data)
    if handed:
        ways = ({**ways[0], "host": ""}, _without_sign_in(data, ways[1], present))
    before_in = present.incoming if present else Incoming()
    before_out = present.outgoing if present else Outgoing(plus=provider in PRESETS)
    trusted = _split(data.text("trusted")) or _TRUSTED.get(provider, ())
    wish = Wish(
        name=data.text("name") or data.text("address").partition("@")[0].capitalize(),
        address=data.text("address").strip(),
        aliases=_split(data.text("aliases")),
        team_id=_team(data),
        signature=data.text("signature", _LONGEST),
        automatic_answer=data.text("automatic_answer", _LONGEST),
        incoming=msgspec.structs.replace(
            before_in,
            folders=_split(data.text("folders")) or ("INBOX",),
            archive=data.text("archive").strip(),
            days=min(_number(data.text("days"), before_in.days), 3650),
            trusted=trusted,
            **ways[0],
        ),
        outgoing=msgspec.structs.replace(before_out, plus=data.text("plus") == "1", **ways[1]),
        oauth=_oauth(data, provider),
        secrets=Secrets(password=data.text("secret"), client_secret=data.text("client_secret")),
    )
    return guessed(wish, fetches=not handed)


def values(present: Mailbox | None, callback: str, data: Form | None = None) -> dict[str, Any]:
    """What stands in the fields: what was typed before an error, else the mailbox, else sensible beginnings."""
    if data is not None:
        typed = {name: data.text(name, _LONGEST) for name in _FIELDS}
        ticks = {name: typed[name] == "1" for name in ("plus", "handed")}
        return {**typed, **ticks, "team_id": _team(data), "callback": callback}
    incoming = present.incoming if present else Incoming()
    outgoing = present.outgoing if present else Outgoing()
    return {
        "name": present.name if present else "",
        "address": present.address if present else "",
        "aliases": ", ".join(present.aliases) if present else "",
        "team_id": present.team_id if present else None,
        "signature": present.signature if present else "",
        "automatic_answer": present.automatic_answer if present else "",
        "sign_in": (present.oauth.provider if present else "") or "password",
        "imap_host": incoming.host,
        "imap_port": incoming.port,
        "imap_security": incoming.security,
        "smtp_host": outgoing.host,
        "smtp_port": outgoing.port,
        "smtp_security": outgoing.security,
        "user": incoming.user,
        "client_id": present.oauth.client_id if present else "",
        "tenant": present.oauth.tenant if present else "common",
        "folders": ", ".join(incoming.folders),
        "archive": incoming.archive,
        "days": incoming.days,
        "trusted": ", ".join(incoming.trusted),
        "plus": outgoing.plus,
        "handed": present is not None and not incoming.host,
        "callback": callback,
    }


_FIELDS = (
    *("name", "address", "aliases", "signature", "automatic_answer", "sign_in", "user", "client_id", "tenant"),
    *("imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security"),
    *("folders", "archive", "days", "trusted", "plus", "handed"),
)


def _preset(data: Form, provider: str) -> tuple[dict[str, Any], dict[str, Any]]:
    preset = PRESETS[provider]
    user = data.text("user").strip()
    incoming = {"host": preset.imap_host, "port": 993, "security": "tls", "user": user, "sign_in": "oauth"}
    outgoing = {
        "host": preset.smtp_host,
        "port": preset.smtp_port,
        "security": preset.smtp_security,
        "user": user,
        "sign_in": "oauth",
    }
    return incoming, outgoing


def _by_hand(data: Form) -> tuple[dict[str, Any], dict[str, Any]]:
    user = data.text("user").strip()
    ways = []
    for way, port in (("imap", 993), ("smtp", 587)):
        host = "".join(data.text(f"{way}_host").split()).rpartition("/")[2]
        ways.append(
            {
                "host": host,
                "port": min(_number(data.text(f"{way}_port"), port), 65535) or port,
                "security": _security(data.text(f"{way}_security"), "tls" if way == "imap" else "starttls"),
                "user": user,
                "sign_in": "password",
            }
        )
    return ways[0], ways[1]


def _without_sign_in(data: Form, out: dict[str, Any], present: Mailbox | None) -> dict[str, Any]:
    """The way out of a mailbox that is handed its mail: the same server often takes answers without a password."""
    open_before = present is None or present.outgoing.sign_in == "none"
    return {**out, "sign_in": "none"} if open_before and not data.text("secret") else out


def _oauth(data: Form, provider: str) -> OAuth:
    if provider not in PRESETS:
        return OAuth()
    return OAuth(
        provider=provider,
        client_id=data.text("client_id").strip(),
        tenant=data.text("tenant").strip().replace("/", "") or "common",
    )


def _team(data: Form) -> int | None:
    found = data.numbers("team_id")
    return found[0] if found else None


def _security(text: str, usual: Security) -> Security:
    return next((one for one in _SECURITY if one == text), usual)


def _number(text: str, usual: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else usual


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
