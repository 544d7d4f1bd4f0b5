"""Fetching: every message is stored once, through outages, new numbers, bad messages and lost connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import psycopg
import pytest

from credo.base.blobs import Blobs
from credo.base.clock import frozen, now
from credo.base.db import Db
from credo.base.secrets import Keyring
from credo.channels.email import connecting, reconcile
from credo.channels.email import imap as connections
from credo.channels.email.connecting import Wish
from credo.channels.email.fetch import Fetcher
from credo.channels.email.mailbox import Incoming, Mailbox, Secrets, load
from credo.channels.email.watch import Watch
from support.certificates import Certificate
from support.desks import Desk
from support.imap_server import PASSWORD, USER, ImapServer, imap_server
from support.mailboxes import connect
from support.mails import mail

pytestmark = pytest.mark.anyio

Connect = Callable[..., Awaitable[Mailbox]]
Fetching = Callable[..., Fetcher]


def numbered(number: int) -> bytes:
    """A mail of its own."""
    return mail(f"c{number}@example.com", message_id=f"<{number}@example.com>", subject=f"Mail {number}")


@pytest.fixture
def box(db: Db, keys: Keyring, desk: Desk, imap: ImapServer) -> Connect:
    """Point the desk's mailbox at the server."""
    return partial(connect, db, keys, desk, imap.port)


@pytest.fixture
def fetcher(db: Db, blobs: Blobs, keys: Keyring) -> Fetching:
    """A fetcher for a mailbox."""

    def made(mailbox: Mailbox, max_bytes: int = 1_000_000) -> Fetcher:
        return Fetcher(db, blobs, keys, mailbox, max_bytes=max_bytes)

    return made


async def stored(db: Db, desk: Desk) -> list[str]:
    """The subjects of all raw mails, through their blobs' rows: one entry a raw row, in order."""
    async with db.reading(desk.id) as tx:
        return await tx.values("select sha256 from raw where desk_id = %(desk)s and state <> 'refused' order by id")


async def reasons(db: Db, desk: Desk) -> dict[int, str]:
    """Why messages are not stored, by UID."""
    async with db.reading(desk.id) as tx:
        told = await tx.values(
            "select uid || ' ' || reason from raw_source where desk_id = %(desk)s and raw_id is null order by uid"
        )
    return {int(one.split()[0]): one.split()[1] for one in told}


async def test_from_now_on_leaves_history_where_it_is(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher
) -> None:
    old = await imap.deliver(numbered(1), at=now() - timedelta(minutes=5))
    mailbox = await box()
    assert (await fetcher(mailbox).once()).stored == 0
    assert await reasons(db, desk) == {old: "before"}
    await imap.deliver(numbered(2))
    await imap.deliver(numbered(3), at=now() - timedelta(days=400))
    assert (await fetcher(mailbox).once()).stored == 2, "a mail moved in later counts by its UID, however old it is"
    assert (await fetcher(mailbox).once()).stored == 0


async def test_what_came_before_the_first_look_succeeded_is_no_history(
    db: Db, keys: Keyring, desk: Desk, imap: ImapServer, fetcher: Fetching
) -> None:
    old = await imap.deliver(numbered(1), at=now() - timedelta(days=1))
    wish = Wish(
        name="Trade",
        address="trade@lumen.example",
        incoming=Incoming(host="127.0.0.1", port=imap.port, security="plain", user=USER),
        secrets=Secrets(password=PASSWORD),
    )
    async with db.transaction(desk.id) as tx:
        mailbox = await load(tx, await connecting.connect(tx, keys, desk.ada.as_author(), wish))
    await imap.deliver(numbered(2))
    with frozen(now() + timedelta(hours=1)):  # the server was out of reach, or no worker ran
        assert (await fetcher(mailbox).once()).stored == 1
    assert await reasons(db, desk) == {old: "before"}
    async with db.transaction(desk.id) as tx:
        await connecting.change(tx, keys, desk.ada.as_author(), mailbox.id, wish)
        assert (await load(tx, mailbox.id)).incoming.asked_at == mailbox.incoming.asked_at


