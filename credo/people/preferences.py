"""How a colleague likes their screens."""

from __future__ import annotations

from credo.access import Actor
from credo.base.db import Tx
from credo.base.errors import Invalid
from credo.people.desks import LANGUAGES, UnknownLanguage

THEMES = ("auto", "light", "dark")


class UnknownTheme(Invalid):
    """Screens are light, dark, or follow the computer."""


async def set_language(tx: Tx, actor: Actor, language: str) -> None:
    """Show `actor` the screens in this language."""
    if language not in LANGUAGES:
        raise UnknownLanguage
    await tx.run(
        "update agent set language = %(language)s where desk_id = %(desk)s and id = %(id)s",
        language=language,
        id=actor.agent_id,
    )


async def set_theme(tx: Tx, actor: Actor, theme: str) -> None:
    """Show `actor` light or dark screens, or what their computer prefers ("auto")."""
    if theme not in THEMES:
        raise UnknownTheme
    await tx.run(
        "update agent set theme = %(theme)s where desk_id = %(desk)s and id = %(id)s", theme=theme, id=actor.agent_id
    )


async def set_keys(tx: Tx, actor: Actor, on: bool) -> None:
    """Let single keys act outside text fields, or not."""
    await tx.run("update agent set keys_on = %(on)s where desk_id = %(desk)s and id = %(id)s", on=on, id=actor.agent_id)
