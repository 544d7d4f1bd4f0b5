"""Version 1 of the API: a module a resource, a line for each."""

from __future__ import annotations

from litestar import Router
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from credo.api import door, problems
from credo.api.strict import Strict
from credo.api.v1 import (
    agents,
    assignment,
    attachments,
    breakers,
    closures,
    comparisons,
    conversations,
    customers,
    desk,
    drafts,
    events,
    exceptions,
    items,
    jobs,
    mailboxes,
    me,
    notes,
    openapi,
    outbox,
    philosophy,
    philosophy_drafts,
    presence,
    promises,
    proposals,
    raw,
    replies,
    search,
    snooze,
    tags,
    teams,
    tokens,
    tryouts,
    versions,
    views,
)

PATH = "/api/v1"
RESOURCES = {
    "Conversations": (conversations, views, search, items, events, promises),
    "Writing": (replies, notes, drafts, attachments, outbox),
    "Acting": (assignment, closures, snooze, tags, presence),
    "People": (me, customers, agents, teams, tokens),
    "Philosophy": (philosophy, versions, philosophy_drafts, proposals, exceptions, tryouts),
    "Desk": (desk, mailboxes, comparisons, raw, breakers, jobs),
}


def _tagged(name: str) -> Router:
    """The handlers of one chapter."""
    handlers: list[ControllerRouterHandler] = [one for module in RESOURCES[name] for one in module.HANDLERS]
    return Router("/", route_handlers=handlers, tags=[name])


router = Router(
    PATH,
    route_handlers=[*openapi.HANDLERS, *(_tagged(name) for name in RESOURCES)],
    middleware=[door.Door],
    exception_handlers={Exception: problems.answer},
    dto=Strict,
    return_dto=None,
    opt={"api": True},
    cache_control=CacheControlHeader(no_store=True),
    dependencies={
        "actor": Provide(door.provide_actor),
        "tx": Provide(door.provide_tx),
        "blobs": Provide(door.provide_blobs),
        "house": Provide(door.provide_house),
    },
)
routes: list[ControllerRouterHandler] = [router]
