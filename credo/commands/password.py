"""`credo password`: a way back in for somebody whom no mail and no administrator can help."""

from __future__ import annotations

import argparse

from credo.base import settings as reading
from credo.base.errors import NotFound
from credo.base.settings import Settings


class NobodyOfThisAddress(NotFound):
    """Nobody who is active here has this address."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    command = subparsers.add_parser("password", help="print a link with which a colleague sets a new password")
    command.add_argument("address", help="the colleague's e-mail address")
    command.add_argument("--without-code", action="store_true", help="also let them sign in without a code again")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one link for each desk that knows the address."""
    import asyncio

    from credo.running import housing

    settings = reading.read()
    with housing.database(settings) as url:
        found = asyncio.run(links(settings, url, arguments.address, without_code=arguments.without_code))
    print(*found, sep="\n")
    return 0


async def links(settings: Settings, url: str, address: str, *, without_code: bool) -> list[str]:
    """The links for an address, each good for one hour, once; raises NobodyOfThisAddress."""
    from credo.history import by_system
    from credo.installation import opened
    from credo.people import agents, resets, totp

    async with opened(settings, url) as house:
        found = []
        async with house.db.reading(0) as tx:
            desks = await tx.values("select id from desk order by id")
        for desk_id in desks:
            async with house.db.transaction(desk_id) as tx:
                who = await agents.by_email(tx, address)
                if who is None:
                    continue
                if without_code and who.totp_on:
                    await totp.remove(tx, by_system(), who.id)
                link = await resets.issue(tx, by_system(), who.id)
            found.append(f"{settings.address}/reset/{link.token}")
    if not found:
        raise NobodyOfThisAddress
    return found
