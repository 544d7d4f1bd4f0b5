"""Every screen there is; a module of screens offers its handlers as ROUTES."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from credo.web import (
    acts,
    appearance,
    compose,
    conversation,
    health,
    inbox,
    look,
    outside,
    search,
    sign_in,
    streaming,
    welcome,
)
from credo.web.settings import account, breakers, consent, desk, jobs, mailboxes, people, philosophy, teams, tokens

ROUTES: list[ControllerRouterHandler] = [
    health.health,
    *sign_in.ROUTES,
    *welcome.ROUTES,
    *inbox.ROUTES,
    *conversation.ROUTES,
    *acts.ROUTES,
    *compose.ROUTES,
    *outside.ROUTES,
    *search.ROUTES,
    *look.ROUTES,
    *streaming.ROUTES,
    *appearance.ROUTES,
    *account.ROUTES,
    *desk.ROUTES,
    *people.ROUTES,
    *teams.ROUTES,
    *tokens.ROUTES,
    *mailboxes.ROUTES,
    *consent.ROUTES,
    *philosophy.ROUTES,
    *jobs.ROUTES,
    *breakers.ROUTES,
]
