"""What is wrong with a condition: where, why, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from credo.base.errors import CredoError, Invalid

Kind = Literal["spelling", "type", "value", "unknown"]


def _(text: str) -> str:
    """Mark a sentence for translation; whoever reads it has it translated."""
    return text


class Word(str):
    """A detail that is itself a word of ours, to be translated before it goes into a sentence."""

    __slots__ = ()


DID_YOU_MEAN = _("did you mean “%(near)s”?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake. `column` counts from 1; of kind "unknown" is a field that the vocabulary does not have."""

    column: int
    kind: Kind
    cause: str
    suggestion: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The mistake as one sentence, without its column."""
        details = spelled(self.details, translate)
        return " — ".join(translate(part) % details for part in (self.cause, self.suggestion) if part)

    def __str__(self) -> str:
        return f"column {self.column}: {self.said()}"


class BadCondition(Invalid):
    """This condition cannot be read."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda finding: finding.column))
        first = self.findings[0]
        self.column, self.kind = first.column, first.kind
        self.cause, self.suggestion = first.cause, first.suggestion
        super().__init__(None, **first.details)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The first mistake as one sentence."""
        return self.findings[0].said(translate)


class NotInSql(CredoError):
    """The database does not know “%(name)s” here, so it cannot judge this condition."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(None, name=name)


def bad(column: int, cause: str, suggestion: str = "", **details: object) -> BadCondition:
    """The refusal of a text that cannot be read at all."""
    return BadCondition([Finding(column, "spelling", cause, suggestion, details)])


def spelled(details: Mapping[str, object], translate: Callable[[str], str]) -> dict[str, object]:
    """Details with our own words among them translated."""
    return {name: translate(one) if isinstance(one, Word) else one for name, one in details.items()}
