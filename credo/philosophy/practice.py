"""Practice: how anybody can see in daily work that a principle is lived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from credo.philosophy.asking import Ref, Refs, When
from credo.philosophy.kinds import Choice, Flag, Id, Number, Share, Text
from credo.philosophy.several import ByLanguage, Choices, Words
from credo.philosophy.shapes import Block, Blocks, Key, Shape


@dataclass(frozen=True, slots=True)
class Coach:
    """What a colleague is told while writing: `at` compose, send or after; `as_` hint, warn, confirm or block."""

    at: str
    as_: str
    say: str


@dataclass(frozen=True, slots=True)
class Review:
    """A line of the scorecard: its weight, its scale ("0-2"), and what kind of failure it is when it must not fail."""

    weight: float
    scale: str = "0-2"
    critical: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What somebody does, when, and how it is seen to be done. `when` and `observe` are conditions."""

    id: str
    serves: str
    level: str
    who: tuple[str, ...]
    when: str
    then: str
    observe: str
    coach: Coach | None = None
    qa: Review | None = None
    good: str = ""
    bad: str = ""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Four ways of sounding, each from 1 to 5; None where nothing is said."""

    formal: int | None = None
    funny: int | None = None
    enthusiastic: int | None = None
    respectful: int | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """A word of ours, and the one we do not use for it."""

    use: str
    not_: str


@dataclass(frozen=True, slots=True)
class Shift:
    """How the voice changes when something is so; `when` is a condition."""

    when: str
    set: Dimensions | None = None
    add: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """How we sound. `reading_grade_max` and `address_form` are by language."""

    character: str = ""
    dimensions: Dimensions | None = None
    person: str = ""
    reading_grade_max: Mapping[str, float] = field(default_factory=dict)
    address_form: Mapping[str, str] = field(default_factory=dict)
    say: tuple[Saying, ...] = ()
    avoid: tuple[str, ...] = ()
    inside_words: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class DeEscalation:
    """What helps when somebody is furious; `card_when` is a condition."""

    method: str = ""
    steps: tuple[str, ...] = ()
    card_when: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A piece of training; `teaches` are ids of behaviours, `pass_` a share."""

    id: str
    teaches: tuple[str, ...] = ()
    cards: int | None = None
    role_play: str = ""
    pass_: float | None = None
    before_first_ticket: bool = False


@dataclass(frozen=True, slots=True)
class Training:
    """What is learned, how well it is to be kept in mind (a share), and what makes it due again."""

    skills: tuple[str, ...] = ()
    retention: float | None = None
    modules: Mapping[str, Module] = field(default_factory=dict)
    refresh_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """The whole section; behaviours by id."""

    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    voice: Voice | None = None
    de_escalation: DeEscalation | None = None
    training: Training | None = None


_ONE_TO_FIVE = Number(1, 5, whole=True, like="2")

