"""The instruction for language models, made of the document alone: people and bots go by the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from credo.philosophy.artefacts.artefact import Artefact, source
from credo.philosophy.document import Philosophy
from credo.philosophy.practice import Voice


def instruction(philosophy: Philosophy) -> Artefact:
    """The prompt package of the whole file, as parts with a heading each."""
    parts = {heading: lines for heading, found in _parts(philosophy) if (lines := [line for line in found if line])}
    text = "\n\n".join("\n".join([f"# {heading}", *lines]) for heading, lines in parts.items())
    origin = source(philosophy, "philosophy", philosophy.id, philosophy.title, "")
    return origin.becomes("model_instruction", philosophy.id, "language models", text=text, parts=parts)


def _parts(philosophy: Philosophy) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Purpose", [philosophy.purpose]
    yield "Values", (f"- {one.name}: {one.statement}" for one in philosophy.values.values())
    yield "Principles", _principles(philosophy)
    yield "Promises", (f"- {one.words(philosophy.language, philosophy.language)}" for one in philosophy.promises)
    yield "Behaviours", _behaviours(philosophy)
    if philosophy.practice.voice:
        yield "Voice", _voice(philosophy.practice.voice)
    yield "Rules", (f"- {one.who} {one.kind.replace('_', ' ')}: {one.text}" for one in philosophy.policy.rules.values())
    yield "Bounds", _bounds(philosophy)


def _principles(philosophy: Philosophy) -> Iterator[str]:
    for one in philosophy.principles.values():
        yield f"- {one.id}: {one.statement}" + (f" ({one.statement_not})" if one.statement_not else "")
    for tension in philosophy.tensions:
        yield f"- {tension.prefer} even over {tension.over}" + (f": {tension.note}" if tension.note else "")


def _behaviours(philosophy: Philosophy) -> Iterator[str]:
    for one in philosophy.practice.behaviours.values():
        yield f"- {one.level}, when {one.when}: {one.then}"
        yield f"  Good: {one.good}" if one.good else ""
        yield f"  Bad: {one.bad}" if one.bad else ""


def _voice(voice: Voice) -> Iterator[str]:
    yield f"- Character: {voice.character}" if voice.character else ""
    yield f"- Person: {voice.person}" if voice.person else ""
    yield from (f"- Say “{one.use}”, not “{one.not_}”" for one in voice.say)
    yield f"- Avoid: {', '.join(voice.avoid)}" if voice.avoid else ""
    yield f"- Words customers do not know: {', '.join(voice.inside_words)}" if voice.inside_words else ""
    yield from (f"- Address ({language}): {form}" for language, form in voice.address_form.items())
    yield from (
        f"- Reading grade ({language}): at most {grade:g}" for language, grade in voice.reading_grade_max.items()
    )


def _bounds(philosophy: Philosophy) -> Iterator[str]:
    machines = philosophy.policy.automation
    if machines is None:
        return
    yield f"- Say that you are a machine: {machines.disclose.replace('_', ' ')}" if machines.disclose else ""
    yield f"- You may: {', '.join(machines.bot_may) or 'nothing alone'}"
    yield f"- Never: {', '.join(machines.bot_never)}" if machines.bot_never else ""
    yield from (f"- Hand over to a person when {when}" for when in machines.hand_over_when)
