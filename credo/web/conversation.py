"""One conversation: the page, its parts, and what is new in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, get, post
from litestar.params import FromQuery
from litestar.response import Response

from credo import promises
from credo.access import Actor
from credo.base import clock
from credo.base.db import Tx
from credo.base.errors import NotFound
from credo.conversations import presence, views
from credo.conversations import thread as reading
from credo.conversations.conversation import Conversation
from credo.conversations.conversation import get as found_conversation
from credo.conversations.thread import Stretch
from credo.conversations.views import Summary
from credo.replying import reading as replying
from credo.replying.drafts import Kind
from credo.web import clocks, composing, forms, inbox, remembered, shell, snoozing, threads, wording
from credo.web.answering import fragment, page, part
from credo.web.asking import Asker, House, Id, MaybeSeq, Seq, reader, wants_fragment
from credo.web.clocks import ClockShown
from credo.web.rendering import draw, render
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
Opened = Conversation | Summary


@get("/conversations/{id:int}")
async def show(
    request: Asked, house: House, actor: Asker, id: Id, view: FromQuery[str] = "open", kind: FromQuery[str] = "reply"
) -> Response[str]:
    """A conversation beside its list; as a fragment only the conversation, and the margin follows by itself."""
    async with house.db.reading(actor.desk_id) as tx:
        context = await opened(tx, actor, id, view, kind)
        if context["conversation"].seen_seq < context["seen_seq"]:
            await reading.saw(tx, actor, id, context["seen_seq"])
        if wants_fragment(request):
            shown = {**context, "reader": reader(request)}
            story = part("#story", render("conversation/story_soon.html", **shown))
            return fragment(render("conversation/thread.html", **shown) + story)
        context["customer"] = await _customer(tx, actor, await found_conversation(tx, actor, id))
        listed = await inbox.listing(tx, actor, view, open_id=id)
        nav = await shell.navigation(tx, actor, "inbox", view)
    return page(request, "inbox/page.html", nav=nav, **{**listed, **context, "view": listed["view"]})


@get("/conversations/{id:int}/story")
async def story(house: House, actor: Asker, id: Id, view: FromQuery[str] = "open") -> Response[str]:
    """The margin: who the customer is to us."""
    async with house.db.reading(actor.desk_id) as tx:
        conversation = await found_conversation(tx, actor, id)
        customer = await _customer(tx, actor, conversation)
    shown = inbox.ViewShown(view, "")
    return fragment(render("conversation/story.html", conversation=conversation, customer=customer, view=shown))


@get("/conversations/{id:int}/clock")
async def clock_of(request: Asked, house: House, actor: Asker, id: Id) -> Response[str]:
    """Why the clock of a conversation says what it says: its promise that runs, or ran last."""
    async with house.db.reading(actor.desk_id) as tx:
        found = await promises.of_conversation(tx, actor, id)
        if not found:
            raise NotFound
        running = [one for one in found if one.clock.state in ("running", "paused")]
        return await _why(request, tx, actor, (running or found)[-1])


@get("/clocks/{id:int}/why")
async def why(request: Asked, house: House, actor: Asker, id: Id) -> Response[str]:
    """Why one clock says what it says."""
    async with house.db.reading(actor.desk_id) as tx:
        return await _why(request, tx, actor, await promises.explain(tx, actor, id))


@get("/conversations/{id:int}/items")
async def items(
    request: Asked,
    house: House,
    actor: Asker,
    id: Id,
    after: MaybeSeq = None,
    before: MaybeSeq = None,
) -> Response[str]:
    """Newer items to be appended, or a page of earlier ones in place of all."""
    async with house.db.reading(actor.desk_id) as tx:
        thread = await reading.read(tx, actor, id, before=before, after=after)
        if after is not None and thread.items:
            await reading.saw(tx, actor, id, thread.items[-1].seq)
        context = await shown_items(tx, actor, thread.conversation, thread)
    if after is not None:
        seq = thread.conversation.last_word_seq
        return fragment("".join(context["letters"]), trigger={"credo:read": {"seq": seq}})
    return fragment(render("conversation/items.html", **context))


@get("/conversations/{id:int}/news")
async def news(
    house: House,
    actor: Asker,
    id: Id,
    after: Seq,
    view: FromQuery[str] = "open",
    letters: FromQuery[str] = "",
) -> Response[str]:
    """What changed since the item `after` on an open page: clock and state, what became of our `letters` (ids), lines.

    The words of others push nothing: a line waits to be asked for them, and whatever follows them waits, too.
    """
    async with house.db.reading(actor.desk_id) as tx:
        thread = await reading.read(tx, actor, id)
        found = await views.row(tx, actor, id)
        pieces = _moved(head(found, await clocks.of(tx, found), view))
    fresh = [item for item in thread.items if item.seq > after]
    words = [item for item in fresh if item.kind != "event" and item.agent_id != actor.agent_id]
    asked, items = set(letters.split(",")), threads.shown(thread, actor.agent_id)
    pieces += [_became(item) for item in items if str(item.id) in asked]
    if not words:
        lines = [draw("letters", "shown", item) for item in items if item.seq > after and item.kind == "event"]
        pieces.append(part("#thread-items", "".join(lines), "beforeend"))
    line = render("conversation/news.html", conversation=thread.conversation, number=len(words), after=after)
    return fragment(line + "".join(pieces))


@get("/conversations/{id:int}/presence")
async def who_is_here(house: House, actor: Asker, id: Id) -> Response[str]:
    """Who else reads or writes here now."""
    async with house.db.reading(actor.desk_id) as tx:
        found = await presence.present(tx, actor, id)
    return fragment(render("conversation/presence.html", presence=found, conversation=_Only(id)))


@post("/conversations/{id:int}/presence", status_code=200)
async def i_am_here(request: Asked, house: House, actor: Asker, id: Id) -> Response[str]:
    """Renew the lease of this colleague, or end it; answers with who else is here."""
    doing = (await forms.read(request)).text("doing")
    async with house.db.transaction(actor.desk_id) as tx:
        if doing == "gone":
            await presence.gone(tx, actor, id)
        else:
            await presence.here(tx, actor, id, "writing" if doing == "writing" else "viewing")
        found = await presence.present(tx, actor, id)
    return fragment(render("conversation/presence.html", presence=found, conversation=_Only(id)))


async def opened(tx: Tx, actor: Actor, id: int, view: str, kind: str = "reply") -> dict[str, Any]:
    """Everything the conversation itself reads; its margin and menus come by themselves."""
    chosen: Kind = "note" if kind == "note" else "reply"
    read = await replying.opened(tx, actor, id, chosen)
    return {
        **await shown_items(tx, actor, read.found, read.stretch),
        **head(read.found, await clocks.of(tx, read.found), view),
        "seen_seq": read.found.last_word_seq,
        "presence": [],
        "composer": composing.composer(read, chosen),
    }


def head(found: Summary, due: ClockShown | None, view: str) -> dict[str, Any]:
    """What conversation/head.html reads."""
    return {
        "conversation": found,
        "due": due,
        "view": inbox.ViewShown(view, shell.title(view)),
        "snoozes": snoozing.choices(),
    }


async def shown_items(tx: Tx, actor: Actor, found: Opened, stretch: Stretch) -> dict[str, Any]:
    """What conversation/items.html reads."""
    return {
        "letters": remembered.letters(stretch, actor.agent_id),
        "conversation": found,
        "related": await _related(tx, actor, found.related_id),
        "earlier": f"/conversations/{found.id}/items?before={stretch.earlier}" if stretch.earlier else None,
    }


async def refreshed(tx: Tx, actor: Actor, id: int) -> dict[str, Any]:
    """The newest items again, after something was done."""
    thread = await reading.read(tx, actor, id)
    return await shown_items(tx, actor, thread.conversation, thread)


def _moved(context: dict[str, Any]) -> list[str]:
    """Clock, state and what can be done next; menus that may stand open stay as they are."""
    return [
        part("#thread-sub", render("conversation/sub.html", **context), "outerMorph"),
        part("#thread-close", render("conversation/close.html", **context), "outerMorph"),
    ]


def _became(item: threads.Shown) -> str:
    return part(f"#delivery-{item.id}", draw("letters", "delivery", item), "outerMorph")


@dataclass(frozen=True, slots=True)
class _Only:
    id: int


@dataclass(frozen=True, slots=True)
class CustomerShown:
    """The margin's person, with a sentence to begin with."""

    name: str
    lead: str
    language: str | None
    note: str | None
    since: datetime
    addresses: list[str]
    others: list[Any]
    participants: list[reading.Participant]


