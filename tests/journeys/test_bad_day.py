"""A bad day: parts are killed, servers go away and refuse, a mail cannot be read. Nothing is lost, nothing comes twice.

Leases of a killed worker end after minutes; the test ends them by hand.
"""

from __future__ import annotations

import time
from collections import Counter

import psutil
import psycopg
import pytest
from playwright.sync_api import Page, expect

from credo.base import settings
from credo.running import housing
from journeys import letters
from journeys.conftest import House, Screens, until
from journeys.first_run import set_up
from support.imap_server import USER
from support.mail_host import MailHost

pytestmark = pytest.mark.browser

OTTO = "otto@example.com"
GONE = "gone@example.com"
JUNK = bytes(range(9)) * 40 + b"\r\nthis was never a mail \x00\x01\x02"
BOUNCE = """From: Mail Delivery System <MAILER-DAEMON@example.com>
To: {us}
Subject: Undelivered Mail Returned to Sender
Message-ID: <came-back@example.com>
Date: Sat, 21 Nov 2026 12:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

Your message could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; {otto}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 This mailbox is gone

--x
Content-Type: text/rfc822-headers

Message-ID: {ours}
To: {otto}

--x--
"""


def test_the_bad_day(house: House, host: MailHost, screens: Screens) -> None:
    ada = screens.open()
    set_up(ada, house, host, screens)
    delivered = lose_the_mail_server(house, host)
    look_at_junk(ada, house, host, screens)
    answer_while_the_worker_dies(ada, house, host, screens)
    delivered += lose_the_database(ada, house, host, screens)
    hear_that_it_came_back(ada, house, host, screens)
    everything_is_there_once(house, host, delivered)


def lose_the_mail_server(house: House, host: MailHost) -> list[str]:
    """The IMAP server goes away in the middle of fetching, twice, and comes back with everything."""
    ids = [f"<parcel-{number}@mail.example.com>" for number in range(24)]
    until(lambda: rows(house, "select 1 from fetch_cursor"), 30, "the first look")
    for place, message_id in enumerate(ids):
        text = f"Where is parcel {place}?\n" + "It was to come on Monday.\n" * 2000
        host.deliver(letters.letter(f"c{place}@example.com", f"Parcel {place}", text, message_id).as_bytes())
        if place in (5, 15):
            host.stop_imap()
            host.start_imap()
    until(lambda: rows(house, "select 1 from item where kind = 'message'", len(ids)), 60, "the reading of all parcels")
    return ids


def look_at_junk(page: Page, house: House, host: MailHost, screens: Screens) -> None:
    """What is no mail stands in Needs a look with its source; reading it again helps nothing, so it is put aside."""
    host.deliver(JUNK)
    until(lambda: rows(house, "select 1 from raw where state = 'failed'"), 30, "the failure")
    page.goto(f"{house.address}/inbox/open")
    page.get_by_role("link", name="Needs a look").click()
    screens.shoot(page, "31-looks")
    page.locator(".looks a").click()
    expect(page.locator(".lead")).to_contain_text("not a mail")
    expect(page.locator(".raw")).to_contain_text("this was never a mail")
    screens.shoot(page, "32-source")
    page.get_by_role("button", name="Read it again").click()
    expect(page.locator(".toast")).to_contain_text("read again")
    until(lambda: rows(house, "select 1 from raw where state = 'failed'"), 30, "the second failure")
    page.goto(f"{house.address}/needs-a-look")
    page.locator(".looks a").click()
    page.get_by_role("button", name="Put aside").click()
    page.locator("dialog[open]").get_by_role("button", name="Put aside").click()
    expect(page.locator(".empty")).to_contain_text("Every mail could be read")


def answer_while_the_worker_dies(page: Page, house: House, host: MailHost, screens: Screens) -> None:
    """One recipient is refused for good, and the worker is killed while the other's server says yes."""
    host.deliver(letters.letter(f"Otto <{OTTO}>", "Bulb", "Which bulb fits?", "<bulb@mail.example.com>").as_bytes())
    until(lambda: rows(house, "select 1 from item where message_id = 'bulb@mail.example.com'"), 30, "Otto's letter")
    page.goto(f"{house.address}/inbox/unassigned")
    page.get_by_role("link", name="Otto").click()
    page.locator(".recipients summary").click()
    page.get_by_label("Cc", exact=True).fill(GONE)
    page.locator(".tiptap").click()
    page.keyboard.type("E14 fits.")
    host.smtp.recipients[GONE] = "550 5.1.1 Nobody of this name lives here"
    killed: list[int] = []

    async def kill() -> None:
        if not killed:
            worker = house.served.child("worker")
            killed.append(worker.pid)
            worker.kill()

    host.smtp.before_answer = kill
    page.keyboard.press("Control+Enter")
    until(lambda: killed, 30, "the kill")
    until(lambda: alive(house, killed[0]), 30, "another worker")
    end_leases(house)
    delivery = page.locator(".letter-ours .delivery")
    expect(delivery.locator("li", has_text=OTTO)).to_contain_text("delivered to their server", timeout=30_000)
    expect(delivery.locator("li", has_text=GONE)).to_contain_text("Nobody of this name lives here")
    screens.shoot(page, "33-refused")
    taken = host.taken_by(OTTO)
    assert len(taken) == 2, "the server's yes was never heard"
    assert len({one.content for one in taken}) == 1, "the same letter under the same Message-ID"


