from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credo.access import Actor, NotAllowed
from credo.base import clock
from credo.base.db import Db
from credo.base.errors import CredoError, NotFound
from credo.people import actors, agents, grants, invitations, links, passwords, resets, sessions, sign_in, teams, tokens
from credo.people.sessions import Place
from support.desks import Desk, make_desk
from support.people import PASSWORD, give_password

HOME = Place("192.0.2.7", "Firefox on Linux")
START = datetime(2026, 11, 21, 9, tzinfo=UTC)
NEW = "five loose tiles on the roof"


async def _events(db: Db, desk: Desk) -> list[str]:
    async with db.reading(desk.id) as tx:
        return await tx.values("select kind from event where desk_id = %(desk)s order by id")


async def test_invited_accepted_and_in_with_the_grants_given(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        link = await invitations.invite(
            tx, desk.ada, "Yara@Example.com ", "Yara", "agent", mailboxes=[desk.mailbox_id], teams=[desk.team_id]
        )
    assert link.email == "yara@example.com"
    assert (await links.holder(db, link.token, "invite")).desk_name == "Lumen Lamps"
    with pytest.raises(links.LinkUsedUp):
        await links.holder(db, link.token, "reset")
    with pytest.raises(passwords.PasswordGuessable):
        await invitations.accept(db, link.token, "Yara Haddad", "yarahaddad2026", HOME)
    opened = await invitations.accept(db, link.token, " Yara  Haddad ", NEW, HOME)
    actor = await actors.by_session(db, opened.token)
    assert actor == Actor(desk.id, link.agent_id, "Yara Haddad", "agent", (desk.mailbox_id,), (desk.team_id,))
    with pytest.raises(links.LinkUsedUp):
        await invitations.accept(db, link.token, "Yara", NEW, HOME)
    assert not (await sign_in.sign_in(db, desk.id, "yara@example.com", NEW, HOME)).half
    assert (await _events(db, desk))[:4] == ["agent.grants", "agent.invited", "agent.joined", "session.opened"]


async def test_a_link_ends_after_its_time_and_when_a_new_one_is_made(db: Db, desk: Desk) -> None:
    with clock.frozen(START):
        async with db.transaction(desk.id) as tx:
            first = await invitations.invite(tx, desk.ada, "yara@example.com", "Yara", "lead")
            second = await invitations.again(tx, desk.ada, first.agent_id)
        assert second.expires_at == START + timedelta(days=7)
        with pytest.raises(links.LinkUsedUp):
            await links.holder(db, first.token, "invite")
        await links.holder(db, second.token, "invite")
    with clock.frozen(START + timedelta(days=7, seconds=1)):
        with pytest.raises(links.LinkUsedUp):
            await invitations.accept(db, second.token, "Yara", NEW, HOME)
        async with db.reading(desk.id) as tx:
            yara = next(one for one in await agents.everybody(tx, desk.ada) if one.id == first.agent_id)
        assert (yara.state, yara.invited_until) == ("invited", START + timedelta(days=7))


async def test_a_link_accepted_twice_at_once_opens_one_session(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        link = await invitations.invite(tx, desk.ada, "yara@example.com", "Yara", "agent")
    tries = [invitations.accept(db, link.token, "Yara", NEW, HOME) for _ in range(3)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, links.LinkUsedUp) for one in found) == 2


@pytest.mark.parametrize("email", ["", "yara", "a@b@c", "a b@example.com", "<yara@example.com>", "x@y," + "z" * 260])
async def test_unclear_addresses_are_refused(db: Db, desk: Desk, email: str) -> None:
    with pytest.raises(invitations.AddressUnclear):
        async with db.transaction(desk.id) as tx:
            await invitations.invite(tx, desk.ada, email, "Yara", "agent")


async def test_nobody_is_invited_twice_nor_with_another_desks_mailbox(db: Db, desk: Desk) -> None:
    other = await make_desk(db, "Umbra")
    for email, boxes, error in [
        ("INES@lumen.example", [], invitations.AlreadyHere),
        ("yara@example.com", [other.mailbox_id], NotFound),
    ]:
        with pytest.raises(error):
            async with db.transaction(desk.id) as tx:
                await invitations.invite(tx, desk.ada, email, "Yara", "agent", mailboxes=boxes)
    async with db.reading(desk.id) as tx:
        assert len(await agents.everybody(tx, desk.ada)) == 4


async def test_deactivating_ends_everything_and_is_recorded(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    opened = await sign_in.sign_in(db, desk.id, "ines@lumen.example", PASSWORD, HOME)
    async with db.transaction(desk.id) as tx:
        made = await tokens.make(tx, desk.ines, "shop", ["write"])
        reset = await resets.ask(tx, "ines@lumen.example", HOME)
    assert reset
    async with db.transaction(desk.id) as tx:
        await agents.deactivate(tx, desk.ada, desk.ines.agent_id)
    assert await actors.by_session(db, opened.token) is None
    assert await actors.by_token(db, made.secret) is None
    with pytest.raises(links.LinkUsedUp):
        await resets.use(db, reset.token, NEW, HOME)
    with pytest.raises(sign_in.WrongPassword):
        await sign_in.sign_in(db, desk.id, "ines@lumen.example", PASSWORD, HOME)
    assert (await _events(db, desk))[-3:] == ["session.ended", "token.revoked", "agent.deactivated"]
    async with db.transaction(desk.id) as tx:
        with pytest.raises(NotFound):
            await agents.deactivate(tx, desk.ada, desk.ines.agent_id)
        assert await agents.reactivate(tx, desk.ada, desk.ines.agent_id) == "active"
    back = await sign_in.sign_in(db, desk.id, "ines@lumen.example", PASSWORD, HOME)
    assert await actors.by_session(db, back.token) == desk.ines
    assert await actors.by_session(db, opened.token) is None
    assert await actors.by_token(db, made.secret) is None


async def test_the_last_administrator_stays(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        with pytest.raises(agents.LastAdministrator):
            await agents.set_role(tx, desk.ada, desk.ada.agent_id, "agent")
        with pytest.raises(agents.NotYourself):
            await agents.deactivate(tx, desk.ada, desk.ada.agent_id)
        await agents.set_role(tx, desk.ada, desk.lea.agent_id, "admin")
        await agents.set_role(tx, desk.ada, desk.ada.agent_id, "agent")
        lea = replace(desk.lea, role="admin")
        with pytest.raises(agents.LastAdministrator):
            await agents.set_role(tx, lea, lea.agent_id, "lead")


async def test_two_administrators_cannot_remove_each_other_at_once(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        await agents.set_role(tx, desk.ada, desk.lea.agent_id, "admin")

    async def demote(by: Actor, whom: Actor) -> None:
        async with db.transaction(desk.id) as tx:
            await agents.set_role(tx, by, whom.agent_id, "agent")

    lea = replace(desk.lea, role="admin")
    found = await asyncio.gather(demote(desk.ada, lea), demote(lea, desk.ada), return_exceptions=True)
    assert [type(one) for one in found if one] == [agents.LastAdministrator]


ROLE = st.sampled_from(["admin", "lead", "agent"])
STEP = st.tuples(st.sampled_from(["role", "leave", "return"]), st.integers(0, 3), st.integers(0, 3), ROLE)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=12))
def test_there_is_always_an_administrator(database_url: str, steps: list[tuple[str, int, int, str]]) -> None:
    asyncio.run(_live_through(database_url, steps))


async def _live_through(url: str, steps: list[tuple[str, int, int, str]]) -> None:
    db = await Db(url, size=2).open()
    try:
        desk = await make_desk(db)
        everybody = [desk.ada, desk.lea, desk.ines, desk.tom]
        for what, by, whom, role in steps:
            async with db.reading(desk.id) as tx:
                actor = await actors.of_agent(tx, everybody[by].agent_id)
            if actor is None:
                continue
            try:
                async with db.transaction(desk.id) as tx:
                    target = everybody[whom].agent_id
                    if what == "role":
                        await agents.set_role(tx, actor, target, role)  # type: ignore[arg-type]
                    elif what == "leave":
                        await agents.deactivate(tx, actor, target)
                    else:
                        await agents.reactivate(tx, actor, target)
            except CredoError:
                pass
            async with db.reading(desk.id) as tx:
                left = await tx.value(
                    "select count(*) from agent where desk_id = %(desk)s and role = 'admin' and state = 'active'"
                )
            assert left >= 1
    finally:
        await db.close()


async def test_only_administrators_change_people(db: Db, desk: Desk) -> None:
    token = replace(desk.ada, scopes=frozenset({"read", "write"}), token_id=1)
    for actor in (desk.lea, desk.ines, token):
        for act in (
            lambda tx, by: agents.everybody(tx, by),
            lambda tx, by: agents.set_role(tx, by, by.agent_id, "admin"),
            lambda tx, by: agents.deactivate(tx, by, desk.tom.agent_id),
            lambda tx, by: agents.reactivate(tx, by, desk.tom.agent_id),
            lambda tx, by: agents.rename(tx, by, desk.tom.agent_id, "Thomas"),
            lambda tx, by: grants.give(tx, by, by.agent_id, [desk.mailbox_id], []),
            lambda tx, by: grants.give_mailbox(tx, by, desk.mailbox_id, [by.agent_id]),
            lambda tx, by: teams.make(tx, by, "Trade"),
            lambda tx, by: teams.archive(tx, by, desk.team_id),
            lambda tx, by: invitations.invite(tx, by, "x@example.com", "X", "admin"),
            lambda tx, by: resets.hand_over(tx, by, desk.ada.agent_id),
        ):
            with pytest.raises(NotAllowed):
                async with db.transaction(desk.id) as tx:
                    await act(tx, actor)
    async with db.transaction(desk.id) as tx:
        await agents.rename(tx, desk.ines, desk.ines.agent_id, "Inés Duarte")
        assert (await agents.get(tx, desk.ines, desk.ines.agent_id)).name == "Inés Duarte"


async def test_another_desks_people_are_not_found(db: Db, desk: Desk) -> None:
    other = await make_desk(db, "Umbra")
    for act in (
        lambda tx: agents.set_role(tx, desk.ada, other.ines.agent_id, "admin"),
        lambda tx: agents.deactivate(tx, desk.ada, other.ines.agent_id),
        lambda tx: agents.rename(tx, desk.ada, other.ines.agent_id, "X"),
        lambda tx: grants.give(tx, desk.ada, other.ines.agent_id, [], []),
        lambda tx: grants.give(tx, desk.ada, desk.tom.agent_id, [other.mailbox_id], []),
        lambda tx: grants.give(tx, desk.ada, desk.tom.agent_id, [], [other.team_id]),
        lambda tx: grants.give_mailbox(tx, desk.ada, desk.mailbox_id, [other.ines.agent_id]),
        lambda tx: teams.make(tx, desk.ada, "Trade", [other.ines.agent_id]),
        lambda tx: resets.hand_over(tx, desk.ada, other.ines.agent_id),
        lambda tx: invitations.again(tx, desk.ada, other.ines.agent_id),
    ):
        with pytest.raises((NotFound, invitations.NotInvited)):
            async with db.transaction(desk.id) as tx:
                await act(tx)


async def test_grants_are_replaced_and_recorded_once(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        await grants.give(tx, desk.ada, desk.tom.agent_id, [desk.mailbox_id], [desk.team_id])
        await grants.give(tx, desk.ada, desk.tom.agent_id, [desk.mailbox_id], [desk.team_id])
        assert await actors.of_agent(tx, desk.tom.agent_id) == replace(
            desk.tom, mailboxes=(desk.mailbox_id,), teams=(desk.team_id,)
        )
        await grants.give_mailbox(tx, desk.ada, desk.mailbox_id, [desk.tom.agent_id])
        assert await grants.of_mailbox(tx, desk.mailbox_id) == [desk.tom.agent_id]
        await grants.give(tx, desk.ada, desk.tom.agent_id, [], [])
        assert await actors.of_agent(tx, desk.tom.agent_id) == desk.tom
    assert await _events(db, desk) == ["agent.grants"] * 4  # Tom, then Lea and Ines lose the mailbox, then Tom again


async def test_teams_are_made_changed_and_archived(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        trade = await teams.make(tx, desk.ada, "Händler", [desk.tom.agent_id])
        with pytest.raises(teams.TeamExists):
            await teams.make(tx, desk.ada, "handler")
        await teams.change(tx, desk.ada, trade, "Trade desk", [desk.ines.agent_id, desk.tom.agent_id])
        await teams.archive(tx, desk.ada, trade)
        assert [(t.name, t.archived) for t in await teams.every(tx, desk.ada)] == [
            ("Care", False),
            ("Trade desk", True),
        ]
        tom = await actors.of_agent(tx, desk.tom.agent_id)
        assert tom
        assert tom.teams == (trade,)  # what lies with an archived team stays visible to its members
        await teams.restore(tx, desk.ada, trade)
        assert [t.members for t in await teams.every(tx, tom)] == [[desk.ines.agent_id, desk.tom.agent_id]]


async def test_a_forgotten_password_is_set_again_and_ends_all_sessions(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    old = await sign_in.sign_in(db, desk.id, "ines@lumen.example", PASSWORD, HOME)
    async with db.transaction(desk.id) as tx:
        assert await resets.ask(tx, "nobody@lumen.example", HOME) is None
        link = await resets.ask(tx, "Ines@lumen.example", HOME)
    assert link
    with pytest.raises(passwords.PasswordTooShort):
        await resets.use(db, link.token, "short", HOME)
    opened = await resets.use(db, link.token, NEW, HOME)
    assert not opened.half
    assert await actors.by_session(db, opened.token) == desk.ines
    assert await actors.by_session(db, old.token) is None
    with pytest.raises(links.LinkUsedUp):
        await resets.use(db, link.token, NEW, HOME)
    with pytest.raises(sign_in.WrongPassword):
        await sign_in.sign_in(db, desk.id, "ines@lumen.example", PASSWORD, HOME)


async def test_reset_links_work_an_hour_and_are_throttled(db: Db, desk: Desk) -> None:
    from credo.people.throttle import Slowed

    with clock.frozen(START):
        async with db.transaction(desk.id) as tx:
            link = await resets.ask(tx, "ines@lumen.example", HOME)
        for _ in range(3):
            async with db.transaction(desk.id) as tx:
                await resets.ask(tx, "ines@lumen.example", HOME)
        with pytest.raises(Slowed):
            async with db.transaction(desk.id) as tx:
                await resets.ask(tx, "ines@lumen.example", Place("203.0.113.5"))
    assert link
    with clock.frozen(START + timedelta(minutes=61)), pytest.raises(links.LinkUsedUp):
        await links.holder(db, link.token, "reset")


async def test_changing_the_password_asks_the_old_one_and_ends_the_others(db: Db, desk: Desk) -> None:
    await give_password(db, desk, desk.ines)
    here = await sign_in.sign_in(db, desk.id, "ines@lumen.example", PASSWORD, HOME)
    there = await sign_in.sign_in(db, desk.id, "ines@lumen.example", PASSWORD, HOME)
    signed = await actors.signed_in(db, here.token)
    assert signed
    with pytest.raises(sign_in.WrongPassword):
        await resets.change(db, signed.actor, signed.session_id, "not it at all", NEW)
    await resets.change(db, signed.actor, signed.session_id, PASSWORD, NEW)
    assert await actors.by_session(db, here.token)
    assert await actors.by_session(db, there.token) is None
    await sign_in.sign_in(db, desk.id, "ines@lumen.example", NEW, HOME)


async def test_tokens_are_worth_at_most_their_owner(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        with pytest.raises(NotAllowed):
            await tokens.make(tx, desk.ines, "all", ["admin"])
        with pytest.raises(tokens.UnknownScope):
            await tokens.make(tx, desk.ines, "none", [])
        with pytest.raises(tokens.UnknownScope):
            await tokens.make(tx, desk.ines, "odd", ["read", "root"])
        with pytest.raises(tokens.AlreadyPast):
            await tokens.make(tx, desk.ines, "old", ["read"], clock.now())
        made = await tokens.make(tx, desk.ines, "shop", ["write"])
        admins = await tokens.make(tx, desk.ada, "all", ["admin"])
    assert made.secret.startswith("credo_")
    actor = await actors.by_token(db, made.secret)
    assert actor == replace(desk.ines, scopes=frozenset({"read", "write"}), token_id=made.id)
    assert await actors.by_token(db, made.secret + "x") is None
    assert await actors.by_session(db, made.secret) is None
    with pytest.raises(NotAllowed):
        async with db.transaction(desk.id) as tx:
            await tokens.make(tx, actor, "child", ["read"])
    async with db.transaction(desk.id) as tx:
        assert [one.id for one in await tokens.working(tx, desk.ines)] == [made.id]
        assert [one.id for one in await tokens.working(tx, desk.ada)] == [admins.id, made.id]
        with pytest.raises(NotFound):
            await tokens.revoke(tx, desk.ines, admins.id)
        await tokens.revoke(tx, desk.ada, made.id)
    assert await actors.by_token(db, made.secret) is None


async def test_tokens_expire_and_say_when_they_were_used(db: Db, desk: Desk) -> None:
    with clock.frozen(START):
        async with db.transaction(desk.id) as tx:
            made = await tokens.make(tx, desk.ines, "shop", ["read"], START + timedelta(days=90))
    with clock.frozen(START + timedelta(days=3)):
        assert await actors.by_token(db, made.secret)
        async with db.reading(desk.id) as tx:
            assert (await tokens.working(tx, desk.ines))[0].used_at == START + timedelta(days=3)
    with clock.frozen(START + timedelta(days=90)):
        assert await actors.by_token(db, made.secret) is None
        async with db.reading(desk.id) as tx:
            assert await tokens.working(tx, desk.ines) == []


async def test_events_about_people_hold_no_words(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        link = await invitations.invite(tx, desk.ada, "yara@example.com", "Yara Haddad", "agent")
    await invitations.accept(db, link.token, "Yara Haddad", NEW, HOME)
    async with db.reading(desk.id) as tx:
        payloads = str(await tx.values("select payload::text from event where desk_id = %(desk)s"))
    assert not any(word in payloads for word in ("yara", "Yara", "Haddad", "example", link.token, "192.0.2"))


async def test_both_lookups_of_a_request_use_their_indexes(db: Db, desk: Desk) -> None:
    async with db.transaction(desk.id) as tx:
        await tx.run(
            """insert into session (desk_id, agent_id, token_hash, expires_at)
               select %(desk)s, %(me)s, sha256(convert_to(n::text, 'utf8')), now() from generate_series(1, 2000) n""",
            me=desk.ines.agent_id,
        )
        await tx.run(
            """insert into api_token (desk_id, agent_id, name, token_hash, scopes)
               select %(desk)s, %(me)s, 'x', sha256(convert_to(n::text, 'utf8')), '{}'
                 from generate_series(1, 2000) n""",
            me=desk.ines.agent_id,
        )
        for table, index in (("session", "session_token"), ("api_token", "api_token_hash")):
            await tx.run(f"analyze {table}")
            plan = await tx.values(
                f"explain select 1 from {table} where desk_id = %(desk)s and token_hash = %(hash)s", hash=b"x"
            )
            assert index in str(plan)


async def test_the_list_of_people_knows_who_was_here(db: Db, desk: Desk) -> None:
    with clock.frozen(START):
        async with db.transaction(desk.id) as tx:
            await sessions.begin(tx, desk.ines.agent_id, HOME, how="password")
            await sessions.begin(tx, desk.tom.agent_id, HOME, how="password", half=True)
    async with db.reading(desk.id) as tx:
        everybody = {one.name: one for one in await agents.everybody(tx, desk.ada)}
        assert [one.name for one in await agents.names(tx)] == ["Ada", "Ines", "Lea", "Tom"]
    assert everybody["Ines"].seen_at == START
    assert everybody["Tom"].seen_at is None
    assert (everybody["Lea"].mailboxes, everybody["Lea"].teams) == ([desk.mailbox_id], [desk.team_id])
