"""Expected values from a well-known business time library, where the shared data is present."""

from __future__ import annotations

import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from credo.calendars import Calendar, Window, read_days, read_window

CORPORA = Path(os.environ.get("CREDO_CORPORA") or Path(__file__).parents[3] / "shared" / "data")
VECTORS = CORPORA / "expected" / "sla_biz.vectors.json"

if not VECTORS.exists():
    pytest.skip("left out: the shared data with sla_biz.vectors.json is not here", allow_module_level=True)

DATA: dict[str, Any] = json.loads(VECTORS.read_text())


def windows(pairs: list[list[str]]) -> tuple[Window, ...]:
    return tuple(read_window("-".join(pair)) for pair in pairs)


def calendar(written: dict[str, Any]) -> Calendar:
    return Calendar(
        written["tz"],
        {day: windows(pairs) for name, pairs in written["hours"].items() for day in read_days(name)},
        frozenset(date.fromisoformat(day) for day in written.get("holidays", ())),
        {date.fromisoformat(day): windows(pairs) for day, pairs in written.get("shifts", {}).items()},
        {date.fromisoformat(day): windows(pairs) for day, pairs in written.get("breaks", {}).items()},
    )


CALENDARS = {name: calendar(written) for name, written in DATA["calendars"].items()}


def answer(vector: dict[str, Any]) -> object:
    on = CALENDARS[vector["calendar"]]
    if vector["op"] == "within":
        return on.elapsed(
            datetime.fromisoformat(vector["start"]), datetime.fromisoformat(vector["end"])
        ).total_seconds()
    time = datetime.fromisoformat(vector["time"])
    if vector["op"] == "active":
        return on.within(time)
    later = vector["op"] == "after"
    if "business_days" in vector:
        return on.same_time(time, vector["business_days"] * (1 if later else -1))
    opening = timedelta(seconds=vector["seconds"])
    return on.add(time, opening) if later else on.back(time, opening)


def expected(vector: dict[str, Any]) -> object:
    if vector["op"] == "within":
        return vector["expect_seconds"]
    return vector["expect"] if vector["op"] == "active" else datetime.fromisoformat(vector["expect"])


@pytest.mark.parametrize("vector", DATA["vectors"], ids=lambda vector: f"{vector['calendar']}-{vector['op']}")
def test_vector(vector: dict[str, Any]) -> None:
    assert answer(vector) == expected(vector)
