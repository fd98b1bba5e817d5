"""Passages that a model says are spoken: those that are not are refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trailerflow.summaries.overlap import longest_shared_run
from trailerflow.text import compared_words

FEWEST_WORDS = 3
"""A shorter passage shows nothing: it is in many transcripts."""

LONGEST = 400
"""Most characters of a passage, or of a sentence that rests on one, that are read."""


def is_spoken(quote: str, transcript: Sequence[str]) -> bool:
    """Whether a passage's words stand one after another in a transcript.

    Args:
        quote: The passage; case, accents and punctuation do not count.
        transcript: The words that are spoken, in the form of `compared_words`.

    >>> is_spoken("Run, now -- run!", compared_words("he said run now run to her"))
    True
    """
    words = compared_words(quote)
    return len(words) >= FEWEST_WORDS and longest_shared_run(words, transcript) == len(words)


def spoken(quotes: Iterable[str], transcript: str) -> list[str]:
    """The passages that are spoken, each once."""
    words = compared_words(transcript)
    return list(dict.fromkeys(quote for quote in quotes if is_spoken(quote, words)))
