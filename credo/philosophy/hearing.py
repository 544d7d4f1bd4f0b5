"""What a sentence of somebody's own words is: a promise, a belief, a never, a word on how they talk.

Decided by cues in English, German and Spanish. What has none, or a promise whose time is not said for sure, is given
back as not understood, because a wrong promise is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from credo.language.deadlines import Deadline, deadline

Kind = Literal["promise", "untimed", "never", "talk", "belief", "other"]

_CLOCKS: Mapping[str, re.Pattern[str]] = {
    "refund_sent": re.compile(
        r"\brefund\w*|\bmoney back\b|erstatt\w*|\bgeld zurück\b|\breembols\w+|\bdevolv\w+ (?:el|su) dinero\b",
        re.IGNORECASE,
    ),
    "periodic_update": re.compile(
        r"\bkeep you (?:posted|informed|up to date)\b|\bnews from us\b|\bauf dem laufenden\b|\bzwischenstand\w*"
        r"|\bnachricht von uns\b|\bmant\w+ al tanto\b|\bmant\w+ informad\w+|\bnoticias nuestras\b",
        re.IGNORECASE,
    ),
    "first_human_reply": re.compile(
        r"\bansw\w+|\brepl(?:y|ies)\b|\brespon(?:d|ds|se|ses)\b|\bget back to\b|\bcall you back\b"
        r"|\bhear .{0,60}\bfrom us\b|\bhear from us\b"
        r"|\bantwort\w*|\bmeld(?:en|et)\b.{0,60}\b(?:uns|sich)\b|\buns (?:bei ihnen|melden)\b"
        r"|\bhör\w+ .{0,60}\bvon uns\b|\bhör\w+ von uns\b"
        r"|\brückruf\w*|\bruf(?:en|t)\b.{1,60}\bzurück\b"
        r"|\brespond\w+|\brespuesta\w*|\bcontest\w+|\ble llamamos\b|\bnos ponemos en contacto\b",
        re.IGNORECASE,
    ),
    "resolution": re.compile(
        r"\b(?:solv|resolv|repair|fix|decid|mend)\w*|\b(?:lös|reparier|beheb|entscheid)\w*"
        r"|\b(?:resolvem|resuelv|solucion|arregl|repar|decid)\w*",
        re.IGNORECASE,
    ),
}
_CHANNELS: Mapping[str, re.Pattern[str]] = {
    "email": re.compile(r"\be-?mails?\b|\bmails?\b|\bcorreos?\b|\bletters?\b|\bbriefe?n?\b|\bcartas?\b", re.IGNORECASE),
    "chat": re.compile(r"\bchat\b", re.IGNORECASE),
    "whatsapp": re.compile(r"\bwhats\s?app\b", re.IGNORECASE),
    "phone": re.compile(r"\b(?:tele)?phone\b|\btelefon\w*|\btel[ée]fono\b|\bllamadas?\b", re.IGNORECASE),
    "form": re.compile(r"\bforms?\b|\bformular\w*", re.IGNORECASE),
    "social": re.compile(
        r"\binstagram\b|\bfacebook\b|\bsocial\b|\bsoziale\w* medien\b|\bredes sociales\b", re.IGNORECASE
    ),
}
_NEVER = re.compile(
    r"\bwe (?:will )?never\b|\bnever will we\b|\bwe (?:do not|don't|won't|will not)\b|\bnobody (?:here|of us)\b"
    r"|\b(?:wir|bei uns)\b.*\b(?:nie|niemals|keine[mnrs]?|nicht)\b|\b(?:niemals|nie) \w+ wir\b"
    r"|\b(?:nunca|jamás)\b|\bno (?:vendemos|hacemos|pedimos|cobramos|usamos|compartimos|enviamos|dejamos)\b",
    re.IGNORECASE,
)
_STRICT_NEVER = re.compile(r"\b(?:never|niemals|nie|nunca|jamás)\b", re.IGNORECASE)
_BELIEF = re.compile(
    r"\bwe (?:believe|think|care|stand for|are convinced|value|love)\b|\b(?:important|matters?) to us\b|\bfor us,? \w+"
    r"|\bwir (?:glauben|finden|stehen für|lieben|sind überzeugt|legen wert)\b|\b(?:ist|sind) uns (?:sehr )?wichtig\b"
    r"|\buns (?:ist|sind|liegt)\b|\bliegt uns am herzen\b|\bfür uns\b"
    r"|\b(?:creemos|pensamos|defendemos|valoramos)\b|\bnos importa\w*"
    r"|\bes importante para nosotros\b|\bpara nosotr[oa]s\b"
    r"|^(?:our|unser[em]?|unseren|nuestr[oa]s?)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\bwe (?:speak|talk|write|say)\b|\bplain (?:language|words|english)\b"
    r"|\bwir (?:sprechen|reden|schreiben|sagen|duzen|siezen)\b"
    r"|\b(?:klare|einfache|verständliche)[nr]? (?:sprache|worte)\b"
    r"|\b(?:hablamos|escribimos|decimos|tuteamos)\b|\blenguaje (?:claro|sencillo)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:–—]\s+|\s+(?=(?:and|und|y|but|aber|pero)\s+(?:we|you|wir|sie|le|les|nos|lo|usted)\b)", re.IGNORECASE
)
_FROM_THEM = re.compile(
    r"\b(?:you|customers|guests) (?:can|may|must|have to|should)\b|\b(?:können|dürfen|müssen|sollten) (?:sie|kund)\w*"
    r"|\bsie (?:können|dürfen|müssen|haben)\b|\b(?:puede|pueden|debe|deben|tiene que)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as somebody says it, with the clock that fits its words and the channels it names."""

    text: str
    clock: str
    time: Deadline
    channels: tuple[str, ...]


def promised(sentence: str) -> Promised | None:
    """The promise in `sentence`: something we do and one time, both in the same breath."""
    for clause in _CLAUSE.split(sentence):
        clock, time = _clock(clause), deadline(clause)
        if clock and time and not _FROM_THEM.search(clause):
            said = tuple(name for name, cue in _CHANNELS.items() if cue.search(sentence))
            return Promised(sentence, clock, time, said)
    return None


def kind_of(sentence: str) -> Kind:
    """What `sentence` is to a philosophy."""
    if promised(sentence):
        return "promise"
    if _STRICT_NEVER.search(sentence) or _NEVER.search(sentence):
        return "never"
    if _is_untimed(sentence):
        return "untimed"
    if _TALK.search(sentence):
        return "talk"
    return "belief" if _BELIEF.search(sentence) else "other"


def _is_untimed(sentence: str) -> bool:
    """We do something for them, and when is not said for sure."""
    we = re.search(
        r"\b(?:we|wir|you (?:get|have|will)|sie (?:erhalten|bekommen|hören))\b|\w+mos\b", sentence, re.IGNORECASE
    )
    return bool(we and _clock(sentence) and not _BELIEF.search(sentence) and not _FROM_THEM.search(sentence))


def _clock(clause: str) -> str:
    return next((name for name, cue in _CLOCKS.items() if cue.search(clause)), "")
