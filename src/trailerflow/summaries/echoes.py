"""Words of the prompt itself, and of the films of its examples, in a summary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from trailerflow.claims.words import FUNCTION_WORDS, VERBS
from trailerflow.llm.prompts import examples_and_rest, own_passages
from trailerflow.summaries.invented_names import Heard, invented_names
from trailerflow.summaries.overlap import longest_shared_run
from trailerflow.summaries.support.coverage import Rarity, stem, stems
from trailerflow.text import compared_words

RARE = 0.01
"""Share of the transcripts up to which a word is rare, and up to which several of them do not come together by chance."""

_FEWEST_LETTERS = 3
"""Shorter words do not count: they are usual ones, and in scripts without blanks a letter stands in many words."""


class OwnText:
    """What a way's prompt files say themselves.

    Args:
        files: The prompt files.
        rarity: How rare words are in the transcripts of the run.

    Raises:
        TrailerflowError: A prompt file is missing or not sound.
    """

    def __init__(self, files: Sequence[Path], rarity: Rarity) -> None:
        self._passages = [compared_words(passage) for file in files for passage in own_passages(file)]
        parts = [examples_and_rest(file) for file in files]
        self._examples = " ".join(text for examples, _ in parts for text in examples)
        self._rest = " ".join(text for _, rest in parts for text in rest)
        self._rarity = rarity

    @cached_property
    def _words(self) -> frozenset[str]:
        """Stems of the words that the examples alone have, but for those of any text."""
        usual = stems(f"{self._rest} {' '.join(FUNCTION_WORDS | VERBS)}")
        return frozenset(word for word in stems(self._examples) - usual if len(word) >= _FEWEST_LETTERS)

    @cached_property
    def _names(self) -> frozenset[str]:
        """Those of the names among them."""
        return _stems_of_names(self._examples) & self._words

    def longest_run(self, words: Sequence[str]) -> int:
        """Words in a row that a summary shares with the prompt.

        Args:
            words: The summary's words, of `trailerflow.text.compared_words`.
        """
        return max((longest_shared_run(words, passage) for passage in self._passages), default=0)

    def echoed(self, summary: str, transcript: str, title: str) -> tuple[str, ...]:
        """The words that a summary has from the examples, and not from its film.

        A name of the examples counts by itself. Other words count where they are rare, all of them together: where the
        product of their shares of the transcripts is `RARE` or less. In a run of few transcripts that takes two words or
        more. Words that are spoken or in the title do not count, nor rare words that sound like such a word.

        Args:
            summary: The text.
            transcript: What is spoken in the film's trailer.
            title: The film's title.

        Returns:
            The words in their order, each once.
        """
        film, heard = stems(f"{transcript} {title}"), Heard.of_film(transcript, title)
        words = {word: stem(word) for word in compared_words(summary)}
        words = {word: own for word, own in words.items() if own in self._words - film}
        names = _stems_of_names(summary) & self._names
        rare = {
            own
            for word, own in words.items()
            if self._rarity.is_in_at_most(RARE, own) and not heard.is_there(word)
        }
        if math.prod(map(self._rarity.share, rare)) > RARE:
            rare = set()
        return tuple(word for word, own in words.items() if own in names | rare)


def _stems_of_names(text: str) -> frozenset[str]:
    return stems(" ".join(invented_names(text, transcript="", title="")))
