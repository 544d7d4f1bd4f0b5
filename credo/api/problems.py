"""Errors of the API as problem details (RFC 9457): a code to branch on and a sentence a person may read."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec
import psycopg
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from psycopg_pool import PoolTimeout

from credo.base.db import Unreachable
from credo.base.errors import Conflict, CredoError, Forbidden, Invalid, NotFound, TooLarge, TooManyRequests
from credo.base.secrets import SecretUnreadable
from credo.language import tongues
from credo.philosophy import BadPhilosophy

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("credo.api")
_STATUS: tuple[tuple[type[CredoError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (TooLarge, 413),
    (TooManyRequests, 429),
    (Conflict, 409),
    (Invalid, 422),
    (Unreachable, 503),
    (SecretUnreadable, 503),
)
_MISSING = re.compile(r"Missing required (\w+) parameter '([\w-]+)'")
WORDS = {
    404: "There is nothing here, or you may not see it.",
    405: "This address does not take this method; the Allow header names those it takes.",
    413: "That is larger than this desk accepts.",
    400: "That request does not fit.",
    422: "A value names something that does not exist, or cannot be stored.",
    503: "The database does not answer just now; nothing was changed. Please try again in a moment.",
    500: "Something broke on our side. It is written down, and nothing was changed.",
    "required": "This is required.",
    "unknown": "There is no such field.",
}
Say = Callable[[str], str]


class NotSignedIn(CredoError):
    """Send a token that works: "Authorization: Bearer credo_…". This one is missing, unknown, revoked or expired."""


class NotJson(CredoError):
    """The body must be JSON in UTF-8."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One value that does not fit: where it stands (`body.to[0].address`, `query.after`) and what is wrong with it."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why nothing was done. `type` is stable and meant for programs, `detail` is a sentence meant for people.

    `wait` says after how many seconds to try again; `last_word_seq` what must have been seen before sending; `source`
    is the text that was saved meanwhile, as `revision`.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[Misfit] = field(default_factory=list)
    wait: int | None = None
    last_word_seq: int | None = None
    revision: int | None = None
    source: str | None = None


class Misfits(Invalid):
    """Some values do not fit; nothing was changed."""

    def __init__(self, errors: list[Misfit]) -> None:
        super().__init__(f"{errors[0].field}: {errors[0].sentence}" if errors else None)
        self.errors = errors


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The response that tells `error`; what nobody foresaw is logged and told without its inside."""
    tongue = tongues.preferred(request.headers.get("accept-language", ""))
    problem = of(error, str if tongue == "en" else tongues.catalogue(tongue).gettext)
    if has_left(error):
        _log.info("%s %s: the client went away before its request had arrived", request.method, request.url.path)
    elif problem.status == 503:
        _log.error("%s %s: %s", request.method, request.url.path, error)
    elif problem.status >= 500:
        _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    headers = {"Cache-Control": "no-store", "Content-Language": tongue, "Vary": "Accept-Language"}
    if isinstance(error, HTTPException):
        headers.update(error.headers or {})
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="credo"'
    if problem.wait is not None:
        headers["Retry-After"] = str(problem.wait)
    body = msgspec.json.encode({k: v for k, v in msgspec.to_builtins(problem).items() if v not in (None, [])})
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def has_left(error: Exception) -> bool:
    """Whether `error` only says that whoever asked went away before the request had arrived."""
    return isinstance(error, InternalServerException) and error.detail == "client disconnected prematurely"


def of(error: Exception, say: Say = str) -> Problem:
    """What is told about an error, in the words of `say`; what programs branch on is the same in every language."""
    if isinstance(error, CredoError):
        return _of_ours(error, say)
    if isinstance(error, HTTPException):
        return _of_framework(error, say)
    if isinstance(error, (psycopg.OperationalError, PoolTimeout)):
        return _problem("unreachable", 503, say(WORDS[503]))
    if isinstance(error, psycopg.errors.UniqueViolation):
        return _problem("conflict", 409, say(Conflict.__doc__ or ""))
    if isinstance(error, (psycopg.DataError, psycopg.IntegrityError, UnicodeError)):
        return _problem("invalid", 422, say(WORDS[422]))
    return _problem("broken", 500, say(WORDS[500]))


def _of_ours(error: CredoError, say: Say) -> Problem:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    status = {NotSignedIn: 401, NotJson: 400}.get(type(error), status)
    wait, seq = error.details.get("wait"), error.details.get("last_word_seq")
    revision, source = error.details.get("revision"), error.details.get("source")
    return _problem(
        _kebab(type(error).__name__),
        status,
        _detail(error, say),
        errors=_each(error, say),
        wait=wait if isinstance(wait, int) else None,
        last_word_seq=seq if isinstance(seq, int) else None,
        revision=revision if isinstance(revision, int) else None,
        source=source if isinstance(source, str) else None,
    )


def _detail(error: CredoError, say: Say) -> str:
    """The sentence of an error. Of values that do not fit the first, if there are words for it in this language."""
    if not isinstance(error, Misfits) or not error.errors:
        return error.said(say)
    first = error.errors[0]
    known = say is str or first.sentence in WORDS.values() or say(first.sentence) != first.sentence
    return f"{first.field}: {say(first.sentence)}" if known else say(Misfits.__doc__ or "")


def _each(error: CredoError, say: Say) -> list[Misfit]:
    """Every single thing that is wrong, where there may be several; what a decoder said about a value stays English."""
    if isinstance(error, Misfits):
        return [Misfit(one.field, say(one.sentence)) for one in error.errors]
    if isinstance(error, BadPhilosophy):
        return [Misfit("body.source", f"{one.where()} {one.said(say)}") for one in error.problems]
    failures = error.details.get("failures")
    return [Misfit("body.source", str(one)) for one in failures] if isinstance(failures, list) else []


def _of_framework(error: HTTPException, say: Say) -> Problem:
    """What Litestar refused before a handler was called: no such address, no such method, values of another kind."""
    if error.status_code == 400 and isinstance(error.extra, list):
        found = [_misfit(one) for one in error.extra if isinstance(one, dict)]
        if found:
            return _of_ours(Misfits(found), say)
    if isinstance(error, ValidationException) and (missing := _MISSING.search(error.detail)):
        return _of_ours(Misfits([Misfit(f"{missing[1]}.{missing[2]}", WORDS["required"])]), say)
    sentence = WORDS.get(error.status_code, WORDS[400])
    return _problem(_kebab(HTTPStatus(error.status_code).phrase), error.status_code, say(sentence))


def _misfit(told: dict[str, Any]) -> Misfit:
    source = told.get("source") or "query"
    message = str(told.get("message", "does not fit")).rstrip(".")
    return Misfit(f"{getattr(source, 'value', source)}.{told.get('key', '')}".rstrip("."), f"{message}.")


def _problem(code: str, status: int, detail: str, **more: Any) -> Problem:
    return Problem(type=f"urn:credo:{code}", title=HTTPStatus(status).phrase, status=status, detail=detail, **more)


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z][a-z])| ", "-", name).lower().replace("--", "-")
