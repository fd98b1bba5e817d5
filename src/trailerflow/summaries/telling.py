"""Whether anything of a plot can be told from a transcript: a rule that reads its words, before any model is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailerflow.sentences import is_english
from trailerflow.text import compared_words

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript

UNTOLD = "the trailer does not tell"
"""Why there is no summary where the transcript tells nothing, or nothing of what was written is kept."""

POSSESSIVES = frozenset({"his", "her", "their"})
"""Who tells of somebody says what is theirs; who shouts, sings or praises a film seldom does."""

# fmt: off
ROLES = frozenset({
    "man", "woman", "girl", "boy", "kid", "kids", "father", "mother", "son", "daughter", "brother", "sister", "wife",
    "husband", "family", "friend", "friends", "king", "president", "doctor", "lawyer", "cop", "agent", "killer",
})
# fmt: on
"""Who somebody is, to others or by trade."""

INTERJECTIONS = frozenset({"oh", "yeah", "okay", "hey", "uh", "um", "well", "right", "no", "yes"})
"""Loose lines, of which no plot can be told, are full of them."""

WEIGHTS = ((POSSESSIVES, 1.0), (ROLES, 0.5), (INTERJECTIONS, -0.2))
"""What one word of a kind counts."""

WORDS_AS_ONE = 100
"""So many words of any kind count as much as one of `POSSESSIVES`."""

LEAST = 1.4
"""Least telling of a transcript that a summary is asked of.

Weights and least were chosen on 300 transcripts, so that at most a tenth of those is lost from which readers could tell a
plot, with those among them of whose summaries a check leaves nothing (``benchmarks/telling_transcripts.py``).
"""

ENOUGH_WORDS = 11
"""So many words are enough in another language than English, for which nothing was measured."""

MOST_WORDS = 1000
"""A trailer has no more: what has is an interview, a review or a film."""


def telling(transcript: PreparedTranscript) -> float:
    """How much of a plot a transcript is likely to tell: by words that speak of somebody, and by its length.

    The words are English. In another language the number of words decides: `ENOUGH_WORDS` tell the least.

    Args:
        transcript: What is spoken; case and punctuation do not count.

    >>> telling({"text": "HIS daughter is gone " * 5, "language": "en"})
    7.7
    """
    words = compared_words(transcript["text"])
    if not is_english(transcript["language"]):
        return LEAST * len(words) / ENOUGH_WORDS
    spoken_of = sum(weight for word in words for kind, weight in WEIGHTS if word in kind)
    return spoken_of + len(words) / WORDS_AS_ONE


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
