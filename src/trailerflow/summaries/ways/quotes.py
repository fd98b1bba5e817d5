"""Passages that a model says are spoken: those that are not are refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trailerflow.text import compared_words

FEWEST_WORDS = 3
"""A shorter passage shows nothing: it is in many transcripts."""


def is_spoken(quote: str, transcript: Sequence[str]) -> bool:
    """Whether a passage's words stand one after another in a transcript.

    Args:
        quote: The passage; case, accents and punctuation do not count.
        transcript: The words that are spoken, in the form of `compared_words`.

    >>> is_spoken("Run, now -- run!", compared_words("he said run now run to her"))
    True
    """
    words = compared_words(quote)
    if len(words) < FEWEST_WORDS:
        return False
    return any(
        transcript[start : start + len(words)] == words for start in range(len(transcript) - len(words) + 1)
    )


def spoken(quotes: Iterable[str], transcript: str) -> list[str]:
    """The passages that are spoken, each once."""
    words = compared_words(transcript)
    return list(dict.fromkeys(quote for quote in quotes if is_spoken(quote, words)))
