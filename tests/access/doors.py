"""Every address of the doors, taken from the application itself, with the numbers of a world put in.

`KINDS` says what `{id}` means under a path; a path that is not there fails a test, so that none is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from support.world import Case, Colleague, Unread, World

API = "/api/v1"
NOTHING = str(2**45 + 7)  # an id that nothing has
# What the number in a path belongs to, by how the path begins; the longest beginning counts.
KINDS = {
    "/conversations": "case",
    "/items": "item",
    "/attachments": "attachment",
    "/clocks": "clock",
    "/outbox": "outbox",
    "/customers": "person",
    "/needs-a-look": "unread",
    "/raw": "unread",
    "/drafts/attachments": "attachment",
    "/drafts": "draft",
    "/inbox": "view",
    "/agents": "house",
    "/teams": "house",
    "/tokens": "house",
    "/sessions": "house",
    "/philosophy": "house",
    "/settings": "house",
    "/outgoing": "house",
    "/breakers": "house",
    "/jobs": "house",
    "/mailboxes": "house",
    "/tryouts": "house",
}
# Addresses without a number of a conversation, or of the house itself, that are left to tests of their own.
LEFT_OUT = re.compile(
    r"/(static|live|openapi|docs|health|sign-in|sign-out|reset|invite|welcome|appearance|images|settings|agents|teams"
    r"|tokens|sessions|desk|philosophy|me|oauth|breakers|jobs|mailboxes|tryouts)"
)
VALUES = {"number": ("0",), "kind": ("reply", "note"), "view": ("open", "mine", "solved", "trash", "snoozed")}
QUERIES = {
    "/search": ("?q=lampshade&words=lampshade", "?q={needle}&words={needle}"),
    "/search/quick": ("?q=lampsh", "?q={needle}", "?q={id}"),
    "/customers": ("?address={address}",),
    "/conversations": tuple(
        f"?view={view}" for view in ("open", "mine", "unassigned", "waiting", "snoozed", "solved", "spam", "trash")
    ),
    "/conversations/{id}/news": ("?after=0",),
    "/conversations/{id}/items": ("", "?after=0"),
    "/inbox/{view}/news": ("?since=2020-01-01T00:00:00Z",),
}
# Bodies that fit, so that a refusal comes from the rule and not from a missing field.
JSON_BODIES: dict[str, Any] = {
    "PUT /conversations/{id}/assignment": {"agent_id": None},
    "PUT /conversations/{id}/team": {"team_id": None},
    "PUT /conversations/{id}/presence": {"doing": "viewing"},
    "PUT /conversations/{id}/snooze": {"until": "2030-01-01T09:00:00Z"},
    "PUT /conversations/{id}/tags": {"tags": ["new"]},
    "PUT /conversations/{id}/reading": {"seq": 1},
    "PUT /conversations/{id}/drafts/{kind}": {"text": "Hello", "version": 1},
    "POST /conversations/{id}/notes": {"text": "Hello"},
    "POST /conversations/{id}/replies": {"to": [{"address": "x@example.com"}], "text": "Hello", "last_seen_seq": 99},
}
FORM_BODIES: dict[str, Any] = {
    "POST /conversations/{id}/assignment": {"to": "nobody"},
    "POST /conversations/{id}/snooze": {"until": "2030-01-01T09:00:00Z"},
    "POST /conversations/{id}/tags": {"tags": "new", "add": "new"},
    "POST /conversations/{id}/presence": {"doing": "viewing"},
    "POST /conversations/{id}/replies": {
        "kind": "reply",
        "to": "x@example.com",
        "text": "Hello",
        "last_seen_seq": "99",
    },
    "PUT /conversations/{id}/draft": {"kind": "reply", "text": "Hello", "version": "1", "seen_seq": "1"},
}


@dataclass(frozen=True, slots=True)
class Address:
    """A request to make; `about` is whose it is, None when it is a list; `twin` is the same about nothing there is."""

    method: str
    path: str
    twin: str
    about: Case | Unread | None = None
    world: World | None = None
    must_show: bool = False
    body: dict[str, Any] = field(default_factory=dict)

    def may(self, who: Colleague) -> bool:
        """Whether `who` may see what this is about."""
        if self.about is None or self.world is None or who not in self.world.colleagues or not who.drawn.active:
            return False
        if isinstance(self.about, Unread):
            return who.drawn.role == "admin" or self.about.mailbox_id in who.granted
        return who.sees(self.about.mailbox_id, self.about.team_id)


def readings(app: Any, door: str, *worlds: World) -> Iterator[Address]:
    """Every GET of a door."""
    for path, methods in _paths(app, door):
        if "GET" in methods:
            yield from _addresses("GET", path, door, worlds)


def changes(app: Any, door: str, *worlds: World) -> Iterator[Address]:
    """Every other method on addresses with a number."""
    for path, methods in _paths(app, door):
        for method in sorted(methods - {"GET", "HEAD", "OPTIONS"}):
            if "{id}" in path:
                yield from _addresses(method, path, door, worlds)


def unknown(app: Any) -> list[str]:
    """Paths with numbers whose meaning `KINDS` does not say, and values `VALUES` does not know."""
    found = []
    for door in ("web", "api"):
        for path, _methods in _paths(app, door):
            names = set(re.findall(r"{(\w+)}", path)) - {"id"} - set(VALUES)
            if names or ("{id}" in path and _kind(path) is None):
                found.append(f"{door} {path}")
    return found


def _paths(app: Any, door: str) -> Iterator[tuple[str, set[str]]]:
    for route in app.routes:
        methods = set(getattr(route, "methods", ()))
        path = re.sub(r"{(\w+):\w+}", r"{\1}", route.path_format if hasattr(route, "path_format") else route.path)
        if path.startswith(API) != (door == "api"):
            continue
        bare = path.removeprefix(API) or "/"
        if not LEFT_OUT.match(bare):
            yield bare, methods


def _kind(path: str) -> str | None:
    found = [beginning for beginning in KINDS if path.startswith(beginning)]
    return KINDS[max(found, key=len)] if found else None


def _addresses(method: str, path: str, door: str, worlds: tuple[World, ...]) -> Iterator[Address]:
    prefix = API if door == "api" else ""
    bodies = JSON_BODIES if door == "api" else FORM_BODIES
    given = bodies.get(f"{method} {path}")
    body = {} if method == "GET" else {"json" if door == "api" else "data": given if given is not None else {}}
    for value in _valued(path):
        if "{id}" not in value:
            yield from _listed(method, prefix, value, path, worlds)
            continue
        for world in worlds:
            for number, about in _numbers(_kind(path), world):
                for query in QUERIES.get(path, ("",)):
                    shown = path in (
                        "/conversations/{id}",
                        "/conversations/{id}/row",
                        "/items/{id}",
                        "/needs-a-look/{id}",
                    )
                    address = prefix + value.replace("{id}", str(number)) + query
                    twin = prefix + value.replace("{id}", NOTHING) + query
                    yield Address(method, address, twin, about, world, shown and method == "GET", body)


def _listed(method: str, prefix: str, value: str, path: str, worlds: tuple[World, ...]) -> Iterator[Address]:
    for query in QUERIES.get(path, ("",)):
        if "{" not in query:
            yield Address(method, prefix + value + query, "")
            continue
        for world in worlds:
            for case in world.cases:
                filled = query.format(needle=case.needle, id=case.id, address=case.address)
                # The answer repeats what was asked for, so an address cannot be told from its echo.
                if "{address}" in query:
                    nobody = query.format(address="nobody@example.com")
                    yield Address(method, prefix + value + filled, prefix + value + nobody, case, world)
                else:
                    yield Address(method, prefix + value + filled, "")


def _valued(path: str) -> list[str]:
    paths = [path]
    for name, values in VALUES.items():
        if f"{{{name}}}" in path:
            paths = [one.replace(f"{{{name}}}", value) for one in paths for value in values]
    return paths


def _numbers(kind: str | None, world: World) -> Iterator[tuple[int, Case | Unread | None]]:
    if kind == "unread":
        yield from ((one.id, one) for one in world.unread)
    elif kind == "draft":  # a writer's own, whatever it is about: what others are told of it is nothing
        yield from ((who.draft_id, None) for who in world.colleagues)
        yield from ((id, None) for case in world.cases for id in case.drafts)
    else:
        yield from ((id, case) for case in world.cases for id in _of_case(kind, case))


def _of_case(kind: str | None, case: Case) -> tuple[int, ...]:
    return {
        "case": (case.id,),
        "item": case.items,
        "attachment": case.attachments,
        "clock": (case.clock_id,),
        "outbox": (case.outbox_id,),
        "person": (case.person_id,),
    }.get(kind or "", ())
