"""/conversations/{id}/notes: words for colleagues only."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import post
from litestar.params import JSONBody

from credo.api import words
from credo.api.door import Asker, Work
from credo.api.values import Id, Letter, Markup, Number, shaped
from credo.conversations import notes
from credo.replying import drafts


@dataclass(frozen=True, slots=True)
class Note:
    """What colleagues should know. `html` is cleaned; without `text` the text is made from it.

    `draft_id` hangs the files of that draft onto the note; the draft is gone then.
    """

    text: Letter = ""
    html: Markup | None = None
    draft_id: Number | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """The new item and its place in the thread."""

    id: int
    seq: int


@post("/conversations/{id:int}/notes", operation_id="add_note")
async def create(tx: Work, actor: Asker, id: Id, data: JSONBody[Note]) -> Noted:
    """Write a note. It never leaves the house."""
    said = await words.of(tx, actor, data.text, data.html, data.draft_id)
    note = await notes.add_note(tx, actor, id, text=said.text, html=said.html)
    if data.draft_id is not None:
        await drafts.become(tx, actor, data.draft_id, note.id)
    return shaped(Noted, note)


HANDLERS = [create]
