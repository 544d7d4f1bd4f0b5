"""What a program wants to say: a text, the markup of the same, and both made to fit each other."""

from __future__ import annotations

from dataclasses import dataclass

from credo.access import Actor
from credo.base.db import Tx
from credo.channels.email import html
from credo.replying import drafts, writing


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and safe markup of the same where there is any."""

    text: str
    html: str | None


async def of(tx: Tx, actor: Actor, text: str, markup: str | None, draft_id: int | None = None) -> Words:
    """`text` with `markup` made safe; without a text it is told from the markup.

    Images of the markup may name files of the draft `draft_id`, as /attachments/{id}; others are dropped.
    """
    if not markup:
        return Words(text, None)
    files = await drafts.files(tx, actor, draft_id) if draft_id is not None else []
    safe = writing.cleaned(markup, {file.id: file.content_id for file in files if file.content_id})
    return Words(text if text.strip() else html.read(safe).text, safe or None)
