"""The languages Credo speaks, and its texts in each of them."""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español"}
LOCALES = Path(__file__).parent.parent / "locale"


@lru_cache
def catalogue(tongue: str) -> NullTranslations:
    """The compiled texts of a language; English is the source and needs none."""
    return translation("credo", LOCALES, [tongue], fallback=True)


def preferred(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak, else English."""
    wanted = [part.split(";")[0].strip().lower()[:2] for part in accept_language.split(",")]
    return next((tongue for tongue in wanted if tongue in LANGUAGES), "en")
