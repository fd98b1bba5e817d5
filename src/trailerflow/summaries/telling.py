"""Whether a plot can be told from a transcript: by its words, and by how far they support what was written from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from trailerflow.sentences import is_english
from trailerflow.text import compared_words

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript

UNTOLD = "the trailer does not tell"
"""Why there is no summary where the transcript tells nothing, or nothing of what was written is kept."""

POSSESSIVES = frozenset({"his", "her", "their"})
"""Who tells of somebody says what is theirs; who shouts, sings or praises a film seldom does."""

WORDS_AS_ONE = 100
"""So many words of any kind count as much as one of `POSSESSIVES`."""

LEAST = 1.1
"""Least telling of a transcript that a summary is asked of: 95 of 100 from which readers could tell a plot reach it
(``benchmarks/telling_transcripts.py``)."""

MOST_WORDS = 1000
"""A trailer has no more: what has is an interview, a review or a film."""


@dataclass(frozen=True)
class LeastTelling:
    """How much a transcript must tell, and support what a model wrote from it, together.

    A model writes a plot of anything. Of words that tell none it supports its own claims less, so the two tell more together
    than either does alone (``benchmarks/telling_transcripts.py``).

    Attributes:
        weight: What one unit of the claims' mean support counts beside the logarithm of 1 and `telling`. It belongs to one
            model and one measure of support.
        least: The least sum of which a summary is given.
    """

    weight: float
    least: float

    def sum_of(self, transcript: PreparedTranscript, supports: Sequence[float]) -> float:
        """What a transcript and its claims come to.

        Args:
            transcript: What is spoken.
            supports: Support of each claim; at least one.
        """
        return math.log1p(telling(transcript)) + self.weight * fmean(supports)


def telling(transcript: PreparedTranscript) -> float:
    """How much of a plot a transcript is likely to tell: its possessives of the third person, and a hundredth of its words.

    Possessives are known in English alone; a transcript in another language is told by its words, each ten of which count as
    one of a hundred in English, so that 11 words are enough.

    Args:
        transcript: What is spoken; case and punctuation do not count.

    >>> telling({"text": "HIS daughter is gone " * 5, "language": "en"})
    5.2
    """
    words = compared_words(transcript["text"])
    if not is_english(transcript["language"]):
        return 10 * len(words) / WORDS_AS_ONE
    return sum(word in POSSESSIVES for word in words) + len(words) / WORDS_AS_ONE


def why_not_asked(transcript: PreparedTranscript) -> str | None:
    """Why no summary is asked of a transcript; None where one is.

    Args:
        transcript: What is spoken. Its length before it was cut counts.
    """
    if transcript["words_before_trim"] > MOST_WORDS:
        return f"{UNTOLD}: {transcript['words_before_trim']} words are spoken, more than in any trailer"
    if telling(transcript) < LEAST:
        return f"{UNTOLD}: too few words are spoken, and too few that speak of somebody"
    return None
