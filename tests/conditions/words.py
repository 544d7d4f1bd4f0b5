"""A vocabulary for these tests, modelled on the catalogue of the plan, and facts to go with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from credo.conditions import Field, Vocabulary

CHANNELS = ("email", "chat", "form", "phone")
EMOTIONS = ("calm", "worried", "disappointed", "angry")

VOCABULARY = Vocabulary.of(
    Field(
        "ticket.channel",
        "string",
        "fact",
        "ticket",
        CHANNELS,
        {"en": "the channel", "de": "der Kanal", "es": "el canal"},
        value_names={
            "de": {"email": "E-Mail", "form": "Formular", "phone": "Telefon"},
            "es": {"form": "formulario", "phone": "teléfono"},
        },
    ),
    Field(
        "ticket.waiting_h",
        "double",
        "fact",
        "ticket",
        names={"en": "waiting", "de": "die Wartezeit", "es": "la espera"},
        unit="h",
    ),
    Field(
        "ticket.limit_h",
        "double",
        "fact",
        "ticket",
        names={"en": "the limit", "de": "das Limit", "es": "el límite"},
        unit="h",
    ),
    Field(
        "ticket.reopens",
        "int",
        "fact",
        "ticket",
        names={
            "en": "the number of reopenings",
            "de": "die Zahl der Wiederöffnungen",
            "es": "el número de reaperturas",
        },
    ),
    Field(
        "ticket.subject",
        "string",
        "fact",
        "ticket",
        names={"en": "the subject", "de": "der Betreff", "es": "el asunto"},
    ),
    Field(
        "ticket.created",
        "timestamp",
        "fact",
        "ticket",
        names={"en": "the beginning", "de": "der Beginn", "es": "el comienzo"},
    ),
    Field(
        "ticket.silence",
        "duration",
        "fact",
        "ticket",
        names={"en": "the silence", "de": "die Funkstille", "es": "el silencio"},
    ),
    Field("ticket.topic", "string", "estimate", "ticket"),
    Field(
        "customer.new",
        "bool",
        "fact",
        "customer",
        names={"en": "the customer is new", "de": "der Kunde ist neu", "es": "el cliente es nuevo"},
        denials={"en": "the customer is not new", "de": "der Kunde ist nicht neu", "es": "el cliente no es nuevo"},
    ),
    Field("customer.vip", "bool", "judgement", "customer"),
    Field(
        "customer.emotion",
        "string",
        "estimate",
        "customer",
        EMOTIONS,
        {"en": "the feeling", "de": "das Gefühl", "es": "el sentimiento"},
        value_names={
            "de": {"calm": "ruhig", "worried": "besorgt", "disappointed": "enttäuscht", "angry": "verärgert"},
            "es": {"calm": "calma", "worried": "inquietud", "disappointed": "decepción", "angry": "ira"},
        },
    ),
    Field(
        "customer.emotion_strength",
        "double",
        "estimate",
        "customer",
        names={"en": "its strength", "de": "seine Stärke", "es": "su intensidad"},
    ),
    Field(
        "customer.tags",
        "list(string)",
        "fact",
        "customer",
        names={
            "en": "the list of tags",
            "de": "die Liste der Schlagwörter",
            "es": "la lista de etiquetas",
        },
    ),
    Field("agent.skills", "list(string)", "fact", "agent"),
    Field("now.ts", "timestamp", "fact", "now", names={"en": "now", "de": "jetzt", "es": "el momento actual"}),
)

FACTS: dict[str, object] = {
    "ticket.channel": "email",
    "ticket.waiting_h": 5.5,
    "ticket.limit_h": 4.0,
    "ticket.reopens": 2,
    "ticket.subject": "My lamp 50% off_",
    "ticket.created": datetime(2026, 3, 28, 12, tzinfo=UTC),
    "ticket.silence": timedelta(hours=3),
    "ticket.topic": "lamp",
    "customer.new": True,
    "customer.vip": False,
    "customer.emotion": "angry",
    "customer.emotion_strength": 0.7,
    "customer.tags": ["trade", "vip"],
    "agent.skills": [],
    "now.ts": datetime(2026, 3, 29, 12, tzinfo=UTC),
}
