"""Desks to test on: real rows, made the short way."""

from __future__ import annotations

from dataclasses import dataclass

from credo.access import Actor
from credo.base.db import Db, Tx


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk and who works on it. Ada may administer, Lea leads, Ines and Tom answer; Tom has no grant at all."""

    id: int
    mailbox_id: int
    team_id: int
    ada: Actor
    lea: Actor
    ines: Actor
    tom: Actor
    address: str = "care@lumen.example"


async def make_desk(db: Db, name: str = "Lumen Lamps") -> Desk:
    """A desk of its own for one test, so that tests cannot see each other."""
    async with db.transaction(0) as first:
        desk_id = await first.value(
            """insert into desk (name, zone, signing_key, setup_step)
               values (%(name)s, 'Europe/Berlin', %(key)s, 3) returning id""",
            name=name,
            key=b"a signing key for tests only",
        )
    async with db.transaction(desk_id) as tx:
        team = await tx.value(
            "insert into team (desk_id, name, sort_key) values (%(desk)s, 'Care', 'care') returning id"
        )
        mailbox = await tx.value(
            """insert into mailbox (desk_id, name, address, team_id)
               values (%(desk)s, 'Care', 'care@lumen.example', %(team)s) returning id""",
            team=team,
        )
        ada = await _agent(tx, "Ada", "admin")
        lea = await _agent(tx, "Lea", "lead", mailbox, team)
        ines = await _agent(tx, "Ines", "agent", mailbox, team)
        tom = await _agent(tx, "Tom", "agent")
    return Desk(desk_id, mailbox, team, ada, lea, ines, tom)


async def _agent(tx: Tx, name: str, role: str, mailbox: int | None = None, team: int | None = None) -> Actor:
    agent_id = await tx.value(
        """insert into agent (desk_id, email, name, sort_key, role, state)
           values (%(desk)s, %(email)s, %(name)s, %(key)s, %(role)s, 'active') returning id""",
        email=f"{name.lower()}@lumen.example",
        name=name,
        key=name.lower(),
        role=role,
    )
    if mailbox is not None:
        await tx.run(
            "insert into mailbox_grant (desk_id, mailbox_id, agent_id) values (%(desk)s, %(mailbox)s, %(agent)s)",
            mailbox=mailbox,
            agent=agent_id,
        )
    if team is not None:
        await tx.run(
            "insert into team_member (desk_id, team_id, agent_id) values (%(desk)s, %(team)s, %(agent)s)",
            team=team,
            agent=agent_id,
        )
    return Actor(
        tx.desk_id,
        agent_id,
        name,
        role,  # type: ignore[arg-type]
        (mailbox,) if mailbox is not None else (),
        (team,) if team is not None else (),
    )
