"""Conditions in the words of people, in three languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from conditions.chance import Chance
from conditions.words import VOCABULARY
from credo.conditions import Condition, Field, Vocabulary, parse, read, sentence
from credo.conditions.speech import SPEECHES

TABLE = [
    (
        'ticket.channel in ["email", "form"] && ticket.waiting_h > 4.0 && (customer.new || ticket.reopens >= 2)',
        "the channel is one of “email”, “form” and waiting is more than 4 h"
        " and (the customer is new or the number of reopenings is at least 2)",
        "der Kanal ist einer der Werte „E-Mail“, „Formular“ und die Wartezeit ist größer als 4 h"
        " und (der Kunde ist neu oder die Zahl der Wiederöffnungen ist mindestens 2)",
        "el canal es uno de los valores «email», «formulario» y la espera es mayor que 4 h"
        " y (el cliente es nuevo o el número de reaperturas es al menos 2)",
    ),
    (
        '!(ticket.channel in ["email", "phone"]) || !customer.new',
        "the channel is none of “email”, “phone” or the customer is not new",
        "der Kanal ist keiner der Werte „E-Mail“, „Telefon“ oder der Kunde ist nicht neu",
        "el canal no es ninguno de los valores «email», «teléfono» o el cliente no es nuevo",
    ),
    (
        'customer.emotion == "angry" && customer.emotion_strength > 0.6',
        "the feeling is “angry” and its strength is more than 0.6",
        "das Gefühl ist „verärgert“ und seine Stärke ist größer als 0,6",
        "el sentimiento es «ira» y su intensidad es mayor que 0,6",
    ),
    (
        "!(customer.new && ticket.reopens > 1)",
        "it is not the case that (the customer is new and the number of reopenings is more than 1)",
        "es gilt nicht: (der Kunde ist neu und die Zahl der Wiederöffnungen ist größer als 1)",
        "no se cumple: (el cliente es nuevo y el número de reaperturas es mayor que 1)",
    ),
    (
        "!(ticket.waiting_h < 4.0) && 4.0 < ticket.limit_h && !(ticket.reopens != 1)",
        "waiting is at least 4 h and the limit is more than 4 h and the number of reopenings is 1",
        "die Wartezeit ist mindestens 4 h und das Limit ist größer als 4 h und die Zahl der Wiederöffnungen ist 1",
        "la espera es al menos 4 h y el límite es mayor que 4 h y el número de reaperturas es 1",
    ),
    (
        "!!(customer.new && ticket.reopens == 1) || ticket.reopens == 3",
        "(the customer is new and the number of reopenings is 1) or the number of reopenings is 3",
        "(der Kunde ist neu und die Zahl der Wiederöffnungen ist 1) oder die Zahl der Wiederöffnungen ist 3",
        "(el cliente es nuevo y el número de reaperturas es 1) o el número de reaperturas es 3",
    ),
    (
        'now.ts - ticket.created > duration("4h")',
        "now minus the beginning is longer than 4 hours",
        "jetzt minus der Beginn ist länger als 4 Stunden",
        "el momento actual menos el comienzo es mayor que 4 horas",
    ),
    (
        'ticket.silence >= duration("90m") && ticket.silence < duration("60h0.5s")'
        ' && ticket.silence != duration("-1s")',
        "the silence is at least 1 hour 30 minutes and the silence is shorter than 2 days 12 hours 0.5 seconds"
        " and the silence is not minus 1 second",
        "die Funkstille ist mindestens 1 Stunde 30 Minuten und die Funkstille ist kürzer als 2 Tage 12 Stunden"
        " 0,5 Sekunden und die Funkstille ist nicht minus 1 Sekunde",
        "el silencio es al menos 1 hora 30 minutos y el silencio es menor que 2 días 12 horas 0,5 segundos"
        " y el silencio no es menos 1 segundo",
    ),
    (
        'ticket.created < timestamp("2026-12-01T09:00:00Z") || ticket.created >= now.ts',
        "the beginning is earlier than 1 December 2026, 09:00 UTC or the beginning is no earlier than now",
        "der Beginn ist früher als der 1. Dezember 2026, 09:00 Uhr (UTC) oder der Beginn ist nicht früher als jetzt",
        "el comienzo es anterior al 1 de diciembre de 2026, 09:00 (UTC) o el comienzo no es anterior al momento actual",
    ),
    (
        'ticket.created == timestamp("2026-03-29T01:30:05.25Z")',
        "the beginning is 29 March 2026, 01:30:05.25 UTC",
        "der Beginn ist der 29. März 2026, 01:30:05,25 Uhr (UTC)",
        "el comienzo es el 29 de marzo de 2026, 01:30:05,25 (UTC)",
    ),
    (
        '"vip" in customer.tags && !(ticket.subject in customer.tags)',
        "the list of tags contains “vip” and the list of tags does not contain the subject",
        "die Liste der Schlagwörter enthält „vip“ und die Liste der Schlagwörter enthält nicht den Wert (der Betreff)",
        "la lista de etiquetas contiene «vip» y la lista de etiquetas no contiene el asunto",
    ),
    (
        'customer.tags.exists(tag, tag == "vip" || tag.startsWith("v"))',
        "the list of tags has at least one entry for which this holds:"
        " (the entry is “vip” or the entry starts with “v”)",
        "die Liste der Schlagwörter hat mindestens einen Eintrag, für den gilt:"
        " (der Eintrag ist „vip“ oder der Eintrag beginnt mit „v“)",
        "la lista de etiquetas tiene al menos una entrada para la que se cumple:"
        " (la entrada es «vip» o la entrada empieza por «v»)",
    ),
    (
        "!customer.tags.all(tag, ticket.reopens > 1)",
        "the list of tags has an entry for which this does not hold: (the number of reopenings is more than 1)",
        "die Liste der Schlagwörter hat einen Eintrag, für den nicht gilt:"
        " (die Zahl der Wiederöffnungen ist größer als 1)",
        "la lista de etiquetas tiene una entrada para la que no se cumple: (el número de reaperturas es mayor que 1)",
    ),
    (
        "customer.tags.all(tag, !agent.skills.exists(skill, skill == tag))",
        "the list of tags has only entries tag for which this holds: (agent skills has no entry skill for which"
        " this holds: (the entry skill is the same as the entry tag))",
        "die Liste der Schlagwörter hat nur Einträge tag, für die gilt: (agent skills hat keinen Eintrag skill, für den"
        " gilt: (der Eintrag skill ist dasselbe wie der Eintrag tag))",
        "la lista de etiquetas tiene solo entradas tag para las que se cumple: (agent skills no tiene ninguna entrada"
        " skill para la que se cumpla: (la entrada skill es lo mismo que la entrada tag))",
    ),
    (
        "size(customer.tags) > 2 || size(ticket.subject) == 1",
        "the list of tags has more than 2 entries or the subject has exactly 1 character",
        "die Liste der Schlagwörter hat mehr als 2 Einträge oder der Betreff hat genau 1 Zeichen",
        "la lista de etiquetas tiene más de 2 entradas o el asunto tiene exactamente 1 carácter",
    ),
    (
        "size(ticket.subject) > ticket.reopens",
        "the length of the subject is more than the number of reopenings",
        "die Länge (der Betreff) ist größer als die Zahl der Wiederöffnungen",
        "la longitud del asunto es mayor que el número de reaperturas",
    ),
    (
        "has(ticket.waiting_h) && !has(customer.new)",
        "waiting is known and it is not known whether this holds: (the customer is new)",
        "die Wartezeit ist bekannt und es ist nicht bekannt, ob dies gilt: (der Kunde ist neu)",
        "se conoce la espera y no se sabe si esto se cumple: (el cliente es nuevo)",
    ),
    (
        'ticket.subject.contains("50%") && !ticket.subject.startsWith(ticket.subject)',
        "the subject contains “50%” and the subject does not start with the subject",
        "der Betreff enthält „50%“ und der Betreff beginnt nicht mit dem Wert (der Betreff)",
        "el asunto contiene «50%» y el asunto no empieza por el asunto",
    ),
    (
        "ticket.waiting_h > ticket.limit_h + 1.5 || -ticket.waiting_h * (ticket.limit_h - 1.0) < -2.0",
        "waiting is more than the limit plus 1.5 or (minus waiting) times (the limit minus 1) is less than -2",
        "die Wartezeit ist größer als das Limit plus 1,5 oder (minus die Wartezeit) mal (das Limit minus 1)"
        " ist kleiner als -2",
        "la espera es mayor que el límite más 1,5 o (menos la espera) por (el límite menos 1) es menor que -2",
    ),
    (
        "(ticket.reopens == 1) == customer.new || (ticket.reopens == 1) != customer.new",
        "both of these hold or neither: (the number of reopenings is 1), (the customer is new)"
        " or exactly one of these holds: (the number of reopenings is 1), (the customer is new)",
        "beides gilt oder keines von beiden: (die Zahl der Wiederöffnungen ist 1), (der Kunde ist neu)"
        " oder genau eines davon gilt: (die Zahl der Wiederöffnungen ist 1), (der Kunde ist neu)",
        "se cumplen las dos cosas o ninguna: (el número de reaperturas es 1), (el cliente es nuevo)"
        " o se cumple exactamente una de estas cosas: (el número de reaperturas es 1), (el cliente es nuevo)",
    ),
    (
        'customer.tags == ["a", "b"] || customer.tags + ["x"] != []',
        "the list of tags is the same as the list (“a”, “b”) or (the list of tags followed by the list (“x”))"
        " is not the same as the empty list",
        "die Liste der Schlagwörter ist dasselbe wie die Liste („a“, „b“) oder (die Liste der Schlagwörter, dahinter"
        " die Liste („x“)) ist nicht dasselbe wie die leere Liste",
        "la lista de etiquetas es lo mismo que la lista («a», «b») o (la lista de etiquetas, después la lista («x»))"
        " no es lo mismo que la lista vacía",
    ),
    (
        'ticket.subject < "m" && ticket.subject == ticket.subject',
        "the subject comes alphabetically before “m” and the subject is the same as the subject",
        "der Betreff steht alphabetisch früher als „m“ und der Betreff ist dasselbe wie der Betreff",
        "el asunto va alfabéticamente antes que «m» y el asunto es lo mismo que el asunto",
    ),
    (
        "(customer.new == false) && (true != customer.new) && customer.new in [true, false]",
        "the customer is not new and the customer is not new and (the customer is new or the customer is not new)",
        "der Kunde ist nicht neu und der Kunde ist nicht neu und (der Kunde ist neu oder der Kunde ist nicht neu)",
        "el cliente no es nuevo y el cliente no es nuevo y (el cliente es nuevo o el cliente no es nuevo)",
    ),
    ("true", "always", "immer", "siempre"),
    ("ticket.channel in []", "never", "nie", "nunca"),
    ("!(ticket.channel in [])", "always", "immer", "siempre"),
    ('ticket.channel in ["email"]', "the channel is “email”", "der Kanal ist „E-Mail“", "el canal es «email»"),
]


@pytest.mark.parametrize(("condition", "english", "german", "spanish"), TABLE)
def test_a_condition_in_words(condition: str, english: str, german: str, spanish: str) -> None:
    found = read(condition, VOCABULARY)
    assert sentence(found, VOCABULARY, "en") == english
    assert sentence(found, VOCABULARY, "de") == german
    assert sentence(found.tree, VOCABULARY, "es-MX") == spanish


def test_other_languages_hear_english() -> None:
    assert sentence(read("customer.new", VOCABULARY), VOCABULARY, "fr") == "the customer is new"


def test_without_words_a_field_says_its_name() -> None:
    bare = Vocabulary.of(
        Field("ticket.first_touch", "int", "fact", "ticket"),
        Field("a.yes", "bool", "fact", "a"),
        Field("a.no_denial", "bool", "fact", "a", names={"en": "it rains"}),
    )
    condition = parse("ticket.first_touch == 1 && !a.yes && !a.no_denial && unheard.of == 2")
    assert sentence(condition, bare, "de") == (
        "ticket first touch ist 1 und a yes trifft nicht zu und es gilt nicht: (it rains) und unheard of ist 2"
    )


@pytest.mark.parametrize(
    ("condition", "spanish"),
    [
        ("a.i || b.o", "Inés está o (Otto no está)"),
        ("a.i && a.i", "Inés está e Inés está"),
        ("a.o || a.o", "Otto está u Otto está"),
        ("a.o && a.o", "Otto está y Otto está"),
    ],
)
def test_spanish_words_soften_before_their_own_sound(condition: str, spanish: str) -> None:
    words = Vocabulary.of(
        Field("a.i", "bool", "fact", "a", names={"es": "Inés está"}),
        Field("a.o", "bool", "fact", "a", names={"es": "Otto está"}),
        Field("b.o", "bool", "fact", "a", names={"es": "(Otto no está)"}),
    )
    assert sentence(parse(condition), words, "es") == spanish.replace("o (Otto", "u (Otto")


def test_every_language_has_the_same_words_with_the_same_gaps() -> None:
    def gaps(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    english = SPEECHES["en"]
    for speech in SPEECHES.values():
        assert speech.says.keys() == english.says.keys()
        assert speech.counted.keys() == english.counted.keys()
        assert len(speech.months) == 12
        assert [key for key, text in speech.says.items() if gaps(text) != gaps(english.says[key])] == []


def test_chance_says_different_things_differently() -> None:
    """Whoever reads a sentence knows what is meant: conditions that differ in an answer differ in words."""
    chance = Chance(13, everything=True)
    by_words: dict[tuple[str, str], dict[str, Condition]] = {}
    for _ in range(1500):
        condition = read(chance.condition(3), VOCABULARY)
        for language in SPEECHES:
            said = sentence(condition, VOCABULARY, language)
            assert said.count("(") == said.count(")") or re.search(r"[“„«][^”“»]*[()]", said)
            by_words.setdefault((language, said), {})[condition.text] = condition
    facts = [chance.partial_facts() for _ in range(40)]
    alike = [found for found in by_words.values() if len(found) > 1]
    assert alike
    for found in alike:
        answers = {tuple(one.holds(known) for known in facts) for one in found.values()}
        assert len(answers) == 1, list(found)
