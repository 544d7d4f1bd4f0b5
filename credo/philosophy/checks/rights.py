"""No rule may narrow a right that the document grants."""

from __future__ import annotations

import re
from collections.abc import Mapping

from credo.philosophy.policy import Privacy, Rule
from credo.philosophy.problems import _
from credo.philosophy.reading import Reading

_WORDS: Mapping[str, frozenset[str]] = {
    "access": frozenset({"access", "auskunft", "acceso"}),
    "rectification": frozenset({"rectification", "rectify", "correction", "berichtigung", "rectificación"}),
    "erasure": frozenset(
        {"erasure", "erase", "erased", "deletion", "delete", "deleted", "forget", "forgotten", "löschung", "supresión"}
    ),
    "restriction": frozenset({"restriction", "restrict", "einschränkung", "limitación"}),
    "portability": frozenset({"portability", "export", "übertragbarkeit", "portabilidad"}),
    "objection": frozenset({"objection", "object", "widerspruch", "oposición"}),
}
_NARROWING = ("refuse", "block", "require")


def check_rights(reading: Reading, privacy: Privacy | None) -> None:
    """Complain about every rule that refuses, forbids or sets a condition for a granted right."""
    granted = privacy.rights if privacy else {}
    for section, rule in reading.each("policy/rules"):
        touched = _touched(rule)
        for right in granted:
            if _WORDS[right] & touched:
                cause = _("This rule narrows the right of %(right)s, which privacy.rights grants.")
                hint = _("take the rule out; whoever asks for it has it without a condition")
                section.error("kind" if rule.kind == "must_not" else "do", cause, hint, right=right)


def _touched(rule: Rule) -> set[str]:
    """The words of what a rule forbids or asks for."""
    acts = {name: str(value) for name, value in rule.do.items() if name in _NARROWING}
    if rule.kind == "must_not":
        acts = {name: str(value) for name, value in rule.do.items()}
        acts["id"] = rule.id
    if rule.kind == "must_not" and rule.who == "customer":
        acts["text"] = rule.text
    return {word for said in acts.values() for word in re.split(r"[^\w]|_", said.lower()) if word}
