"""Bounces, complaints and automatic replies are recognised; people are not taken for machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from credo.channels.email.read import read

SAMPLES = Path(__file__).parents[3] / "credo/channels/email/samples"


@pytest.mark.parametrize(
    ("name", "kind", "automatic", "original"),
    [
        ("bounce-report.eml", "bounce", "auto-replied", "credo.18.2@lumen.example"),
        ("bounce-prose.eml", "bounce", "auto-replied", "credo.19.2@lumen.example"),
        ("bounce-delayed.eml", "bounce", "auto-replied", None),
        ("complaint.eml", "complaint", "auto-generated", "credo.20.2@lumen.example"),
        ("vacation.eml", "auto_reply", "auto-replied", "credo.21.2@lumen.example"),
        ("contact-form.eml", "message", "auto-generated", None),
        ("plain-reply.eml", "message", "no", None),
    ],
)
def test_kinds_of_the_samples(name: str, kind: str, automatic: str, original: str | None) -> None:
    message = read((SAMPLES / name).read_bytes())
    assert (message.kind, message.automatic, message.original_message_id) == (kind, automatic, original)


def test_a_bounce_says_who_why_and_whether_for_good() -> None:
    report = read((SAMPLES / "bounce-report.eml").read_bytes()).bounce
    assert report is not None
    assert (report.status, report.permanent, report.recipients) == ("5.1.1", True, ("bo@harbour.example",))
    assert "no such user" in report.reason
    prose = read((SAMPLES / "bounce-prose.eml").read_bytes()).bounce
    assert prose is not None
    assert (prose.status, prose.permanent, prose.recipients) == ("5.7.1", True, ("kim@old.example",))
    delayed = read((SAMPLES / "bounce-delayed.eml").read_bytes()).bounce
    assert delayed is not None
    assert (delayed.status, delayed.permanent) == ("4.4.1", False)


def test_the_sender_of_a_returned_mail_is_not_taken_for_who_was_not_reached() -> None:
    raw = (
        b"From: MAILER-DAEMON@o.example\nSubject: Returned mail\n\nThe message was received at Mon, 2 Mar 2026\n"
        b"from help@lumen.example\n\n--- These addresses had delivery errors ---\n\nbo@o.example [User unknown]\n"
    )
    report = read(raw).bounce
    assert report is not None
    assert report.recipients == ("bo@o.example",)


PEOPLE = [
    b"From: Kim <kim@old.example>\nSubject: Fwd: Undelivered Mail Returned to Sender\n\nI got: your message"
    b" could not be delivered. What is wrong with your address?",
    b"From: Kim <kim@old.example>\nSubject: Delivery failed\n\nThe parcel was not delivered. Returned to sender!",
    b"From: Kim <kim@old.example>\nSubject: Question about out of office hours\n\nWhen do you open?",
    b"From: Post Master <postmaster@old.example>\nSubject: Lamp for the post office\n\nWe need ten lamps.",
    b"From: Kim <kim@old.example>\nSubject: Re: Undelivered lamp\nIn-Reply-To: <a@b>\n\nIt is still not here.",
    b"Subject: My lamp\n\nIt hums.",
    b"From: Kim <kim@old.example>\nSubject: Re: Automatic reply: Your lamp\n\nWhen are you back?",
    b"From: Kim <kim@old.example>\nSubject: Fwd: Out of office: Your lamp\n\nDoes this help?",
]


@pytest.mark.parametrize("raw", PEOPLE)
def test_people_are_not_taken_for_machines(raw: bytes) -> None:
    assert read(raw).kind == "message"


MACHINES = [
    (b"From: Kim <k@o.example>\nSubject: Automatic reply: Your lamp\n\nI am away.", "auto_reply"),
    (b"From: Kim <k@o.example>\nSubject: Abwesenheitsnotiz: Ihre Lampe\n\nIch bin weg.", "auto_reply"),
    (b"From: Kim <k@o.example>\nSubject: Your lamp\nX-Autoreply: yes\n\nI am away.", "auto_reply"),
    (b"From: Kim <k@o.example>\nSubject: Your lamp\nPrecedence: auto_reply\n\nI am away.", "auto_reply"),
    (b"From: K <k@o.example>\nSubject: Re: Lamp\nReturn-Path: <>\nIn-Reply-To: <a@b>\n\nI am away.", "auto_reply"),
    (
        b"From: K <k@o.example>\nReturn-Path: <>\nIn-Reply-To: <a@b>\nSubject: Re: Lamp\n\nYour mail was not seen.",
        "auto_reply",
    ),
    (b"From: Mailer-Daemon@o.example\nSubject: Mail delivery failed: returning message to sender\n\nunknown", "bounce"),
    (b"From: x@o.example\nX-Failed-Recipients: k@o.example\nSubject: hm\n\nno", "bounce"),
    (b"From: postmaster@o.example\nSubject: Unzustellbar: Lampe\n\nKonnte nicht zugestellt werden.", "bounce"),
    (b"From: staff@o.example\nSubject: complaint about message from 192.0.2.1\n\nspam", "complaint"),
]


@pytest.mark.parametrize(("raw", "kind"), MACHINES)
def test_machines_are_recognised(raw: bytes, kind: str) -> None:
    assert read(raw).kind == kind


def test_good_news_of_a_server_is_no_bounce() -> None:
    raw = (SAMPLES / "bounce-report.eml").read_bytes().replace(b"Action: failed", b"Action: delivered")
    assert read(raw).kind == "auto_reply"


@pytest.mark.parametrize("field", [b"List-Id: <x.y>", b"Precedence: bulk", b"Auto-Submitted: auto-generated"])
def test_generated_mail_is_work_that_gets_no_automatic_answer(field: bytes) -> None:
    message = read(b"From: a@b.example\n" + field + b"\n\nhello")
    assert (message.kind, message.automatic) == ("message", "auto-generated")