async def _customer(tx: Tx, actor: Actor, conversation: Conversation) -> CustomerShown:
    person, others = await reading.customer(tx, actor, conversation.id)
    return CustomerShown(
        name=person.name,
        lead=_lead(person, len(others) + 1),
        language=person.language,
        note=person.note,
        since=person.created_at,
        addresses=person.addresses,
        others=sorted([conversation, *others], key=lambda one: one.last_item_at, reverse=True),
        participants=await reading.participants(tx, actor, conversation.id),
    )


def _lead(person: reading.Customer, number: int) -> str:
    """Who this is to us, in one sentence that somebody could sign."""
    if (clock.now() - person.created_at).days < 1 and number == 1:
        return _("Writes to us for the first time.")
    since = wording.day(person.created_at)
    if number == 1:
        return _("With us since %(day)s. This is the first conversation.") % {"day": since}
    return _("With us since %(day)s. %(number)s conversations.") % {"day": since, "number": number}


async def _why(request: Asked, tx: Tx, actor: Actor, explained: promises.Explanation) -> Response[str]:
    language = wording.language.get()
    links = promises.said(explained, _, wording.when, language)
    lines = promises.due_lines(explained, _, language)
    if wants_fragment(request):
        return fragment(render("conversation/why.html", links=links, lines=lines))
    nav = await shell.navigation(tx, actor, "inbox")
    return page(request, "conversation/why_page.html", nav=nav, links=links, lines=lines)


async def _related(tx: Tx, actor: Actor, id: int | None) -> Conversation | None:
    """The conversation this one looks related to, if the reader may see it."""
    if id is None:
        return None
    try:
        return await found_conversation(tx, actor, id)
    except NotFound:
        return None


ROUTES = [show, story, clock_of, why, items, news, who_is_here, i_am_here]
