"""/mailboxes: the addresses under which the desk is written to, and how mail comes and goes. Secrets only go in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from litestar import get, post, put
from litestar.params import JSONBody
from msgspec import Meta

from credo.access import ensure, may_administer
from credo.api.door import Asker, House, Work
from credo.api.values import Id, Line, Listed, MailAddress, Moment, Name, Number, shaped
from credo.channels.email import connecting, mailbox, oauth, trying
from credo.channels.email.connecting import Wish
from credo.conversations import starting
from credo.installation import Installation
from credo.people import grants

Kind = TypeVar("Kind")
Port = Annotated[int, Meta(ge=1, le=65535)]
Security = Literal["tls", "starttls", "plain"]
SignIn = Literal["password", "oauth", "none"]


@dataclass(frozen=True, slots=True)
class WayOut:
    """A mailbox you may write from."""

    id: int
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """How mail is fetched by IMAP; without a host it comes in by the listener only.

    `days` says how much history is taken at the first connection (0: from now on). `trusted` names the servers whose
    Authentication-Results are believed. `direct` says that foreign servers bring mail to our own listener themselves.
    """

    host: Line = ""
    port: Port = 993
    security: Security = "tls"
    user: Line = ""
    sign_in: SignIn = "password"
    folders: Annotated[list[Line], Meta(min_length=1, max_length=50)] = field(default_factory=lambda: ["INBOX"])
    archive: Line = ""
    days: Annotated[int, Meta(ge=0, le=3650)] = 0
    trusted: Annotated[list[Line], Meta(max_length=50)] = field(default_factory=list)
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """How mail is sent by SMTP. `plus` puts a signed address into Reply-To; the server must know plus-addresses.

    With `nowhere` nothing leaves this machine.
    """

    host: Line = ""
    port: Port = 587
    security: Security = "starttls"
    user: Line = ""
    sign_in: SignIn = "password"
    plus: bool = False
    nowhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """Which authorisation server signs the mailbox in, under the company's own client id."""

    provider: Line = ""
    client_id: Line = ""
    tenant: Line = "common"
    authorize_url: Line = ""
    token_url: Line = ""
    scope: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What is stored encrypted and never shown; what is left empty stays as it is."""

    password: Line = ""
    smtp_password: Line = ""
    client_secret: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A mailbox as you want it."""

    name: Name
    address: MailAddress
    aliases: Annotated[list[MailAddress], Meta(max_length=100)] = field(default_factory=list)
    team_id: Number | None = None
    signature: Annotated[str, Meta(max_length=20_000)] = ""
    automatic_answer: Annotated[str, Meta(max_length=20_000)] = ""
    incoming: Incoming = field(default_factory=Incoming)
    outgoing: Outgoing = field(default_factory=Outgoing)
    oauth: OAuth = field(default_factory=OAuth)
    secrets: Secrets = field(default_factory=Secrets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox and how it fares. `fetch_error` and `send_error` are sentences, null while all is well."""

    id: int
    name: str
    address: str
    aliases: list[str]
    team_id: int | None
    signature: str
    automatic_answer: str
    incoming: Incoming
    outgoing: Outgoing
    oauth: OAuth
    state: Literal["active", "paused", "archived"]
    fetched_at: Moment | None
    fetch_error: str | None
    fetch_failures: int
    send_error: str | None


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """The id of the new mailbox."""

    id: int


@dataclass(frozen=True, slots=True)
class MailboxState:
    """Whether mail is fetched and sent; an archived mailbox is disconnected, its conversations stay."""

    state: Literal["active", "paused", "archived"]


@dataclass(frozen=True, slots=True)
class GrantedTo:
    """Exactly the colleagues who may see what comes to a mailbox, besides administrators."""

    agents: Annotated[list[Number], Meta(max_length=1000)]


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of trying one way; `detail` is the server's own words."""

    way: Literal["in", "out"]
    good: bool
    text: str
    detail: str


@get("/mailboxes", operation_id="list_mailboxes")
async def index(tx: Work, actor: Asker) -> Listed[WayOut]:
    """List the mailboxes you may write from, by name."""
    return Listed([shaped(WayOut, one) for one in await starting.ways_out(tx, actor)])


@get("/mailboxes/{id:int}", operation_id="get_mailbox")
async def show(tx: Work, actor: Asker, id: Id) -> Mailbox:
    """Read the settings of a mailbox and how it fares; for administrators."""
    ensure(may_administer(actor))
    return _shown(await mailbox.load(tx, id))


@post("/mailboxes", operation_id="connect_mailbox")
async def connect(tx: Work, actor: Asker, house: House, data: JSONBody[Settings]) -> NewMailbox:
    """Connect a mailbox; for administrators. Mail is fetched within a minute."""
    ensure(may_administer(actor))
    return NewMailbox(await connecting.connect(tx, house.keys, actor.as_author(), _wish(data)))


@put("/mailboxes/{id:int}", operation_id="change_mailbox", status_code=204)
async def change(tx: Work, actor: Asker, house: House, id: Id, data: JSONBody[Settings]) -> None:
    """Save other settings; for administrators. What was fetched is not fetched again."""
    ensure(may_administer(actor))
    await connecting.change(tx, house.keys, actor.as_author(), id, _wish(data))


@put("/mailboxes/{id:int}/state", operation_id="set_mailbox_state", status_code=204)
async def set_state(tx: Work, actor: Asker, id: Id, data: JSONBody[MailboxState]) -> None:
    """Pause, resume or disconnect a mailbox; for administrators."""
    ensure(may_administer(actor))
    await connecting.set_state(tx, actor.as_author(), id, data.state)


@get("/mailboxes/{id:int}/grants", operation_id="list_mailbox_grants")
async def granted(tx: Work, actor: Asker, id: Id) -> GrantedTo:
    """List who may see what comes to a mailbox; for administrators."""
    ensure(may_administer(actor))
    return GrantedTo(await grants.of_mailbox(tx, (await mailbox.load(tx, id)).id))


@put("/mailboxes/{id:int}/grants", operation_id="set_mailbox_grants", status_code=204)
async def grant(tx: Work, actor: Asker, id: Id, data: JSONBody[GrantedTo]) -> None:
    """Let exactly these colleagues see what comes to a mailbox; for administrators."""
    await grants.give_mailbox(tx, actor, id, data.agents)


@post("/mailboxes/{id:int}/trial", operation_id="try_mailbox", opt={"alone": True}, status_code=200)
async def try_out(actor: Asker, house: House, id: Id) -> Listed[Finding]:
    """Sign in both ways as saved, and change nothing; for administrators. Takes up to half a minute."""
    ensure(may_administer(actor))
    async with house.db.reading(actor.desk_id) as tx:
        found = await mailbox.load(tx, id)
    return Listed([shaped(Finding, one) for one in await _tried(house, found)])


async def _tried(house: Installation, found: mailbox.Mailbox) -> list[trying.Check]:
    token = await oauth.access_token(house.db, house.keys, found) if found.incoming.sign_in == "oauth" else None
    kept = mailbox.secrets(house.keys, found)
    return await trying.try_out(found.address, found.incoming, found.outgoing, kept, token=token)


def _wish(data: Settings) -> Wish:
    return Wish(
        name=data.name,
        address=data.address,
        aliases=tuple(data.aliases),
        team_id=data.team_id,
        signature=data.signature,
        automatic_answer=data.automatic_answer,
        incoming=_as(mailbox.Incoming, data.incoming),
        outgoing=_as(mailbox.Outgoing, data.outgoing),
        oauth=_as(mailbox.OAuth, data.oauth),
        secrets=_as(mailbox.Secrets, data.secrets),
    )


def _shown(found: mailbox.Mailbox) -> Mailbox:
    parts = {
        "incoming": _as(Incoming, found.incoming),
        "outgoing": _as(Outgoing, found.outgoing),
        "oauth": _as(OAuth, found.oauth),
    }
    return shaped(Mailbox, found, aliases=list(found.aliases), **parts)


def _as(kind: type[Kind], value: Any) -> Kind:
    """The same fields in another type."""
    return msgspec.convert(msgspec.to_builtins(value), kind)


HANDLERS = [index, show, connect, change, set_state, granted, grant, try_out]
