"""Writing: drafts that save themselves, files, sending with a way back, and conversations that we begin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Request, delete, get, post, put
from litestar.params import FromQuery
from litestar.response import Response

from credo.access import Actor
from credo.base.db import Tx
from credo.base.errors import CredoError
from credo.base.ids import BIGGEST_SEQ, short_key
from credo.conversations import notes, starting
from credo.conversations import thread as reading
from credo.conversations.conversation import get as found_conversation
from credo.installation import Installation
from credo.replying import drafts, opening, sending, writing
from credo.replying.drafts import Draft, Kind, Writing
from credo.web import composing, conversation, forms, shell, threads
from credo.web.answering import Toast, fragment, go, page, part, told
from credo.web.asking import Asker, House, Id
from credo.web.composing import LONGEST, typed
from credo.web.forms import Form, NotANumber
from credo.web.rendering import draw, render
from credo.web.wording import gettext as _

Asked = Request[Any, Any, Any]
THENS: tuple[sending.Then, ...] = ("open", "waiting", "solved")


@post("/conversations/{id:int}/replies", status_code=200)
async def write(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Send an answer or add a note. Something unseen is shown first, and both texts stay."""
    form = await forms.read(request)
    if form.text("kind") == "note":
        return await _note(request, house, actor, id, form)
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            sent = await sending.send(tx, actor, id, await _answer(tx, house, actor, id, form), once=True)
    except sending.SomethingNew:
        return await _stale(request, house, actor, id, form)
    except (sending.NothingWritten, sending.NoRecipient, sending.NotAnAddress) as wrong:
        return await _unfit(request, house, actor, id, form, wrong)
    toast = Toast(_("Sent."), f"/outbox/{sent.outbox_id}/retraction")
    return await _written(request, house, actor, id, sent.seq, toast)


