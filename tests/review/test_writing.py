"""What a colleague writes: sent once, lost never, and never more than the few elements of the composer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from credo.base.blobs import Blobs
from credo.base.db import Db
from credo.channels import Address
from credo.conversations import notes, thread
from credo.replying import drafts, sending, writing
from credo.replying.drafts import DraftMovedOn, Writing
from support.desks import Desk
from support.mails import arrive, mail

pytestmark = pytest.mark.anyio
TO = (Address(name="Hanna", address="hanna@example.com"),)


async def _conversation(db: Db, desk: Desk) -> int:
    came = await arrive(db, desk, mail())
    assert came.conversation_id is not None
    return came.conversation_id


async def test_a_second_press_of_send_sends_nothing(db: Db, desk: Desk) -> None:
    id = await _conversation(db, desk)
    answer = sending.Answer(text="A new shade is on its way.", to=TO, last_seen_seq=1)
    async with db.transaction(desk.id) as tx:
        await sending.send(tx, desk.ines, id, answer, once=True)
    with pytest.raises(sending.OnItsWay):
        async with db.transaction(desk.id) as tx:
            await sending.send(tx, desk.ines, id, answer, once=True)
    async with db.transaction(desk.id) as tx:
        await sending.send(tx, desk.ines, id, replace(answer, text="And a bulb."), once=True)
        assert await tx.value("select count(*) from outbox where desk_id = %(desk)s") == 2


async def test_an_autosave_that_comes_after_send_brings_no_draft_back(db: Db, desk: Desk) -> None:
    id = await _conversation(db, desk)
    async with db.transaction(desk.id) as tx:
        kept = await drafts.save(tx, desk.ines, id, "reply", Writing(text="A new shade"))
        answer = sending.Answer(text="A new shade is on its way.", to=TO, last_seen_seq=1, draft_id=kept.id)
        sent = await sending.send(tx, desk.ines, id, answer)
    with pytest.raises(DraftMovedOn):
        async with db.transaction(desk.id) as tx:
            await drafts.save(tx, desk.ines, id, "reply", Writing(text="A new shade is on", version=kept.version))
    async with db.transaction(desk.id) as tx:
        assert await drafts.find(tx, desk.ines, id, "reply") is None
        await drafts.save(tx, desk.ines, id, "reply", Writing(text="And a bulb", version=0))
        await drafts.discard(tx, desk.ines, id, "reply")
        await sending.undo(tx, desk.ines, sent.outbox_id)
        back = await drafts.find(tx, desk.ines, id, "reply")
        assert back is not None and back.text == "A new shade is on its way."


async def test_files_of_a_note_stay_with_the_note(db: Db, blobs: Blobs, desk: Desk) -> None:
    id = await _conversation(db, desk)
    sha256 = await blobs.put(desk.id, b"GIF89a")
    async with db.transaction(desk.id) as tx:
        kept = await drafts.save(tx, desk.ines, id, "note", Writing(text="See the picture"))
        await drafts.attach(
            tx, desk.ines, kept.id, name="a.gif", type="image/gif", size=6, sha256=sha256, content_id="one@credo"
        )
        noted = await notes.add_note(tx, desk.ines, id, text="See the picture", html='<p><img src="cid:one@credo"></p>')
        await drafts.become(tx, desk.ines, kept.id, noted.id)
        await drafts.discard(tx, desk.ines, id, "note")
        assert [file.name for file in await thread.files_of(tx, noted.id)] == ["a.gif"]


@pytest.mark.parametrize(
    "name", ['x" onerror="alert(1)', "x><script>alert(1)</script>", 'x"><form action="https://t.example">', "a b"]
)
def test_the_name_of_an_image_is_no_markup(name: str) -> None:
    safe = writing.cleaned('<p>Look: <img src="/attachments/5" alt="a lamp"></p>', {5: name})
    assert len(re.findall(r"<[a-z]+", safe)) == 2, safe
    assert re.fullmatch(r'<p>Look: <img src="cid:[^"<>]*" alt="a lamp"></p>', safe), safe


def test_words_about_markup_stay_as_they_are() -> None:
    said = '<p>Write &lt;a href="/lamps"&gt; or &lt;img src="x"&gt; into the page.</p>'
    assert writing.cleaned(said, {}) == said


def test_links_lead_somewhere_absolute_or_nowhere() -> None:
    safe = writing.cleaned(
        '<a href="https://lumen.example/a?b=1&amp;c=2">a</a><a href="/sign-out">b</a><a href="//t.example">c</a>'
        '<a href="look">d</a><a href="?x=1">e</a><a href="java\tscript:x()">f</a>'
        '<a href="mailto:a@b.example">g</a>',
        {},
    )
    assert re.findall(r'href="([^"]*)"', safe) == ["https://lumen.example/a?b=1&amp;c=2", "mailto:a@b.example"]
    assert re.sub(r"<[^>]+>", "", safe) == "abcdefg"


def test_images_from_elsewhere_are_dropped_whole() -> None:
    assert writing.cleaned('<p>a<img src="https://t.example/x.png" alt="&gt;&lt;b&gt;">b</p>', {}) == "<p>ab</p>"
    assert writing.cleaned('<p>a<img alt="&gt;" src="//t.example/x.png">b<img>c</p>', {}) == "<p>abc</p>"
