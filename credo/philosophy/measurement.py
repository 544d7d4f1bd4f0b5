"""Measurement: how we know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from credo.philosophy.asking import Ref, When
from credo.philosophy.kinds import Choice, Flag, Id, Number, Share, Text
from credo.philosophy.several import Choices, Named, Texts
from credo.philosophy.shapes import Block, Blocks, Key, Shape
from credo.philosophy.written import DURATION


@dataclass(frozen=True, slots=True)
class Survey:
    """A question to customers or colleagues; `when` is a condition, `delay` and `every` durations."""

    id: str
    kind: str
    of: str = "customers"
    when: str = ""
    delay: str = ""
    every: str = ""
    sample: float | None = None
    ask: Mapping[str, str] = field(default_factory=dict)
    why: bool = False
    anonymous_min: int | None = None
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How conversations are reviewed; the second rater's part, alpha and the pass mark are shares."""

    sample_per_agent_month: int | None = None
    stratify: tuple[str, ...] = ()
    second_rater: float | None = None
    alpha_min: float | None = None
    pass_: float | None = None


@dataclass(frozen=True, slots=True)
class CloseLoop:
    """What those who told us something hear of it."""

    tell_customers: bool = False
    within: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The whole section; surveys by id, what each review looks at by its rhythm."""

    surveys: Mapping[str, Survey] = field(default_factory=dict)
    scorecard: Scorecard | None = None
    reviews: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dashboards: tuple[str, ...] = ()
    close_loop: CloseLoop | None = None


TOPICS = (
    *("promises", "causes", "exceptions", "proposals", "goals", "surveys", "scorecard", "philosophy", "team_pulse"),
    "by_principle",
)
DASHBOARDS = ("promise_kept", "by_principle", "causes", "consistency", "customer_story", "team", "goals")
GROUP = Number(5, 1000, whole=True, like="5")
"""Figures about colleagues exist for five or more together."""

SURVEY = Shape(
    Survey,
    (
        Key("id", Id("after-solve"), "its name in the document", required=True),
        Key("kind", Choice(("csat", "ces", "nps", "pulse")), "what kind of question", required=True),
        Key("of", Choice(("customers", "agents"), "customers"), "who is asked; `customers` where nothing is said"),
        Key("when", When("'ticket.status == \"solved\"'"), "who is asked, and when"),
        Key("delay", DURATION, "how long after that"),
        Key("every", DURATION, "how often, for those asked regularly"),
        Key("sample", Share(like="0.5"), "the share of those it fits who are asked"),
        Key("ask", Texts("{en: Did we look after you well?}"), "the question"),
        Key("why", Flag(), "whether the reason is asked too"),
        Key("anonymous_min", GROUP, "the smallest group whose answers are shown, 5 or more"),
        Key("serves", Ref("principles"), "the principle it serves"),
    ),
)
SCORECARD = Shape(
    Scorecard,
    (
        Key("sample_per_agent_month", Number(1, 1000, whole=True, like="8"), "reviews for each colleague and month"),
        Key(
            "stratify",
            Choices(("channel", "topic", "emotion", "language", "persona"), open=True),
            "across what the sample is spread",
        ),
        Key("second_rater", Share(zero=True, like="0.15"), "the share that two people review"),
        Key("alpha_min", Share(like="0.67"), "how well reviewers must agree before the scores are used"),
        Key("pass", Share(like="0.85"), "the share of points that is good", attribute="pass_"),
    ),
)
CLOSE_LOOP = Shape(
    CloseLoop,
    (
        Key("tell_customers", Flag(), "whether those who told us hear of it"),
        Key("within", DURATION, "how soon"),
        Key("page", Text("/you-said-we-did"), "where everybody can read it"),
    ),
)
MEASUREMENT = Shape(
    Measurement,
    (
        Key("surveys", Blocks(SURVEY), "what we ask"),
        Key("scorecard", Block(SCORECARD), "how conversations are reviewed"),
        Key(
            "reviews",
            Named(Choices(TOPICS, open=True), ("weekly", "monthly", "quarterly", "yearly")),
            "what is looked at how often",
        ),
        Key("dashboards", Choices(DASHBOARDS, open=True), "the pages of figures"),
        Key("close_loop", Block(CLOSE_LOOP), "what comes of it, for those who told us"),
    ),
)
SECTION = Key("measurement", Block(MEASUREMENT, Measurement), "how we know")
