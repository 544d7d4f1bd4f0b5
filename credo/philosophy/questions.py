"""One check question for each changed part, written by the owner or made from the change; never "did you read it?"."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from credo.base.errors import Invalid
from credo.philosophy.elements import changed, elements

_MOST_OPTIONS = 6
_LONGEST = 600  # characters of an option: a question is read between two conversations


class BadQuestion(Invalid):
    """A check question names a part that changed, and has two to six different answers, of which one is right."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a changed part. An empty `question` asks which of the options is in force now.

    An empty option says that nothing of the kind is in force. `right` is the place of the right one.
    """

    part: str
    question: str
    options: tuple[str, ...]
    right: int

    def stored(self) -> dict[str, Any]:
        """The question as plain JSON."""
        return {"part": self.part, "question": self.question, "options": list(self.options), "right": self.right}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Question:
        """The question that `stored` wrote."""
        return cls(stored["part"], stored["question"], tuple(stored["options"]), stored["right"])

    def is_right(self, answer: str) -> bool:
        """Whether `answer` is the right option; raises BadQuestion when it is none of the options."""
        if answer not in self.options:
            raise BadQuestion("This is none of the answers to choose from.")
        return answer == self.options[self.right]


def questions(before: str, after: str, written: Mapping[str, Question]) -> list[Question]:
    """One for each element that differs, in the order of the document: `written` by the owner, or made."""
    old, new = elements(before), elements(after)
    parts = changed(old, new)
    for part, one in written.items():
        _ensure_fits(part, one, parts)
    return [written.get(part) or _made(part, old.get(part), new.get(part)) for part in parts]


def _ensure_fits(part: str, one: Question, parts: list[str]) -> None:
    options = len(set(one.options))
    if part not in parts or options != len(one.options) or not 2 <= options <= _MOST_OPTIONS:
        raise BadQuestion(part=part)
    if not 0 <= one.right < options or not one.question.strip():
        raise BadQuestion(part=part)


def _made(part: str, old: Any, new: Any) -> Question:
    """Old and new among the options, in an order that tells nothing."""
    was, told = dict(_leaves(old)), dict(_leaves(new))
    differ = [name for name in dict.fromkeys([*was, *told]) if was.get(name) != told.get(name)]
    now, then = _said(told, differ), _said(was, differ)
    turned = hashlib.sha256(f"{part}\n{now}\n{then}".encode()).digest()[0] % 2
    options = (then, now) if turned else (now, then)
    return Question(part, "", options, options.index(now))


def _said(leaves: Mapping[str, str], names: list[str]) -> str:
    lines = [f"{name}: {leaves[name]}" if name else leaves[name] for name in names if name in leaves]
    return "\n".join(lines)[:_LONGEST]


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        yield name, ", ".join(_word(one) for one in value)
    elif value is not None:
        yield name, _word(value)


def _word(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return "; ".join(f"{name}: {leaf}" if name else leaf for name, leaf in _leaves(value))
    return str(value).lower() if isinstance(value, bool) else str(value)
