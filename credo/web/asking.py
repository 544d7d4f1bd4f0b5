"""Who asks, and whether the request may be taken: session, same-site check, language of the answer.

Every handler is closed unless its `opt` says `public=True`; the API has a guard of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection, Request
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import PathParameter, QueryParameter, SkipValidation

from credo.access import Actor
from credo.base.errors import CredoError, Forbidden
from credo.base.ids import BIGGEST, BIGGEST_SEQ
from credo.installation import Installation
from credo.people import actors
from credo.people.actors import Signed
from credo.people.sessions import Place, browser_name
from credo.web import wording

Connection = ASGIConnection[Any, Any, Any, Any]
House = NamedDependency[SkipValidation[Installation]]
Asker = NamedDependency[SkipValidation[Actor]]
Who = NamedDependency[SkipValidation[Signed]]
Id = Annotated[int, PathParameter(ge=1, le=BIGGEST)]
Seq = Annotated[int, QueryParameter(ge=0, le=BIGGEST_SEQ)]
MaybeSeq = Annotated[int | None, QueryParameter(ge=0, le=BIGGEST_SEQ)]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
THEMES = ("auto", "light", "dark")


class NotSignedIn(CredoError):
    """Sign in first."""


class OtherSite(Forbidden):
    """This came from another web page and was refused; open Credo itself and try again."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What templates know about the person at the screen; `id` is 0 before signing in."""

    id: int
    name: str
    email: str
    role: str
    language: str
    theme: str
    keys_on: bool
    desk: str


async def let_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of every screen: refuses what another site sent, and finds out who asks."""
    if connection.url.path.startswith("/api/"):
        return
    _ensure_same_site(connection)
    wording.language.set(wording.preferred(connection.headers.get("accept-language", "")))
    token = connection.cookies.get(cookie_name(connection))
    signed = await actors.signed_in(house(connection).db, token) if token else None
    connection.state.signed = signed
    if signed is not None:
        wording.language.set(signed.language)
        wording.zone.set(signed.zone)
    elif not handler.opt.get("public"):
        raise NotSignedIn


def house(connection: Connection) -> Installation:
    """The installation this process serves."""
    installation: Installation = connection.app.state.installation
    return installation


async def who(request: Request[Any, Any, Any]) -> Signed:
    """The colleague who asks, as a dependency of handlers; raises NotSignedIn."""
    signed: Signed | None = request.state.signed
    if signed is None:
        raise NotSignedIn
    return signed


async def actor(request: Request[Any, Any, Any]) -> Actor:
    """The same as the actor that rooms want."""
    return (await who(request)).actor


def reader(connection: Connection) -> Reader:
    """The person at the screen, known or not."""
    signed: Signed | None = getattr(connection.state, "signed", None)
    if signed is None:
        chosen = connection.cookies.get("theme", "auto")
        theme = chosen if chosen in THEMES else "auto"
        return Reader(0, "", "", "", wording.language.get(), theme, False, "")
    who = signed.actor
    return Reader(
        who.agent_id, who.name, signed.email, who.role, signed.language, signed.theme, signed.keys_on, signed.desk_name
    )


def place(connection: Connection) -> Place:
    """Where the request comes from, for sessions and throttles."""
    address = connection.client.host if connection.client else ""
    return Place(address, browser_name(connection.headers.get("user-agent", "")))


def is_secure(connection: Connection) -> bool:
    """Whether the browser speaks TLS with us or with the proxy in front."""
    return connection.url.scheme == "https"


def cookie_name(connection: Connection) -> str:
    """`__Host-` binds the cookie to this host and to TLS; without TLS browsers refuse such a name."""
    return "__Host-credo" if is_secure(connection) else "credo"


def wants_fragment(connection: Connection) -> bool:
    """Whether htmx asks for a part of the page; a restored page of the history is a whole one."""
    return (
        connection.headers.get("hx-request") == "true"
        and connection.headers.get("hx-request-type") != "full"
        and "hx-history-restore-request" not in connection.headers
    )


def _ensure_same_site(connection: Connection) -> None:
    """Cookies travel with forms of other sites too; browsers tell us where a request began."""
    if connection.scope.get("method", "") in SAFE:
        return
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise OtherSite
        return
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise OtherSite
