"""What the elements of a document are called in sentences that begin with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from credo.philosophy.problems import _
from credo.philosophy.telling import Teller

_SUBJECTS = tuple(
    (re.compile(pattern), noun)
    for pattern, noun in (
        (r"promises/([^/]+)/if_at_risk/(\d+)", _("The warning of the promise “%(name)s”")),
        (r"promises/([^/]+)/if_broken/(\d+)", _("The consequence of the promise “%(name)s”")),
        (r"promises/([^/]+)", _("The promise “%(name)s”")),
        (r"philosophy/values/([^/]+)", _("The value “%(name)s”")),
        (r"philosophy/principles/([^/]+)", _("The principle “%(name)s”")),
        (r"philosophy/tensions/([^/]+)", _("Tension %(name)s")),
        (r"philosophy", _("The philosophy")),
        (r"practice/behaviours/([^/]+)/coach", _("The coaching of the behaviour “%(name)s”")),
        (r"practice/behaviours/([^/]+)", _("The behaviour “%(name)s”")),
        (r"practice/voice/shifts/([^/]+)", _("Shift %(name)s of the voice")),
        (r"practice/voice/say/([^/]+)", _("Word %(name)s of the voice")),
        (r"practice/voice", _("The voice")),
        (r"practice/de_escalation", _("The way of calming")),
        (r"practice/training/modules/([^/]+)", _("The training module “%(name)s”")),
        (r"practice/training", _("The training")),
        (r"strategy/personas/([^/]+)", _("The persona “%(name)s”")),
        (r"strategy/goals/([^/]+)", _("The goal “%(name)s”")),
        (r"strategy/pairs/([^/]+)", _("Pair %(name)s of metrics")),
        (r"strategy/initiatives/([^/]+)", _("The initiative “%(name)s”")),
        (r"strategy/staffing", _("The staffing")),
        (r"strategy/departments/([^/]+)", _("The promise of department %(name)s")),
        (r"policy/calendars/([^/]+)", _("The calendar “%(name)s”")),
        (r"policy/routing/([^/]+)", _("The route “%(name)s”")),
        (r"policy/rules/([^/]+)", _("The rule “%(name)s”")),
        (r"policy/decision_rights/([^/]+)", _("Decision right %(name)s")),
        (r"policy/automation", _("The bound for machines")),
        (r"policy/privacy", _("The privacy")),
        (r"policy/wellbeing/support/([^/]+)", _("Support %(name)s for colleagues")),
        (r"policy/wellbeing", _("The wellbeing")),
        (r"policy/dilemmas/([^/]+)", _("The dilemma “%(name)s”")),
        (r"measurement/surveys/([^/]+)", _("The survey “%(name)s”")),
        (r"measurement/scorecard", _("The scorecard")),
        (r"measurement/reviews/([^/]+)", _("The review “%(name)s”")),
        (r"measurement/close_loop", _("The closed loop")),
        (r"measurement", _("The measurement")),
        (r"governance/golden/([^/]+)", _("The example “%(name)s”")),
        (r"governance/approve/([^/]+)", _("The approval of “%(name)s”")),
        (r"governance/backtest_before_publish", _("The try-out before publishing")),
        (r"governance/acknowledge", _("The acknowledgement")),
        (r"governance/review", _("The review of the document")),
        (r"governance", _("The governance")),
    )
)
_DOCUMENT = _("The document")


def subject(path: str, teller: Teller) -> tuple[str, str]:
    """The element at or above `path` as a sentence begins with it, and the key below it."""
    for pattern, noun in _SUBJECTS:
        if found := pattern.match(path):
            rest = path[found.end() :]
            if not rest or rest.startswith("/"):
                name = found[1].replace("-", " ") if found.groups() else ""
                return teller.say(noun, name=name), rest.removeprefix("/")
    return teller.say(_DOCUMENT), path


def patterns() -> Iterator[str]:
    """Every kind of element, most special first."""
    yield from (pattern.pattern for pattern, _noun in _SUBJECTS)
