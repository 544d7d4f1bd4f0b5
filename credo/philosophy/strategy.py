"""Strategy: the plan that puts the philosophy into daily work, with owners and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from credo.philosophy.asking import Ref, When
from credo.philosophy.kinds import Id, Number, Share, Text
from credo.philosophy.measures import Metric
from credo.philosophy.several import Words
from credo.philosophy.shapes import Block, Blocks, Key, Shape
from credo.philosophy.written import COMPARISON, DURATION, Date


@dataclass(frozen=True, slots=True)
class Persona:
    """Customers of one kind; `match` is a condition, `share_expected` a share of all."""

    id: str
    match: str
    name: str = ""
    needs: tuple[str, ...] = ()
    pains: tuple[str, ...] = ()
    share_expected: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a metric is to be (">= 0.95") by a date. `guard` is the metric that must not fall meanwhile."""

    id: str
    metric: str
    target: str
    by: str = ""
    guard: str = ""
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A metric of speed, and the metric of quality it is always shown with."""

    speed: str
    quality: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an initiative is expected to move."""

    metric: str
    from_: float | None = None
    to: float | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """Something we will do, who does it and by when."""

    id: str
    serves: str
    do: str
    owner: str = ""
    due: str = ""
    expects: Change | None = None


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """The share that is to be answered within `target`."""

    target: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many of us it takes; occupancy and shrinkage are shares."""

    service_level: ServiceLevel | None = None
    max_occupancy: float | None = None
    shrinkage: float | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """What another department owes those who answer."""

    name: str
    owes: str
    calendar: str = ""
    within: str = ""
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Strategy:
    """The whole section; what has an id is by id."""

    personas: Mapping[str, Persona] = field(default_factory=dict)
    goals: Mapping[str, Goal] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    initiatives: Mapping[str, Initiative] = field(default_factory=dict)
    staffing: Staffing | None = None
    departments: tuple[Department, ...] = ()


PERSONA = Shape(
    Persona,
    (
        Key("id", Id("first-timer"), "its name in the document", required=True),
        Key("match", When("'customer.new'"), "who belongs to it", required=True),
        Key("name", Text("First-timer"), "how people call it"),
        Key("needs", Words(), "what they need"),
        Key("pains", Words(), "what hurts them"),
        Key("share_expected", Share(like="0.35"), "the share of customers we think they are"),
    ),
)
GOAL = Shape(
    Goal,
    (
        Key("id", Id("promise-kept"), "its name in the document", required=True),
        Key("metric", Metric("promise_kept_rate"), "what is measured", required=True),
        Key("target", COMPARISON, "where it is to be", required=True),
        Key("by", Date(), "by when"),
        Key("guard", Metric("fcr_7d"), "what must not suffer; a goal on speed has one"),
        Key("serves", Ref("principles"), "the principle it serves"),
    ),
)
PAIR = Shape(
    Pair,
    (
        Key("speed", Metric("handle_time"), "a metric of speed", required=True),
        Key("quality", Metric("qa_score"), "the metric of quality it is always shown with", required=True),
    ),
)
CHANGE = Shape(
    Change,
    (
        Key("metric", Metric("csat"), "what is measured", required=True),
        Key("from", Number(like="11"), "where it is", attribute="from_"),
        Key("to", Number(like="7"), "where it is to be"),
    ),
)
INITIATIVE = Shape(
    Initiative,
    (
        Key("id", Id("photo-guide"), "its name in the document", required=True),
        Key("serves", Ref("principles", "root"), "the principle it serves", required=True),
        Key("do", Text("…"), "what we will do", required=True),
        Key("owner", Text("ines"), "who does it"),
        Key("due", Date(), "by when"),
        Key("expects", Block(CHANGE), "what it is expected to move"),
    ),
)
SERVICE_LEVEL = Shape(
    ServiceLevel,
    (
        Key("target", DURATION, "within which time", required=True),
        Key("share", Share(like="0.8"), "the share that is to be answered"),
    ),
)
STAFFING = Shape(
    Staffing,
    (
        Key("service_level", Block(SERVICE_LEVEL), "what the staffing is to reach"),
        Key("max_occupancy", Share(like="0.82"), "the share of time in conversations that is healthy"),
        Key("shrinkage", Share(zero=True, like="0.3"), "the share of paid time that is not spent answering"),
    ),
)
DEPARTMENT = Shape(
    Department,
    (
        Key("name", Text("warehouse"), "which department", required=True),
        Key("owes", Text("…"), "what it owes those who answer", required=True),
        Key("calendar", Ref("calendars", "shop"), "when it is there"),
        Key("within", DURATION, "within which time"),
        Key("serves", Ref("principles"), "the principle it serves"),
    ),
)
STRATEGY = Shape(
    Strategy,
    (
        Key("personas", Blocks(PERSONA), "the kinds of customers we have"),
        Key("goals", Blocks(GOAL), "where our metrics are to be"),
        Key("pairs", Blocks(PAIR, by_id=False), "metrics of speed with their metrics of quality"),
        Key("initiatives", Blocks(INITIATIVE), "what we will do"),
        Key("staffing", Block(STAFFING), "how many of us it takes"),
        Key("departments", Blocks(DEPARTMENT, by_id=False), "what other departments owe"),
    ),
)
SECTION = Key("strategy", Block(STRATEGY, Strategy), "the plan, with owners and dates")