@post("/outbox/{id:int}/retraction", status_code=200)
async def take_back(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Undo a Send within its ten seconds; the text comes back into the composer."""
    async with house.db.transaction(actor.desk_id) as tx:
        conversation_id = await sending.undo(tx, actor, id)
    toast = Toast(_("Taken back. Nothing was sent."))
    if request.headers.get("hx-request") != "true":
        return go(f"/conversations/{conversation_id}", toast)
    async with house.db.reading(actor.desk_id) as tx:
        shown = await conversation.refreshed(tx, actor, conversation_id)
    pieces = part("#thread-items", render("conversation/items.html", **shown)) + told(toast)
    return fragment(pieces, trigger={"credo:retracted": {}})


@get("/conversations/{id:int}/draft")
async def draft(house: House, actor: Asker, id: Id, kind: FromQuery[str] = "reply") -> dict[str, object]:
    """One's own draft of a kind, empty when there is none."""
    async with house.db.reading(actor.desk_id) as tx:
        await found_conversation(tx, actor, id)
        kept = await drafts.find(tx, actor, id, _kind(kind))
        files = await drafts.files(tx, actor, kept.id) if kept else []
    return {**_told_draft(kept), "files": render("compose/files.html", composer=_Files(files))}


@put("/conversations/{id:int}/draft")
async def save(request: Asked, house: House, actor: Asker, id: Id) -> dict[str, object]:
    """Keep what is being written."""
    form = await forms.read(request)
    async with house.db.transaction(actor.desk_id) as tx:
        return _told_draft(await drafts.save(tx, actor, id, _kind(form.text("kind")), composing.writing(form)))


@post("/conversations/{id:int}/draft/attachments", status_code=200)
async def attach(request: Asked, house: House, actor: Asker, id: Id) -> Response[Any]:
    """Attach a file to a draft; an inline image answers with its address, other files with the list of files."""
    return await _attach(request, house, actor, id)


@delete("/attachments/{id:int}", status_code=200)
async def detach(house: House, actor: Asker, id: Id) -> None:
    """Take a file out of one's own draft."""
    async with house.db.transaction(actor.desk_id) as tx:
        await drafts.detach(tx, actor, id)


@get("/conversations/new")
async def begin(request: Asked, house: House, actor: Asker) -> Response[str]:
    """A conversation that we begin."""
    return await _begin_page(request, house, actor)


@post("/conversations", status_code=200)
async def start(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Begin a conversation and send its first letter."""
    form = await forms.read(request)
    try:
        async with house.db.transaction(actor.desk_id) as tx:
            mailbox_id, subject = form.number("mailbox_id") or 0, form.text("subject", LONGEST)
            answer = await _answer(tx, house, actor, None, form, subject=subject)
            begun = await opening.begin(tx, actor, mailbox_id=mailbox_id, subject=subject, answer=answer)
    except (
        sending.NothingWritten,
        sending.NoRecipient,
        sending.NotAnAddress,
        starting.NobodyToWriteTo,
        NotANumber,
    ) as wrong:
        return await _begin_page(request, house, actor, form, wrong)
    toast = Toast(_("Sent."), f"/outbox/{begun.sent.outbox_id}/retraction")
    return go(f"/conversations/{begun.conversation_id}", toast)


@put("/drafts/new")
async def save_new(request: Asked, house: House, actor: Asker) -> dict[str, object]:
    """Keep the text of a conversation that is about to begin."""
    async with house.db.transaction(actor.desk_id) as tx:
        return _told_draft(await drafts.save(tx, actor, None, "new", composing.writing(await forms.read(request))))


@post("/drafts/new/attachments", status_code=200)
async def attach_new(request: Asked, house: House, actor: Asker) -> Response[Any]:
    """Attach a file to it."""
    return await _attach(request, house, actor, None)


async def _note(request: Asked, house: Installation, actor: Actor, id: int, form: Form) -> Response[Any]:
    async with house.db.transaction(actor.desk_id) as tx:
        await _hang_files(tx, house, actor, id, "note", form)
        kept, images = await _draft_and_images(tx, actor, id, "note")
        html = writing.cleaned(form.text("html", LONGEST), images) or None
        note = await notes.add_note(tx, actor, id, text=form.text("text", LONGEST), html=html)
        if kept is not None:
            await drafts.become(tx, actor, kept.id, note.id)
        await reading.mark_seen(tx, actor, id, note.seq)
    return await _written(request, house, actor, id, note.seq, Toast(_("Noted, for colleagues only.")))


async def _answer(
    tx: Tx, house: Installation, actor: Actor, id: int | None, form: Form, subject: str | None = None
) -> sending.Answer:
    kind: Kind = "new" if id is None else "reply"
    await _hang_files(tx, house, actor, id, kind, form)
    kept, images = await _draft_and_images(tx, actor, id, kind)
    then = form.text("then")
    return sending.Answer(
        text=form.text("text", LONGEST),
        html=writing.cleaned(form.text("html", LONGEST), images) or None,
        to=typed(form.text("to", LONGEST)),
        cc=typed(form.text("cc", LONGEST)),
        bcc=typed(form.text("bcc", LONGEST)),
        last_seen_seq=form.number("seen_anyway", BIGGEST_SEQ) or form.number("seen_seq", BIGGEST_SEQ) or 0,
        then=next((one for one in THENS if one == then), "waiting"),
        draft_id=kept.id if kept else None,
        subject=subject,
    )


async def _written(request: Asked, house: Installation, actor: Actor, id: int, seq: int, toast: Toast) -> Response[Any]:
    """The thread with the new item, and the composer told that it may empty itself."""
    if request.headers.get("hx-request") != "true":
        return go(f"/conversations/{id}", toast)
    async with house.db.reading(actor.desk_id) as tx:
        shown = await conversation.refreshed(tx, actor, id)
    pieces = part("#thread-items", render("conversation/items.html", **shown)) + told(toast)
    return fragment(pieces, trigger={"credo:sent": {"seq": seq}})


async def _stale(request: Asked, house: Installation, actor: Actor, id: int, form: Form) -> Response[Any]:
    """Not sent: what arrived stands above the text, which stays as it is. A page drawn anew shows it, so it is seen."""
    async with house.db.reading(actor.desk_id) as tx:
        thread = await reading.read(tx, actor, id, after=form.number("seen_seq", BIGGEST_SEQ) or 0)
        items = threads.shown(thread, actor.agent_id)
        words = [item for item in items if item.kind != "event"]
        if request.headers.get("hx-request") != "true":
            seen = replace(composing.writing(form), seen_seq=thread.conversation.last_word_seq)
            await drafts.save(tx, actor, id, "reply", seen)
            return go(
                f"/conversations/{id}", Toast(_("Not sent: something new has arrived. Your text is kept."), bad=True)
            )
    newest = words[-1] if words else None
    stale = render("compose/stale.html", stale=newest, seq=thread.conversation.last_word_seq)
    pieces = part("#stale", stale, "innerHTML") + part(
        "#thread-items", "".join(draw("letters", "shown", item) for item in items), "beforeend"
    )
    return fragment(pieces, status=409, HX_Reswap="none")


async def _unfit(
    request: Asked, house: Installation, actor: Actor, id: int, form: Any, wrong: CredoError
) -> Response[Any]:
    """Not sent as it was written. A page without scripts leaves its text behind, so the draft keeps it."""
    if request.headers.get("hx-request") == "true":
        raise wrong
    async with house.db.transaction(actor.desk_id) as tx:
        await drafts.save(tx, actor, id, "reply", composing.writing(form))
    return go(f"/conversations/{id}", Toast(wrong.said(_), bad=True))


async def _draft_and_images(tx: Tx, actor: Actor, id: int | None, kind: Kind) -> tuple[Draft | None, dict[int, str]]:
    kept = await drafts.find(tx, actor, id, kind)
    files = await drafts.files(tx, actor, kept.id) if kept else []
    return kept, {file.id: file.content_id for file in files if file.content_id}


async def _hang_files(tx: Tx, house: Installation, actor: Actor, id: int | None, kind: Kind, form: Form) -> None:
    """Files that a plain form sent along, without the scripts that attach them one by one."""
    for file in form.files("files"):
        await _keep_file(tx, house, actor, id, kind, file, inline=False)


async def _attach(request: Asked, house: Installation, actor: Actor, id: int | None) -> Response[Any]:
    form = await forms.read(request)
    kind = _kind(form.text("kind")) if id is not None else "new"
    inline = bool(form.text("inline"))
    async with house.db.transaction(actor.desk_id) as tx:
        if id is not None:
            await found_conversation(tx, actor, id)
        kept, draft_id = await _keep_file(tx, house, actor, id, kind, form.file("file"), inline=inline)
        files = await drafts.files(tx, actor, draft_id)
    if inline:
        return Response({"address": f"/attachments/{kept.id}"})
    return fragment(render("compose/files.html", composer=_Files(files)))


async def _keep_file(
    tx: Tx, house: Installation, actor: Actor, id: int | None, kind: Kind, file: Any, *, inline: bool
) -> tuple[drafts.DraftFile, int]:
    content = await file.read()
    found = await drafts.find(tx, actor, id, kind) or await drafts.save(tx, actor, id, kind, Writing())
    kept = await drafts.attach(
        tx,
        actor,
        found.id,
        name=file.filename,
        type=file.content_type or "application/octet-stream",
        size=len(content),
        sha256=await house.blobs.put(actor.desk_id, content),
        content_id=f"{short_key(16)}@credo" if inline else None,
    )
    return kept, found.id


class _Files:
    def __init__(self, files: list[drafts.DraftFile]) -> None:
        self.attachments = files


async def _begin_page(
    request: Asked, house: Installation, actor: Actor, form: Form | None = None, wrong: CredoError | None = None
) -> Response[str]:
    async with house.db.reading(actor.desk_id) as tx:
        kept, _images = await _draft_and_images(tx, actor, None, "new")
        boxes = await starting.ways_out(tx, actor)
        nav = await shell.navigation(tx, actor, "inbox")
        files = await drafts.files(tx, actor, kept.id) if kept else []
    shown = composing.kept(kept, files) if kept else composing.fresh(boxes[0].id if boxes else None)
    if form is not None:
        shown = composing.typed_in(shown, form)
    field = "text" if isinstance(wrong, sending.NothingWritten) else "to"
    errors = {field: wrong.said(_)} if wrong else {}
    status = 422 if wrong else 200
    return page(request, "compose/new.html", status=status, nav=nav, composer=shown, mailboxes=boxes, errors=errors)


def _kind(text: str) -> Kind:
    return "note" if text == "note" else "reply"


def _told_draft(draft: Draft | None) -> dict[str, object]:
    if draft is None:
        return {"html": "", "text": "", "version": 0}
    return {"html": draft.html, "text": draft.text, "version": draft.version}


ROUTES = [write, take_back, draft, save, attach, detach, begin, start, save_new, attach_new]
