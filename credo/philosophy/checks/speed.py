"""Speed alone costs care: a goal on speed has a guard, and a pair holds one of each."""

from __future__ import annotations

from credo.philosophy.metrics import CARE, SPEED
from credo.philosophy.problems import _
from credo.philosophy.reading import Reading


def check_speed(reading: Reading) -> None:
    """Complain about goals on speed without a guard, and about pairs of two alike."""
    if reading.partial:
        return
    partners = {pair.speed: pair.quality for _section, pair in reading.each("strategy/pairs")}
    for section, goal in reading.each("strategy/goals"):
        if goal.metric in SPEED and not goal.guard:
            cause = _("“%(metric)s” is about speed, and a goal on speed needs a guard.")
            partner = partners.get(goal.metric, "fcr_7d")
            section.error("metric", cause, _("write it like “%(like)s”"), metric=goal.metric, like=f"guard: {partner}")
        elif goal.guard in SPEED:
            section.error("guard", _ALIKE, _PICK, metric=goal.guard, options=_some(CARE))
    for section, pair in reading.each("strategy/pairs"):
        if pair.quality in SPEED:
            section.error("quality", _ALIKE, _PICK, metric=pair.quality, options=_some(CARE))
        if pair.speed in CARE:
            cause = _("“%(metric)s” is not about speed.")
            section.error("speed", cause, _PICK, metric=pair.speed, options=_some(SPEED))


_ALIKE = _("“%(metric)s” is about speed too, so it guards nothing.")
_PICK = _("choose one like: %(options)s")


def _some(metrics: tuple[str, ...]) -> str:
    return ", ".join(metrics[:6])
