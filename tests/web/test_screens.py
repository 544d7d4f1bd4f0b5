"""Every screen, wide and narrow, light and dark: no violation of axe, nothing refused by the policy, no error."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from web.conftest import Open, Site

pytestmark = pytest.mark.browser

SCREENS = {
    "sign-in": ("", "/sign-in"),
    "reset": ("", "/reset"),
    "inbox": ("ines", "/inbox/mine"),
    "inbox-empty": ("ines", "/inbox/spam"),
    "inbox-team": ("lea", "/inbox/open"),
    "conversation": ("ines", "/conversations/{hanna}?view=mine"),
    "note": ("ines", "/conversations/{hanna}?view=mine&kind=note"),
    "framed": ("lea", "/conversations/{framed}?view=open"),
    "doubtful": ("ada", "/conversations/{doubtful}?view=open"),
    "assign": ("ada", "/conversations/{doubtful}/assignment"),
    "new": ("ines", "/conversations/new"),
    "search": ("ines", "/search?q=lamp"),
    "search-nothing": ("ines", "/search?q=zebra"),
    "needs-a-look": ("ada", "/needs-a-look"),
    "raw": ("ada", "/needs-a-look/{raw}"),
    "account": ("ines", "/settings/account"),
    "desk": ("ada", "/settings/desk"),
    "people": ("ada", "/settings/people"),
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
}


SIDEWAYS = """[document.documentElement, ...document.querySelectorAll('.page, .list-scroll, .thread-scroll')]
  .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className || part.tagName)"""


@pytest.mark.parametrize("look", ["wide-light", "wide-dark", "narrow-light", "narrow-dark"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, look: str, site: Site, open_as: Open, shots: Path | None) -> None:
    who, path = SCREENS[name]
    width, dark = 1440 if look.startswith("wide") else 390, look.endswith("dark")
    page = open_as(who, "/health", width=width, dark=dark)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(site.address + path.format(**site.scene.ids), wait_until="load")
    page.wait_for_timeout(250)
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=shots / f"{name}-{look}.png")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(SIDEWAYS) == [], "the page scrolls sideways"
    assert [words for words in said if "404" not in words] == []
