"""Practice becomes coaching, bounds for bots, lines of the scorecard, training and marks of the voice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credo.philosophy.artefacts.artefact import Artefact, Source, source
from credo.philosophy.document import Philosophy
from credo.philosophy.practice import Behaviour, Voice


def practice(philosophy: Philosophy) -> Iterator[Artefact]:
    """Everything that practice becomes."""
    for behaviour in philosophy.practice.behaviours.values():
        path = f"practice/behaviours/{behaviour.id}"
        origin = source(philosophy, "behaviour", behaviour.id, behaviour.then, path, behaviour.serves)
        yield from _behaviour(behaviour, origin, philosophy)
    yield from _voice(philosophy)
    calm = philosophy.practice.de_escalation
    if calm:
        origin = source(philosophy, "de_escalation", "de-escalation", calm.method, "practice/de_escalation")
        yield origin.becomes("card", "de-escalation", "the coach", **fields(calm))
    yield from _training(philosophy)


def reviewed(behaviour: Behaviour) -> bool:
    """Whether it is a line of the scorecard."""
    return bool(behaviour.qa and (behaviour.qa.weight or behaviour.qa.critical))


def _behaviour(behaviour: Behaviour, origin: Source, philosophy: Philosophy) -> Iterator[Artefact]:
    asked = {"when": behaviour.when, "observe": behaviour.observe, "level": behaviour.level, "who": behaviour.who}
    if behaviour.coach:
        coach = {"at": behaviour.coach.at, "as": behaviour.coach.as_, "say": behaviour.coach.say}
        yield origin.becomes("coach_check", behaviour.id, "the coach", "coach", **asked, **coach)
    if "bot" in behaviour.who:
        yield origin.becomes("bot_gate", behaviour.id, "bots", "who", **asked, then=behaviour.then)
    if behaviour.qa and reviewed(behaviour):
        anchors = {"good": behaviour.good, "bad": behaviour.bad, "text": behaviour.then}
        yield origin.becomes("scorecard_line", behaviour.id, "reviews", "qa", **fields(behaviour.qa), **anchors)
    yield origin.becomes("metric", behaviour.id, "measuring", "observe", of=behaviour.when, share=behaviour.observe)
    for module in _teaching(philosophy, behaviour.id):
        shown = {"text": behaviour.then, "good": behaviour.good, "bad": behaviour.bad}
        yield origin.becomes("card", f"{module}-{behaviour.id}", "training", module=module, **shown)


def _teaching(philosophy: Philosophy, behaviour: str) -> list[str]:
    training = philosophy.practice.training
    return [one.id for one in training.modules.values() if behaviour in one.teaches] if training else []


def _voice(philosophy: Philosophy) -> Iterator[Artefact]:
    voice = philosophy.practice.voice
    if voice is None:
        return
    origin = source(philosophy, "voice", "voice", voice.character, "practice/voice")
    for words, why in ((voice.avoid, "avoid"), (voice.inside_words, "inside_words")):
        for number, word in enumerate(words, 1):
            yield origin.becomes("voice_mark", f"{why}-{number}", "the coach", f"{why}/{number}", word=word, mark=why)
    for number, saying in enumerate(voice.say, 1):
        mark = {"word": saying.not_, "use": saying.use, "mark": "say"}
        yield origin.becomes("voice_mark", f"say-{number}", "the coach", f"say/{number}", **mark)
    for number, shift in enumerate(voice.shifts, 1):
        yield origin.becomes("voice_shift", str(number), "the coach", f"shifts/{number}", **fields(shift))
    yield origin.becomes("template_check", "voice", "templates", words=[*voice.avoid, *voice.inside_words])
    yield origin.becomes("style_block", "voice", "language models", **_style(voice))


def _style(voice: Voice) -> Mapping[str, object]:
    return {
        "character": voice.character,
        "person": voice.person,
        "dimensions": voice.dimensions,
        "reading_grade_max": dict(voice.reading_grade_max),
        "address_form": dict(voice.address_form),
    }


def _training(philosophy: Philosophy) -> Iterator[Artefact]:
    training = philosophy.practice.training
    if training is None:
        return
    behaviours = philosophy.practice.behaviours
    for module in training.modules.values():
        serves = [behaviours[name].serves for name in module.teaches if name in behaviours]
        said = ", ".join(module.teaches)
        origin = source(philosophy, "module", module.id, said, f"practice/training/modules/{module.id}", serves)
        yield origin.becomes("training_module", module.id, "training", **fields(module), retention=training.retention)
    origin = source(philosophy, "training", "training", ", ".join(training.skills), "practice/training")
    for skill in training.skills:
        yield origin.becomes("skill", skill, "routing", "skills")
    for reason in training.refresh_on:
        yield origin.becomes("refresher", reason, "training", "refresh_on")


def fields(record: object) -> dict[str, object]:
    """A record's attributes by their names in the document."""
    names = type(record).__dataclass_fields__  # type: ignore[attr-defined]
    return {name.rstrip("_"): getattr(record, name) for name in names if name not in ("id", "serves")}
