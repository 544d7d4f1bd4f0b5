"""Every field that a condition may ask for, and how it is said in English, German and Spanish.

`ticket.` and `agent.` are a conversation and a colleague. What a computer read out of words is an estimate; what only a
person can say is a judgement; the rest is counted or written down and a fact.
"""

from __future__ import annotations

from collections.abc import Mapping

from credo.conditions import Field, Grade, Type

CHANNELS = ("email", "chat", "whatsapp", "sms", "telegram", "phone", "form", "social", "api", "in_person")
STATES = ("new", "open", "waiting_on_customer", "waiting_on_others", "solved", "closed")
EMOTIONS = ("calm", "pleased", "confused", "worried", "disappointed", "angry")

_VALUES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "ticket.channel": {
        "en": {
            "email": "e-mail",
            "chat": "chat",
            "whatsapp": "WhatsApp",
            "sms": "SMS",
            "telegram": "Telegram",
            "phone": "telephone",
            "form": "form",
            "social": "social media",
            "api": "API",
            "in_person": "in person",
        },
        "de": {
            "email": "E-Mail",
            "chat": "Chat",
            "whatsapp": "WhatsApp",
            "sms": "SMS",
            "telegram": "Telegram",
            "phone": "Telefon",
            "form": "Formular",
            "social": "soziale Medien",
            "api": "API",
            "in_person": "persönlich",
        },
        "es": {
            "email": "correo",
            "chat": "chat",
            "whatsapp": "WhatsApp",
            "sms": "SMS",
            "telegram": "Telegram",
            "phone": "teléfono",
            "form": "formulario",
            "social": "redes sociales",
            "api": "API",
            "in_person": "en persona",
        },
    },
    "ticket.status": {
        "en": {"waiting_on_customer": "waiting on the customer", "waiting_on_others": "waiting on others"},
        "de": {
            "new": "neu",
            "open": "offen",
            "waiting_on_customer": "wartet auf die Kundschaft",
            "waiting_on_others": "wartet auf andere",
            "solved": "gelöst",
            "closed": "geschlossen",
        },
        "es": {
            "new": "nueva",
            "open": "abierta",
            "waiting_on_customer": "a la espera del cliente",
            "waiting_on_others": "a la espera de terceros",
            "solved": "resuelta",
            "closed": "cerrada",
        },
    },
    "ticket.priority": {
        "de": {"low": "niedrig", "normal": "normal", "high": "hoch", "urgent": "dringend"},
        "es": {"low": "baja", "normal": "normal", "high": "alta", "urgent": "urgente"},
    },
    "ticket.urgency": {
        "de": {"low": "gering", "normal": "normal", "high": "hoch", "critical": "kritisch"},
        "es": {"low": "baja", "normal": "normal", "high": "alta", "critical": "crítica"},
    },
    "customer.emotion": {
        "de": {
            "calm": "gelassen",
            "pleased": "erfreut",
            "confused": "verwirrt",
            "worried": "besorgt",
            "disappointed": "enttäuscht",
            "angry": "verärgert",
        },
        "es": {
            "calm": "tranquilidad",
            "pleased": "satisfacción",
            "confused": "confusión",
            "worried": "preocupación",
            "disappointed": "decepción",
            "angry": "enfado",
        },
    },
    "promise.state": {
        "de": {
            "open": "offen",
            "kept": "gehalten",
            "late": "verspätet gehalten",
            "broken": "gebrochen",
            "renegotiated": "neu vereinbart",
            "released": "erlassen",
        },
        "es": {
            "open": "pendiente",
            "kept": "cumplida",
            "late": "cumplida tarde",
            "broken": "incumplida",
            "renegotiated": "renegociada",
            "released": "dispensada",
        },
    },
}


def _noun(
    name: str,
    type: Type,
    en: str,
    de: str,
    es: str,
    *,
    grade: Grade = "fact",
    values: tuple[str, ...] = (),
    unit: str = "",
) -> Field:
    """A field with a value, said as a noun with its article."""
    said = {"en": en, "de": de, "es": es}
    value_names = _VALUES.get(name, {})
    return Field(name, type, grade, name.partition(".")[0], values, said, unit, value_names=value_names)


def _statement(
    name: str, en: tuple[str, str], de: tuple[str, str], es: tuple[str, str], *, grade: Grade = "fact"
) -> Field:
    """A yes-or-no field, said as a statement and its opposite."""
    said, denied = ({"en": en[i], "de": de[i], "es": es[i]} for i in (0, 1))
    return Field(name, "bool", grade, name.partition(".")[0], (), said, denials=denied)


