"""The second step: a code from an app, each good once, and recovery codes for when the phone is gone."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno

from credo import history
from credo.access import Actor, ensure, may_administer
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import Conflict, Invalid, NotFound
from credo.base.ids import short_key
from credo.base.secrets import Keyring
from credo.history import record
from credo.people.events import RecoveryCodesMade, SecondStepRemoved, SecondStepSet

_STEP = 30  # seconds
_CODES = 10
_PURPOSE = "recovery code"


class AlreadyOn(Conflict):
    """Signing in with a code is already on; turn it off first to set it up anew."""


class CodeDoesNotMatch(Invalid):
    """That code does not match. Check that the clock of your phone is right and try the next one."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app needs: the secret to type, the address behind the QR code, and the QR code as SVG markup."""

    secret: str
    uri: str
    qr: str


async def begin(tx: Tx, keyring: Keyring, actor: Actor) -> Enrolment:
    """Make a new secret for `actor`; it counts for nothing until `confirm`. Raises AlreadyOn."""
    secret = pyotp.random_base32()
    changed = await tx.run(
        """update agent set totp_secret = %(secret)s, totp_last_step = null
            where desk_id = %(desk)s and id = %(id)s and totp_confirmed_at is null""",
        secret=keyring.seal(secret.encode(), _about(tx, actor.agent_id)),
        id=actor.agent_id,
    )
    if not changed:
        raise AlreadyOn
    return await _enrolment(tx, actor, secret)


async def pending(tx: Tx, keyring: Keyring, actor: Actor) -> Enrolment | None:
    """The enrolment that was begun and not confirmed yet, so that a page can be shown again."""
    sealed = await tx.value(
        """select totp_secret from agent
            where desk_id = %(desk)s and id = %(id)s and totp_confirmed_at is null""",
        id=actor.agent_id,
    )
    if sealed is None or not keyring.knows(bytes(sealed)):  # under a lost key nobody can finish it: begin anew
        return None
    return await _enrolment(tx, actor, keyring.open(bytes(sealed), _about(tx, actor.agent_id)).decode())


async def confirm(tx: Tx, keyring: Keyring, actor: Actor, code: str) -> list[str]:
    """Turn the second step on with a first code; returns the recovery codes, which are shown this once."""
    row = await _secret(tx, actor.agent_id)
    if row is None:
        raise NotFound
    if row.confirmed_at is not None:
        raise AlreadyOn
    if not await _spend_step(tx, keyring, actor.agent_id, row, code):
        raise CodeDoesNotMatch
    await tx.run(
        "update agent set totp_confirmed_at = %(now)s where desk_id = %(desk)s and id = %(id)s",
        now=clock.now(),
        id=actor.agent_id,
    )
    await record(tx, SecondStepSet(at=clock.now(), actor=actor.as_author(), agent_id=actor.agent_id))
    return await new_recovery_codes(tx, keyring, actor)


async def new_recovery_codes(tx: Tx, keyring: Keyring, actor: Actor) -> list[str]:
    """Ten new recovery codes instead of all earlier ones; only keyed digests of them are kept."""
    codes = [f"{short_key(4)}-{short_key(4)}-{short_key(4)}" for _ in range(_CODES)]
    await _forget_codes(tx, actor.agent_id)
    await tx.many(
        "insert into recovery_code (desk_id, agent_id, mark) values (%(desk)s, %(agent)s, %(mark)s)",
        [{"agent": actor.agent_id, "mark": _mark(keyring, code)} for code in codes],
    )
    await record(tx, RecoveryCodesMade(at=clock.now(), actor=actor.as_author(), agent_id=actor.agent_id))
    return codes


async def codes_left(tx: Tx, actor: Actor) -> int:
    """How many recovery codes of `actor` are unused, at most ten."""
    return int(
        await tx.value(
            """select count(*) from recovery_code
                where desk_id = %(desk)s and agent_id = %(agent)s and used_at is null""",
            agent=actor.agent_id,
        )
    )


async def accept(tx: Tx, keyring: Keyring, agent_id: int, code: str) -> str | None:
    """Use up `code`: "code" for one from the app, "recovery" for a recovery code, None when it is neither."""
    row = await _secret(tx, agent_id)
    if row is None or row.confirmed_at is None:
        return None
    if await _spend_step(tx, keyring, agent_id, row, code):
        return "code"
    return "recovery" if await _spend_recovery(tx, keyring, agent_id, code) else None


