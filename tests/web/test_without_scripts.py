"""The work of a day in a browser that runs no scripts: every act is a form or a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from web.conftest import Open, Site

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(site: Site, open_as: Open) -> Page:
    """Ines at a conversation of hers, without scripts."""
    page = open_as("ines", "/inbox/mine", scripts=False)
    page.get_by_role("link", name="Priya Raman").click()
    expect(page.locator("#thread-title")).to_contain_text("Flicker")
    return page


def test_a_note(plain: Page) -> None:
    plain.get_by_role("link", name="Note", exact=True).click()
    plain.locator("#composer-field").fill("Same batch of drivers.")
    plain.get_by_role("button", name="Add note").click()
    expect(plain.locator(".letter-note").last).to_contain_text("Same batch of drivers.")
    expect(plain.locator(".toast")).to_contain_text("Noted")


def test_hand_over_snooze_tag_and_solve(plain: Page) -> None:
    plain.locator(".btn[popovertarget=snooze]").click()
    plain.locator("#snooze").get_by_role("button", name="Tomorrow").click()
    expect(plain.locator(".thread-sub")).to_contain_text("snoozed")
    plain.locator(".toast").get_by_role("button", name="Undo").click()
    expect(plain.locator(".thread-sub")).not_to_contain_text("snoozed")
    plain.locator("[popovertarget=more]").click()
    plain.locator("#tags-field").fill("flicker, app")
    plain.get_by_role("button", name="Tag", exact=True).click()
    expect(plain.locator(".thread-sub")).to_contain_text("flicker")
    plain.get_by_role("button", name="Solve").first.click()
    expect(plain.locator(".thread-sub")).to_contain_text("solved")
    plain.get_by_role("button", name="Open again").first.click()
    plain.locator(".btn[popovertarget=assign]").click()
    plain.get_by_role("link", name="Somebody else").click()
    plain.get_by_role("button", name="Tom Berger").click()
    expect(plain.locator("#thread-items")).to_contain_text("You handed it to Tom Berger")


def test_an_answer_over_something_unseen(site: Site, open_as: Open) -> None:
    path = f"/conversations/{site.scene.hanna}?view=mine"
    page = open_as("ines", path, scripts=False)
    note = {"kind": "note", "text": "Her order was paid twice."}
    open_as("lea", path).request.post(f"{site.address}/conversations/{site.scene.hanna}/replies", form=note)
    page.locator("#composer-field").fill("All is on its way.")
    page.get_by_role("button", name="Send, then wait").click()
    expect(page.locator(".toast.is-bad")).to_contain_text("something new has arrived")
    expect(page.locator("#thread-items")).to_contain_text("Her order was paid twice.")
    expect(page.locator("#composer-field")).to_have_value("All is on its way.")
    page.get_by_role("button", name="Send, then wait").click()
    expect(page.locator("#thread-items")).to_contain_text("All is on its way.")


def test_why_and_search(site: Site, open_as: Open) -> None:
    page = open_as("lea", f"/conversations/{site.scene.crowded}?view=open", scripts=False)
    page.locator("#thread-sub .why").click()
    page.locator("#why-clock").get_by_role("link", name="Why?").click()
    expect(page.locator(".chain")).to_contain_text("A person answers within 4 opening hours.")
    page.locator(".side-search").click()
    page.locator("#q").fill("bookkeeper")
    page.get_by_role("button", name="Search").click()
    page.locator(".found a").click()
    expect(page.locator("#thread-title")).to_contain_text("Second invoice")


def test_settings(site: Site, open_as: Open) -> None:
    page = open_as("ada", "/settings/desk", scripts=False)
    page.locator("#f-name").fill("Lumen Lamps, Leipzig")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Saved.")
    expect(page.locator("#f-name")).to_have_value("Lumen Lamps, Leipzig")
    page.goto(f"{site.address}/settings/tokens")
    page.locator("#f-name").fill("Night report")
    page.locator("[name=scopes][value=read]").check()
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("#fresh-token")).to_contain_text("credo_")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".toast")).to_contain_text("taken back")
    page.goto(f"{site.address}/settings/account")
    page.get_by_role("button", name="Dark").last.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{site.address}/needs-a-look/{site.scene.raw}")
    page.get_by_role("button", name="Put aside").click()
    expect(page.locator(".toast")).to_contain_text("Put aside.")