TICKET = (
    _noun("ticket.channel", "string", "the channel", "der Kanal", "el canal", values=CHANNELS),
    _noun(
        *("ticket.priority", "string", "the priority", "die Priorität", "la prioridad"),
        values=("low", "normal", "high", "urgent"),
    ),
    _noun("ticket.status", "string", "the state", "der Stand", "el estado", values=STATES),
    _noun("ticket.topic", "string", "the likely topic", "das vermutete Thema", "el tema probable", grade="estimate"),
    _noun("ticket.confirmed_topic", "string", "the confirmed topic", "das bestätigte Thema", "el tema confirmado"),
    _noun(
        *("ticket.language", "string", "the likely language", "die vermutete Sprache", "el idioma probable"),
        grade="estimate",
    ),
    _noun("ticket.created", "timestamp", "the beginning", "der Beginn", "el comienzo"),
    _noun("ticket.age_h", "double", "the age", "das Alter", "la antigüedad", unit="h"),
    _noun("ticket.waiting_h", "double", "the wait", "die Wartezeit", "la espera", unit="h"),
    _noun(
        *("ticket.reopens", "int", "the number of reopenings"),
        *("die Zahl der Wiederöffnungen", "el número de reaperturas"),
    ),
    _noun("ticket.transfers", "int", "the number of handovers", "die Zahl der Übergaben", "el número de traspasos"),
    _noun("ticket.touches", "int", "the number of replies", "die Zahl der Antworten", "el número de respuestas"),
    _noun(
        *("ticket.asked_twice", "int", "the number of questions asked again"),
        *("die Zahl der wiederholten Fragen an sie", "el número de preguntas repetidas"),
        grade="estimate",
    ),
    _statement(
        "ticket.complaint",
        ("this reads like a complaint", "this does not read like a complaint"),
        ("das liest sich wie eine Beschwerde", "das liest sich nicht wie eine Beschwerde"),
        ("esto parece una queja", "esto no parece una queja"),
        grade="estimate",
    ),
    _noun(
        *("ticket.urgency", "string", "the likely urgency", "die vermutete Dringlichkeit", "la urgencia probable"),
        grade="estimate",
        values=("low", "normal", "high", "critical"),
    ),
    _noun("ticket.amount", "double", "the amount at stake", "der Betrag, um den es geht", "el importe en juego"),
    _statement(
        "ticket.in_incident",
        ("it belongs to an incident", "it belongs to no incident"),
        ("es gehört zu einer Störung", "es gehört zu keiner Störung"),
        ("pertenece a una incidencia", "no pertenece a ninguna incidencia"),
    ),
    _noun(
        *("ticket.open_questions", "int", "the number of open questions"),
        *("die Zahl der offenen Fragen", "el número de preguntas abiertas"),
        grade="estimate",
    ),
    _noun("ticket.silent_h", "double", "the silence", "das Schweigen", "el silencio", unit="h"),
    _statement(
        "ticket.safety_risk",
        ("somebody may be in danger", "nobody seems to be in danger"),
        ("jemand könnte in Gefahr sein", "niemand scheint in Gefahr zu sein"),
        ("alguien puede estar en peligro", "nadie parece estar en peligro"),
        grade="estimate",
    ),
)

