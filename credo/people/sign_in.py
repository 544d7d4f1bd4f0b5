"""Coming in: address and password, then a code where one is asked."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from credo.base import clock
from credo.base.db import Db, Tx
from credo.base.errors import Invalid
from credo.base.ids import digest
from credo.base.secrets import Keyring
from credo.people import passwords, secrets, sessions, throttle, totp
from credo.people.sessions import Opened, Place
from credo.people.throttle import Gate

TRIES = 5


class WrongPassword(Invalid):
    """That password does not match this address."""


class WrongCode(Invalid):
    """That code does not match; wait for the next one and try again."""


class TooLate(Invalid):
    """That took longer than ten minutes; sign in again."""


async def sign_in(db: Db, desk_id: int, email: str, password: str, place: Place, *, keep: bool = False) -> Opened:
    """Open a session, a half one when a code is still to come.

    Raises `WrongPassword` with the number of tries `left`, the same for an unknown address and in the same time, and
    `throttle.Slowed` with the seconds to `wait`. No connection is held while the password is checked.
    """
    pair = _pair(desk_id, email, place)
    async with db.transaction(desk_id) as tx:
        account = await _account(tx, email)
        left = await throttle.knock(tx, pair, *await _wider_gates(tx, account, email, place))
    right, renewed = await passwords.check(password, account.password_hash if account else None)
    if account is None or not right:
        raise WrongPassword(left=left)
    async with db.transaction(desk_id) as tx:
        if not await _still(tx, account, renewed):
            raise WrongPassword(left=left)
        await throttle.forgive(tx, pair)
        return await sessions.begin(tx, account.id, place, how="password", kept=keep, half=account.totp_on)


async def second_step(db: Db, keyring: Keyring, token: str, code: str, place: Place) -> Opened:
    """Turn the half session of `token` into an open one, under a new secret, by a code or a recovery code."""
    desk_id = secrets.desk_of(token)
    if desk_id is None:
        raise TooLate
    async with db.transaction(desk_id) as tx:
        half = await _half(tx, token)
        gate = Gate(f"code {desk_id} {half.agent_id}", TRIES)
        left = await throttle.knock(tx, gate)
    async with db.transaction(desk_id) as tx:
        how = await totp.accept(tx, keyring, half.agent_id, code)
        if how is None:
            raise WrongCode(left=left)
        if not await _spend(tx, half.id):
            raise TooLate
        await throttle.forgive(tx, gate)
        return await sessions.begin(tx, half.agent_id, place, how=how, kept=half.kept)


async def confirm_password(db: Db, desk_id: int, agent_id: int, password: str) -> None:
    """Make sure that it is still the same person at the screen; raises `WrongPassword` or `throttle.Slowed`."""
    gate = Gate(f"confirm {desk_id} {agent_id}", TRIES)
    async with db.transaction(desk_id) as tx:
        left = await throttle.knock(tx, gate)
        kept = await tx.value(
            "select password_hash from agent where desk_id = %(desk)s and id = %(id)s and state = 'active'",
            id=agent_id,
        )
    right, _ = await passwords.check(password, kept)
    if not right:
        raise WrongPassword(left=left)
    async with db.transaction(desk_id) as tx:
        await throttle.forgive(tx, gate)


def account_key(email: str) -> str:
    """How an address is written into keys of the throttle: not at all, only its digest."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:24]


def network_of(address: str) -> str:
    """What is counted as one place: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))


@dataclass(frozen=True, slots=True)
class _Account:
    id: int
    password_hash: str | None
    totp_on: bool


@dataclass(frozen=True, slots=True)
class _Half:
    id: int
    agent_id: int
    kept: bool


async def _account(tx: Tx, email: str) -> _Account | None:
    return await tx.maybe(
        _Account,
        """select id, password_hash, totp_confirmed_at is not null as totp_on from agent
            where desk_id = %(desk)s and lower(email) = lower(%(email)s) and state = 'active'""",
        email=email.strip()[:320],
    )


def _pair(desk_id: int, email: str, place: Place) -> Gate:
    return Gate(f"pair {desk_id} {account_key(email)} {network_of(place.address)}", TRIES)


async def _wider_gates(tx: Tx, account: _Account | None, email: str, place: Place) -> list[Gate]:
    """The gates of the place, and of the account unless its owner is known to come from this place.

    So strangers who try an address from many places slow each other down, and never lock its owner out at home; from
    a new place the owner waits a minute at most.
    """
    gates = [Gate(f"place {tx.desk_id} {network_of(place.address)}", 40)]
    known = await sessions.addresses(tx, account.id) if account else []
    if network_of(place.address) not in map(network_of, known):
        gates.append(Gate(f"account {tx.desk_id} {account_key(email)}", 20, timedelta(minutes=1)))
    return gates


async def _still(tx: Tx, account: _Account, renewed: str | None) -> bool:
    """Whether the account is as it was before its password was checked; stores a hash of today's strength."""
    return bool(
        await tx.run(
            """update agent set password_hash = coalesce(%(renewed)s, password_hash)
                where desk_id = %(desk)s and id = %(id)s and state = 'active' and password_hash = %(was)s""",
            id=account.id,
            renewed=renewed,
            was=account.password_hash,
        )
    )


async def _half(tx: Tx, token: str) -> _Half:
    found = await tx.maybe(
        _Half,
        """select s.id, s.agent_id, s.kept from session s
             join agent a on a.desk_id = %(desk)s and a.id = s.agent_id and a.state = 'active'
            where s.desk_id = %(desk)s and s.token_hash = %(hash)s and s.state = 'half' and s.expires_at > %(now)s""",
        hash=digest(token),
        now=clock.now(),
    )
    if found is None:
        raise TooLate
    return found


async def _spend(tx: Tx, half_id: int) -> bool:
    return bool(
        await tx.run(
            """update session set state = 'ended', ended_at = %(now)s
                where desk_id = %(desk)s and id = %(id)s and state = 'half'""",
            now=clock.now(),
            id=half_id,
        )
    )
