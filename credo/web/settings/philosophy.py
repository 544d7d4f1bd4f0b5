"""The philosophy document: what is in force, its text, and publishing another one with its mistakes named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from credo import philosophy
from credo.access import Actor, ensure, may_administer
from credo.base.db import Tx
from credo.installation import Installation
from credo.people import agents
from credo.philosophy import BadPhilosophy, Problem, Version
from credo.web import forms, shell, wording
from credo.web.answering import Toast, go, page
from credo.web.asking import Asker, House
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
HERE = "/settings/philosophy"
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Said:
    """A promise of the version in force."""

    said: str
    target: str


@dataclass(frozen=True, slots=True)
class InForce:
    """The version in force as the page shows it."""

    name: str
    version: int
    at: datetime
    by: str
    promises: list[Said]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the text, with its line."""

    line: int
    text: str
    stops: bool


@get(HERE)
async def show(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """What is in force, and its text."""
    return await _page(request, house, actor)


@post(HERE, status_code=200)
async def publish(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Check a text, and publish it when that was asked for and nothing stops it."""
    ensure(may_administer(actor))
    form = await forms.read(request)
    text = form.text("source", _LONGEST)
    for file in form.files("file")[:1]:
        text = (await file.read())[:_LONGEST].decode("utf-8", "replace")
    text = text.replace("\r\n", "\n").replace("\x00", "")
    try:
        checked = philosophy.load(text)
        if form.text("check"):
            return await _page(request, house, actor, text, checked.notes, checked=True)
        async with house.db.transaction(actor.desk_id) as tx:
            version = await philosophy.publish_text(tx, actor, text)
    except BadPhilosophy as wrong:
        return await _page(request, house, actor, text, wrong.problems, checked=True)
    return go(HERE, Toast(_("Version %(number)s is in force.") % {"number": version.number}))


async def _page(
    request: Asked,
    house: Installation,
    actor: Actor,
    text: str | None = None,
    problems: Any = (),
    *,
    checked: bool = False,
) -> Response[Any]:
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        nav = await shell.navigation(tx, actor, "philosophy")
        current = await philosophy.current(tx)
        source = text if text is not None else (await philosophy.source(tx, current.id) if current else "")
        published = await _in_force(tx, current) if current else None
    findings = [_finding(one) for one in problems]
    return page(
        request,
        "settings/philosophy.html",
        status=422 if any(one.stops for one in findings) else 200,
        nav=nav,
        section="philosophy",
        published=published,
        source=source,
        findings=findings,
        checked=checked,
    )


async def _in_force(tx: Tx, current: Version) -> InForce:
    names = {one.id: one.name for one in await agents.names(tx)}
    language = wording.language.get()
    promises = [
        Said(promise.words(language, current.language), current.principles[promise.serves].statement)
        for promise in current.promises.values()
    ]
    by = names.get(current.published_by or 0, "")
    return InForce(current.title, current.number, current.published_at, by, promises)


def _finding(problem: Problem) -> Finding:
    return Finding(problem.place.line, problem.said(_), problem.grade == "error")


ROUTES = [show, publish]
