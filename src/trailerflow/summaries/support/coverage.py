"""Support as the share of a claim's words that are spoken, rare words counting more."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from nltk.stem.porter import PorterStemmer

from trailerflow.summaries.support.contract import (
    NOTHING,
    TRANSCRIPTS,
    Beside,
    Score,
    Support,
    Surroundings,
)
from trailerflow.summaries.support.windows import STEP, WORDS, windows
from trailerflow.text import compared_words

_SHORTEST_STEMMED = 4


class RareWordCoverage(Support):
    """Of a claim's different words those that the transcript has, each weighted by its inverse document frequency.

    A trailer jumps from scene to scene, so the words may stand anywhere in it. The weight is log((1 + n) / (1 + d)) + 1 for
    a word that d of the run's n transcripts have (the smooth form of scikit-learn). Words are compared by their stems.
    """

    name = "coverage"
    needs = frozenset({TRANSCRIPTS})

    def __init__(self, surroundings: Surroundings) -> None:
        self._rarity = Rarity(surroundings.transcripts)

    def scores(self, films: Sequence[Beside]) -> list[list[Score]]:
        """One film after the other."""
        return [self._of_film(film) for film in films]

    def _of_film(self, film: Beside) -> list[Score]:
        parts = windows(film.spoken, WORDS, STEP)
        if not parts:
            return [NOTHING for _ in film.claims]
        spoken, spoken_there = stems(film.spoken.text), [stems(part.text) for part in parts]
        scores = []
        for claim in film.claims:
            words = stems(claim)
            shares = [self._weight(words & there) for there in spoken_there]
            best = parts[shares.index(max(shares))]
            scores.append(
                Score(self._weight(words & spoken) / self._weight(words), best) if words else NOTHING
            )
        return scores

    def _weight(self, words: frozenset[str]) -> float:
        return sum(1 - math.log(self._rarity.share(word)) for word in sorted(words))


class Rarity:
    """How rare words are in a collection of texts.

    Args:
        texts: The collection.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        different = [stems(text) for text in texts]
        self._texts = len(different)
        self._counts = Counter(word for words in different for word in words)

    def share(self, stem: str) -> float:
        """Share of the texts that have a word, one more text being counted that has it: never 0."""
        return (1 + self._counts[stem]) / (1 + self._texts)

    def is_in_at_most(self, share: float, stem: str) -> bool:
        """Whether no more than a share of the texts have a word."""
        return self._counts[stem] <= share * self._texts


def stems(text: str) -> frozenset[str]:
    """The different words of a text; those of unaccented Latin letters by their Porter stems.

    >>> sorted(stems("He robs robbed banks"))
    ['bank', 'he', 'rob']
    """
    return frozenset(map(stem, compared_words(text)))


def stem(word: str) -> str:
    """A word of `trailerflow.text.compared_words` without its ending."""
    return str(_stemmer().stem(word)) if word.isascii() and len(word) >= _SHORTEST_STEMMED else word


@cache
def _stemmer() -> PorterStemmer:
    return PorterStemmer()
