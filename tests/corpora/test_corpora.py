"""On the shared sets of real mail nothing is lost and the scores hold; left out where the sets are absent."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import pytest

from tests.corpora import scores

DATA = Path(os.environ.get("CREDO_CORPORA") or Path(__file__).parents[2] / "../shared/data").resolve()

FLOORS = {
    "survives": 1.0,
    "no word dropped": 1.0,
    "ordinary mail": 1.0,
    "bounces and complaints": 0.99,
    "subject": 0.97,
    "addresses": 0.97,
    "text": 0.97,
    "quotes": 0.9,
}


@pytest.mark.corpora
@pytest.mark.skipif(not (DATA / "email").is_dir(), reason="the shared sets of real mail are not here (CREDO_CORPORA)")
def test_scores_on_real_mail() -> None:
    marks: dict[str, list[bool]] = defaultdict(list)
    for mark in scores.everything(DATA):
        marks[mark.what].append(mark.good)
    low = {
        what: round(sum(marks[what]) / len(marks[what]), 4)
        for what, floor in FLOORS.items()
        if marks[what] and sum(marks[what]) < floor * len(marks[what])
    }
    assert low == {}