async def turn_off(tx: Tx, actor: Actor) -> None:
    """Take the second step off `actor`'s own account; the door has asked for the password before."""
    await remove(tx, actor.as_author(), actor.agent_id)


async def reset(tx: Tx, actor: Actor, agent_id: int) -> None:
    """Take the second step off a colleague's account, because phone and recovery codes are gone; for administrators."""
    ensure(may_administer(actor))
    await remove(tx, actor.as_author(), agent_id)


async def remove(tx: Tx, author: history.Actor, agent_id: int) -> None:
    """Take secret and recovery codes away on the word of `author`; raises NotFound when there is no secret."""
    changed = await tx.run(
        """update agent set totp_secret = null, totp_confirmed_at = null, totp_last_step = null
            where desk_id = %(desk)s and id = %(id)s and totp_secret is not null""",
        id=agent_id,
    )
    if not changed:
        raise NotFound
    await _forget_codes(tx, agent_id)
    await record(tx, SecondStepRemoved(at=clock.now(), actor=author, agent_id=agent_id))


@dataclass(frozen=True, slots=True)
class _Secret:
    sealed: bytes
    confirmed_at: datetime | None
    last_step: int | None


async def _secret(tx: Tx, agent_id: int) -> _Secret | None:
    return await tx.maybe(
        _Secret,
        """select totp_secret as sealed, totp_confirmed_at as confirmed_at, totp_last_step as last_step from agent
            where desk_id = %(desk)s and id = %(id)s and totp_secret is not null""",
        id=agent_id,
    )


async def _spend_step(tx: Tx, keyring: Keyring, agent_id: int, row: _Secret, code: str) -> bool:
    """Accept the code of this half minute or its neighbours, and never one as old as the last that was used."""
    code = "".join(code.split())
    if not (len(code) == 6 and code.isascii() and code.isdecimal()):
        return False
    app = pyotp.TOTP(keyring.open(bytes(row.sealed), _about(tx, agent_id)).decode())
    present = int(clock.now().timestamp()) // _STEP
    steps = [s for s in (present - 1, present, present + 1) if hmac.compare_digest(app.generate_otp(s), code)]
    return bool(steps) and bool(
        await tx.run(
            """update agent set totp_last_step = %(step)s
                where desk_id = %(desk)s and id = %(id)s and (totp_last_step is null or totp_last_step < %(step)s)""",
            step=steps[-1],
            id=agent_id,
        )
    )


async def _spend_recovery(tx: Tx, keyring: Keyring, agent_id: int, code: str) -> bool:
    tidy = "".join(c for c in code.lower() if c.isalnum())
    marks = await tx.values(
        "select mark from recovery_code where desk_id = %(desk)s and agent_id = %(agent)s and used_at is null",
        agent=agent_id,
    )
    found = [m for m in map(bytes, marks) if keyring.is_signed(_PURPOSE, tidy.encode(), m)]
    return bool(found) and bool(
        await tx.run(
            """update recovery_code set used_at = %(now)s
                where desk_id = %(desk)s and agent_id = %(agent)s and mark = %(mark)s and used_at is null""",
            now=clock.now(),
            agent=agent_id,
            mark=found[0],
        )
    )


async def _forget_codes(tx: Tx, agent_id: int) -> None:
    await tx.run("delete from recovery_code where desk_id = %(desk)s and agent_id = %(agent)s", agent=agent_id)


async def _enrolment(tx: Tx, actor: Actor, secret: str) -> Enrolment:
    email = await tx.value("select email from agent where desk_id = %(desk)s and id = %(id)s", id=actor.agent_id)
    desk = await tx.value("select name from desk where id = %(desk)s")
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=desk.replace(":", " "))
    return Enrolment(secret, uri, segno.make(uri, error="m").svg_inline(border=2, light="#fff", omitsize=True))


def _about(tx: Tx, agent_id: int) -> str:
    return f"totp {tx.desk_id} {agent_id}"


def _mark(keyring: Keyring, code: str) -> bytes:
    return keyring.sign(_PURPOSE, code.replace("-", "").encode(), 32)
