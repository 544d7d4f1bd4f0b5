"""Names of metrics in the document."""

from __future__ import annotations

from dataclasses import dataclass

from credo.base.nearest import nearest
from credo.philosophy.kinds import Json
from credo.philosophy.metrics import METRICS
from credo.philosophy.problems import _
from credo.philosophy.reading import Reading
from credo.philosophy.section import Section

_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Metric:
    """The name of a metric; an unknown one is kept with a note unless it is nearly a known one."""

    like: str

    def read(self, section: Section, key: str, reading: Reading) -> str:
        name = section.text(key, required=True)
        if not name or name in METRICS:
            return name
        if nearest(name, METRICS, likeness=_ALIKE):
            section.unknown(key, _("There is no metric “%(name)s”."), name, METRICS)
        else:
            section.note(key, _("Nothing measures “%(name)s” yet; its figures are yours to bring."), name=name)
        return name

    def absent(self) -> str:
        return ""

    def schema(self) -> Json:
        return {"anyOf": [{"enum": list(METRICS)}, {"type": "string", "minLength": 1}]}

    def words(self) -> str:
        return "a [metric](#metrics)"

    def example(self) -> str:
        return self.like
