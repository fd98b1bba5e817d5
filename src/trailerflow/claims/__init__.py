"""A summary as claims: who does what to whom, each of them true or not by itself."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from trailerflow.claims.clauses import clauses
from trailerflow.claims.tokens import text_of, tokens_of
from trailerflow.sentences import is_english, sentences_of
from trailerflow.text import compared_words

COPIED_WORDS = 8
"""A claim with so many words in a row of the transcript is a copy: it counts neither as kept nor as supported."""


@dataclass(frozen=True)
class Claim:
    """What one clause of a summary says.

    Attributes:
        sentence: Place of its sentence in the summary, from 0.
        text: The claim, in words of its sentence.
        copied: Whether it is a copy of the transcript.
    """

    sentence: int
    text: str
    copied: bool = False


def claims_of(summary: str, language: str | None = None, transcript: str = "") -> tuple[Claim, ...]:
    """The claims of a summary in their order.

    Args:
        summary: Any text.
        language: Code of its language. The rules are of English, which None is taken for; in others a sentence is a claim.
        transcript: What is spoken, by which copies are known.

    >>> [claim.text for claim in claims_of("Jack robs a bank and flees. Ms. Lee, who loves him, waits.")]
    ['Jack robs a bank.', 'Jack flees.', 'Ms. Lee, who loves him, waits.']
    """
    runs = _runs(transcript)
    parted = is_english(language)
    found = []
    for place, sentence in enumerate(sentences_of(summary, language)):
        whole = " ".join(sentence.split())
        texts = [text_of(clause) for clause in clauses(tokens_of(whole))] if parted else [whole]
        if len(texts) == 1:
            texts = [whole]
        found += [Claim(place, text, not runs.isdisjoint(_runs(text))) for text in texts]
    return tuple(claim for claim in found if compared_words(claim.text))


def _runs(text: str) -> AbstractSet[tuple[str, ...]]:
    """Every run of `COPIED_WORDS` words of a text, as words are compared."""
    words = compared_words(text)
    return {tuple(words[start : start + COPIED_WORDS]) for start in range(len(words) - COPIED_WORDS + 1)}
