"""Every screen, wide and narrow, light and dark: no violation of axe, nothing refused by the policy, no error."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from credo.base.db import Db
from credo.people import invitations, resets
from web.conftest import Open, Site, away

pytestmark = pytest.mark.browser

SCREENS = {
    "sign-in": ("", "/sign-in"),
    "reset": ("", "/reset"),
    "inbox": ("ines", "/inbox/mine"),
    "inbox-unassigned": ("lea", "/inbox/unassigned"),
    "inbox-waiting": ("lea", "/inbox/waiting"),
    "inbox-snoozed": ("ines", "/inbox/snoozed"),
    "inbox-solved": ("lea", "/inbox/solved"),
    "inbox-empty": ("ines", "/inbox/spam"),
    "inbox-team": ("lea", "/inbox/open"),
    "conversation": ("ines", "/conversations/{hanna}?view=mine"),
    "note": ("ines", "/conversations/{hanna}?view=mine&kind=note"),
    "framed": ("lea", "/conversations/{framed}?view=open"),
    "crowded": ("lea", "/conversations/{crowded}?view=open"),
    "doubtful": ("ada", "/conversations/{doubtful}?view=open"),
    "assign": ("ada", "/conversations/{doubtful}/assignment"),
    "why": ("lea", "/conversations/{crowded}/clock"),
    "new": ("ines", "/conversations/new"),
    "search": ("ines", "/search?q=lamp"),
    "search-begun": ("ines", "/search"),
    "search-nothing": ("ines", "/search?q=zebra"),
    "needs-a-look": ("ada", "/needs-a-look"),
    "raw": ("ada", "/needs-a-look/{raw}"),
    "account": ("ines", "/settings/account"),
    "desk": ("ada", "/settings/desk"),
    "people": ("ada", "/settings/people"),
    "people-read": ("lea", "/settings/people"),
    "tokens": ("ada", "/settings/tokens"),
    "mailboxes": ("ada", "/settings/mailboxes"),
    "mailbox-new": ("ada", "/settings/mailboxes/new"),
    "mailbox": ("ada", "/settings/mailboxes/{mailbox}"),
    "philosophy": ("ada", "/settings/philosophy"),
    "jobs": ("ada", "/settings/jobs"),
    "breakers": ("ada", "/settings/breakers"),
    "welcome-mailbox": ("ada", "/welcome/mailbox"),
    "welcome-philosophy": ("ada", "/welcome/philosophy"),
    "missing": ("ines", "/conversations/999999"),
    "nowhere": ("ines", "/there/is/nothing"),
    "forbidden": ("ines", "/settings/desk"),
}
HANNA, CROWDED = "/conversations/{hanna}?view=mine", "/conversations/{crowded}?view=open"
# What opens on a screen: who, where, what is pressed (a key, or what is clicked), what then stands there.
OPENED = {
    "palette": ("ines", "/inbox/mine", ["/"], "#palette[open]"),
    "keys": ("ines", "/inbox/mine", ["?"], "#keys[open]"),
    "clock-why": ("lea", CROWDED, ["#thread-sub .why"], "#why-clock .chain"),
    "assign-menu": ("lea", CROWDED, ["a"], "#assign:popover-open"),
    "snooze-menu": ("lea", CROWDED, ["z"], "#snooze:popover-open"),
    "more-menu": ("lea", CROWDED, ["[popovertarget=more]"], "#more:popover-open"),
    "send-menu": ("lea", CROWDED, ["[popovertarget=send-more]"], "#send-more:popover-open"),
    "recipients": ("lea", CROWDED, [".recipients summary"], "#c-bcc"),
    "quote": ("lea", CROWDED, [".quote-btn >> nth=-1"], ".quote[open] blockquote"),
    "question": ("ada", "/needs-a-look/{raw}", ["[data-confirm] button"], "dialog[open]"),
    "person": ("ada", "/settings/people", [".person summary >> nth=0"], "[name=role] >> nth=0"),
    "invite": ("ada", "/settings/people", [".add summary"], ".add [name=email]"),
    "ports": ("ada", "/settings/mailboxes/new", [".stack details summary"], "#f-imap_port"),
}
WIDE_ONLY = {
    "me": ("ines", HANNA, [".me"], "#me:popover-open"),
    "theme": ("ines", HANNA, ["[popovertarget=theme]"], "#theme:popover-open"),
}
NARROW_ONLY = {
    "views": ("ines", "/inbox/mine", ["[popovertarget=views]"], "#views:popover-open"),
    "drawer": ("lea", CROWDED, ["[data-open-story]"], ".story"),
    "narrow-snooze": ("lea", CROWDED, ["[popovertarget=more]", "#more [popovertarget=snooze]"], "#snooze:popover-open"),
}
LOOKS = ["wide", "narrow"]

SIDEWAYS = """[document.documentElement,
   ...document.querySelectorAll('.page, .list-scroll, .thread-scroll, .story-scroll')]
  .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className || part.tagName)"""


def _openings(look: str) -> dict[str, tuple[str, str, list[str], str]]:
    return OPENED | (WIDE_ONLY if look.startswith("wide") else NARROW_ONLY)


class Eye:
    """A page as it is looked at, with everything the browser complained of."""

    def __init__(self, page: Page, look: str, name: str, shots: Path | None) -> None:
        self.page, self.said, self.look, self.name, self.shots = page, [], look, name, shots  # type: ignore[var-annotated]
        page.on("console", lambda one: self.said.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def look_at(self, address: str) -> None:
        self.page.goto(address, wait_until="load")
        self.page.wait_for_timeout(250)

    def judge(self) -> None:
        """In the light by every rule, then in the dark, where colours alone are other ones."""
        self._judge("light", {})
        self.page.emulate_media(color_scheme="dark")
        self.page.wait_for_timeout(250)  # until the colours have changed
        self._judge("dark", {"runOnly": ["color-contrast"]})
        self.page.emulate_media(color_scheme="light")
        assert self.page.evaluate(SIDEWAYS) == [], "the page scrolls sideways"
        assert [words for words in self.said if "status of 40" not in words] == []

    def _judge(self, light: str, options: dict[str, object]) -> None:
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self.shots / f"{self.name}-{self.look}-{light}.png")
        found = Axe().run(self.page, options=options)
        assert found.violations_count == 0, found.generate_report()


def _eye(open_as: Open, who: str, look: str, name: str, shots: Path | None) -> Eye:
    width = 1440 if look.startswith("wide") else 390
    return Eye(open_as(who, "/health", width=width), look, name, shots)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, look: str, site: Site, open_as: Open, shots: Path | None) -> None:
    who, path = SCREENS[name]
    eye = _eye(open_as, who, look, name, shots)
    eye.look_at(site.address + path.format(**site.scene.ids))
    eye.judge()


@pytest.mark.parametrize(("look", "name"), [(look, name) for look in LOOKS for name in _openings(look)])
def test_what_opens_on_a_screen(name: str, look: str, site: Site, open_as: Open, shots: Path | None) -> None:
    who, path, presses, there = _openings(look)[name]
    eye = _eye(open_as, who, look, name, shots)
    eye.look_at(site.address + path.format(**site.scene.ids))
    for press in presses:
        if len(press) == 1:
            eye.page.keyboard.press(press)
        else:
            eye.page.locator(press).first.click()
    expect(eye.page.locator(there).first).to_be_visible()
    eye.page.wait_for_timeout(250)
    eye.judge()


@pytest.mark.parametrize("look", LOOKS)
def test_a_refused_send(look: str, site: Site, open_as: Open, shots: Path | None) -> None:
    path = HANNA.format(**site.scene.ids)
    eye = _eye(open_as, "ines", look, "stale", shots)
    eye.look_at(site.address + path)
    note = {"kind": "note", "text": "Her order was paid twice. " * 20}
    open_as("lea", path).request.post(f"{site.address}/conversations/{site.scene.hanna}/replies", form=note)
    eye.page.locator(".tiptap").fill("All is on its way.")
    eye.page.keyboard.press("Control+Enter")
    expect(eye.page.locator(".stale")).to_contain_text("paid twice")
    eye.judge()
    eye.page.locator(".tiptap").fill("")
    expect(eye.page.locator("[data-saved]")).to_have_text("Draft saved")


@pytest.mark.parametrize("look", LOOKS)
def test_the_doors_for_a_link(look: str, site: Site, open_as: Open, shots: Path | None) -> None:
    for name, address in away(_links(site, f"{look}@example.com")).items():
        eye = _eye(open_as, "", look, name, shots)
        eye.look_at(site.address + address)
        eye.judge()


async def _links(site: Site, email: str) -> dict[str, str]:
    desk = site.scene.desk
    db = await Db(site.database_url, size=1).open()
    async with db.transaction(desk.id) as tx:
        invited = await invitations.invite(tx, desk.ada, email, "Yara Haddad", "agent")
        reset = await resets.hand_over(tx, desk.ada, desk.tom.agent_id)
    await db.close()
    return {"invite": f"/invite/{invited.token}", "choose": f"/reset/{reset.token}"}
