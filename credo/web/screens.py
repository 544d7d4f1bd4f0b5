"""Every screen there is; a module of screens offers its handlers as ROUTES."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from credo.web import acts, appearance, compose, conversation, health, inbox, look, outside, search, streaming

ROUTES: list[ControllerRouterHandler] = [
    health.health,
    *inbox.ROUTES,
    *conversation.ROUTES,
    *acts.ROUTES,
    *compose.ROUTES,
    *outside.ROUTES,
    *search.ROUTES,
    *look.ROUTES,
    *streaming.ROUTES,
    *appearance.ROUTES,
]
