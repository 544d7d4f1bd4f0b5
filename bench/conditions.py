"""What a condition costs: `python -m bench.conditions`. An ordinary evaluation may take 2 microseconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import process_time

from psycopg.sql import SQL

from credo.conditions import Field, Vocabulary, lower, read, said, sentence

VOCABULARY = Vocabulary.of(
    Field("ticket.channel", "string", "fact", "ticket", ("email", "chat", "form")),
    Field("ticket.priority", "string", "fact", "ticket", ("low", "normal", "high", "urgent")),
    Field("ticket.reopens", "int", "fact", "ticket"),
    Field("ticket.waiting_h", "double", "fact", "ticket", names={"en": "waiting"}, unit="h"),
    Field("ticket.created", "timestamp", "fact", "ticket"),
    Field("customer.tags", "list(string)", "fact", "customer"),
    Field("customer.new", "bool", "fact", "customer"),
    Field("now.ts", "timestamp", "fact", "now"),
)
FACTS: dict[str, object] = {
    "ticket.channel": "email",
    "ticket.priority": "high",
    "ticket.reopens": 2,
    "ticket.waiting_h": 5.5,
    "ticket.created": datetime(2026, 1, 1, tzinfo=UTC),
    "customer.tags": ["trade", "vip"],
    "customer.new": False,
    "now.ts": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=9),
}
THREE = 'ticket.channel == "email" && ticket.reopens > 1 && ticket.waiting_h > 4.0'
RULE = (
    'ticket.channel == "email" && ticket.priority in ["high", "urgent"]'
    ' && (customer.tags.exists(t, t == "vip") || ticket.reopens > 1) && ticket.waiting_h > 4.0'
)
TIME = 'now.ts - ticket.created > duration("4h") && !customer.new'


BINDINGS = {name: SQL("true") for name in VOCABULARY}


def main() -> None:
    """Print a line for each measure, the best of seven runs."""
    for name, text in (("three clauses", THREE), ("the rule of the plan", RULE), ("with time", TIME)):
        condition = read(text, VOCABULARY)
        print(name)
        _tell("holds", lambda one=condition: one.holds(FACTS))
        _tell("holds, nothing known", lambda one=condition: one.holds({}))
        _tell("because", lambda one=condition: one.because(FACTS), 500)
        _tell("said", lambda one=condition: said(one.because(FACTS), "en", VOCABULARY), 200)
        _tell("read", lambda written=text: read(written, VOCABULARY), 200)
        _tell("sentence", lambda one=condition: sentence(one, VOCABULARY, "de"), 200)
        _tell("lower", lambda one=condition: lower(one, BINDINGS).as_string(None), 200)


def _tell(name: str, act: Callable[[], object], times: int = 50_000) -> None:
    best = min(_seconds(act, times) for _ in range(7)) / times
    print(f"  {name:22} {best * 1e6:9.2f} µs")


def _seconds(act: Callable[[], object], times: int) -> float:
    start = process_time()
    for _ in range(times):
        act()
    return process_time() - start


if __name__ == "__main__":
    main()
