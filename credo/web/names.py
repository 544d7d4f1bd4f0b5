"""What the screens call things: states, channels, roles, recipients, sections."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import get_day_names

from credo.web import wording
from credo.web.wording import gettext as _
from credo.web.wording import ngettext

__all__ = [
    "breaker_reason",
    "browser_words",
    "channel_icon",
    "channel_name",
    "language_name",
    "nature_name",
    "part_label",
    "recipient_mark",
    "recipient_word",
    "role_name",
    "settings_sections",
    "state_name",
    "weekdays",
]
CHANNEL_ICONS = {"email": "mail", "chat": "chat", "form": "form", "phone": "phone"}

WORDS = {
    "channel email": "E-mail",
    "channel chat": "Chat",
    "channel form": "Contact form",
    "channel phone": "Phone",
    "state open": "open",
    "state waiting": "waiting for the customer",
    "state snoozed": "snoozed",
    "state solved": "solved",
    "state spam": "spam",
    "state trash": "in the trash",
    "role admin": "Administrator",
    "role lead": "Lead",
    "role agent": "Colleague",
    "nature auto_reply": "automatic reply",
    "nature automatic_answer": "automatic answer",
    "nature bounce": "came back undelivered",
    "nature complaint": "complaint",
    "recipient waiting": "on its way",
    "recipient accepted": "delivered to their server",
    "recipient deferred": "put off by their server, we try again",
    "recipient refused": "refused",
    "recipient bounced": "came back",
    "recipient suppressed": "not sent, this address came back before",
    "breaker address": "too many answers to this address",
    "breaker subject": "the same subject again and again",
    "breaker flood": "too much mail at once",
}


def channel_icon(channel: str) -> str:
    """The icon of a channel."""
    return CHANNEL_ICONS.get(channel, "mail")


def channel_name(channel: str) -> str:
    """The word for a channel."""
    return _(WORDS.get(f"channel {channel}", WORDS["channel email"]))


def state_name(state: str) -> str:
    """The word for where a conversation stands."""
    return _(WORDS[f"state {state}"])


def role_name(role: str) -> str:
    """The word for what a colleague may do."""
    return _(WORDS[f"role {role}"])


def nature_name(nature: str) -> str:
    """The word for mail that no person wrote to us."""
    return _(WORDS[f"nature {nature}"])


def recipient_word(state: str) -> str:
    """What became of a letter for one recipient."""
    return _(WORDS[f"recipient {state}"])


def recipient_mark(state: str) -> str:
    """The class that colours it: red only for what failed."""
    return {"accepted": "is-kept", "refused": "is-broken", "bounced": "is-broken"}.get(state, "")


def breaker_reason(reason: str) -> str:
    """Why automatic answers to an address stopped."""
    return _(WORDS[f"breaker {reason}"])


def part_label(part: Any) -> str:
    """What a folded part of a letter holds: "Earlier text, 14 lines"."""
    if part.kind == "signature":
        return _("Signature")
    return ngettext("Earlier text, %(num)d line", "Earlier text, %(num)d lines", part.lines) % {"num": part.lines}


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
        ("desk", _("The desk")),
        ("people", _("People and teams")),
        ("mailboxes", _("Mailboxes")),
        ("philosophy", _("Philosophy")),
        ("jobs", _("Failed jobs")),
        ("breakers", _("Loop breakers")),
    ]
    return desk + own


def browser_words() -> str:
    """The few words the browser needs by itself, as JSON."""
    return _browser_words(wording.language.get())


@lru_cache
def _browser_words(tongue: str) -> str:
    return json.dumps(
        {
            "min": _("%(number)s min"),
            "hours": _("%(hours)s h %(minutes)02d"),
            "left": _("%(span)s left"),
            "late": _("%(span)s late"),
            "overdue": _("late"),
            "offline": _("You are offline. What you write is kept here."),
            "failed": _("That did not work. Nothing was changed."),
            "link": _("Address of the link"),
            "copied": _("Copied"),
            "sure": _("Do it"),
            "keep": _("Leave it"),
        }
    )
