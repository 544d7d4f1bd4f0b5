"""What describes a colleague is theirs: it may be asked for under policy.wellbeing alone."""

from __future__ import annotations

from credo.philosophy.problems import _
from credo.philosophy.reading import Reading
from credo.philosophy.vocabulary import COLLEAGUE, OPEN_TO_ALL, VOCABULARY

_THEIRS = "policy/wellbeing/"


def check_colleagues(reading: Reading) -> None:
    """Complain about every condition elsewhere that asks for what describes a colleague."""
    cause = _("%(name)s describes a colleague; allowed only under policy.wellbeing, and shown only to that person.")
    hint = _("Of colleagues, only this may be asked for anywhere: %(options)s.")
    options = ", ".join(sorted(OPEN_TO_ALL))
    for path, asked in reading.conditions.items():
        if path.startswith(_THEIRS):
            continue
        for field in asked.condition.fields():
            private = VOCABULARY.fields[field.name].subject == COLLEAGUE and field.name not in OPEN_TO_ALL
            if private:
                reading.problems.error(asked.at(field), path, cause, hint, name=field.name, options=options)
