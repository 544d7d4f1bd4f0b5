"""What events make of promises, case by case, and against a second way to reckon it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.calendars import Calendar
from credo.promises.timeline import Clock, Moment, reckon
from promises.histories import BOTH, MONDAY, History, at, calendar, in_force, promise


def told(clocks: list[Clock]) -> list[tuple[str, str, bool]]:
    return [(clock.promise, clock.state, clock.broken_at is not None) for clock in clocks]


def test_the_first_message_starts_the_first_promise() -> None:
    history = History()
    event = history.asks(at(1))
    (clock,) = history.clocks(at(2))
    assert told([clock]) == [("first", "running", False)]
    assert (clock.started_at, clock.started_by, clock.due_at) == (at(1), event, at(5))
    (stretch,) = clock.stretches
    assert (stretch.kind, stretch.start, stretch.end, stretch.cause) == ("run", at(1), None, "message.received")


def test_more_messages_before_the_answer_start_nothing_new() -> None:
    history = History()
    for hour in (1, 2, 3):
        history.asks(at(hour))
    assert [clock.started_at for clock in history.clocks(at(3))] == [at(1)]


def test_an_answer_in_time_keeps_the_promise() -> None:
    history = History()
    history.asks(at(1))
    history.answers(at(3))
    (clock,) = history.clocks(at(9))
    assert told([clock]) == [("first", "kept", False)]
    assert (clock.stopped_at, clock.stretches[0].end) == (at(3), at(3))


def test_it_breaks_at_the_due_time_and_not_before() -> None:
    history = History()
    history.asks(at(1))
    assert history.clocks(at(5))[0].broken_at is None
    assert history.clocks(at(5) + timedelta(microseconds=1))[0].broken_at == at(5)
    history.answers(at(6))
    (clock,) = history.clocks(at(9))
    assert told([clock]) == [("first", "late", True)]
    assert clock.broken_at == at(5)


def test_an_answer_at_the_very_due_time_is_in_time() -> None:
    history = History()
    history.asks(at(1))
    history.answers(at(5))
    assert told(history.clocks(at(9))) == [("first", "kept", False)]


def test_after_the_first_answer_the_next_promise_runs_from_the_oldest_unanswered_message() -> None:
    history = History()
    history.asks(at(0))
    history.answers(at(1))
    history.asks(at(2))
    history.asks(at(3))
    clocks = history.clocks(at(3))
    assert told(clocks) == [("first", "kept", False), ("next", "running", False)]
    assert (clocks[1].started_at, clocks[1].due_at) == (at(2), at(4))


def test_without_a_first_promise_the_next_promise_covers_the_first_message() -> None:
    history = History()
    history.asks(at(0))
    assert told(history.clocks(at(1), BOTH[1:])) == [("next", "running", False)]


def test_a_message_that_came_while_the_answer_was_held_is_not_answered_by_it() -> None:
    history = History()
    history.asks(at(0))
    pressed = history.press()
    history.asks(at(1) + timedelta(seconds=5))
    history.answers(at(1), pressed)
    clocks = history.clocks(at(1.5))
    assert told(clocks) == [("first", "kept", False), ("next", "running", False)]
    assert clocks[1].started_at == at(1) + timedelta(seconds=5)


def test_an_answer_does_not_answer_what_came_after_its_press() -> None:
    history = History()
    history.asks(at(0))
    history.answers(at(1))
    pressed = history.press()
    history.asks(at(2))
    history.answers(at(1.9), pressed)
    assert told(history.clocks(at(2))) == [("first", "kept", False), ("next", "running", False)]


def test_of_several_left_unanswered_the_oldest_counts_even_if_it_was_fetched_last() -> None:
    history = History()
    history.asks(at(0))
    pressed = history.press()
    history.asks(at(1.6))
    history.asks(at(1.5))
    history.answers(at(1), pressed)
    assert history.clocks(at(2))[1].started_at == at(1.5)


def test_a_closure_taken_back_leaves_later_questions_open_too() -> None:
    history = History()
    history.asks(at(0))
    pressed = history.press()
    history.asks(at(0.5))
    history.add("conversation.solved", at(1))
    history.add("conversation.reopened", at(2), was="solved")
    history.answers(at(0.4), pressed)
    clocks = history.clocks(at(2))
    assert told(clocks) == [("first", "kept", False), ("next", "running", False)]
    assert clocks[1].started_at == at(0.5)


@pytest.mark.parametrize("nature", ["auto_reply", "bounce", "complaint"])
def test_what_is_no_message_starts_nothing(nature: str) -> None:
    history = History()
    history.asks(at(0), nature=nature)
    assert history.clocks(at(1)) == []


@pytest.mark.parametrize(
    ("automatic", "opened", "starts"),
    [
        ("auto-replied", True, False),
        ("auto-generated", True, True),
        ("auto-generated", False, False),
        ("no", False, True),
    ],
)
def test_automatic_mail(automatic: str, opened: bool, starts: bool) -> None:
    history = History()
    history.asks(at(0), automatic=automatic, opened=opened)
    assert bool(history.clocks(at(1))) is starts


@pytest.mark.parametrize("kind", ["conversation.solved", "conversation.spam", "conversation.trashed"])
def test_a_closure_stops_the_clock(kind: str) -> None:
    history = History()
    history.asks(at(0))
    event = history.add(kind, at(1))
    (clock,) = history.clocks(at(9))
    assert told([clock]) == [("first", "void", False)]
    assert (clock.stopped_at, clock.stopped_by) == (at(1), event)


def test_a_closure_after_the_due_time_does_not_unbreak_it() -> None:
    history = History()
    history.asks(at(0))
    history.add("conversation.solved", at(5))
    (clock,) = history.clocks(at(9))
    assert told([clock]) == [("first", "void", True)]
    assert clock.broken_at == at(4)


def test_a_closure_taken_back_runs_on_as_if_it_had_not_been() -> None:
    for closed, back in (
        ("conversation.solved", "conversation.reopened"),
        ("conversation.spam", "conversation.restored"),
    ):
        history = History()
        history.asks(at(0))
        history.add(closed, at(1))
        again = history.add(back, at(3), was=closed.split(".")[1])
        (clock,) = history.clocks(at(3))
        assert told([clock]) == [("first", "running", False)]
        assert (clock.due_at, clock.stopped_at) == (at(4), None)
        assert [(s.start, s.end, s.cause, s.event_id) for s in clock.stretches] == [
            (at(0), at(1), "message.received", 1),
            (at(1), None, back, again),
        ]


def test_a_closure_taken_back_after_an_answer_leaves_it_answered() -> None:
    history = History()
    history.asks(at(0))
    history.add("conversation.solved", at(1))
    history.answers(at(2))
    history.add("conversation.reopened", at(3), was="solved")
    (clock,) = history.clocks(at(9))
    assert told([clock]) == [("first", "kept", False)]
    assert (clock.stopped_at, clock.stretches[-1].end) == (at(2), at(2))


def test_taken_back_after_the_due_time_it_breaks_then() -> None:
    history = History()
    history.asks(at(0))
    history.add("conversation.solved", at(1))
    history.add("conversation.reopened", at(6), was="solved")
    (clock,) = history.clocks(at(6.5))
    assert (clock.state, clock.broken_at) == ("running", at(6))


def test_a_customer_who_writes_after_a_closure_begins_a_new_turn() -> None:
    history = History()
    history.asks(at(0))
    history.add("conversation.solved", at(1))
    history.add("conversation.reopened", at(3), actor="customer", was="solved")
    history.asks(at(3))
    clocks = history.clocks(at(3))
    assert told(clocks) == [("first", "void", False), ("first", "running", False)]
    assert clocks[1].started_at == at(3)


def test_answered_and_solved_stays_quiet_when_reopened_by_a_colleague() -> None:
    history = History()
    history.asks(at(0))
    history.answers(at(1))
    history.add("conversation.solved", at(1))
    history.add("conversation.reopened", at(2), was="solved")
    assert told(history.clocks(at(9))) == [("first", "kept", False)]


def test_messages_in_spam_start_nothing_until_it_is_taken_back() -> None:
    history = History()
    history.asks(at(0))
    history.answers(at(1))
    history.add("conversation.spam", at(2))
    history.asks(at(3))
    assert told(history.clocks(at(4))) == [("first", "kept", False)]
    history.add("conversation.restored", at(4), was="spam")
    clocks = history.clocks(at(4))
    assert told(clocks) == [("first", "kept", False), ("next", "running", False)]
    assert clocks[1].started_at == at(3)


def test_an_answer_pressed_before_it_was_solved_counts() -> None:
    history = History()
    history.asks(at(0))
    pressed = history.press()
    history.add("conversation.solved", at(1) + timedelta(seconds=3))
    history.answers(at(1), pressed)
    (clock,) = history.clocks(at(9))
    assert (clock.state, clock.stopped_at) == ("kept", at(1))


def test_an_answer_that_reached_nobody_runs_on_from_the_first_start() -> None:
    history = History()
    history.asks(at(0))
    item = history.answers(at(1))
    history.fails(item, at(2))
    (clock,) = history.clocks(at(2))
    assert told([clock]) == [("first", "running", False)]
    assert (clock.started_at, clock.due_at) == (at(0), at(4))
    assert [stretch.cause for stretch in clock.stretches] == ["message.received", "delivery.bounced"]
    history.answers(at(3))
    assert told(history.clocks(at(9))) == [("first", "kept", False)]


def test_a_bounce_of_some_recipients_changes_nothing() -> None:
    history = History()
    history.asks(at(0))
    item = history.answers(at(1))
    history.add("delivery.bounced", at(2), item, "system", permanent=True, all=False)
    history.add("delivery.bounced", at(2), item, "system", permanent=False, all=True)
    assert told(history.clocks(at(9))) == [("first", "kept", False)]


def test_a_bounce_after_a_later_answer_falls_back_on_that_one() -> None:
    history = History()
    history.asks(at(0))
    item = history.answers(at(1))
    history.asks(at(2))
    history.answers(at(5))
    history.fails(item, at(6))
    clocks = history.clocks(at(9))
    assert told(clocks) == [("first", "late", True), ("next", "late", True)]
    assert clocks[0].stopped_at == at(5)


def test_a_bounce_while_solved_waits_for_the_reopening() -> None:
    history = History()
    history.asks(at(0))
    item = history.answers(at(1))
    history.add("conversation.solved", at(1))
    history.fails(item, at(2))
    assert told(history.clocks(at(2))) == [("first", "void", False)]
    history.add("conversation.reopened", at(2), actor="system", was="solved")
    assert told(history.clocks(at(3))) == [("first", "running", False)]


def test_a_second_try_that_arrives_counts_from_then() -> None:
    history = History()
    history.asks(at(0))
    item = history.answers(at(1))
    history.add("delivery.failed", at(1.5), item, "system", refused=1)
    history.add("delivery.accepted", at(3), item, "system", accepted=1, refused=0)
    (clock,) = history.clocks(at(9))
    assert (clock.state, clock.stopped_at) == ("kept", at(3))


def test_deliveries_of_answers_that_never_failed_change_nothing() -> None:
    history = History()
    history.asks(at(0))
    item = history.answers(at(1))
    before = history.clocks(at(9))
    history.add("delivery.accepted", at(1), item, "system", accepted=1, refused=0)
    assert history.clocks(at(9)) == before


def test_conditions_decide_who_is_promised_what() -> None:
    chat = promise("chat", "first_human_reply", "PT1H", 'ticket.channel == "chat"')
    mail = promise("mail", "first_human_reply", "PT8H", 'ticket.channel == "email" && ticket.status != "solved"')
    history = History()
    history.asks(at(0))
    assert [clock.promise for clock in history.clocks(at(1), [chat, mail, BOTH[1]])] == ["mail"]
    assert history.clocks(at(1), [chat]) == []


def test_a_running_clock_keeps_the_version_it_started_with() -> None:
    history = History()
    history.asks(at(0))
    history.answers(at(1))
    history.asks(at(2))
    old, new = in_force(BOTH, calendar(), 1), in_force([promise("other", "next_reply", "PT9H")], calendar(), 2)
    clocks = reckon(history.moments, "email", lambda moment: new if moment.at >= at(2) else old, at(2)).clocks
    assert [(clock.promise, clock.version_id) for clock in clocks] == [("first", 1), ("other", 2)]
    assert reckon(history.moments, "email", lambda moment: None, at(2)).clocks == []


CALENDARS = [
    calendar(zone, **hours)
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata")
    for hours in ({"mon_fri": ["09:00-18:00"]}, {"mon_sun": ["22:00-06:00"]}, {"tue": ["09:00-12:00", "13:00-15:00"]})
]
STARTS = [MONDAY, datetime.fromisoformat("2026-10-23T12:00+00:00"), datetime.fromisoformat("2026-03-27T12:00+00:00")]
ACTS = st.sampled_from(
    [
        "ask",
        "ask",
        "auto",
        "press",
        "release",
        "release",
        "solve",
        "spam",
        "reopen",
        "write again",
        "restore",
        "fail",
        "retry",
    ]
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[History, datetime]:
    """A history as the desk would record it: nothing is released before it is pressed, nothing restored twice."""
    history, now = History(), draw(st.sampled_from(STARTS))
    pressed: list[tuple[int, datetime]] = []
    sent: list[int] = []
    failed: list[int] = []
    state = "open"
    for act in draw(st.lists(ACTS, max_size=25)):
        now += timedelta(seconds=draw(st.sampled_from([0, 5, 600, 3600, 20_000, 90_000, 300_000])))
        if act == "ask" and state != "solved":
            history.asks(now)
        elif act == "auto":
            history.asks(now, nature="auto_reply", automatic="auto-replied")
        elif act == "press":
            pressed.append((history.press(), now))
        elif act == "release" and pressed:
            item, when = pressed.pop(0)
            sent.append(history.answers(when, item))
        elif act == "solve" and state == "open":
            history.add("conversation.solved", now)
            state = "solved"
        elif act == "spam" and state == "open":
            history.add("conversation.spam", now)
            state = "spam"
        elif act == "reopen" and state == "solved":
            history.add("conversation.reopened", now, was="solved")
            state = "open"
        elif act == "write again" and state == "solved":
            history.add("conversation.reopened", now, actor="customer", was="solved")
            history.asks(now)
            state = "open"
        elif act == "restore" and state == "spam":
            history.add("conversation.restored", now, was="spam")
            state = "open"
        elif act == "fail" and sent:
            failed.append(sent.pop())
            history.fails(failed[-1], now)
        elif act == "retry" and failed:
            item = failed.pop()
            history.add("delivery.accepted", now, item, "system", accepted=1, refused=0)
            sent.append(item)
    return history, now


@settings(max_examples=400, deadline=None)
@given(histories(), st.sampled_from(CALENDARS))
def test_laws_hold_in_every_history(made: tuple[History, datetime], on: Calendar) -> None:
    history, now = made
    clocks = history.clocks(now, BOTH, on)
    running = [clock for clock in clocks if clock.state == "running"]
    assert bool(running) is waits(history.moments)
    assert len({(clock.promise, clock.started_by) for clock in clocks}) == len(clocks)
    targets = {"first": timedelta(hours=4), "next": timedelta(hours=2)}
    for clock in clocks:
        assert on.elapsed(clock.started_at, clock.due_at) == targets[clock.promise]
        assert (clock.state == "running") is (clock.stopped_at is None) is (clock.stretches[-1].end is None)
        assert clock.broken_at is None or clock.broken_at >= clock.due_at
        if clock.stopped_at is not None:
            assert (clock.broken_at is not None) is (clock.stopped_at > clock.due_at)
        joined = zip(clock.stretches, clock.stretches[1:], strict=False)
        assert clock.stretches[0].start == clock.started_at
        assert all(one.end == other.start for one, other in joined)


@settings(max_examples=200, deadline=None)
@given(histories(), st.sampled_from(CALENDARS), st.integers(0, 25))
def test_what_was_over_is_changed_only_by_answers_and_closures_of_its_own(
    made: tuple[History, datetime], on: Calendar, length: int
) -> None:
    """A longer history never touches a clock's start, due time or finished intervals."""
    history, now = made
    earlier = reckon(history.moments[:length], "email", lambda moment: in_force(BOTH, on), now).clocks
    later = {(clock.promise, clock.started_by): clock for clock in history.clocks(now, BOTH, on)}
    for clock in earlier:
        then = later[clock.promise, clock.started_by]
        assert (then.started_at, then.due_at, then.version_id) == (clock.started_at, clock.due_at, clock.version_id)
        assert len(then.stretches) >= len(clock.stretches)


def waits(moments: list[Moment]) -> bool:
    """A second way to say whether a customer waits: replay who asked, what was answered and what was closed."""
    asked: list[int] = []
    answered: dict[int, int] = {}
    lost: set[int] = set()
    solved_up_to = [0]
    solved = spam = False
    for moment in moments:
        if moment.kind == "message.received" and moment.payload["nature"] == "message":
            asked.append(moment.seq)
            solved = False
        elif moment.kind == "message.replied":
            answered[moment.seq] = moment.seq
        elif moment.kind == "delivery.bounced":
            lost.add(moment.item_id or 0)
        elif moment.kind == "delivery.accepted":
            lost.discard(moment.item_id or 0)
        elif moment.kind == "conversation.solved":
            solved = True
            solved_up_to.append(max(asked, default=0))
        elif moment.kind == "conversation.reopened":
            if moment.actor_kind != "customer":
                solved_up_to.pop()
            solved = False
        elif moment.kind in ("conversation.spam", "conversation.restored"):
            spam = moment.kind == "conversation.spam"
    reached = max((seq for seq in answered if seq not in lost), default=0)
    return not solved and not spam and any(seq > max(reached, solved_up_to[-1]) for seq in asked)
