"""Who asks: the colleague behind a session cookie or an API token, in one statement a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from credo.access import Actor
from credo.access.actor import Role
from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.ids import digest
from credo.people import secrets, sessions

_RENEW = timedelta(minutes=1)  # `seen_at` is exact to a minute, which saves a write on nearly every request
_GRANTS = """
    array(select g.mailbox_id from mailbox_grant g
           where g.desk_id = %(desk)s and g.agent_id = a.id order by 1) as mailboxes,
    array(select t.team_id from team_member t
           where t.desk_id = %(desk)s and t.agent_id = a.id order by 1) as teams"""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, and what every page needs besides."""

    actor: Actor
    session_id: int
    email: str
    language: str
    theme: str
    keys_on: bool
    totp_on: bool
    desk_name: str
    zone: str
    setup_step: int


async def by_session(db: Db, token: str) -> Actor | None:
    """The colleague whose open session `token` is, or None."""
    found = await signed_in(db, token)
    return found.actor if found else None


async def signed_in(db: Db, token: str) -> Signed | None:
    """The same with what pages show; one statement, and at most once a minute a second one that renews the session."""
    desk_id = secrets.desk_of(token)
    if desk_id is None:
        return None
    now = clock.now()
    async with db.reading(desk_id) as tx:
        row = await tx.maybe(
            _SessionRow,
            f"""select s.id as session_id, s.seen_at, s.created_at, s.kept, a.id as agent_id, a.name, a.role, a.email,
                       coalesce(a.language, d.language) as language, a.theme, a.keys_on,
                       a.totp_confirmed_at is not null as totp_on, d.name as desk_name, d.zone, d.setup_step, {_GRANTS}
                  from session s
                  join agent a on a.desk_id = %(desk)s and a.id = s.agent_id
                  join desk d on d.id = %(desk)s
                 where s.desk_id = %(desk)s and s.token_hash = %(hash)s
                   and s.state = 'open' and s.expires_at > %(now)s and a.state = 'active'""",
            hash=digest(token),
            now=now,
        )
        if row and row.seen_at < now - _RENEW:
            await sessions.renew(tx, row.session_id, row.created_at, row.kept)
    return row.signed(desk_id) if row else None


async def by_token(db: Db, token: str) -> Actor | None:
    """The colleague an API token acts for, with the token's scopes, or None."""
    desk_id = secrets.desk_of(token) if token.startswith(secrets.TOKEN_PREFIX) else None
    if desk_id is None:
        return None
    now = clock.now()
    async with db.reading(desk_id) as tx:
        row = await tx.maybe(
            _TokenRow,
            f"""select t.id as token_id, t.scopes, t.used_at, a.id as agent_id, a.name, a.role, {_GRANTS}
                  from api_token t
                  join agent a on a.desk_id = %(desk)s and a.id = t.agent_id
                 where t.desk_id = %(desk)s and t.token_hash = %(hash)s and t.revoked_at is null
                   and (t.expires_at is null or t.expires_at > %(now)s) and a.state = 'active'""",
            hash=digest(token),
            now=now,
        )
        if row and (row.used_at is None or row.used_at < now - _RENEW):
            await tx.run(
                "update api_token set used_at = %(now)s where desk_id = %(desk)s and id = %(id)s",
                now=now,
                id=row.token_id,
            )
    return row.actor(desk_id) if row else None


async def of_agent(tx: Tx, agent_id: int) -> Actor | None:
    """The actor that colleague `agent_id` is right now; for long streams and jobs. None when no longer active."""
    row = await tx.maybe(
        _AgentRow,
        f"""select a.id as agent_id, a.name, a.role, {_GRANTS} from agent a
             where a.desk_id = %(desk)s and a.id = %(id)s and a.state = 'active'""",
        id=agent_id,
    )
    return Actor(tx.desk_id, row.agent_id, row.name, row.role, tuple(row.mailboxes), tuple(row.teams)) if row else None


@dataclass(frozen=True, slots=True)
class _AgentRow:
    agent_id: int
    name: str
    role: Role
    mailboxes: list[int]
    teams: list[int]


@dataclass(frozen=True, slots=True)
class _TokenRow:
    token_id: int
    scopes: list[str]
    used_at: datetime | None
    agent_id: int
    name: str
    role: Role
    mailboxes: list[int]
    teams: list[int]

    def actor(self, desk_id: int) -> Actor:
        return Actor(
            desk_id,
            self.agent_id,
            self.name,
            self.role,
            tuple(self.mailboxes),
            tuple(self.teams),
            frozenset(self.scopes),
            self.token_id,
        )


@dataclass(frozen=True, slots=True)
class _SessionRow:
    session_id: int
    seen_at: datetime
    created_at: datetime
    kept: bool
    agent_id: int
    name: str
    role: Role
    email: str
    language: str
    theme: str
    keys_on: bool
    totp_on: bool
    desk_name: str
    zone: str
    setup_step: int
    mailboxes: list[int]
    teams: list[int]

    def signed(self, desk_id: int) -> Signed:
        return Signed(
            Actor(desk_id, self.agent_id, self.name, self.role, tuple(self.mailboxes), tuple(self.teams)),
            self.session_id,
            self.email,
            self.language,
            self.theme,
            self.keys_on,
            self.totp_on,
            self.desk_name,
            self.zone,
            self.setup_step,
        )
