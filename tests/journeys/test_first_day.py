"""The first day of a small company: from the address on the console to a promise kept, in a real browser."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from journeys import letters
from journeys.conftest import House, Screens, until
from journeys.first_run import set_up
from support.imap_server import USER
from support.mail_host import MailHost
from support.smtp_server import Taken

pytestmark = pytest.mark.browser

TOM = "tom@lumen.example"


def test_the_first_day(house: House, host: MailHost, screens: Screens, tmp_path: Path) -> None:
    ada = screens.open()
    set_up(ada, house, host, screens)
    ask_first(ada, host, screens)
    answered = answer_by_keys(ada, host, screens, tmp_path)
    see_it_kept(ada, screens)
    ask_again(ada, host, answered, screens)
    tom = invite(ada, house, host, screens)
    be_overtaken(ada, tom, screens)
    solve_find_and_leave(ada, screens)
    unexpected = [said for said in screens.problems if "409" not in said and "422" not in said]
    assert unexpected == []


def ask_first(page: Page, host: MailHost, screens: Screens) -> None:
    """A customer writes; the open inbox says so by itself, and the clock runs."""
    page.goto(page.url.partition("/inbox")[0] + "/inbox/unassigned")
    expect(page.locator("#list .empty")).to_contain_text("New mail appears here by itself")
    host.deliver(letters.first())
    expect(page.locator("#list-news")).to_have_text(re.compile("1 new conversation"), timeout=40_000)
    screens.shoot(page, "05-news")
    page.locator("#list-news a").click()
    row = page.locator(".item")
    expect(row).to_contain_text("Hanna Vogel")
    expect(row).to_contain_text("Cracked shade of my Luna lamp")
    expect(row.locator("[data-clock-text]")).to_have_text(re.compile(r"3 h \d\d|4 h 00"))
    screens.shoot(page, "06-row")


def answer_by_keys(page: Page, host: MailHost, screens: Screens, folder: Path) -> Taken:
    """Open, read, write and send without a mouse; take it back once, send it again, and see it leave."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-title")).to_have_text("Cracked shade of my Luna lamp")
    read(page, screens)
    page.keyboard.press("r")
    expect(page.locator(".tiptap")).to_be_focused()
    page.keyboard.type("Dear Hanna, a new shade ")
    page.keyboard.press("Control+b")
    page.keyboard.type("leaves today")
    page.keyboard.press("Control+b")
    page.keyboard.type(". You need:")
    page.keyboard.press("Enter")
    page.keyboard.type("- a screwdriver")
    page.keyboard.press("Enter")
    page.keyboard.type("five minutes")
    file = folder / "How to change the shade.txt"
    file.write_text("Loosen the ring.\n")
    page.locator("[data-attach]").set_input_files(file)
    expect(page.locator("#composer-files")).to_contain_text("How to change the shade.txt")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved")
    screens.shoot(page, "08-written")
    send_and_take_back(page, screens)
    page.locator(".tiptap").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread-items")).to_contain_text("leaves today")
    until(lambda: host.taken_by(letters.HANNA), 30, "the answer's arrival")
    (taken,) = host.taken_by(letters.HANNA)
    check(taken)
    return taken


def read(page: Page, screens: Screens) -> None:
    """The letter with its picture, its folded quote and its receipt."""
    letter = page.frame_locator(".letter-frame")
    expect(letter.get_by_text("Can you send another one before Saturday?")).to_be_visible()
    picture = letter.get_by_alt_text("the crack")
    expect(picture).to_be_visible()
    until(lambda: picture.evaluate("image => image.complete && image.naturalWidth") == 8, 10, "the picture")
    expect(letter.get_by_text("Your parcel with order 4711")).to_be_hidden()
    expect(page.locator("#thread-items")).to_contain_text("Rechnung 4711.pdf")
    screens.shoot(page, "07-read")


def send_and_take_back(page: Page, screens: Screens) -> None:
    """Ctrl+Enter, then Undo: everything is back where it was, the file too."""
    page.locator(".tiptap").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Sent.")
    expect(page.locator(".letter-ours")).to_contain_text("Leaves at")
    screens.shoot(page, "09-sent")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".letter-ours")).to_have_count(0)
    expect(page.locator(".tiptap strong")).to_have_text("leaves today")
    expect(page.locator(".tiptap li")).to_have_count(2)
    expect(page.locator("#composer-files")).to_contain_text("How to change the shade.txt")
    screens.shoot(page, "10-taken-back")


def check(taken: Taken) -> None:
    """What the customer's server got."""
    message = taken.message
    assert message["In-Reply-To"] == letters.FIRST_ID
    assert message["References"].split() == [letters.FIRST_ID]
    assert re.fullmatch(r"<credo[^@\s]*@lumen\.example>", message["Message-ID"])
    assert message["Subject"] == "Re: Cracked shade of my Luna lamp"
    assert USER in message["From"]
    html, text = words_of(message, "html"), words_of(message, "plain")
    assert "<strong>leaves today</strong>" in html
    assert html.count("<li>") == 2
    assert "leaves today. You need:" in text
    assert "screwdriver" in text
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content().strip()) == ("How to change the shade.txt", "Loosen the ring.")


