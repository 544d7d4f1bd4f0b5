"""A page about a service becomes a draft: ten invented pages in three languages, and any text at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credo.language.sentences import sentences
from credo.philosophy import Philosophy, load
from credo.philosophy.about import begin_from_page, plain
from credo.philosophy.composing import Ground
from credo.philosophy.hearing import Kind, kind_of, promised
from credo.philosophy.scribing import lines
from credo.philosophy.starters import KEYS, LANGUAGES, starter

GROUND = Ground("Lamps", None, (), date(2026, 11, 27))


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what it says: promises by clock and target, beliefs, nevers, opening days, and what is left."""

    language: str
    text: str
    promises: tuple[tuple[str, str, str], ...] = ()  # clock, target, calendar
    beliefs: int = 0
    nevers: int = 0
    days: tuple[int, ...] = ()
    left: tuple[str, ...] = ()
    talk: str = ""


PAGES = {
    "bike shop": Page(
        "en",
        "We believe a bike should outlive its owner. We answer every e-mail within 24 hours. We never sell you a part "
        "you do not need. We are open Mon-Fri 9 am to 6 pm and Sat 10-14. Repairs take as long as they take.",
        promises=(("first_human_reply", "PT24H", "always"),),
        beliefs=1,
        nevers=1,
        days=(0, 1, 2, 3, 4, 5),
        left=("Repairs take as long as they take.",),
    ),
    "seed merchant, HTML": Page(
        "en",
        "<html><head><title>Our promise</title><style>p{}</style></head><body><nav><a href='/'>Home</a></nav>"
        "<h1>Service</h1><p>Our seeds matter to us &amp; to you.</p><ul><li>You get an answer within two working days."
        "</li><li>We refund your money within 5 banking days.</li><li>You can return seeds within 30 days.</li></ul>"
        "<script>alert('we never sleep')</script></body></html>",
        promises=(("first_human_reply", "P2D", "desk"), ("refund_sent", "P5D", "desk")),
        beliefs=1,
        left=("Service", "You can return seeds within 30 days."),
    ),
    "hosting": Page(
        "en",
        "We write plain English. We keep you posted every 2 hours during an outage. We reply as soon as we can.\n"
        "* On the telephone we answer within 90 minutes",
        promises=(("periodic_update", "PT2H", "desk"), ("first_human_reply", "PT90M", "desk")),
        left=("We reply as soon as we can.",),
        talk="We write plain English.",
    ),
    "nothing": Page("en", "Imprint\nPhone 030 555 0100\n© 2026", left=("Imprint", "Phone 030 555 0100", "© 2026")),
    "Lampenladen": Page(
        "de",
        "Uns ist wichtig, dass Sie sich zu Hause wohlfühlen. Wir antworten innerhalb von zwei Werktagen. Wir geben "
        "Ihre Daten nie weiter. Wir sind Mo–Fr von 9–18 Uhr für Sie da. Seit 1998 in Jena.",
        promises=(("first_human_reply", "P2D", "desk"),),
        beliefs=1,
        nevers=1,
        days=(0, 1, 2, 3, 4),
        left=("Seit 1998 in Jena.",),
    ),
    "Zahnarzt, HTML": Page(
        "de",
        "<div><h2>Unsere Praxis</h2><p>Wir rufen Sie innerhalb von 4 Stunden zurück.</p><p>Befunde verschicken wir "
        "niemals per Mail.</p><p>Sprechzeiten: Montag bis Donnerstag 8–12 Uhr und 14–18 Uhr, Freitag 8–13 Uhr</p>",
        promises=(("first_human_reply", "PT4H", "desk"),),
        beliefs=1,
        nevers=1,
        days=(0, 1, 2, 3, 4),
    ),
    "Verein": Page(
        "de",
        "Wir duzen uns. Wir antworten so schnell wie möglich. Erstattungen überweisen wir innerhalb von 10 Tagen. "
        "Sie können innerhalb von 14 Tagen kündigen.",
        promises=(("refund_sent", "P10D", "always"),),
        left=("Wir antworten so schnell wie möglich.", "Sie können innerhalb von 14 Tagen kündigen."),
        talk="Wir duzen uns.",
    ),
    "librería": Page(
        "es",
        "Creemos que un libro se elige hablando. Respondemos a su correo en un plazo de 24 horas. Nunca compartimos "
        "sus datos. Abrimos de lunes a sábado de 10 a 20 h. Calle Mayor, 4.",
        promises=(("first_human_reply", "PT24H", "always"),),
        beliefs=1,
        nevers=1,
        days=(0, 1, 2, 3, 4, 5),
        left=("Calle Mayor, 4.",),
    ),
    "taller": Page(
        "es",
        "Para nosotros, arreglar es mejor que vender. Le devolvemos el dinero en 5 días laborables. Resolvemos las "
        "averías en dos o tres días hábiles. Contestamos pronto.",
        promises=(("refund_sent", "P5D", "desk"), ("resolution", "P3D", "desk")),
        beliefs=1,
        left=("Contestamos pronto.",),
    ),
    "hotel, HTML": Page(
        "es",
        "<p>Hablamos con usted, no con su reserva.</p><p>Nuestros huéspedes son vecinos por una noche.</p>"
        "<p>Por WhatsApp respondemos en menos de una hora.</p>",
        promises=(("first_human_reply", "PT1H", "desk"),),
        beliefs=1,
        talk="Hablamos con usted, no con su reserva.",
    ),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_becomes_a_draft(page: Page) -> None:
    text = begin_from_page(starter("shop", page.language), GROUND, page.text)
    found = load(text)
    said = plain(page.text)
    ours = [one for one in found.promises if one.words(page.language, page.language) in sentences(said)]
    assert sorted((one.clock, one.target, one.calendar) for one in ours) == sorted(page.promises)
    assert len([id for id in found.principles if id.startswith("page-") and id != "page-never"]) == page.beliefs
    assert len([id for id in found.policy.rules if id.startswith("page-never-")]) == page.nevers
    head = text.partition("format:")[0].splitlines()
    assert [line.removeprefix("#   ") for line in head if line.startswith("#   ")] == _in_order(page.left, head)
    if page.days:
        assert tuple(sorted(found.calendars["desk"].hours)) == page.days
    if page.talk:
        assert found.practice.voice
        assert found.practice.voice.character == page.talk


def _in_order(left: tuple[str, ...], head: list[str]) -> list[str]:
    """What is left, promises without a time first."""
    return sorted(left, key=lambda one: head.index(f"#   {one}") if f"#   {one}" in head else -1)


def test_each_element_quotes_its_sentence() -> None:
    text = begin_from_page(starter("shop", "en"), GROUND, PAGES["bike shop"].text)
    for sentence in sentences(PAGES["bike shop"].text)[:4]:
        assert f"# From your page: “{sentence}”" in text
    assert load(text).values["page"].came_from == ("service-page",)


def test_how_a_time_was_counted_is_said() -> None:
    text = begin_from_page(
        starter("shop", "en"), GROUND, "We answer within 24 hours.\nBy chat we reply within 2 hours."
    )
    assert "“24 hours” counts nights and Sundays too." in text
    assert "“2 hours” is counted in opening hours here" in text


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("We answer within two working days.", "promise"),
        ("When you write, we reply within 4 hours.", "promise"),
        ("We answer quickly.", "untimed"),
        ("We answered in 2 days, and solved it in 3.", "promise"),
        ("You must answer within 14 days.", "other"),
        ("We have been here for 20 years.", "other"),
        ("We never leave anybody waiting.", "never"),
        ("Our promise is simple.", "belief"),
        ("Kindness is important to us.", "belief"),
        ("We talk like neighbours.", "talk"),
        ("Wir melden uns innerhalb einer Stunde.", "promise"),
        ("Sie hören am nächsten Werktag von uns.", "promise"),
        ("Bei uns wird niemand abgewiesen, niemals.", "never"),
        ("Wir schreiben in klarer Sprache.", "talk"),
        ("Müssen Sie innerhalb von 3 Tagen antworten?", "other"),
        ("Nos ponemos en contacto en 3 días laborables.", "promise"),
        ("No vendemos sus datos.", "never"),
        ("Nos importa escuchar.", "belief"),
        ("Puede responder en 14 días.", "other"),
    ],
)
def test_cues_tell_what_a_sentence_is(sentence: str, kind: Kind) -> None:
    assert kind_of(sentence) == kind


def test_the_time_stands_in_the_same_breath() -> None:
    assert promised("You can cancel within 30 days, and we refund your money.") is None
    assert promised("We answer every letter, and you can return goods within 30 days.") is None


WORDS = st.sampled_from(
    [
        "we answer within ",
        "2 days",
        "wir ",
        "nie ",
        "<p>",
        "</p>",
        "<![x",
        "&amp;",
        "Mo–Fr 9–18 Uhr. ",
        "Creemos. ",
        "\n",
        ": ",
        '"',
    ]
)
PASTED = st.text() | st.lists(st.text(max_size=9) | WORDS, max_size=30).map("".join)


@given(key=st.sampled_from(KEYS), language=st.sampled_from(LANGUAGES), page=PASTED)
@settings(max_examples=80, deadline=None)
def test_any_page_gives_a_draft_that_loads_and_keeps_every_sentence(key: str, language: str, page: str) -> None:
    text = begin_from_page(starter(key, language), GROUND, page)
    assert isinstance(load(text), Philosophy)
    bare = " ".join(text.replace('\\"', '"').replace("\\\\", "\\").split())
    for sentence in sentences("\n".join(lines(plain(page)))):
        assert sentence in bare