def lose_the_database(page: Page, house: House, host: MailHost, screens: Screens) -> list[str]:
    """The database is killed under an open inbox; a mail that comes meanwhile is there afterwards, without a reload."""
    page.goto(f"{house.address}/inbox/unassigned")
    expect(page.locator(".item").first).to_be_visible()
    house.served.child("postgres").kill()
    message_id = "<while-down@mail.example.com>"
    host.deliver(letters.letter("Rita <rita@example.com>", "Are you there?", "Hello?", message_id).as_bytes())
    until(
        lambda: rows(house, "select 1 from item where message_id = 'while-down@mail.example.com'"), 60, "Rita's letter"
    )
    until(lambda: house.served.health()["healthy"], 30, "health")
    expect(page.locator("#list-news")).to_contain_text("1 new conversation", timeout=40_000)
    screens.shoot(page, "34-back")
    page.locator("#list-news a").click()
    expect(page.get_by_role("link", name="Rita")).to_be_visible()
    return [message_id]


def hear_that_it_came_back(page: Page, house: House, host: MailHost, screens: Screens) -> None:
    """A bounce for the other recipient comes hours later: nobody got the answer, so it is our turn again."""
    host.smtp.before_answer = None
    host.deliver(bounce(str(host.taken_by(OTTO)[0].message["Message-ID"])))
    until(lambda: rows(house, "select 1 from recipient where state = 'bounced'"), 30, "the bounce")
    page.goto(f"{house.address}/search?q=bulb")
    page.locator(".found a").first.click()
    delivery = page.locator(".letter-ours .delivery")
    expect(delivery.locator("li.is-broken")).to_have_count(2)
    expect(page.locator("#thread-head [data-clock]")).to_be_visible()
    expect(page.locator(".letter", has_text="came back undelivered")).to_be_visible()
    expect(page.locator(".event").last).to_contain_text("because our answer reached nobody")
    screens.shoot(page, "35-bounced")


def everything_is_there_once(house: House, host: MailHost, delivered: list[str]) -> None:
    """Count at the servers and in the database."""
    told = Counter(
        str(one) for one in values(house, "select message_id from item where kind = 'message' and direction = 'in'")
    )
    ours = {message_id.strip("<>") for message_id in delivered}
    assert {message_id: told[message_id] for message_id in ours} == dict.fromkeys(ours, 1)
    assert set(values(house, "select state from raw group by state")) == {"read", "dismissed"}
    assert len(host.run(host.imap.uids())) == sum(values(house, "select count(*) from raw")), "one row a mail"
    assert values(house, "select state from outbox") == ["sent"]
    assert values(house, "select count(*) from event where kind = 'message.replied'") == [1]


def bounce(message_id: str) -> bytes:
    """What Otto's server says when his mailbox turns out to be gone."""
    return BOUNCE.format(ours=message_id, otto=OTTO, us=USER).replace("\n", "\r\n").encode()


def alive(house: House, killed: int) -> bool:
    """Whether another worker runs than the one that was killed."""
    try:
        return house.served.child("worker").pid != killed
    except (AssertionError, psutil.Error):
        return False


def end_leases(house: House) -> None:
    """Let time pass for what the killed worker held."""
    for change in (
        "update mailbox set fetch_until = now()",
        "update raw set claimed_until = now() where claimed_until is not null",
        "update outbox set claimed_until = now(), next_try_at = now() where state = 'ready'",
    ):
        with connected(house) as connection:
            connection.execute(change)


def rows(house: House, query: str, least: int = 1) -> bool:
    """Whether the database answers and has at least so many rows."""
    try:
        return len(values(house, query)) >= least
    except psycopg.OperationalError:
        time.sleep(0.2)  # it was killed and comes back
        return False


def values(house: House, query: str) -> list[object]:
    """The first column of a query on the running desk's own database."""
    with connected(house) as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def connected(house: House) -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the running desk's own database."""
    with housing.database(settings.read(house.environ)) as url:
        return psycopg.connect(url, autocommit=True)