CUSTOMER = (
    _statement(
        "customer.new",
        ("the customer is new", "the customer is not new"),
        ("die Kundin oder der Kunde ist neu", "die Kundin oder der Kunde ist nicht neu"),
        ("el cliente es nuevo", "el cliente no es nuevo"),
    ),
    _noun(
        *("customer.tags", "list(string)", "the list of the customer's tags"),
        *("die Liste der Kundenschlagwörter", "la lista de etiquetas del cliente"),
    ),
    _noun("customer.persona", "string", "the persona", "die Persona", "el perfil"),
    _noun(
        *("customer.locale", "string", "the customer's language", "die Sprache der Kundschaft"),
        "el idioma del cliente",
    ),
    _noun("customer.country", "string", "the customer's country", "das Land der Kundschaft", "el país del cliente"),
    _noun(
        *("customer.emotion", "string", "the customer's feeling", "das Gefühl der Kundschaft"),
        "la emoción del cliente",
        grade="estimate",
        values=EMOTIONS,
    ),
    _noun(
        *("customer.emotion_strength", "double", "the strength of the feeling", "die Stärke des Gefühls"),
        "la intensidad de la emoción",
        grade="estimate",
    ),
    _noun(
        *("customer.contacts_30d", "int", "the number of contacts in 30 days"),
        *("die Zahl der Kontakte in 30 Tagen", "el número de contactos en 30 días"),
    ),
    _noun(
        *("customer.broken_promises_90d", "int", "the number of promises broken to them in 90 days"),
        "die Zahl der gebrochenen Versprechen in 90 Tagen",
        "el número de promesas incumplidas en 90 días",
    ),
    _noun("customer.orders", "int", "the number of orders", "die Zahl der Bestellungen", "el número de pedidos"),
    _noun(
        *("customer.value_12m", "double", "the turnover of twelve months"),
        *("der Umsatz in zwölf Monaten", "el volumen de compras en doce meses"),
    ),
    _statement(
        "customer.asked_for_human",
        ("the customer asks for a person", "the customer does not ask for a person"),
        ("es wird nach einem Menschen gefragt", "es wird nicht nach einem Menschen gefragt"),
        ("el cliente pide hablar con una persona", "el cliente no pide hablar con una persona"),
        grade="estimate",
    ),
    _statement(
        "customer.vulnerable",
        ("the customer needs special care", "no special need of care is known"),
        ("es braucht besondere Rücksicht", "es ist kein Bedarf an besonderer Rücksicht bekannt"),
        ("el cliente necesita un cuidado especial", "no consta que el cliente necesite un cuidado especial"),
        grade="judgement",
    ),
    _noun(
        *("customer.days_since_survey", "int", "the number of days since the last survey"),
        *("die Zahl der Tage seit der letzten Umfrage", "el número de días desde la última encuesta"),
    ),
    _statement(
        "customer.survey_consent",
        ("the customer agreed to surveys", "the customer did not agree to surveys"),
        ("Umfragen wurde zugestimmt", "Umfragen wurde nicht zugestimmt"),
        ("el cliente aceptó recibir encuestas", "el cliente no aceptó recibir encuestas"),
    ),
    _statement(
        "customer.abusive",
        ("the customer is abusive", "the customer is not abusive"),
        ("der Ton ist beleidigend", "der Ton ist nicht beleidigend"),
        ("el cliente es ofensivo", "el cliente no es ofensivo"),
        grade="judgement",
    ),
    _noun(
        *("customer.open_promises", "int", "the number of open promises to them"),
        *("die Zahl der offenen Versprechen", "el número de promesas pendientes"),
    ),
)

