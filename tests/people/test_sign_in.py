from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credo.base import clock
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.people import actors, secrets, sessions, sign_in, totp
from credo.people.sessions import Opened, Place
from credo.people.throttle import Slowed
from support.desks import Desk, make_desk
from support.people import PASSWORD, give_password

HOME = Place("192.0.2.7", "Firefox on Linux")
AWAY = Place("198.51.100.9", "Chrome on Windows")
START = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def keys() -> Keyring:
    return Keyring((b"a secret key for tests, long enough",))


async def _in(db: Db, desk: Desk, place: Place = HOME, password: str = PASSWORD, *, keep: bool = False) -> Opened:
    return await sign_in.sign_in(db, desk.id, " Ines@Lumen.Example ", password, place, keep=keep)


async def test_the_right_password_opens_a_session(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    opened = await _in(db, desk)
    assert (opened.half, opened.kept) == (False, False)
    assert await actors.by_session(db, opened.token) == desk.ines
    async with db.reading(desk.id) as tx:
        stored = await tx.value("select token_hash from session where agent_id = %(id)s", id=desk.ines.agent_id)
        kinds = await tx.values("select kind from event where desk_id = %(desk)s")
    assert opened.token.encode() not in bytes(stored)
    assert kinds == ["session.opened"]


async def test_wrong_password_unknown_address_and_leavers_look_the_same(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    await give_password(db, desk, desk.tom)
    async with db.transaction(desk.id) as tx:
        await tx.run(
            "update agent set state = 'deactivated' where desk_id = %(desk)s and id = %(id)s", id=desk.tom.agent_id
        )
    for email, password in [
        ("ines@lumen.example", "not the password"),
        ("nobody@lumen.example", PASSWORD),
        ("tom@lumen.example", PASSWORD),
        ("ada@lumen.example", ""),  # has no password yet
    ]:
        with pytest.raises(sign_in.WrongPassword) as refused:
            await sign_in.sign_in(db, desk.id, email, password, HOME)
        assert refused.value.details == {"left": 4}


async def test_another_desks_colleague_cannot_sign_in_here(db: Db, desk: Desk) -> None:
    other = await make_desk(db, "Umbra")
    await give_password(db, other, other.ines)
    with pytest.raises(sign_in.WrongPassword):
        await _in(db, desk)
    opened = await _in(db, other)
    forged = f"{desk.id}.{opened.token.partition('.')[2]}"
    assert await actors.by_session(db, forged) is None


async def test_a_stranger_is_slowed_and_the_owner_is_not_locked_out(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        await _in(db, desk, HOME)
        for _ in range(6):
            with pytest.raises(sign_in.WrongPassword):
                await _in(db, desk, AWAY, "a guess of a stranger")
        with pytest.raises(Slowed) as slowed:
            await _in(db, desk, AWAY, PASSWORD)
        assert slowed.value.details["wait"] in (1, 2)
        for number in range(30):  # and from many places
            with pytest.raises((sign_in.WrongPassword, Slowed)):
                await _in(db, desk, Place(f"203.0.113.{number}"), "a guess of a stranger")
        assert not (await _in(db, desk, HOME)).half
        with pytest.raises(Slowed):  # from a new place the account's own wait holds, a minute at most
            await _in(db, desk, Place("192.0.2.200"), PASSWORD)
    with clock.frozen(START + timedelta(seconds=61)):
        await _in(db, desk, Place("192.0.2.200"), PASSWORD)


async def test_tries_at_once_are_counted_before_they_are_checked(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    tries = [_in(db, desk, AWAY, "a guess of a stranger") for _ in range(12)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, sign_in.WrongPassword) for one in found) <= 6
    assert sum(isinstance(one, Slowed) for one in found) >= 6


async def test_a_code_is_asked_counts_once_and_the_half_session_opens_nothing(
    db: Db, desk: Desk, keys: Keyring
) -> None:
    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        app, recovery = await _with_totp(db, desk, keys)
    with clock.frozen(START + timedelta(minutes=5)):
        half = await _in(db, desk, keep=True)
        assert half.half
        assert await actors.by_session(db, half.token) is None
        code = app.at(clock.now())
        with pytest.raises(sign_in.WrongCode):
            await sign_in.second_step(db, keys, half.token, "000000" if code != "000000" else "111111", HOME)
        opened = await sign_in.second_step(db, keys, half.token, f"{code[:3]} {code[3:]}", HOME)
        assert await actors.by_session(db, opened.token) == desk.ines
        assert opened.kept
        assert opened.token != half.token
        with pytest.raises(sign_in.TooLate):
            await sign_in.second_step(db, keys, half.token, code, HOME)
        again = await _in(db, desk)
        with pytest.raises(sign_in.WrongCode):
            await sign_in.second_step(db, keys, again.token, code, HOME)
        used = await sign_in.second_step(db, keys, again.token, recovery[0].upper(), HOME)
        assert await actors.by_session(db, used.token) == desk.ines
        third = await _in(db, desk)
        with pytest.raises(sign_in.WrongCode):
            await sign_in.second_step(db, keys, third.token, recovery[0], HOME)


async def test_an_older_code_than_the_last_one_is_refused(db: Db, desk: Desk, keys: Keyring) -> None:
    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        app, _ = await _with_totp(db, desk, keys)
    with clock.frozen(START + timedelta(minutes=5)):
        newer, older = app.at(clock.now() + timedelta(seconds=30)), app.at(clock.now())
        async with db.transaction(desk.id) as tx:
            assert await totp.accept(tx, keys, desk.ines.agent_id, newer) == "code"
            assert await totp.accept(tx, keys, desk.ines.agent_id, older) is None
            assert await totp.accept(tx, keys, desk.ines.agent_id, newer) is None


async def test_the_same_code_at_once_counts_once(db: Db, desk: Desk, keys: Keyring) -> None:
    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        app, recovery = await _with_totp(db, desk, keys)
    for code in (app.at(START + timedelta(minutes=9)), recovery[3]):
        with clock.frozen(START + timedelta(minutes=9)):
            found = await asyncio.gather(*(_accept(db, desk, keys, code) for _ in range(4)))
        assert sorted(map(bool, found)) == [False, False, False, True]


async def test_codes_cannot_be_tried_for_ever_even_with_new_half_sessions(db: Db, desk: Desk, keys: Keyring) -> None:
    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        app, _ = await _with_totp(db, desk, keys)
    with clock.frozen(START + timedelta(minutes=5)):
        wrong = "000000" if app.at(clock.now()) != "000000" else "111111"
        refused = []
        for _ in range(8):
            half = await _in(db, desk)
            try:
                await sign_in.second_step(db, keys, half.token, wrong, HOME)
            except (sign_in.WrongCode, Slowed) as error:
                refused.append(type(error))
    assert refused == [sign_in.WrongCode] * 6 + [Slowed] * 2


async def test_an_unconfirmed_secret_asks_nobody(db: Db, desk: Desk, keys: Keyring) -> None:
    await give_password(db, desk, desk.ines)
    async with db.transaction(desk.id) as tx:
        enrolment = await totp.begin(tx, keys, desk.ines)
        assert (await totp.pending(tx, keys, desk.ines)) == enrolment
    assert enrolment.uri.startswith("otpauth://totp/Lumen%20Lamps:ines%40lumen.example?secret=")
    assert enrolment.qr.startswith("<svg ")
    assert "style" not in enrolment.qr  # the content policy takes no style from markup
    assert not (await _in(db, desk)).half
    async with db.reading(desk.id) as tx:
        sealed = await tx.value("select totp_secret from agent where id = %(id)s", id=desk.ines.agent_id)
    assert enrolment.secret.encode() not in bytes(sealed)


async def test_totp_is_turned_off_by_its_owner_or_an_administrator_only(db: Db, desk: Desk, keys: Keyring) -> None:
    from credo.access import NotAllowed

    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        await _with_totp(db, desk, keys)
    with pytest.raises(totp.AlreadyOn):
        async with db.transaction(desk.id) as tx:
            await totp.begin(tx, keys, desk.ines)
    with pytest.raises(NotAllowed):
        async with db.transaction(desk.id) as tx:
            await totp.reset(tx, desk.lea, desk.ines.agent_id)
    async with db.transaction(desk.id) as tx:
        await totp.reset(tx, desk.ada, desk.ines.agent_id)
        assert await totp.codes_left(tx, desk.ines) == 0
    assert not (await _in(db, desk)).half


async def test_sessions_run_out_and_live_on_by_use(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        short, kept = await _in(db, desk), await _in(db, desk, keep=True)
    for hours, short_lives, kept_lives in [(11, True, True), (22, True, True), (40, False, True)]:
        with clock.frozen(START + timedelta(hours=hours)):
            assert bool(await actors.by_session(db, short.token)) is short_lives
            assert bool(await actors.by_session(db, kept.token)) is kept_lives
    for days, lives in [(28, True), (56, True), (84, True), (91, False)]:  # ninety days in all, however often used
        with clock.frozen(START + timedelta(days=days)):
            assert bool(await actors.by_session(db, kept.token)) is lives


async def test_seen_at_is_written_once_a_minute_at_most(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        token = (await _in(db, desk)).token
    seen = []
    for seconds in (30, 59, 61, 90, 122):
        with clock.frozen(START + timedelta(seconds=seconds)):
            await actors.by_session(db, token)
            async with db.reading(desk.id) as tx:
                at = await tx.value("select seen_at from session where desk_id = %(desk)s")
            seen.append(int((at - START).total_seconds()))
    assert seen == [0, 0, 61, 61, 122]


async def test_own_sessions_are_listed_and_ended_and_nobody_elses(db: Db, desk: Desk) -> None:
    from credo.base.errors import NotFound

    await give_password(db, desk, desk.ines)
    await give_password(db, desk, desk.tom)
    first, second = await _in(db, desk), await _in(db, desk, AWAY, keep=True)
    toms = await sign_in.sign_in(db, desk.id, "tom@lumen.example", PASSWORD, HOME)
    async with db.transaction(desk.id) as tx:
        mine = await sessions.own(tx, desk.ines)
        assert {(one.address, one.browser) for one in mine} == {(p.address, p.browser) for p in (HOME, AWAY)}
        with pytest.raises(NotFound):
            await sessions.end(tx, desk.tom, mine[0].id)
        here = next(one.id for one in mine if one.address == HOME.address)
        assert await sessions.end_others(tx, desk.ines, keep=here) == 1
    assert await actors.by_session(db, second.token) is None
    assert await actors.by_session(db, first.token) == desk.ines
    assert await actors.by_session(db, toms.token) == desk.tom
    async with db.transaction(desk.id) as tx:
        await sessions.sign_out(tx, first.token)
    assert await actors.by_session(db, first.token) is None


async def test_pruning_deletes_old_sessions_only(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    with clock.frozen(START):
        await _in(db, desk)
    with clock.frozen(START + timedelta(days=100)):
        fresh = await _in(db, desk)
        async with db.transaction(desk.id) as tx:
            assert await sessions.prune(tx) == 1
        assert await actors.by_session(db, fresh.token)


@given(st.integers(min_value=1, max_value=10**17))
def test_secrets_name_their_desk(desk_id: int) -> None:
    for secret, _ in (secrets.make(desk_id), secrets.make_token(desk_id)):
        assert secrets.desk_of(secret) == desk_id


@given(st.text(max_size=300))
def test_no_text_breaks_reading_a_secret(text: str) -> None:
    desk_id = secrets.desk_of(text)
    assert desk_id is None or 0 <= desk_id < 10**18


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_what_counts_as_one_place(address: str, network: str) -> None:
    assert sign_in.network_of(address) == network


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.1", ""),
    ],
)
def test_browsers_have_names(user_agent: str, name: str) -> None:
    assert sessions.browser_name(user_agent) == name


async def _with_totp(db: Db, desk: Desk, keys: Keyring) -> tuple[pyotp.TOTP, list[str]]:
    async with db.transaction(desk.id) as tx:
        enrolment = await totp.begin(tx, keys, desk.ines)
        app = pyotp.TOTP(enrolment.secret)
        with pytest.raises(totp.CodeDoesNotMatch):
            await totp.confirm(tx, keys, desk.ines, "12345")
        recovery = await totp.confirm(tx, keys, desk.ines, app.at(clock.now()))
    assert len(set(recovery)) == 10
    return app, recovery


async def _accept(db: Db, desk: Desk, keys: Keyring, code: str) -> str | None:
    async with db.transaction(desk.id) as tx:
        return await totp.accept(tx, keys, desk.ines.agent_id, code)