COACH = Shape(
    Coach,
    (
        Key("at", Choice(("compose", "send", "after")), "when it is said", required=True),
        Key(
            "as",
            Choice(("hint", "warn", "confirm", "block")),
            "how firmly; only facts may block",
            required=True,
            attribute="as_",
        ),
        Key("say", Text("…"), "what is said", required=True),
    ),
)
REVIEW = Shape(
    Review,
    (
        Key("weight", Number(0, 100, like="2"), "how much it counts; 0 asks without counting", required=True),
        Key("scale", Choice(("0-1", "0-2", "0-4"), "0-2"), "the points there are; `0-2` where nothing is said"),
        Key(
            "critical",
            Choice(("customer", "business", "compliance")),
            "whom it harms when it must not fail; only facts may decide that",
        ),
    ),
)
BEHAVIOUR = Shape(
    Behaviour,
    (
        Key("id", Id("name-the-feeling"), "its name in the document", required=True),
        Key("serves", Ref("principles", "heard"), "the principle it serves", required=True),
        Key("level", Choice(("must", "should", "may")), "how binding it is", required=True),
        Key("who", Choices(("agent", "bot", "system")), "whose behaviour it is", required=True),
        Key("when", When("'reply.promises > 0'"), "in which situation", required=True),
        Key("then", Text("…"), "what is done, in plain words", required=True),
        Key("observe", When("'reply.promises_undated == 0'"), "how it is seen to be done", required=True),
        Key("coach", Block(COACH), "what the writer is told"),
        Key("qa", Block(REVIEW), "its line on the scorecard"),
        Key("good", Text("…"), "an example of doing it"),
        Key("bad", Text("…"), "an example of not doing it"),
    ),
)
DIMENSIONS = Shape(
    Dimensions,
    (
        Key("formal", _ONE_TO_FIVE, "1 casual, 5 formal"),
        Key("funny", _ONE_TO_FIVE, "1 serious, 5 funny"),
        Key("enthusiastic", _ONE_TO_FIVE, "1 matter of fact, 5 enthusiastic"),
        Key("respectful", _ONE_TO_FIVE, "1 irreverent, 5 respectful"),
    ),
)
SAYING = Shape(
    Saying,
    (
        Key("use", Text("lamp"), "the word of ours", required=True),
        Key("not", Text("unit"), "the word it takes the place of", required=True, attribute="not_"),
    ),
)
SHIFT = Shape(
    Shift,
    (
        Key("when", When("'customer.emotion == \"angry\"'"), "in which situation", required=True),
        Key("set", Block(DIMENSIONS), "the dimensions that change"),
        Key("add", Text("…"), "what else changes, in words"),
    ),
)
VOICE = Shape(
    Voice,
    (
        Key("character", Text("…"), "who we sound like"),
        Key("dimensions", Block(DIMENSIONS), "four dimensions of sounding"),
        Key("person", Choice(("I", "we")), "who speaks"),
        Key("reading_grade_max", ByLanguage(Number(1, 20, like="8")), "the years of school a text may ask for"),
        Key("address_form", ByLanguage(Text("Sie")), "how customers are addressed"),
        Key("say", Blocks(SAYING, by_id=False), "our words for things"),
        Key("avoid", Words(), "phrases we do not use"),
        Key("inside_words", Words(), "words that only we understand"),
        Key("shifts", Blocks(SHIFT, by_id=False), "how the voice changes with the situation"),
    ),
)
DE_ESCALATION = Shape(
    DeEscalation,
    (
        Key("method", Text("HEARD"), "the name of the method"),
        Key("steps", Words(), "its steps, in order"),
        Key("card_when", When("'customer.emotion == \"angry\"'"), "when its card is shown"),
    ),
)
MODULE = Shape(
    Module,
    (
        Key("id", Id("m-heard"), "its name in the document", required=True),
        Key("teaches", Refs("behaviours", "[name-the-feeling]"), "the behaviours it teaches", required=True),
        Key("cards", Number(0, 500, whole=True, like="12"), "how many cards it has"),
        Key("role_play", Text("angry-broken-lamp"), "the scene that is played"),
        Key("pass", Share(like="0.8"), "the share of right answers that passes", attribute="pass_"),
        Key("before_first_ticket", Flag(), "whether it comes before the first conversation"),
    ),
)
TRAINING = Shape(
    Training,
    (
        Key("skills", Words(), "what people can be good at"),
        Key("retention", Share(like="0.9"), "how much is to be kept in mind"),
        Key("modules", Blocks(MODULE), "the pieces of training"),
        Key(
            "refresh_on",
            Choices(("philosophy_change", "product_change", "policy_change"), open=True),
            "what makes it due again",
        ),
    ),
)
PRACTICE = Shape(
    Practice,
    (
        Key("behaviours", Blocks(BEHAVIOUR), "what is done, when, and how it is seen"),
        Key("voice", Block(VOICE), "how we sound"),
        Key("de_escalation", Block(DE_ESCALATION), "what helps when somebody is furious"),
        Key("training", Block(TRAINING), "how it is learned"),
    ),
)
SECTION = Key("practice", Block(PRACTICE, Practice), "how anybody can see it in daily work")