REPLY = (
    _noun(
        *("reply.words", "int", "the number of words in the reply"),
        *("die Zahl der Wörter der Antwort", "el número de palabras de la respuesta"),
    ),
    _noun(
        *("reply.grade", "double", "the reading grade of the reply"),
        *("die Lesestufe der Antwort", "el nivel de lectura de la respuesta"),
    ),
    _noun(
        *("reply.unanswered", "int", "the number of unanswered questions"),
        *("die Zahl der unbeantworteten Fragen", "el número de preguntas sin responder"),
        grade="estimate",
    ),
    _statement(
        "reply.acknowledges_feeling",
        ("the reply names the feeling", "the reply does not name the feeling"),
        ("die Antwort benennt das Gefühl", "die Antwort benennt das Gefühl nicht"),
        ("la respuesta reconoce la emoción", "la respuesta no reconoce la emoción"),
        grade="estimate",
    ),
    _statement(
        "reply.restates_issue",
        ("the reply says what it is about", "the reply does not say what it is about"),
        ("die Antwort sagt, worum es geht", "die Antwort sagt nicht, worum es geht"),
        ("la respuesta resume el asunto", "la respuesta no resume el asunto"),
        grade="estimate",
    ),
    _statement(
        "reply.has_next_step",
        ("the reply names the next step", "the reply names no next step"),
        ("die Antwort nennt den nächsten Schritt", "die Antwort nennt keinen nächsten Schritt"),
        ("la respuesta indica el siguiente paso", "la respuesta no indica el siguiente paso"),
        grade="estimate",
    ),
    _noun(
        *("reply.promises", "int", "the number of promises in the reply"),
        *("die Zahl der Versprechen in der Antwort", "el número de promesas de la respuesta"),
        grade="estimate",
    ),
    _noun(
        *("reply.promises_undated", "int", "the number of promises without a date"),
        *("die Zahl der Versprechen ohne Datum", "el número de promesas sin fecha"),
        grade="estimate",
    ),
    _noun(
        *("reply.avoid_phrases", "int", "the number of phrases we avoid"),
        *("die Zahl der Wendungen, die wir meiden", "el número de expresiones que evitamos"),
    ),
    _noun(
        *("reply.jargon", "int", "the number of inside words"),
        *("die Zahl der Fachwörter", "el número de términos internos"),
    ),
    _statement(
        "reply.blames_customer",
        ("the reply blames the customer", "the reply blames nobody"),
        ("die Antwort gibt der Kundschaft die Schuld", "die Antwort gibt der Kundschaft keine Schuld"),
        ("la respuesta culpa al cliente", "la respuesta no culpa al cliente"),
        grade="estimate",
    ),
    _statement(
        "reply.refuses",
        ("the reply says no", "the reply does not say no"),
        ("die Antwort lehnt ab", "die Antwort lehnt nicht ab"),
        ("la respuesta es negativa", "la respuesta no es negativa"),
        grade="estimate",
    ),
    _statement(
        "reply.offers_alternative",
        ("the reply offers something else", "the reply offers nothing else"),
        ("die Antwort bietet etwas anderes an", "die Antwort bietet nichts anderes an"),
        ("la respuesta ofrece una alternativa", "la respuesta no ofrece ninguna alternativa"),
        grade="estimate",
    ),
    _statement(
        "reply.gives_reason",
        ("the reply gives a reason", "the reply gives no reason"),
        ("die Antwort nennt einen Grund", "die Antwort nennt keinen Grund"),
        ("la respuesta da un motivo", "la respuesta no da ningún motivo"),
        grade="estimate",
    ),
    _noun(
        *("reply.template_overlap", "double", "the likeness to a template"),
        *("die Ähnlichkeit mit einer Vorlage", "el parecido con una plantilla"),
    ),
    _noun(
        *("reply.secrets", "int", "the number of likely secrets in the reply"),
        *("die Zahl der vermuteten Geheimnisse in der Antwort", "el número de posibles secretos de la respuesta"),
        grade="estimate",
    ),
    _noun(
        *("reply.keys", "int", "the number of passwords and keys in the reply"),
        *("die Zahl der Passwörter und Schlüssel in der Antwort", "el número de contraseñas y claves de la respuesta"),
    ),
    _noun(
        *("reply.card_numbers", "int", "the number of card numbers in the reply"),
        *("die Zahl der Kartennummern in der Antwort", "el número de números de tarjeta de la respuesta"),
    ),
    _noun(
        *("reply.unsupported_claims", "int", "the number of claims without a source"),
        *("die Zahl der Aussagen ohne Quelle", "el número de afirmaciones sin fuente"),
        grade="estimate",
    ),
    _statement(
        "reply.language_matches",
        ("the reply is in the customer's language", "the reply is not in the customer's language"),
        ("die Antwort ist in der Sprache der Kundschaft", "die Antwort ist nicht in der Sprache der Kundschaft"),
        ("la respuesta está en el idioma del cliente", "la respuesta no está en el idioma del cliente"),
        grade="estimate",
    ),
    _statement(
        "reply.address_form_matches",
        ("the form of address is right", "the form of address is not right"),
        ("die Anrede stimmt", "die Anrede stimmt nicht"),
        ("el tratamiento es correcto", "el tratamiento no es correcto"),
    ),
    _statement(
        "reply.explores",
        ("the reply asks how it is for them", "the reply does not ask how it is for them"),
        ("die Antwort fragt nach dem Erlebten", "die Antwort fragt nicht nach dem Erlebten"),
        ("la respuesta se interesa por lo vivido", "la respuesta no se interesa por lo vivido"),
        grade="estimate",
    ),
    _statement(
        "reply.interprets",
        ("the reply says what it understood", "the reply does not say what it understood"),
        ("die Antwort sagt, was verstanden wurde", "die Antwort sagt nicht, was verstanden wurde"),
        ("la respuesta dice qué se ha entendido", "la respuesta no dice qué se ha entendido"),
        grade="estimate",
    ),
    _statement(
        "reply.thanks",
        ("the reply says thank you", "the reply does not say thank you"),
        ("die Antwort bedankt sich", "die Antwort bedankt sich nicht"),
        ("la respuesta da las gracias", "la respuesta no da las gracias"),
    ),
    _noun(
        *("reply.i_share", "double", "the share of I among I and we"),
        *("der Anteil von ich an ich und wir", "la proporción de yo frente a nosotros"),
    ),
    _statement(
        "reply.over_empowerment",
        ("the reply goes beyond what its writer may decide", "the reply stays within what its writer may decide"),
        ("die Antwort geht über die eigenen Befugnisse hinaus", "die Antwort bleibt innerhalb der eigenen Befugnisse"),
        ("la respuesta excede las propias atribuciones", "la respuesta respeta las propias atribuciones"),
    ),
)

