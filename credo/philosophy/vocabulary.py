"""What a document may ask for: each fact with its kind, how sure it is, whom it is about and how it is said.

A fact belongs here as soon as something in the house knows its value; until then a promise that asks for it waits.
"""

from __future__ import annotations

from credo.conditions import Field, Vocabulary

_TICKET = (
    Field(
        "ticket.channel",
        "string",
        "fact",
        "ticket",
        values=("email", "chat", "whatsapp", "sms", "telegram", "phone", "form", "social", "api", "in_person"),
        names={"en": "the channel", "de": "der Kanal", "es": "el canal"},
        value_names={
            "en": {"whatsapp": "WhatsApp", "sms": "SMS", "telegram": "Telegram", "social": "social media", "api": "API"}
            | {"in_person": "in person"},
            "de": {"email": "E-Mail", "chat": "Chat", "whatsapp": "WhatsApp", "sms": "SMS", "telegram": "Telegram"}
            | {"phone": "Telefon", "form": "Formular", "social": "soziale Medien", "api": "API"}
            | {"in_person": "persönlich"},
            "es": {"email": "correo", "whatsapp": "WhatsApp", "sms": "SMS", "telegram": "Telegram"}
            | {"phone": "teléfono", "form": "formulario", "social": "redes sociales", "api": "API"}
            | {"in_person": "en persona"},
        },
    ),
    Field(
        "ticket.status",
        "string",
        "fact",
        "ticket",
        values=("new", "open", "waiting_on_customer", "waiting_on_others", "solved", "closed"),
        names={"en": "the status", "de": "der Stand", "es": "el estado"},
        value_names={
            "en": {"waiting_on_customer": "waiting for the customer", "waiting_on_others": "waiting for others"},
            "de": {"new": "neu", "open": "offen", "solved": "gelöst", "closed": "geschlossen"}
            | {"waiting_on_customer": "wartet auf Kunden", "waiting_on_others": "wartet auf andere"},
            "es": {"new": "nueva", "open": "abierta", "solved": "resuelta", "closed": "cerrada"}
            | {"waiting_on_customer": "a la espera del cliente", "waiting_on_others": "a la espera de otros"},
        },
    ),
)

VOCABULARY = Vocabulary.of(*_TICKET)
"""All facts that are known today."""