def words_of(message: EmailMessage, kind: str) -> str:
    """The text of a mail, plain or as HTML."""
    body = message.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def see_it_kept(page: Page, screens: Screens) -> None:
    """Without a reload: the letter arrived at their server, and the promise is kept, with its reasons."""
    expect(page.locator(".letter-ours .delivery")).to_contain_text("delivered to their server")
    line = page.locator(".event", has_text="Kept")
    expect(line).to_contain_text("early")
    expect(page.locator("#thread-head [data-clock]")).to_have_count(0)
    line.get_by_role("button", name="why?").click()
    expect(page.locator(".chain:visible")).to_contain_text("We promise little and keep all of it.")
    screens.shoot(page, "11-kept")
    page.keyboard.press("Escape")


def ask_again(page: Page, host: MailHost, answered: Taken, screens: Screens) -> None:
    """Her reply joins the conversation, opens it again, and the next promise runs."""
    ours = str(answered.message["Message-ID"])
    host.deliver(letters.thanks(ours, str(answered.message["References"])))
    expect(page.locator("#thread-news")).to_have_text(re.compile("1 new message"), timeout=40_000)
    screens.shoot(page, "12-reply-came")
    page.locator("#thread-news a").click()
    expect(page.locator(".letter").last).to_contain_text("is the cable included?")
    expect(page.locator("#thread-head [data-clock-text]")).to_have_text(re.compile(r"\d"))
    expect(page.locator("#thread-head")).not_to_contain_text("waiting")
    expect(page.locator(".item")).to_have_count(1)
    screens.shoot(page, "13-reply-read")


def invite(page: Page, house: House, host: MailHost, screens: Screens) -> Page:
    """A colleague comes in by the link in the invitation."""
    page.goto(f"{house.address}/settings/people")
    page.get_by_text("Invite a colleague").click()
    page.get_by_label("E-mail").fill(TOM)
    page.get_by_label("Name", exact=True).fill("Tom Berger")
    screens.shoot(page, "14-invite")
    page.get_by_role("button", name="Send the invitation").click()
    until(lambda: host.taken_by(TOM), 20, "the invitation")
    text = words_of(host.taken_by(TOM)[0].message, "plain")
    link = re.search(r"http://\S+/invite/\S+", text)
    assert link is not None, text
    tom = screens.open()
    tom.goto(link.group())
    screens.shoot(tom, "15-invited")
    tom.get_by_label("Password").fill("a lamp for every desk")
    tom.get_by_role("button", name="Come in").click()
    expect(tom.locator("#view-title")).to_be_visible()
    return tom


def be_overtaken(ada: Page, tom: Page, screens: Screens) -> None:
    """Tom writes a note while Ada writes: her answer is not sent, and both texts stand there."""
    for page in (ada, tom):
        page.goto(page.url.partition("/settings")[0].partition("/inbox")[0] + "/inbox/open")
        page.get_by_role("link", name="Hanna Vogel").click()
        expect(page.locator(".tiptap")).to_be_visible()
    ada.locator(".tiptap").click()
    ada.keyboard.type("Yes, the cable is included.")
    expect(tom.locator("#presence")).to_contain_text("Ada is replying")
    tom.keyboard.press("n")
    tom.keyboard.type("The cable is sold out until May.")
    screens.shoot(tom, "16-note")
    tom.get_by_role("button", name="Add note").click()
    expect(tom.locator(".letter-note")).to_contain_text("sold out until May")
    expect(ada.locator("#thread-news")).to_have_text(re.compile("1 new message"))
    ada.keyboard.press("Control+Enter")
    expect(ada.locator(".stale")).to_contain_text("The cable is sold out until May.")
    expect(ada.locator(".stale")).to_contain_text("Tom Berger wrote a note")
    expect(ada.locator(".tiptap")).to_contain_text("Yes, the cable is included.")
    screens.shoot(ada, "17-refused")
    ada.get_by_role("button", name="Change mine first").click()
    ada.keyboard.press("Control+a")
    ada.keyboard.type("The cable follows in May.")
    ada.keyboard.press("Control+Enter")
    expect(ada.locator(".letter-ours").last).to_contain_text("The cable follows in May.")


def solve_find_and_leave(page: Page, screens: Screens) -> None:
    """Solve, search, sign out."""
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".thread-sub")).to_contain_text("solved")
    screens.shoot(page, "18-solved")
    page.locator("#thread-title").click()
    page.keyboard.press("/")
    page.keyboard.type("screwdriver")
    expect(page.locator("#palette-found")).to_contain_text("Hanna Vogel")
    screens.shoot(page, "19-palette")
    page.keyboard.press("Enter")
    expect(page.locator(".found mark")).to_have_text("screwdriver")
    screens.shoot(page, "20-found")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    screens.shoot(page, "21-signed-out")
