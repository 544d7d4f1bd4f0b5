"""What a colleague does in a day, in a real browser."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from credo import flow
from credo.base.db import Db
from support.mails import arrive, mail
from web.conftest import Open, Site, away

pytestmark = pytest.mark.browser


def _arrive(site: Site, raw: bytes) -> int:
    async def receive() -> int:
        db = await Db(site.database_url, size=1, before_commit=flow.react).open()
        outcome = await arrive(db, site.scene.desk, raw, at=datetime.now(UTC))
        await db.close()
        assert outcome.conversation_id
        return outcome.conversation_id

    return away(receive())


def _hanna(site: Site) -> str:
    return f"/conversations/{site.scene.hanna}?view=mine"


def _write(page: Page, text: str) -> None:
    editor = page.locator(".tiptap")
    editor.click()
    page.keyboard.type(text)


def test_a_row_opens_beside_the_list(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine")
    page.get_by_role("link", name="Hanna Vogel").click()
    expect(page.locator("#thread-title")).to_have_text("Cracked glass, and eight people on Saturday")
    expect(page.locator("#story-title")).to_have_text("Hanna Vogel")
    expect(page.locator(f"#row-{site.scene.hanna}")).to_have_attribute("aria-current", "true")
    assert page.url.endswith(_hanna(site))
    page.go_back()
    expect(page.locator(".thread-none")).to_be_visible()


def test_keys_walk_open_and_can_be_switched_off(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine")
    page.keyboard.press("j")
    expect(page.locator(".item-link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#thread[data-open]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.body.dataset.keys = 'off'")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


def test_an_answer_is_written_sent_and_taken_back(site: Site, open_as: Open) -> None:
    page = open_as("ines", _hanna(site))
    _write(page, "A new shade leaves today.")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")
    page.reload()
    expect(page.locator(".tiptap")).to_contain_text("A new shade leaves today.")
    page.get_by_role("button", name="Send, then wait").click()
    expect(page.locator("#thread-items")).to_contain_text("A new shade leaves today.")
    expect(page.locator(".tiptap")).not_to_contain_text("A new shade leaves today.")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#thread-items")).not_to_contain_text("A new shade leaves today.")
    expect(page.locator(".tiptap")).to_contain_text("A new shade leaves today.")
    page.locator(".tiptap").fill("")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")


def test_after_sending_by_keyboard_single_keys_act_again(site: Site, open_as: Open) -> None:
    page = open_as("ines", _hanna(site))
    _write(page, "It leaves tonight.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread-items")).to_contain_text("It leaves tonight.")
    expect(page.locator("#thread-scroll")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#thread-title")).not_to_have_text("Cracked glass, and eight people on Saturday")
    expect(page.locator(".tiptap")).to_have_text("")


@pytest.mark.parametrize(("first", "more"), [("Done.", " And thank you."), ("Done.", "\nAnd thank you.")])
def test_who_writes_on_while_a_letter_leaves_loses_nothing(site: Site, open_as: Open, first: str, more: str) -> None:
    page = open_as("ines", _hanna(site))
    page.route("**/replies", lambda route: (time.sleep(0.7), route.continue_()))
    _write(page, first)
    page.keyboard.press("Control+Enter")
    page.keyboard.type(more)
    expect(page.locator(".tiptap")).to_have_text("And thank you.")
    expect(page.locator(".tiptap")).to_be_focused()
    page.keyboard.type(" Ines")
    expect(page.locator(".tiptap")).to_have_text("And thank you. Ines")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")
    page.reload()
    expect(page.locator(".tiptap")).to_have_text("And thank you. Ines")
    page.locator(".tiptap").fill("")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")


def test_a_letter_that_leaves_between_two_words_takes_no_space_along(site: Site, open_as: Open) -> None:
    page = open_as("ines", _hanna(site))
    page.route("**/replies", lambda route: (time.sleep(0.7), route.continue_()))
    _write(page, "It leaves.")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")
    page.keyboard.press("Control+Enter")
    page.keyboard.type(" And ")
    expect(page.locator(".tiptap")).to_have_text(re.compile(r"^And\s*$"))
    page.keyboard.type("thank you.")
    expect(page.locator(".tiptap")).to_have_text("And thank you.")
    page.locator(".tiptap").fill("")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")


def test_a_note_stays_inside(site: Site, open_as: Open) -> None:
    page = open_as("lea", _hanna(site))
    page.get_by_role("link", name="Note", exact=True).click()
    _write(page, "She was promised a call.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".letter-note").last).to_contain_text("She was promised a call.")


def test_sending_is_refused_when_something_new_has_arrived(site: Site, open_as: Open) -> None:
    page = open_as("ines", _hanna(site))
    expect(page.locator(".tiptap")).to_be_visible()
    _arrive(
        site,
        mail(
            "Hanna Vogel <hanna.vogel@example.com>",
            subject="Re: Cracked glass",
            text="Please wait, I found the receipt.",
            message_id="<second@x>",
            in_reply_to="<1@x>",
        ),
    )
    expect(page.locator("#thread-news")).to_have_text(re.compile("1 new message"))
    _write(page, "All is on its way.")
    page.get_by_role("button", name="Send, then wait").click()
    expect(page.locator(".stale")).to_contain_text("Please wait, I found the receipt.")
    expect(page.locator(".tiptap")).to_contain_text("All is on its way.")
    page.get_by_role("button", name="Send mine anyway").click()
    expect(page.locator(".stale")).to_have_count(0)
    expect(page.locator("#thread-items")).to_contain_text("All is on its way.")


def test_the_next_key_after_a_refusal_goes_into_the_text(site: Site, open_as: Open) -> None:
    page = open_as("ines", _hanna(site))
    expect(page.locator(".tiptap")).to_be_visible()
    note = {"kind": "note", "text": "Her order was paid twice."}
    open_as("lea", _hanna(site)).request.post(f"{site.address}/conversations/{site.scene.hanna}/replies", form=note)
    _write(page, "All is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".stale")).to_contain_text("Her order was paid twice.")
    press = "document.querySelector('[data-stale-read]').click(), document.activeElement.className"
    assert "tiptap" in page.evaluate(press)
    page.keyboard.type(" Ines")
    expect(page.locator(".tiptap")).to_have_text("All is on its way. Ines")
    page.locator(".tiptap").fill("")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")


def test_solving_answers_at_once_and_can_be_undone(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine")
    page.get_by_role("link", name="Wim de Groot").click()
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".thread-sub")).to_contain_text("solved")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Solve")).to_be_visible()


def test_handing_on_moves_the_face(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine")
    page.get_by_role("link", name="Oskar Lindqvist").click()
    page.locator(".btn[popovertarget=assign]").click()
    page.get_by_role("button", name="Tom Berger").click()
    expect(page.locator("#thread-items")).to_contain_text("You handed it to Tom Berger")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#thread-items")).to_contain_text("You took it")


def test_what_arrives_is_announced_and_moves_nothing(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/unassigned")
    expect(page.locator(".item").first).to_be_visible()
    before = page.locator(".item").count()
    page.wait_for_timeout(500)
    _arrive(site, mail("New One <new@example.com>", subject="A question", message_id="<new@x>"))
    expect(page.locator("#list-news")).to_have_text(re.compile("1 new conversation"))
    assert page.locator(".item").count() == before
    page.locator("#list-news a").click()
    expect(page.get_by_role("link", name="New One")).to_be_visible()


def test_colleagues_see_who_writes(site: Site, open_as: Open) -> None:
    page = open_as("ines", _hanna(site))
    expect(page.locator(".tiptap")).to_be_visible()
    other = open_as("tom", _hanna(site))
    _write(other, "Hello")
    expect(page.locator("#presence")).to_contain_text("Tom is replying")


def test_everything_goes_without_scripts(site: Site, open_as: Open) -> None:
    page = open_as("lea", f"/conversations/{site.scene.framed}?view=open", scripts=False)
    page.locator("#composer-field").fill("Thank you for the order.")
    page.get_by_role("button", name="Send, then wait").click()
    expect(page.locator("#thread-items")).to_contain_text("Thank you for the order.")
    expect(page.locator(".toast")).to_contain_text("Sent.")
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".thread-sub")).to_contain_text("solved")


def test_a_conversation_is_begun(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/conversations/new")
    page.get_by_label("To", exact=True).fill("Nora Lind <nora@example.com>")
    page.get_by_label("Subject").fill("Your lamp is ready")
    _write(page, "Dear Nora, it is ready.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#thread-title")).to_have_text("Your lamp is ready")
    expect(page.locator("#thread-items")).to_contain_text("Dear Nora, it is ready.")


def test_search_finds_and_marks(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine")
    page.keyboard.press("/")
    page.keyboard.type("bookkeeper")
    expect(page.locator("#palette-found")).to_contain_text("Leyla")
    page.keyboard.press("Enter")
    expect(page.locator(".found mark")).to_have_text("bookkeeper")


def test_a_framed_letter_runs_and_loads_nothing(site: Site, open_as: Open) -> None:
    page = open_as("ines", f"/conversations/{site.scene.framed}?view=open")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    letter = page.frame_locator(".letter-frame")
    expect(letter.get_by_role("heading", name="Spring order")).to_be_visible()
    page.get_by_role("link", name="Show images").click()
    expect(page.locator(".remote")).to_have_count(0)
    assert not [url for url in asked if "images.example" in url and not url.startswith(site.address)]