async def test_what_comes_just_before_the_waiting_is_not_left_until_the_next_poll(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = fetcher(await box())
    say = one._say

    async def say_and_be_overtaken(error: str | None) -> None:
        await say(error)
        monkeypatch.setattr(one, "_say", say)
        await imap.deliver(numbered(1))

    monkeypatch.setattr(one, "_say", say_and_be_overtaken)
    stop = asyncio.Event()
    running = asyncio.create_task(one.run(stop))
    async with asyncio.timeout(10):
        while not await stored(db, desk):
            await asyncio.sleep(0.05)
    stop.set()
    await running


async def test_a_database_that_went_away_ends_no_fetching(
    db: Db, database_url: str, desk: Desk, imap: ImapServer, box: Connect, fetcher: Fetching
) -> None:
    one, stop = fetcher(await box()), asyncio.Event()
    running = asyncio.create_task(one.run(stop))
    for number in range(3):
        await imap.deliver(numbered(number))
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as killer:
            await killer.execute(
                """select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()"""
            )
        async with asyncio.timeout(30):
            while not running.done():
                try:
                    if len(await stored(db, desk)) == number + 1:
                        break
                except psycopg.OperationalError:
                    pass  # this connection was ended, too
                await asyncio.sleep(0.05)
    assert not running.done()
    stop.set()
    await running
    assert len(await stored(db, desk)) == 3


async def test_the_last_days_can_be_taken_along(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher: Fetching
) -> None:
    await imap.deliver(numbered(1), at=now() - timedelta(days=30))
    await imap.deliver(numbered(2), at=now() - timedelta(days=3))
    await imap.deliver(numbered(3))
    assert (await fetcher(await box(days=7)).once()).stored == 2


async def test_the_bytes_are_stored_as_they_are(
    db: Db, blobs: Blobs, desk: Desk, imap: ImapServer, box: Connect, fetcher
) -> None:
    mailbox = await box()
    await fetcher(mailbox).once()
    content = numbered(1).replace(b"\n", b"\r\n").replace(b"crack", b"\xfc\x00crack")
    await imap.deliver(content)
    await fetcher(mailbox).once()
    (sha256,) = await stored(db, desk)
    assert await blobs.get(desk.id, sha256) == content


async def test_nothing_is_marked_as_seen(db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher: Fetching) -> None:
    mailbox = await box(days=1)
    await imap.deliver(numbered(1))
    await fetcher(mailbox).once()
    assert await imap.flags() == set()
    assert len(await stored(db, desk)) == 1


async def test_what_others_have_read_is_fetched_all_the_same(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher
) -> None:
    from pymap.parsing.specials.flag import Seen

    mailbox = await box()
    await fetcher(mailbox).once()
    uid = await imap.deliver(numbered(1))
    (await imap.box())._messages[uid].permanent_flags = frozenset({Seen})
    assert (await fetcher(mailbox).once()).stored == 1


async def test_a_gap_below_the_cursor_is_filled(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher: Fetching
) -> None:
    mailbox = await box()
    await fetcher(mailbox).once()
    late = await imap.deliver(numbered(1))
    hidden = await imap.hide(late)
    await imap.deliver(numbered(2))
    assert (await fetcher(mailbox).once()).stored == 1
    await imap.show(late, hidden)
    assert (await fetcher(mailbox).once()).stored == 1
    assert len(set(await stored(db, desk))) == 2


async def test_new_numbers_double_nothing_and_miss_nothing(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher
) -> None:
    await imap.deliver(numbered(0), at=now() - timedelta(days=2))
    mailbox = await box(days=1)
    for number in (1, 2, 3):
        await imap.deliver(numbered(number))
    await fetcher(mailbox).once()
    before = await stored(db, desk)
    await imap.deliver(numbered(4))
    await imap.renumber()
    await fetcher(mailbox).once()
    after = await stored(db, desk)
    assert after[:3] == before
    assert len(after) == len(set(after)) == 4
    await imap.deliver(numbered(5))
    assert (await fetcher(mailbox).once()).stored == 1


async def test_a_bad_message_stops_no_other_and_is_asked_for_again(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher
) -> None:
    mailbox = await box()
    await fetcher(mailbox).once()
    await imap.deliver(numbered(1))
    bad = await imap.deliver(numbered(2))
    await imap.deliver(numbered(3))
    content = await imap.withhold(bad)
    patient = fetcher(mailbox)
    for _ in range(4):  # the server hangs up at that message; every round comes further
        try:
            await patient.once()
        except connections.Trouble:
            continue
    assert len(await stored(db, desk)) == 2
    assert await reasons(db, desk) == {bad: "withheld"}
    await imap.mend(bad, content)
    with frozen(now() + timedelta(hours=1)):
        await fetcher(mailbox).once()
    assert len(await stored(db, desk)) == 3
    assert await reasons(db, desk) == {}


async def test_a_huge_mail_stays_and_its_sender_is_told(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher
) -> None:
    mailbox = await box()
    await fetcher(mailbox).once()
    await imap.deliver(numbered(1) + b"x" * 60_000)
    for _ in range(2):
        await fetcher(mailbox, max_bytes=50_000).once()
    assert await stored(db, desk) == []
    async with db.reading(desk.id) as tx:
        assert await tx.value("select reason from raw where desk_id = %(desk)s and state = 'refused'") is not None
        recipients = await tx.values(
            """select r.address from outbox o join recipient r on r.desk_id = o.desk_id and r.outbox_id = o.id
                where o.desk_id = %(desk)s and o.kind = 'refusal'"""
        )
    assert recipients == ["c1@example.com"]


async def test_stored_mail_moves_into_the_archive(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher: Fetching
) -> None:
    await imap.make("Done")
    old = await imap.deliver(numbered(0), at=now() - timedelta(days=9))
    mailbox = await box(archive="Done")
    await fetcher(mailbox).once()
    await imap.deliver(numbered(1))
    await imap.deliver(numbered(2))
    await fetcher(mailbox).once()
    assert await imap.uids() == [old], "what was never stored is never moved"
    assert len(await imap.uids("Done")) == 2
    assert len(await stored(db, desk)) == 2


async def test_a_missing_archive_folder_stops_nothing(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher
) -> None:
    mailbox = await box(archive="Nowhere")
    await fetcher(mailbox).once()
    await imap.deliver(numbered(1))
    assert (await fetcher(mailbox).once()).stored == 1
    assert len(await imap.uids()) == 1


async def test_several_folders_each_have_their_own_cursor(
    db: Db, desk: Desk, imap: ImapServer, box: Connect, fetcher
) -> None:
    await imap.make("Spam & Größe")
    mailbox = await box(folders=["INBOX", "Spam & Größe"])
    await fetcher(mailbox).once()
    await imap.deliver(numbered(1))
    await imap.deliver(numbered(2), folder="Spam & Größe")
    assert (await fetcher(mailbox).once()).stored == 2


@pytest.mark.parametrize(
    ("more", "expected"),
    [({"user": "nobody"}, connections.SignInRefused), ({"security": "tls"}, connections.Unreachable)],
)
async def test_troubles_are_sentences(
    box: Connect, fetcher: Fetching, more: dict[str, object], expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        await fetcher(await box(**more)).once()


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_the_line_is_encrypted_and_the_certificate_checked(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, certificate: Certificate, security: str
) -> None:
    more = {"ssl_context": certificate.server} if security == "starttls" else {"tls": certificate.server}
    async with imap_server(**more) as server:
        mailbox = await connect(db, keys, desk, server.port, security=security, host="localhost")
        await Fetcher(db, blobs, keys, mailbox, max_bytes=1_000_000, context=certificate.client).once()
        with pytest.raises(connections.Unreachable):
            await Fetcher(db, blobs, keys, mailbox, max_bytes=1_000_000).once()


async def test_a_missing_folder_is_named(box: Connect, fetcher: Fetching) -> None:
    with pytest.raises(connections.NoFolder):
        await fetcher(await box(folders=["Nowhere"])).once()


async def _until(check: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.02)


async def test_news_are_fetched_at_once_and_outages_are_survived(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, box: Connect, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("credo.channels.email.fetch.BACKOFF", (0.1,))
    mailbox = await box()
    stop = asyncio.Event()
    running = asyncio.create_task(Fetcher(db, blobs, keys, mailbox, max_bytes=1_000_000).run(stop))

    async def has(count: int) -> bool:
        return len(await stored(db, desk)) == count

    async def is_idle() -> bool:
        async with db.reading(desk.id) as tx:
            return (await load(tx, desk.mailbox_id)).fetched_at is not None

    await _until(is_idle)
    await asyncio.sleep(0.1)
    await imap.deliver(numbered(1))
    await _until(partial(has, 1), 3.0)
    imap.cut()
    await imap.deliver(numbered(2))
    await _until(partial(has, 2))
    stop.set()
    async with asyncio.timeout(5):
        await running
    async with db.reading(desk.id) as tx:
        assert (
            await tx.value("select fetch_owner from mailbox where desk_id = %(desk)s and id = %(id)s", id=mailbox.id)
            is None
        )


async def test_while_the_server_is_down_the_mailbox_says_so(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("credo.channels.email.fetch.BACKOFF", (0.1,))
    async with imap_server() as first:
        port = first.port
    mailbox = await connect(db, keys, desk, port)
    stop = asyncio.Event()
    running = asyncio.create_task(Fetcher(db, blobs, keys, mailbox, max_bytes=1_000_000).run(stop))

    async def error() -> str | None:
        async with db.reading(desk.id) as tx:
            return (await load(tx, desk.mailbox_id)).fetch_error

    async def failed() -> bool:
        return bool(await error())

    await _until(failed)
    assert (await error() or "").startswith("The mail server cannot be reached")
    async with imap_server(port=port, earlier=first):

        async def well() -> bool:
            return await error() is None

        await _until(well)
        stop.set()
        await running


async def test_of_two_processes_one_fetches(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, box: Connect, imap: ImapServer
) -> None:
    mailbox = await box()
    stop = asyncio.Event()
    running = [asyncio.create_task(Fetcher(db, blobs, keys, mailbox, max_bytes=1_000_000).run(stop)) for _ in range(3)]

    async def is_fetched() -> bool:
        async with db.reading(desk.id) as tx:
            return (await load(tx, desk.mailbox_id)).fetched_at is not None

    await _until(is_fetched)
    await asyncio.sleep(0.2)
    assert imap.connections == 1
    stop.set()
    await asyncio.gather(*running)


async def test_watch_follows_the_mailboxes(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, box: Connect, imap: ImapServer
) -> None:
    await box(days=1)
    await imap.deliver(numbered(1))
    watch = Watch(db, blobs, keys, max_bytes=1_000_000)
    assert await watch.step() >= 1

    async def has_one() -> bool:
        return len(await stored(db, desk)) == 1

    await _until(has_one)
    assert await watch.step() == 0
    async with db.transaction(desk.id) as tx:
        await tx.run("update mailbox set state = 'paused' where desk_id = %(desk)s")
    await watch.step()

    async def is_quiet() -> bool:
        await watch.step()
        return not imap.open_connections

    await _until(is_quiet)
    await watch.end()


async def test_the_comparison_names_everything_that_is_not_stored_and_why(
    db: Db, blobs: Blobs, keys: Keyring, desk: Desk, imap: ImapServer, box: Connect
) -> None:
    old = await imap.deliver(numbered(1), at=now() - timedelta(days=2))
    mailbox = await box()
    await Fetcher(db, blobs, keys, mailbox, max_bytes=50_000).once()
    await imap.deliver(numbered(2))
    large = await imap.deliver(numbered(3) + b"x" * 60_000)
    report = await reconcile.compare(db, blobs, keys, mailbox, max_bytes=50_000)
    assert (report.on_server, report.stored, report.error) == (3, 1, None)
    assert {(one.uid, one.why, one.sender) for one in report.missing} == {
        (old, "before", "c1@example.com"),
        (large, "too large", "c3@example.com"),
    }
    async with db.reading(desk.id) as tx:
        kept = await reconcile.latest(tx, mailbox)
    assert kept is not None
    assert kept["counts"] == {"before": 1, "too large": 1}


async def test_a_comparison_without_a_server_says_so(db: Db, blobs: Blobs, keys: Keyring, desk: Desk) -> None:
    async with imap_server() as gone:
        port = gone.port
    mailbox = await connect(db, keys, desk, port)
    report = await reconcile.compare(db, blobs, keys, mailbox, max_bytes=50_000)
    assert report.error == "The mail server cannot be reached; it is tried again."


async def test_it_is_compared_once_a_day(db: Db, blobs: Blobs, keys: Keyring, desk: Desk, box: Connect) -> None:
    mailbox = await box()
    async with db.transaction(0) as tx:
        await tx.run("update mailbox set state = 'paused' where desk_id <> %(mine)s", mine=desk.id)
    assert await reconcile.due(db, blobs, keys, max_bytes=50_000) == 1
    assert await reconcile.due(db, blobs, keys, max_bytes=50_000) == 0
    with frozen(now() + timedelta(hours=25)):
        assert await reconcile.due(db, blobs, keys, max_bytes=50_000) == 1
    async with db.reading(desk.id) as tx:
        assert await reconcile.latest(tx, mailbox) is not None
