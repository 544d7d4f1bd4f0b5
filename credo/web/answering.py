"""What goes back to the browser: pages, fragments, what happened with its way back, and errors as sentences."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import psycopg
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from psycopg_pool import PoolTimeout

from credo.api import problems
from credo.base.db import Unreachable
from credo.base.errors import Conflict, CredoError, Forbidden, Invalid, NotFound, TooLarge, TooManyRequests
from credo.base.secrets import SecretUnreadable
from credo.web import asking
from credo.web.asking import Connection, NotSignedIn, reader
from credo.web.rendering import render
from credo.web.wording import gettext as _

FLASH = "credo-flash"
_log = logging.getLogger("credo.web")
_STATUS: tuple[tuple[type[CredoError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (TooLarge, 413),
    (TooManyRequests, 429),
    (Conflict, 409),
    (Invalid, 422),
    (SecretUnreadable, 503),
)
_AWAY = (psycopg.OperationalError, PoolTimeout, Unreachable)  # the database, which comes back in a moment


@dataclass(frozen=True, slots=True)
class Toast:
    """Something happened, or did not when `bad`; `undo` is the address that takes it back."""

    text: str
    undo: str | None = None
    bad: bool = False


def page(request: Connection, template: str, *, status: int = 200, **context: object) -> Response[str]:
    """A whole page; shows what the request before it left to be told."""
    toasts = _told(request)
    text = render(template, reader=reader(request), toasts=toasts, **context)
    response = Response(text, status_code=status, media_type="text/html")
    if toasts:
        response.delete_cookie(FLASH)
    return response


def fragment(
    text: str, *, status: int = 200, trigger: Mapping[str, object] | None = None, **headers: str
) -> Response[str]:
    """Parts of a page for htmx; `trigger` names events for the islands, `headers` are written with underscores."""
    answer = {name.replace("_", "-"): value for name, value in headers.items()}
    if trigger:
        answer["HX-Trigger"] = json.dumps(trigger)
    return Response(text, status_code=status, media_type="text/html", headers=answer)


def part(target: str, text: str, swap: str = "outerHTML") -> str:
    """A piece for the element `target`, besides or instead of the one that asked."""
    return f'<hx-partial hx-target="{target}" hx-swap="{swap}">{text}</hx-partial>'


def told(toast: Toast) -> str:
    """The toast as a piece that replaces the one before it."""
    return part("#toasts", render("parts/toast.html", toast=toast), "innerHTML")


def go(address: str, toast: Toast | None = None) -> Response[Any]:
    """On to another page after a form, with something to tell there."""
    onward = quote(address, safe="/?#[]@!$&'()*+,;=:%~")  # a header is one line of ASCII, whatever came in a query
    response: Response[Any] = Response("", status_code=303, headers={"Location": onward}, media_type="text/plain")
    if toast is not None:
        text = quote(json.dumps([toast.text, toast.undo, toast.bad]))
        response.set_cookie(Cookie(key=FLASH, value=text, max_age=30, httponly=True, samesite="lax"))
    return response


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """An error as a person may read it: a page, a fragment, or problem details under /api."""
    if isinstance(error, HTTPException) and error.status_code < 500:
        _log.info("refused: %s %s: %s", request.method, _place(request), error)
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    if request.url.path.startswith("/api/"):
        return problems.answer(request, error)
    status, sentence = _said(error)
    if problems.has_left(error):
        _log.info("%s %s: the client went away before its request had arrived", request.method, _place(request))
    elif status == 503:
        _log.error("%s %s: %s", request.method, _place(request), error)
    elif status == 500 and isinstance(error, HTTPException):
        _log.warning("gave up: %s %s: %s", request.method, _place(request), error)
    elif status == 500:
        _log.exception("request failed: %s %s", request.method, _place(request), exc_info=error)
    if request.headers.get("hx-request") == "true":
        text = part("#toasts", render("parts/toast_bad.html", sentence=sentence), "innerHTML")
        return fragment(text, status=status, HX_Reswap="none")
    if "text/html" not in request.headers.get("accept", "*/*") and request.method not in asking.SAFE:
        return Response({"sentence": sentence}, status_code=status, media_type="application/json")
    return page(request, "error.html", status=status, sentence=sentence, next="")


def _said(error: Exception) -> tuple[int, str]:
    if isinstance(error, CredoError) and not isinstance(error, Unreachable):
        return next((status for kind, status in _STATUS if isinstance(error, kind)), 500), error.said(_)
    if isinstance(error, HTTPException):
        sentence = _("There is nothing here.") if error.status_code == 404 else _("That request does not fit.")
        return error.status_code, sentence
    if isinstance(error, _AWAY):
        return 503, _("The database does not answer just now; nothing was changed. Please try again in a moment.")
    return 500, _("Something broke on our side. It is written down, and nothing was changed.")


def _place(request: Request[Any, Any, Any]) -> str:
    """The path as a log may hold it: without the secret of a link."""
    return re.sub(r"^/(reset|invite)/.+", r"/\1/…", request.url.path)


def _to_sign_in(request: Request[Any, Any, Any]) -> Response[Any]:
    if request.headers.get("hx-request") == "true":
        return Response(None, status_code=401, headers={"HX-Redirect": "/sign-in"})
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    onward = f"?next={quote(wanted, safe='')}" if request.method == "GET" and wanted != "/" else ""
    return go(f"/sign-in{onward}")


def _told(request: Connection) -> list[Toast]:
    text = request.cookies.get(FLASH)
    if not text:
        return []
    try:
        sentence, undo, bad = json.loads(unquote(text))
    except (ValueError, TypeError, RecursionError):  # a cookie is whatever a browser sends
        return []
    own = isinstance(undo, str) and undo.startswith("/") and not undo.startswith("//")
    return [Toast(str(sentence)[:300], undo if own else None, bad is True)]
