"""The three steps of the first run, as somebody takes them who has just started Credo."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from journeys.conftest import House, Screens
from support.imap_server import PASSWORD, USER
from support.mail_host import MailHost

SENTENCE = "the kettle sings at noon"


def set_up(page: Page, house: House, host: MailHost, screens: Screens) -> None:
    """The three steps of the first run."""
    page.goto(house.setup_address)
    screens.shoot(page, "01-you")
    page.get_by_label("Your name").fill("Ada Lind")
    page.get_by_label("Your e-mail").fill("ada@lumen.example")
    page.get_by_label("A password").fill(SENTENCE)
    page.get_by_label("Whom do you look after people for?").fill("Lumen Lamps")
    for day in ("Saturday", "Sunday"):
        page.get_by_label(day).check(force=True)
    page.get_by_label("From").fill("00:00")
    page.get_by_label("Until").fill("23:59")
    assert page.get_by_label("Time zone").input_value() == "Europe/Berlin", "the browser's zone is guessed"
    page.get_by_role("button", name="Next, the mailbox").click()
    connect(page, host, screens)
    expect(page.get_by_role("heading", name="What do you believe?")).to_be_visible()
    screens.shoot(page, "03-philosophy")
    page.get_by_text("Small shop", exact=True).click()
    page.get_by_role("button", name="Start with it").click()
    expect(page.locator(".toast")).to_contain_text("Your first promise runs")
    screens.shoot(page, "04-empty-inbox")


def connect(page: Page, host: MailHost, screens: Screens) -> None:
    """Step 2: a wrong password is told apart, the right one passes."""
    expect(page.get_by_role("heading", name="Where do people write to you?")).to_be_visible()
    page.get_by_label("Address", exact=True).fill(USER)
    page.get_by_label("Incoming (IMAP)").fill("127.0.0.1")
    page.get_by_label("Outgoing (SMTP)").fill("127.0.0.1")
    page.get_by_label("App password").fill("not this one")
    page.get_by_text("Ports and encryption").click()
    for way, port in (("Incoming", host.imap.port), ("Outgoing", host.smtp.port)):
        page.get_by_label(f"{way}, port").fill(str(port))
        page.get_by_label(f"{way}, encryption").select_option("plain")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".checks li.is-broken")).to_have_text([re.compile("^ *Incoming"), re.compile("^ *Outgoing")])
    expect(page.locator(".checks")).not_to_contain_text("b'")
    screens.shoot(page, "02-mailbox-refused")
    page.get_by_label("App password").fill(PASSWORD)
    page.get_by_role("button", name="Try it").click()

    expect(page.locator(".checks li.is-kept")).to_have_count(2)
    screens.shoot(page, "02-mailbox-tried")
    page.get_by_role("button", name="Next, what you believe").click()
