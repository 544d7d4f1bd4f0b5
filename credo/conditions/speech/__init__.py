"""How conditions are said: the words of each language, in which every field stands in the nominative."""

from credo.conditions.speech.english import ENGLISH
from credo.conditions.speech.german import GERMAN
from credo.conditions.speech.spanish import SPANISH
from credo.conditions.speech.words import Speech

SPEECHES = {"en": ENGLISH, "de": GERMAN, "es": SPANISH}

__all__ = ["SPEECHES", "Speech", "speech"]


def speech(language: str) -> Speech:
    """The words of `language`, of whichever country; English where there are none."""
    return SPEECHES.get(language.partition("-")[0], ENGLISH)
