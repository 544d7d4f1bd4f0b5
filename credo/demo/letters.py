"""Mails as customers' programs write them: greetings, signatures, quotes, markup, files."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from credo.demo.cast import Customer

ZONE = ZoneInfo("Europe/Berlin")
SHOP = "Lumen Lamps"

HELLO = {
    "en": [
        "Hello,",
        "Hi,",
        "Hi there,",
        "Dear Lumen team,",
        "Good morning,",
        "Good evening,",
        "Hello Lumen Lamps,",
        "",
    ],
    "de": [
        "Guten Tag,",
        "Hallo,",
        "Liebes Lumen-Team,",
        "Guten Morgen,",
        "Hallo zusammen,",
        "Sehr geehrte Damen und Herren,",
    ],
    "es": ["Hola:", "Buenos días:", "Buenas tardes:", "Estimado equipo:", "Hola, buenas:"],
    "fr": ["Bonjour,", "Bonsoir,", "Chère équipe,", "Madame, Monsieur,"],
}
HELLO_AGAIN = {
    "en": ["Hi {colleague},", "Hello {colleague},", "{colleague},", "Hi again,", "", ""],
    "de": ["Hallo {colleague},", "Guten Tag,", "Hallo nochmal,", "", ""],
    "es": ["Hola, {colleague}:", "Hola de nuevo:", "", "Buenos días, {colleague}:"],
    "fr": ["Bonjour {colleague},", "Rebonjour,", ""],
}
BYE = {
    "en": ["Best wishes", "Kind regards", "Thanks", "Many thanks", "Cheers", "Best", "Warm regards", "With thanks"],
    "de": [
        "Viele Grüße",
        "Mit freundlichen Grüßen",
        "Beste Grüße",
        "Liebe Grüße",
        "Danke und Gruß",
        "Freundliche Grüße",
    ],
    "es": ["Un saludo", "Saludos", "Gracias", "Un cordial saludo", "Gracias de antemano"],
    "fr": ["Cordialement", "Bien à vous", "Merci d'avance", "Bonne journée"],
}
ANSWER_HELLO = {
    "en": ["Hello {first},", "Dear {first},", "Hi {first},"],
    "de": ["Guten Tag {formal},", "Hallo {formal},"],
    "es": ["Hola, {first}:", "Buenos días, {first}:"],
    "fr": ["Bonjour {formal},"],
}
ANSWER_BYE = {
    "en": ["Best wishes", "Kind regards", "Warmly"],
    "de": ["Herzliche Grüße", "Viele Grüße", "Beste Grüße"],
    "es": ["Un saludo", "Un abrazo", "Saludos cordiales"],
    "fr": ["Bien à vous", "Cordialement"],
}
_PHONE = {
    "en": "Sent from my phone",
    "de": "Von unterwegs gesendet",
    "es": "Enviado desde mi móvil",
    "fr": "Envoyé de mon téléphone",
}
_WROTE = {
    "en": "On {day}, {hour}, {who} wrote:",
    "de": "Am {day} um {hour} schrieb {who}:",
    "es": "El {day}, a las {hour}, {who} escribió:",
    "fr": "Le {day} à {hour}, {who} a écrit :",
}
_ORIGINAL = {
    "en": ("-----Original Message-----", "From", "Sent", "To", "Subject"),
    "de": ("-----Ursprüngliche Nachricht-----", "Von", "Gesendet", "An", "Betreff"),
    "es": ("-----Mensaje original-----", "De", "Enviado el", "Para", "Asunto"),
    "fr": ("-----Message d'origine-----", "De", "Envoyé", "À", "Objet"),
}


@dataclass(frozen=True, slots=True)
class File:
    """What is attached; with `cid` the text shows it in place."""

    name: str
    type: str
    content: bytes
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The mail that is answered."""

    who: str
    address: str
    at: datetime
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything about one mail of a customer; `text` has its greeting and name already."""

    customer: Customer
    to: str
    subject: str
    text: str
    at: datetime
    message_id: str
    references: tuple[str, ...] = ()
    quoted: Quoted | None = None
    files: tuple[File, ...] = ()
    cc: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    manners: str = ""


def written(letter: Letter) -> bytes:
    """The mail as it comes over the wire."""
    customer, manners = letter.customer, letter.manners or letter.customer.manners
    latin = customer.language in ("de", "es", "fr") and manners == "signed" and _fits_latin(letter)
    mail = _with_files(_body(letter, manners, "iso-8859-1" if latin else "utf-8"), letter.files)
    headers = [
        ("From", formataddr((customer.name, customer.address))),
        ("To", formataddr((SHOP, letter.to))),
        ("Cc", ", ".join(letter.cc)),
        ("Subject", Header(letter.subject, "utf-8" if not letter.subject.isascii() else None).encode()),
        ("Date", format_datetime(letter.at.astimezone(ZONE))),
        ("Message-ID", f"<{letter.message_id}>"),
        ("In-Reply-To", f"<{letter.references[-1]}>" if letter.references else ""),
        ("References", " ".join(f"<{one}>" for one in letter.references[-8:])),
        *letter.headers,
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers if value)
    return head.encode() + mail.as_bytes().replace(b"\n", b"\r\n")


def signature(customer: Customer, manners: str) -> str:
    """What a program puts under every mail."""
    if manners == "phone":
        return _PHONE[customer.language]
    if manners == "office":
        return f"{customer.company or customer.name}\n{customer.city} · {customer.address}"
    return f"-- \n{customer.name}, {customer.city}" if manners == "signed" else ""


def _fits_latin(letter: Letter) -> bool:
    whole = letter.text + (letter.quoted.text if letter.quoted else "") + letter.customer.name
    return whole.encode("iso-8859-1", "replace").count(b"?") == whole.count("?")


def _plain(letter: Letter, manners: str) -> str:
    parts = [letter.text, signature(letter.customer, manners), _quote(letter, manners)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _quote(letter: Letter, manners: str) -> str:
    quoted, language = letter.quoted, letter.customer.language
    if quoted is None:
        return ""
    if manners == "office":
        title, who, sent, to, about = _ORIGINAL[language]
        return (
            f"{title}\n{who}: {quoted.who} <{quoted.address}>\n{sent}: {_day(quoted.at, language)} {_hour(quoted.at)}\n"
            f"{to}: {letter.customer.name}\n{about}: {quoted.subject}\n\n{quoted.text}"
        )
    return _wrote(quoted, language) + "\n" + "\n".join(f"> {line}".rstrip() for line in quoted.text.split("\n"))


def _wrote(quoted: Quoted, language: str) -> str:
    return _WROTE[language].format(day=_day(quoted.at, language), hour=_hour(quoted.at), who=quoted.who)


def _day(at: datetime, language: str) -> str:
    return format_date(at.astimezone(ZONE), "medium", locale=language)


def _hour(at: datetime) -> str:
    return format_time(at.astimezone(ZONE), "HH:mm", tzinfo=ZONE)


def _marked_up(letter: Letter, manners: str) -> str:
    body = _paragraphs(letter.text)
    body += "".join(f'<p><img src="cid:{file.cid}" alt=""></p>' for file in letter.files if file.cid)
    if foot := signature(letter.customer, manners):
        body += f'<div style="color:#777;font-size:12px">{_lines(foot)}</div>'
    if letter.quoted is not None:
        quoted = letter.quoted
        body += (
            f'<div class="gmail_quote"><div>{html.escape(_wrote(quoted, letter.customer.language))}<br></div>'
            f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">'
            f"{_paragraphs(quoted.text)}</blockquote></div>"
        )
    return f"<html><body>{body}</body></html>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_lines(part)}</p>" for part in text.split("\n\n"))


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _body(letter: Letter, manners: str, charset: str) -> Message:
    plain = MIMEText(_plain(letter, manners), "plain", charset)
    shown = [file for file in letter.files if file.cid]
    if manners not in ("web", "office") and not shown:
        return plain
    html_part: Message = MIMEText(_marked_up(letter, manners), "html", "utf-8")
    if shown:
        html_part = MIMEMultipart("related", _subparts=[html_part, *(_part(file) for file in shown)])
    return MIMEMultipart("alternative", _subparts=[plain, html_part])


def _with_files(body: Message, files: tuple[File, ...]) -> Message:
    attached = [_part(file) for file in files if not file.cid]
    return MIMEMultipart("mixed", _subparts=[body, *attached]) if attached else body


def _part(file: File) -> Message:
    main, _, sub = file.type.partition("/")
    part: Message = MIMEText(file.content.decode(), sub, "utf-8") if main == "text" else MIMENonMultipart(main, sub)
    if main != "text":
        part.set_payload(file.content)
        encode_base64(part)
    part.add_header("Content-Disposition", "inline" if file.cid else "attachment", filename=file.name)
    if file.cid:
        part["Content-ID"] = f"<{file.cid}>"
    return part


def html_of(text: str) -> str:
    """Our own answer as the composer would have written it: paragraphs and line breaks, nothing else."""
    return _paragraphs(text)
