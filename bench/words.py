"""Words for the corpus: a made-up language with the frequencies of a real one, so that search has an honest lexicon."""

from __future__ import annotations

import random
from itertools import accumulate

_COMMON = """the and to of a in is it you that we for was on are with as have be at this not but from had by will or one
    lamp order glass please hello thank shade light switch cable box bulb parcel day week today room still when your my
    again broken sent came send would like could know about did refund invoice table floor wall kitchen works not"""
_ONSETS = "b br c ch d dr f fl g gr h j k kl l m n p pl pr r s sh sl st t tr v w z"
_NUCLEI = "a e i o u ai ea ee ie oa ou"
_CODAS = "b ck d g l ll m n nd ng p r rt s sh st t th x"
_FIRST = """Anna Ben Clara David Elif Fatma Georg Hanna Iris Jonas Kofi Lena Marta Nils Olga Pablo Rosa Samir Tess
    Yusuf"""
_VOCABULARY = 20_000
_SENTENCES = 12_000


class Words:
    """Sentences and names out of `pick`."""

    def __init__(self, pick: random.Random) -> None:
        self.first = _FIRST.split()
        self.surnames = [_word(pick, 2).capitalize() for _ in range(900)]
        vocabulary = list(
            dict.fromkeys([*_COMMON.split(), *(_word(pick, pick.randint(1, 3)) for _ in range(_VOCABULARY))])
        )
        weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(vocabulary))))
        self.sentences = [
            " ".join(pick.choices(vocabulary, cum_weights=weights, k=pick.randint(5, 15))).capitalize() + "."
            for _ in range(_SENTENCES)
        ]
        self.nouns = vocabulary[40:2_000]

    def person(self, number: int) -> tuple[str, str]:
        """A name and an address that nobody else has."""
        first, last = self.first[number % len(self.first)], self.surnames[number * 7 % len(self.surnames)]
        return f"{first} {last}", f"{first}.{last}.{number}@customers.example".lower()

    def subject(self, pick: random.Random) -> str:
        """Three to six words."""
        return " ".join(pick.choices(self.nouns, k=pick.randint(3, 6))).capitalize()

    def text(self, pick: random.Random, sentences: int) -> str:
        """A paragraph."""
        return " ".join(pick.choices(self.sentences, k=sentences))


def _word(pick: random.Random, syllables: int) -> str:
    onsets, nuclei, codas = _ONSETS.split(), _NUCLEI.split(), ["", *_CODAS.split()]
    return "".join(pick.choice(onsets) + pick.choice(nuclei) + pick.choice(codas) for _ in range(syllables))
