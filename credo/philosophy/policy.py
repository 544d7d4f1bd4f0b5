"""Policy: calendars, routing, rules, decision rights, automation, privacy, wellbeing, dilemmas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from credo.calendars import Plan
from credo.philosophy.asking import Ref, Refs, When, Whens
from credo.philosophy.doing import MONEY, REFUSAL, Acts, Skill
from credo.philosophy.fields import CHANNELS
from credo.philosophy.kinds import Choice, Flag, Id, Share, Text
from credo.philosophy.measurement import GROUP
from credo.philosophy.opening import Calendars
from credo.philosophy.several import Choices, Named, OneOf, Words
from credo.philosophy.shapes import Block, Blocks, Key, Shape
from credo.philosophy.written import AMOUNT, DURATION, LIMIT


@dataclass(frozen=True, slots=True)
class Route:
    """Where a conversation goes; `when` is a condition, `do` what happens by act ("queue": "trade")."""

    id: str
    serves: str
    when: str
    do: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """What somebody must, must not, should or may do; `when` is a condition, `do` what Credo does for it by act."""

    id: str
    serves: str
    kind: str
    who: str
    text: str
    when: str = ""
    do: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionRight:
    """What a role may decide alone, up to an amount ("50 EUR"); `when` is a condition."""

    role: str
    may: tuple[str, ...]
    up_to: str = ""
    per: str = ""
    reason: str = ""
    counts_to: str = ""
    when: str = ""
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Automation:
    """What machines may do and when people take over. `hand_over_when` are conditions; unknown counts as yes."""

    disclose: str = ""
    bot_may: tuple[str, ...] = ()
    bot_never: tuple[str, ...] = ()
    hand_over_when: tuple[str, ...] = ()
    hand_over_with: tuple[str, ...] = ()
    human_share_min: float | None = None
    serves: str = ""


@dataclass(frozen=True, slots=True)
class EmotionReading:
    """Whose feelings may be estimated (customers' alone), where, and what they may do about it."""

    subject: str = "customer"
    channels: tuple[str, ...] = ()
    show_customer: bool = False
    opt_out: bool = False


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is hidden, how long things are kept and how soon a right is granted; ISO 8601 durations by name."""

    redact: tuple[str, ...] = ()
    retain: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)
    emotion_reading: EmotionReading | None = None
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """Somebody to turn to."""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """Care for those who care. `suggest_break_when` are conditions, shown to the colleague they describe alone."""

    subject_owns_data: bool = False
    min_group: int | None = None
    suggest_break_when: tuple[str, ...] = ()
    on_suggest: tuple[str, ...] = ()
    support: tuple[Support, ...] = ()
    serves: str = ""


@dataclass(frozen=True, slots=True)
class Dilemma:
    """A question without a rule; `weigh` are principles, the weightiest first."""

    id: str
    question: str
    weigh: tuple[str, ...]
    default: str = ""
    log: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole section; what has an id or a name is by it."""

    calendars: Mapping[str, Plan] = field(default_factory=dict)
    routing: Mapping[str, Route] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    decision_rights: tuple[DecisionRight, ...] = ()
    automation: Automation | None = None
    privacy: Privacy | None = None
    wellbeing: Wellbeing | None = None
    dilemmas: Mapping[str, Dilemma] = field(default_factory=dict)


RIGHTS = ("access", "rectification", "erasure", "restriction", "portability", "objection")

ROUTING = Acts(
    (
        Key("priority", Choice(("low", "normal", "high", "urgent")), "how much it presses"),
        Key("queue", Text("trade"), "whose queue it joins"),
        Key("team", Text("leads"), "which team it goes to"),
        Key("skill", Skill(), "what whoever takes it is good at"),
        Key("prefer", OneOf(("last_owner", "same_team", "same_language")), "who is asked first"),
        Key("wait_at_most", DURATION, "how long it waits for those"),
        Key("tag", Text("trade"), "a tag it is given"),
    )
)
RULING = Acts(
    (
        Key("approve", Text("return"), "what is granted without asking; only facts may do that"),
        Key("refund", AMOUNT, "what is paid back; only facts may do that"),
        Key("goodwill", AMOUNT, "what is given; only facts may do that"),
        Key("refuse", Text("return"), "what is refused; only facts may do that"),
        Key("block", Text("send"), "what is held back; only facts may do that"),
        Key("require", Text("identity_check"), "what has to come first"),
        Key("offer", Text("boundary_card"), "what is put at hand"),
        Key("ask", Text("lead"), "who is asked"),
        Key("notify", Text("lead"), "who is told"),
        Key("tag", Text("return"), "a tag it is given"),
    )
)
HARD_ACTS = (*MONEY, *REFUSAL)

ROUTE = Shape(
    Route,
    (
        Key("id", Id("trade-desk"), "its name in the document", required=True),
        Key("serves", Ref("principles", "one-owner"), "the principle it serves", required=True),
        Key("when", When("'customer.new'"), "for which conversations", required=True),
        Key("do", ROUTING, "where they go", required=True),
    ),
)
RULE = Shape(
    Rule,
    (
        Key("id", Id("returns-30"), "its name in the document", required=True),
        Key("serves", Ref("principles", "fair"), "the principle it serves", required=True),
        Key("kind", Choice(("must", "must_not", "should", "may")), "how binding it is", required=True),
        Key("who", Choice(("customer", "agent", "lead", "bot", "system")), "whom it binds or frees", required=True),
        Key("text", Text("…"), "the rule in a sentence", required=True),
        Key("when", When("'order.delivered_days_ago <= 30'"), "in which situation; always where nothing is said"),
        Key("do", RULING, "what Credo does for it"),
    ),
)
DECISION_RIGHT = Shape(
    DecisionRight,
    (
        Key("role", Text("agent"), "who may decide", required=True),
        Key(
            "may",
            Choices(("goodwill", "refund", "exception", "replacement", "discount", "credit"), open=True),
            "what",
            required=True,
        ),
        Key("up_to", LIMIT, "up to how much"),
        Key("per", Choice(("ticket", "customer", "day", "week", "month", "year")), "for each what"),
        Key("reason", Choice(("required", "optional")), "whether a reason is written down"),
        Key("counts_to", Text("exceptions_review"), "where it is looked at together"),
        Key("when", When("'order.value < 100.0'"), "in which situation; only facts"),
        Key("serves", Ref("principles", "bend"), "the principle it serves"),
    ),
)
AUTOMATION = Shape(
    Automation,
    (
        Key("disclose", Choice(("always", "when_asked")), "when a machine says that it is one"),
        Key("bot_may", Words(), "what machines may answer"),
        Key("bot_never", Words(), "what they may not"),
        Key("hand_over_when", Whens(), "when a person takes over; what is unknown counts as yes"),
        Key(
            "hand_over_with",
            Choices(("summary", "open_questions", "promises", "feeling", "transcript"), open=True),
            "what the person is given",
        ),
        Key("human_share_min", Share(zero=True, like="0.4"), "the share that people answer, at least"),
        Key("serves", Ref("principles", "human"), "the principle it serves"),
    ),
)
EMOTION_READING = Shape(
    EmotionReading,
    (
        Key("subject", Choice(("customer",), "customer"), "whose feelings; never a colleague's"),
        Key("channels", Choices(CHANNELS), "where"),
        Key("show_customer", Flag(), "whether customers can see it"),
        Key("opt_out", Flag(), "whether they can decline"),
    ),
)
PRIVACY = Shape(
    Privacy,
    (
        Key(
            "redact",
            Choices(("card", "password", "iban", "key", "email", "phone", "id_number"), open=True),
            "what is hidden in texts",
        ),
        Key(
            "retain",
            Named(DURATION, ("tickets", "attachments", "call_audio", "raw_mail", "surveys"), open=True),
            "how long things are kept",
        ),
        Key("rights", Named(DURATION, RIGHTS), "how soon a right is granted; no rule may narrow it"),
        Key("emotion_reading", Block(EMOTION_READING), "whether feelings are estimated"),
        Key("serves", Ref("principles", "fair"), "the principle it serves"),
    ),
)
SUPPORT = Shape(
    Support,
    (
        Key("name", Text("Colleague on duty"), "who it is", required=True),
        Key("how", Text("#care"), "how to reach them", required=True),
    ),
)
WELLBEING = Shape(
    Wellbeing,
    (
        Key("subject_owns_data", Flag(), "whether a colleague's load is theirs alone to see"),
        Key("min_group", GROUP, "the smallest group whose sums are shown, 5 or more"),
        Key("suggest_break_when", Whens("['agent.hard_in_a_row >= 3']"), "when a break is suggested"),
        Key(
            "on_suggest",
            Choices(("pause_hard_tickets_20m", "offer_peer", "offer_break"), open=True),
            "what is offered then",
        ),
        Key("support", Blocks(SUPPORT, by_id=False), "whom to turn to"),
        Key("serves", Ref("principles", "our-people"), "the principle it serves"),
    ),
)
DILEMMA = Shape(
    Dilemma,
    (
        Key("id", Id("wrong-price"), "its name in the document", required=True),
        Key("question", Text("…"), "the question", required=True),
        Key("weigh", Refs("principles", "[fair]"), "the principles to weigh, the weightiest first", required=True),
        Key("default", Text("…"), "what is done where nobody decides otherwise"),
        Key("log", Flag(), "whether decisions are kept to compare"),
    ),
)
POLICY = Shape(
    Policy,
    (
        Key("calendars", Calendars(), "when the desk is open"),
        Key("routing", Blocks(ROUTE), "where conversations go"),
        Key("rules", Blocks(RULE), "what somebody must, must not, should or may do"),
        Key("decision_rights", Blocks(DECISION_RIGHT, by_id=False), "what a role may decide alone"),
        Key("automation", Block(AUTOMATION), "what machines may do"),
        Key("privacy", Block(PRIVACY), "what is hidden, kept and granted"),
        Key("wellbeing", Block(WELLBEING), "care for those who care"),
        Key("dilemmas", Blocks(DILEMMA), "questions without a rule"),
    ),
)
SECTION = Key("policy", Block(POLICY, Policy), "the rules")
