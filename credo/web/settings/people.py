"""People: who works here, what they may see, inviting, leaving and coming back."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.response import Response

from credo.access import Actor, may_administer
from credo.access.actor import Role
from credo.base.db import Tx
from credo.installation import Installation
from credo.people import agents, desks, grants, invitations, resets, teams, totp
from credo.people.desks import NameMissing
from credo.people.links import Link
from credo.web import forms, letters, shell
from credo.web.answering import Toast, go, page
from credo.web.asking import Asker, House, Id, Who
from credo.web.forms import Errors, Form
from credo.web.letters import Handed
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
HERE = "/settings/people"


@get(HERE)
async def show(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """The page."""
    return await listed(request, house, actor)


@post(HERE)
async def invite(request: Asked, house: House, who: Who) -> Response[Any]:
    """Invite somebody; the link goes out by mail, or is shown when no mailbox can send."""
    data = await forms.read(request)
    try:
        async with house.db.transaction(who.actor.desk_id) as tx:
            link = await invitations.invite(
                tx,
                who.actor,
                data.text("email"),
                data.text("name"),
                _role(data),
                mailboxes=data.numbers("mailboxes"),
                teams=data.numbers("teams"),
            )
            handed = await _sent(tx, house, who.actor, link)
    except (invitations.AddressUnclear, invitations.AlreadyHere, NameMissing) as error:
        field = "name" if isinstance(error, NameMissing) else "email"
        return await listed(request, house, who.actor, Errors({field: forms.said(error)}), data)
    return await _invited(request, house, who.actor, link, handed)


@post(f"{HERE}/{{id:int}}/invite")
async def invite_again(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Another link for an invitation that was not taken up."""
    async with house.db.transaction(actor.desk_id) as tx:
        link = await invitations.again(tx, actor, id)
        handed = await _sent(tx, house, actor, link)
    return await _invited(request, house, actor, link, handed)


@post(f"{HERE}/{{id:int}}")
async def save(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Role, mailboxes and teams of a colleague."""
    data = await forms.read(request)
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            await agents.set_role(tx, actor, id, _role(data))
            await grants.give(tx, actor, id, data.numbers("mailboxes"), data.numbers("teams"))
    except agents.LastAdministrator as error:
        return await listed(request, house, actor, Errors({f"role-{id}": forms.said(error)}), data, status=409)
    return go(HERE, Toast(_("Saved.")))


@post(f"{HERE}/{{id:int}}/deactivation")
async def deactivate(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Take a colleague out of the team."""
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            name = (await agents.get(tx, actor, id)).name
            await agents.deactivate(tx, actor, id)
    except (agents.LastAdministrator, agents.NotYourself) as error:
        return await listed(request, house, actor, Errors(form=forms.said(error)), status=409)
    text = _("%(name)s is signed out, and open conversations are back with the team.") % {"name": name}
    return go(HERE, Toast(text, undo=f"{HERE}/{id}/reactivation"))


@post(f"{HERE}/{{id:int}}/reactivation")
async def reactivate(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Let a colleague back in."""
    async with house.db.transaction(actor.desk_id) as tx:
        await agents.reactivate(tx, actor, id)
        name = (await agents.get(tx, actor, id)).name
    return go(HERE, Toast(_("%(name)s is back.") % {"name": name}))


@post(f"{HERE}/{{id:int}}/reset")
async def reset(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """A link for a new password, by mail or to hand over."""
    async with house.db.transaction(actor.desk_id) as tx:
        link = await resets.hand_over(tx, actor, id)
        handed = await letters.send_reset(tx, house.settings, await desks.of(tx), link)
    if handed is not None:
        return await listed(request, house, actor, handed=handed)
    return go(HERE, Toast(_("A link is on its way to %(name)s.") % {"name": link.name}))


@post(f"{HERE}/{{id:int}}/code/end")
async def end_code(house: House, actor: Asker, id: Id) -> Response[Any]:
    """Let a colleague sign in without a code, because the phone is gone."""
    async with house.db.transaction(actor.desk_id) as tx:
        await totp.reset(tx, actor, id)
        name = (await agents.get(tx, actor, id)).name
    return go(HERE, Toast(_("%(name)s signs in with the password alone now.") % {"name": name}))


async def listed(
    request: Asked,
    house: Installation,
    actor: Actor,
    errors: Errors | None = None,
    typed: Form | None = None,
    *,
    status: int = 422,
    handed: Handed | None = None,
) -> Response[Any]:
    """People and teams, with what was refused and typed, or a link to hand over."""
    async with house.db.reading(actor.desk_id) as tx:
        context = await _context(tx, actor)
        context["nav"] = await shell.navigation(tx, actor, "settings")
    return page(
        request,
        "settings/people.html",
        status=status if errors else 200,
        section="people",
        errors=errors or Errors(),
        values=_values(typed, [box.id for box in context["mailboxes"]]),
        handed=handed,
        may_change=may_administer(actor),
        **context,
    )


async def _context(tx: Tx, actor: Actor) -> dict[str, Any]:
    everybody = await agents.everybody(tx, actor)
    every_team = await teams.every(tx, actor)
    names = {one.id: one.name for one in everybody}
    team_names = {team.id: team.name for team in every_team}
    return {
        "people": [_person(one, team_names) for one in everybody],
        "teams": [
            {
                "id": team.id,
                "name": team.name,
                "archived": team.archived,
                "members": [names[id] for id in team.members],
            }
            for team in every_team
        ],
        "mailboxes": await grants.mailboxes(tx, actor),
    }


def _person(one: agents.Agent, team_names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "role": one.role,
        "state": one.state,
        "teams": [team_names[id] for id in one.teams],
        "mailboxes": one.mailboxes,
        "totp": one.totp_on,
        "seen_at": one.seen_at,
    }


def _role(data: Form) -> Role:
    for role in agents.ROLES:
        if role == data.text("role"):
            return role
    raise agents.UnknownRole


def _values(typed: Form | None, mailboxes: list[int]) -> dict[str, object]:
    if typed is None:
        return {"email": "", "name": "", "role": "agent", "mailboxes": mailboxes, "teams": []}
    texts: dict[str, object] = {key: typed.text(key) for key in ("email", "name", "role")}
    return {**texts, "mailboxes": typed.numbers("mailboxes"), "teams": typed.numbers("teams")}


async def _sent(tx: Tx, house: Installation, actor: Actor, link: Link) -> Handed | None:
    return await letters.send_invitation(tx, house.settings, await desks.of(tx), link, actor.name)


async def _invited(
    request: Asked, house: Installation, actor: Actor, link: Link, handed: Handed | None
) -> Response[Any]:
    if handed is not None:
        return await listed(request, house, actor, handed=handed)
    return go(HERE, Toast(_("The invitation is on its way to %(name)s.") % {"name": link.name}))


ROUTES = [show, invite, invite_again, save, deactivate, reactivate, reset, end_code]
