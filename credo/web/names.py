"""What the screens call things: states, channels, roles, recipients, sections."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from babel import Locale
from babel.dates import get_day_names

from credo.base import clock
from credo.web import wording
from credo.web.wording import gettext as _
from credo.web.wording import ngettext

__all__ = [
    "at_risk",
    "breaker_reason",
    "browser_words",
    "channel_icon",
    "channel_name",
    "language_name",
    "part_label",
    "recipient_mark",
    "recipient_word",
    "role_name",
    "settings_sections",
    "spent",
    "state_name",
    "weekdays",
]
CHANNEL_ICONS = {"email": "mail", "chat": "chat", "form": "form", "phone": "phone"}


def spent(due_at: datetime, since: datetime | None) -> float:
    """The share of a promise's time that is used up, in percent."""
    if since is None or due_at <= since:
        return 100.0
    return 100 * (clock.now() - since) / (due_at - since)


def at_risk(due_at: datetime, since: datetime | None) -> bool:
    """Whether a running promise needs eyes: less than half an hour, or the last fifth of its time on the same day."""
    left = (due_at - clock.now()).total_seconds()
    return left < 1800 or (left < 4 * 3600 and since is not None and spent(due_at, since) > 80)


def channel_icon(channel: str) -> str:
    """The icon of a channel."""
    return CHANNEL_ICONS.get(channel, "mail")


def channel_name(channel: str) -> str:
    """The word for a channel."""
    return {"chat": _("Chat"), "form": _("Contact form"), "phone": _("Phone")}.get(channel, _("E-mail"))


def state_name(state: str) -> str:
    """The word for where a conversation stands."""
    return {
        "open": _("open"),
        "waiting": _("waiting for the customer"),
        "snoozed": _("snoozed"),
        "solved": _("solved"),
        "spam": _("spam"),
        "trash": _("in the trash"),
    }[state]


def role_name(role: str) -> str:
    """The word for what a colleague may do."""
    return {"admin": _("Administrator"), "lead": _("Lead"), "agent": _("Colleague")}[role]


def recipient_word(state: str) -> str:
    """What became of a letter for one recipient."""
    return {
        "waiting": _("on its way"),
        "accepted": _("delivered to their server"),
        "deferred": _("put off by their server, we try again"),
        "refused": _("refused"),
        "bounced": _("came back"),
        "suppressed": _("not sent, this address came back before"),
    }[state]


def recipient_mark(state: str) -> str:
    """The class that colours it: red only for what failed."""
    return {"accepted": "is-kept", "refused": "is-broken", "bounced": "is-broken"}.get(state, "")


def part_label(part: Any) -> str:
    """What a folded part of a letter holds: "Earlier text, 14 lines"."""
    if part.kind == "signature":
        return _("Signature")
    return ngettext("Earlier text, %(num)d line", "Earlier text, %(num)d lines", part.lines) % {"num": part.lines}


def breaker_reason(reason: str) -> str:
    """Why automatic answers to an address stopped."""
    return {
        "address": _("too many answers to this address"),
        "subject": _("the same subject again and again"),
    }.get(reason, _("too much mail at once"))


def language_name(code: str) -> str:
    """A language in the reader's own: "German"."""
    locale = Locale.parse(wording.language.get())
    return str(locale.languages.get(code.split("-")[0].lower(), code))


def weekdays() -> list[tuple[str, str]]:
    """Monday to Sunday as (Mo, Monday) in the reader's language."""
    tongue = wording.language.get()
    short, wide = get_day_names("short", locale=tongue), get_day_names("wide", locale=tongue)
    return [(str(short[number]), str(wide[number])) for number in range(7)]


def settings_sections(role: str) -> list[tuple[str, str]]:
    """The pages of settings a role may open."""
    own = [("account", _("Your account")), ("tokens", _("API tokens"))]
    if role != "admin":
        return own
    desk = [
        ("people", _("People and teams")),
        ("mailboxes", _("Mailboxes")),
        ("philosophy", _("Philosophy")),
        ("jobs", _("Failed jobs")),
        ("breakers", _("Loop breakers")),
    ]
    return desk + own


def browser_words() -> str:
    """The few words the browser needs by itself, as JSON."""
    return json.dumps(
        {
            "min": _("%(number)s min"),
            "hours": _("%(hours)s h %(minutes)02d"),
            "left": _("%(span)s left"),
            "late": _("%(span)s late"),
            "offline": _("You are offline. What you write is kept here."),
            "failed": _("That did not work. Nothing was changed."),
            "link": _("Address of the link"),
            "copied": _("Copied"),
            "sure": _("Do it"),
            "keep": _("Leave it"),
        }
    )
