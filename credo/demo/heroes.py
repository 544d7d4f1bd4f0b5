"""The conversations one sees first: written out, each with something a desk must be able to show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files as files_of

from credo.base import clock
from credo.demo import files
from credo.demo.cast import COLLEAGUES, Customer
from credo.demo.hours import Hours
from credo.demo.letters import File
from credo.demo.stage import Act, Stage, Story, Talk
from credo.demo.stories import letter

MAYA, TOM, INES, ANA, JONAS, CAMILLE = COLLEAGUES
_HOUR = timedelta(hours=1)


def stories(hours: Hours) -> list[Story]:
    """All of them; each has customers of its own."""
    told = (
        *(_cracked_before_the_dinner, _second_invoice, _flicker, _tilleuls, _which_bulb, _no_rush, _refund, _black),
        *(_sloping_ceiling, _gracias, _workshop_visit, _forwarded_by_outlook, _newsletter_reply, _marketplace),
        *(_unverified, _thrown_away),
    )
    return [Story(tell.__name__, [act for act in tell(hours) if act.at < hours.now]) for tell in told]


def _customer(name: str, address: str, language: str = "en", city: str = "Leipzig", manners: str = "plain") -> Customer:
    return Customer(name, address, language, name, city, manners)


_HANNA = _customer("Hanna Vogel", "hanna.vogel@example.com", manners="web")


def _cracked_before_the_dinner(hours: Hours) -> list[Act]:
    hum = Talk(_HANNA, "care", INES, "The dimmer hums")
    then, today = hours.on(23, "19:40"), hours.ago(1.85 * _HOUR)
    answered = hours.after(then, 0.6 * _HOUR)
    talk = Talk(_HANNA, "care", INES, "Cracked glass, and eight people on Saturday")
    photo = File("crack.png", "image/png", files.photo(4))
    return [
        Act(then, letter(hum, _said("hum"))),
        Act(answered - timedelta(minutes=4), lambda stage: stage.assign(hum, INES, INES)),
        Act(answered, lambda stage: stage.answer(hum, _said("hum-answer"), "solved")),
        Act(today, letter(talk, _said("cracked"), (photo,), quoted=None)),
        Act(today + timedelta(minutes=1), lambda stage: stage.assign(talk, MAYA, INES)),
        Act(
            hours.after(today, 0.8 * _HOUR),
            lambda stage: stage.note(
                talk, TOM, "@Ines the workshop has three Solveig shades. If you order before 14:00 it leaves today."
            ),
        ),
    ]


def _second_invoice(hours: Hours) -> list[Act]:
    talk = Talk(
        _customer("Leyla Aydın", "leyla@cafe-morgenrot.example", "en", "Berlin", "office"),
        *("care", INES, "Second invoice for Café Morgenrot?"),
    )
    asked = hours.ago(4.66 * _HOUR)
    return [
        Act(asked, letter(talk, _said("morgenrot"))),
        Act(hours.after(asked, 0.2 * _HOUR), lambda stage: stage.assign(talk, MAYA, INES)),
    ]


def _flicker(hours: Hours) -> list[Act]:
    talk = Talk(
        _customer("Priya Raman", "priya.raman@example.org", manners="web"), "care", INES, "Flicker since the update"
    )
    first = hours.on(4, "20:55")
    answered = hours.after(first, 1.2 * _HOUR)
    again = max(hours.ago(8.7 * _HOUR), answered + timedelta(minutes=30))
    return [
        Act(first, letter(talk, _said("flicker"))),
        Act(answered - timedelta(minutes=3), lambda stage: stage.assign(talk, INES, INES)),
        Act(answered - timedelta(minutes=2), lambda stage: stage.tag(talk, INES, ("flicker", "app"))),
        Act(answered, lambda stage: stage.answer(talk, _said("flicker-answer"))),
        Act(again, letter(talk, _said("flicker-again"))),
        Act(again + timedelta(minutes=3), lambda stage: stage.read_by(talk, INES)),
        Act(
            again + timedelta(minutes=50),
            lambda stage: stage.note(talk, JONAS, "Same batch of drivers as the other ten. 2.4.1 is on my bench."),
        ),
    ]


def _tilleuls(hours: Hours) -> list[Act]:
    marguerite = Customer(
        *("Marguerite Delacroix-Beaumont", "m.delacroix@hotel-tilleuls.example", "en", "Mme Delacroix", "Lyon"),
        *("office", "Hôtel des Tilleuls"),
    )
    talk = Talk(marguerite, "trade", TOM, "26 pendants for Hôtel des Tilleuls, revised delivery")
    first = hours.on(19, "10:05")
    plan = File("plan-etage-2.pdf", "application/pdf", files.pdf("Hôtel des Tilleuls, étage 2", ["26 x Solveig", ""]))
    answered = hours.after(first, 2 * _HOUR)
    revised = hours.ago(13 * _HOUR)
    return [
        Act(first, letter(talk, _said("tilleuls"), (plan,), cc=("a.morel@hotel-tilleuls.example",))),
        Act(answered - timedelta(minutes=6), lambda stage: stage.assign(talk, TOM, TOM)),
        Act(answered - timedelta(minutes=5), lambda stage: stage.tag(talk, TOM, ("trade", "delivery"))),
        Act(answered, lambda stage: stage.answer(talk, _said("tilleuls-answer"))),
        Act(hours.after(answered, 5 * _HOUR), letter(talk, _said("tilleuls-yes"))),
        Act(hours.after(answered, 6 * _HOUR), lambda stage: stage.answer(talk, _said("tilleuls-booked"))),
        Act(revised, letter(talk, _said("tilleuls-revised"))),
        Act(hours.after(revised, 2 * _HOUR), lambda stage: stage.answer(talk, _said("tilleuls-soon"), "open")),
        Act(hours.after(revised, 2.2 * _HOUR), lambda stage: stage.note(talk, CAMILLE, _said("tilleuls-note"))),
    ]


def _which_bulb(hours: Hours) -> list[Act]:
    talk = Talk(
        _customer("Yusuf Demir", "yusuf.demir@example.net", manners="phone"),
        *("care", ANA, "Which bulb fits the Lykke table lamp?"),
    )
    return [Act(hours.ago(3.9 * _HOUR), letter(talk, _said("bulb")))]


def _no_rush(hours: Hours) -> list[Act]:
    talk = Talk(_customer("Daniel Osei", "daniel.osei@example.com"), "care", ANA, "No rush, I’ll manage")
    return [Act(hours.ago(0.3 * _HOUR), letter(talk, _said("no-rush")))]


def _refund(hours: Hours) -> list[Act]:
    talk = Talk(
        _customer("Oskar Lindqvist", "oskar.lindqvist@example.se", city="Malmö", manners="signed"),
        *("care", INES, "Refund for order LL-3390"),
    )
    first = hours.ago(20 * _HOUR)
    answered = hours.after(first, 1.6 * _HOUR)
    return [
        Act(first, letter(talk, _said("refund"))),
        Act(answered - timedelta(minutes=2), lambda stage: stage.assign(talk, INES, INES)),
        Act(answered - timedelta(minutes=1), lambda stage: stage.tag(talk, INES, ("refund",))),
        Act(answered, lambda stage: stage.answer(talk, _said("refund-answer"))),
        Act(hours.ago(6 * _HOUR), letter(talk, _said("refund-again"))),
        Act(hours.ago(5.8 * _HOUR), lambda stage: stage.read_by(talk, INES)),
    ]


def _black(hours: Hours) -> list[Act]:
    wim = _customer("Wim de Groot", "wim.degroot@example.nl", city="Utrecht", manners="web")
    talk = Talk(wim, "care", INES, "Lamp came in black instead of brass")
    first = hours.ago(16 * _HOUR)
    answered = hours.after(first, 1.1 * _HOUR)
    photo = File("black-lamp.png", "image/png", files.photo(9), "black-lamp")
    return [
        Act(first, letter(talk, _said("black"))),
        Act(answered - timedelta(minutes=3), lambda stage: stage.assign(talk, INES, INES)),
        Act(answered, lambda stage: stage.answer(talk, _said("black-answer"))),
        Act(hours.ago(2.5 * _HOUR), letter(talk, _said("black-photo"), (photo,))),
    ]


def _sloping_ceiling(hours: Hours) -> list[Act]:
    karin = _customer("Karin Sommer", "karin.sommer@example.de", "de", "Kassel", "signed")
    talk = Talk(karin, "care", ANA, "Kabelhöhe bei Dachschräge")
    first = hours.ago(22 * _HOUR)
    answered = hours.after(first, 2.2 * _HOUR)
    return [
        Act(first, letter(talk, _said("ceiling"))),
        Act(answered - timedelta(minutes=3), lambda stage: stage.assign(talk, ANA, ANA)),
        Act(answered, lambda stage: stage.answer(talk, _said("ceiling-answer"))),
        Act(answered + timedelta(minutes=40), lambda stage: _away(stage, talk)),
    ]


def _gracias(hours: Hours) -> list[Act]:
    beatriz = _customer("Beatriz Nogueira", "beatriz.nogueira@example.es", "es", "Vigo", "phone")
    talk = Talk(beatriz, "care", INES, "¡Muchas gracias!")
    first = hours.ago(17 * _HOUR)
    return [
        Act(first, letter(talk, _said("gracias"))),
        Act(hours.after(first, 0.5 * _HOUR), lambda stage: stage.assign(talk, INES, INES)),
        Act(hours.after(first, 0.6 * _HOUR), lambda stage: stage.answer(talk, _said("gracias-answer"))),
    ]


def _workshop_visit(hours: Hours) -> list[Act]:
    studio = Customer("Freja Holm", "freja@studio-quay.example", "en", "Ms Holm", "Copenhagen", "office", "Studio Quay")
    talk = Talk(studio, "trade", TOM, "Invitation: material day at your workshop")
    first = hours.ago(5 * _HOUR)
    start = (hours.now + timedelta(days=9)).replace(hour=9, minute=0, second=0, microsecond=0)
    invitation = files.invitation(
        "material-day@studio-quay.example",
        "Material day, Lumen workshop",
        "Lumen workshop, Hafenstraße 3",
        start,
        start + 2 * _HOUR,
        studio.address,
        "trade@lumen.example",
    )
    return [Act(first, letter(talk, _said("visit"), (File("invite.ics", "text/calendar", invitation.encode()),)))]


def _forwarded_by_outlook(hours: Hours) -> list[Act]:
    clinic = Customer(
        "Gudrun Thiel", "g.thiel@praxis-am-markt.example", "de", "Frau Thiel", "Jena", "office", "Praxis am Markt"
    )
    talk = Talk(clinic, "trade", CAMILLE, "Bemaßung Wartezimmer")
    inside = files.winmail("wartezimmer.pdf", files.pdf("Wartezimmer", ["Raumhöhe 2,85 m", "8 x Runa"]))
    return [
        Act(
            hours.ago(7 * _HOUR), letter(talk, _said("measures"), (File("winmail.dat", "application/ms-tnef", inside),))
        )
    ]


def _newsletter_reply(hours: Hours) -> list[Act]:
    """An answer to an address that is gone: it comes back."""
    moira = _customer("Moira Castell", "moira.castell@example.org")
    talk = Talk(moira, "care", JONAS, "Can I have the 2022 catalogue?")
    first = hours.ago(30 * _HOUR)
    answered = hours.after(first, 2 * _HOUR)
    return [
        Act(first, letter(talk, _said("catalogue"))),
        Act(answered - timedelta(minutes=3), lambda stage: stage.assign(talk, JONAS, JONAS)),
        Act(answered, lambda stage: stage.answer(talk, _said("catalogue-answer"))),
        Act(answered + timedelta(minutes=2), lambda stage: _comes_back(stage, talk)),
    ]


def _marketplace(hours: Hours) -> list[Act]:
    """A shop that writes by itself: ordinary work, but nobody to thank."""
    talk = Talk(
        _customer("Lichthaus Portal", "orders@lichthaus-portal.example"), "trade", CAMILLE, "New order 88-20417"
    )
    headers = (("Auto-Submitted", "auto-generated"),)
    return [Act(hours.ago(2 * _HOUR), letter(talk, _said("market"), headers=headers))]


def _unverified(hours: Hours) -> list[Act]:
    talk = Talk(_customer("Lumen Payments", "billing@lumen-payments.example"), "care", MAYA, "Your mailbox is full")
    return [Act(hours.ago(6.5 * _HOUR), letter(talk, _said("phishing"), (), "failed"))]


def _thrown_away(hours: Hours) -> list[Act]:
    acts: list[Act] = []
    for number, (name, address, subject) in enumerate(_SPAM):
        talk = Talk(_customer(name, address), "care", ANA, subject)
        at = hours.on(2 + number * 11, f"{3 + number}:17".zfill(5))
        acts += [
            Act(at, letter(talk, _said(f"spam-{number}"), (), "unknown")),
            Act(hours.after(at, 0.3 * _HOUR), _sorted_out(talk, number)),
        ]
    odd = hours.on(1, "06:12")
    return [*acts, Act(odd, lambda stage: stage.unreadable("care", _ODD_BYTES))]


def _sorted_out(talk: Talk, number: int) -> Callable[[Stage], Awaitable[None]]:
    return lambda stage: (stage.trash if number == 2 else stage.spam)(talk, ANA)


async def _away(stage: Stage, talk: Talk) -> None:
    """The customer's program answers that nobody is there."""
    headers = (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk"))
    subject = f"Abwesenheitsnotiz: {talk.subject}"
    await letter(talk, _said("away"), (), headers=headers, subject=subject, quoted=None)(stage)


async def _comes_back(stage: Stage, talk: Talk) -> None:
    """A mail server reports that the address is gone."""
    original = talk.sent[-1]
    local = stage.boxes[talk.box].address
    text = _said("bounce").format(
        to=talk.customer.address, box=local, id=original, at=_mail_date(clock.now()), number=stage.props.letters
    )
    await stage.bytes_arrive(talk.box, text.replace("\n", "\r\n").encode())


def _mail_date(at: datetime) -> str:
    return f"{at:%a, %d %b %Y %H:%M:%S} +0000"


_SPAM = (
    ("Rank Boosters", "hello@rank-boosters.example", "Your website is missing 3,200 visitors"),
    ("Prof. A. Mbeki-Lund", "claims@lottery-trust.example", "Unclaimed estate of a late engineer"),
    ("Cheap Bulbs Direct", "sales@cheap-bulbs.example", "LED 0.12 $ per piece FOB"),
    ("Mailbox Team", "no-reply@security-mail.example", "Unusual sign-in, act now"),
)
_ODD_BYTES = bytes(range(256)) * 9


@lru_cache
def _texts() -> dict[str, str]:
    blocks = files_of("credo.demo").joinpath("scenes/heroes.txt").read_text("utf-8").split("\n===")[1:]
    return {name.strip(): text.strip("\n") for name, _, text in (block.partition("\n") for block in blocks)}


def _said(name: str) -> str:
    return _texts()[name]