AGENT = (
    _noun(
        *("agent.skills", "list(string)", "the list of the colleague's skills"),
        *("die Liste der Fähigkeiten der Kollegin oder des Kollegen", "la lista de habilidades del colega"),
    ),
    _noun(
        *("agent.open_load", "double", "the colleague's open work"),
        *("die offene Arbeit der Kollegin oder des Kollegen", "el trabajo abierto del colega"),
    ),
    _noun(
        *("agent.since_break_min", "int", "the time since your last break"),
        *("die Zeit seit Ihrer letzten Pause", "el tiempo desde su última pausa"),
        unit="min",
    ),
    _noun(
        *("agent.hard_minutes_today", "double", "your time in hard conversations today"),
        *("Ihre Zeit in schweren Gesprächen heute", "su tiempo en conversaciones difíciles hoy"),
        grade="estimate",
        unit="min",
    ),
    _noun(
        *("agent.hard_in_a_row", "int", "the number of hard conversations in a row"),
        *("die Zahl der schweren Gespräche in Folge", "el número de conversaciones difíciles seguidas"),
        grade="estimate",
    ),
    _statement(
        "agent.boundary_used",
        ("you drew a line today", "you drew no line today"),
        ("Sie haben heute eine Grenze gezogen", "Sie haben heute keine Grenze gezogen"),
        ("usted ha puesto un límite hoy", "usted no ha puesto ningún límite hoy"),
    ),
)

OTHERS = (
    _noun(
        *("bot.turns", "int", "the number of the bot's turns"),
        *("die Zahl der Beiträge des Bots", "el número de intervenciones del bot"),
    ),
    _noun(
        *("bot.failed_answers", "int", "the number of failed answers by the bot"),
        *("die Zahl der Fehlversuche des Bots", "el número de respuestas fallidas del bot"),
    ),
    _noun(
        *("bot.confidence", "double", "the bot's confidence", "die Sicherheit des Bots", "la confianza del bot"),
        grade="estimate",
    ),
    _statement(
        "bot.topic_allowed",
        ("the bot may speak about this", "the bot may not speak about this"),
        ("der Bot darf darüber sprechen", "der Bot darf darüber nicht sprechen"),
        ("el bot puede hablar de esto", "el bot no puede hablar de esto"),
    ),
    _statement(
        "order.delayed",
        ("the order is late", "the order is not late"),
        ("die Bestellung ist verspätet", "die Bestellung ist nicht verspätet"),
        ("el pedido va con retraso", "el pedido no va con retraso"),
    ),
    _noun(
        *("order.days_late", "int", "the number of days the order is late"),
        *("die Zahl der Tage Verspätung", "el número de días de retraso"),
    ),
    _noun(
        *("order.delivered_days_ago", "int", "the number of days since delivery"),
        *("die Zahl der Tage seit der Lieferung", "el número de días desde la entrega"),
    ),
    _noun("order.value", "double", "the value of the order", "der Wert der Bestellung", "el valor del pedido"),
    _noun(
        *("promise.due_in_h", "double", "the time until the promise is due"),
        *("die Zeit, bis das Versprechen fällig ist", "el tiempo hasta que vence la promesa"),
        unit="h",
    ),
    _noun(
        *("promise.state", "string", "the state of the promise"),
        *("der Stand des Versprechens", "el estado de la promesa"),
        values=("open", "kept", "late", "broken", "renegotiated", "released"),
    ),
    _statement(
        "incident.open",
        ("there is an open incident", "there is no open incident"),
        ("es gibt eine offene Störung", "es gibt keine offene Störung"),
        ("hay una incidencia abierta", "no hay ninguna incidencia abierta"),
    ),
    _noun(
        *("incident.customers", "int", "the number of customers in the incident"),
        *("die Zahl der Betroffenen der Störung", "el número de clientes afectados por la incidencia"),
    ),
    _noun("now.ts", "timestamp", "the present moment", "der jetzige Zeitpunkt", "el momento actual"),
)
