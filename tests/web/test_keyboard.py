"""A day without a mouse: every screen reached by Tab, menus by the arrows, and the focus never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from web.conftest import Open, Site

pytestmark = pytest.mark.browser

PAGES = [
    "/inbox/mine",
    "/search?q=lamp",
    "/conversations/new",
    "/needs-a-look",
    "/settings/account",
    "/settings/desk",
    "/settings/people",
    "/settings/tokens",
    "/settings/mailboxes",
    "/settings/mailboxes/{mailbox}",
    "/settings/philosophy",
    "/settings/jobs",
    "/settings/breakers",
    "/welcome/mailbox",
    "/welcome/philosophy",
]
# What a person who tabs sees of the element that has the focus; a radio group is one stop, so its chosen one counts.
HERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const shown = [at, ...(at.labels ?? []), at.nextElementSibling, at.parentElement, at.closest('.composer-box')];
  const ring = shown.filter(Boolean).some((one) => getComputedStyle(one).outlineStyle !== 'none'
    || getComputedStyle(one, '::after').outlineStyle !== 'none');
  if (!at.dataset.stop) at.dataset.stop = String(document.querySelectorAll('[data-stop]').length + 1);
  return {stop: at.dataset.stop, ring, what: at.outerHTML.slice(0, 120), seen: at.checkVisibility()};
}"""
ALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((one) => one.checkVisibility() && !one.disabled && one.type !== 'hidden'
    && (one.type !== 'radio' || one.checked)
    && one.tabIndex >= 0 && !one.closest('[popover]:not(:popover-open), dialog:not([open])')).length"""


@pytest.mark.parametrize("path", PAGES)
def test_tab_reaches_everything_and_shows_where_it_is(path: str, site: Site, open_as: Open) -> None:
    page = open_as("ada", path.format(**site.scene.ids))
    page.evaluate("document.activeElement.blur()")
    count, stops = page.evaluate(ALL), []
    for _step in range(count + 5):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        assert here["seen"], here
        assert here["ring"], here
        stops.append(here["stop"])
    assert len(set(stops)) >= count, f"{count - len(set(stops))} of {count} cannot be reached"


def test_a_menu_is_walked_by_the_arrows_and_gives_the_focus_back(site: Site, open_as: Open) -> None:
    page = open_as("ines", f"/conversations/{site.scene.hanna}?view=mine")
    page.locator("[popovertarget=more]").focus()
    page.keyboard.press("ArrowDown")
    expect(_entry(page, "Wait for the customer")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(_entry(page, "Mark as unread")).to_be_focused()
    page.keyboard.press("End")
    expect(_entry(page, "Move to trash")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(_entry(page, "Wait for the customer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#more")).to_be_hidden()
    expect(page.locator("[popovertarget=more]")).to_be_focused()


def test_a_colleague_is_found_by_typing_and_arrows(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine")
    page.get_by_role("link", name="Wim de Groot").click()
    expect(page.locator("#thread-title")).to_contain_text("black instead of brass")
    page.keyboard.press("a")
    expect(page.locator("#assign [type=search]")).to_be_focused()
    expect(page.locator("#assign-list")).to_contain_text("Tom Berger")
    page.keyboard.type("o")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#assign [type=search]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#assign")).to_be_hidden()
    expect(page.get_by_role("link", name="Wim de Groot")).to_be_focused()
    page.keyboard.press("a")
    page.keyboard.type("om b")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-items")).to_contain_text("You handed it to Tom Berger")
    expect(page.locator(".btn[popovertarget=assign]")).to_be_focused()


def test_solving_keeps_the_focus_on_its_button(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine")
    page.get_by_role("link", name="Oskar Lindqvist").click()
    page.locator("#thread-close button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Open again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Solve")).to_be_focused()


def test_tags_open_at_their_button(site: Site, open_as: Open) -> None:
    page = open_as("ines", f"/conversations/{site.scene.hanna}?view=mine")
    page.keyboard.press("t")
    expect(page.locator("#tags-field")).to_be_focused()
    menu, button = page.locator("#more").bounding_box(), page.locator("[popovertarget=more]").bounding_box()
    assert menu and button
    assert abs(menu["y"] - button["y"] - button["height"]) < 24
    page.keyboard.press("Escape")
    expect(page.locator("[popovertarget=more]")).to_be_focused()


def test_what_the_palette_finds_is_walked_by_the_arrows(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine")
    page.locator(".side-search").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#palette-field")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".side-search")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("bookkeeper")
    expect(page.locator("#palette-found")).to_contain_text("Leyla")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-title")).to_contain_text("Second invoice")


def test_a_question_holds_the_focus_and_gives_it_back(site: Site, open_as: Open) -> None:
    page = open_as("ada", f"/needs-a-look/{site.scene.raw}")
    page.get_by_role("button", name="Put aside").focus()
    page.keyboard.press("Enter")
    asked = page.locator("dialog[open]")
    expect(asked.get_by_role("button", name="Leave it")).to_be_focused()
    for _step in range(4):
        page.keyboard.press("Tab")
        inside = "!document.activeElement || document.activeElement === document.body"
        assert page.evaluate(f"{inside} || document.activeElement.closest('dialog[open]') !== null")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Put aside")).to_be_focused()


def test_the_drawer_takes_the_focus_and_gives_it_back(site: Site, open_as: Open) -> None:
    page = open_as("ines", f"/conversations/{site.scene.hanna}?view=mine", width=390)
    page.locator("[data-open-story]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-close-story]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".story")).to_be_hidden()
    expect(page.locator("[data-open-story]")).to_be_focused()


def test_on_a_telephone_everything_can_be_done(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/inbox/mine", width=390)
    page.get_by_role("link", name="Priya Raman").click()
    page.locator("[popovertarget=more]").click()
    page.locator("#more").get_by_role("button", name="Snooze").click()
    page.locator("#snooze").get_by_role("button", name="Next week").click()
    expect(page.locator("#thread-items")).to_contain_text("You put it aside until")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#thread-items")).to_contain_text("You opened it again")
    page.locator("[popovertarget=more]").click()
    page.locator("#more").get_by_role("button", name="Solve").click()
    expect(page.locator("#thread-items")).to_contain_text("You solved it")
    page.locator("[popovertarget=more]").click()
    page.locator("#more").get_by_role("button", name="Open again").click()
    expect(page.locator("#more form[action$=closure]")).to_have_count(1)
    page.get_by_role("link", name="Back to").click()
    page.get_by_role("link", name="Search").click()
    expect(page.locator("#palette-field")).to_be_focused()


def _entry(page: Page, name: str) -> Locator:
    return page.locator("#more").get_by_role("button", name=name)
