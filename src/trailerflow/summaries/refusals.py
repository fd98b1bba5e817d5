"""Answers that say that there is nothing to tell, in place of a summary."""

from __future__ import annotations

import re

from trailerflow.sentences import sentences_of

_ASKED_FOR = r"\b(?:plot|summary|story|storyline|narrative|information|details|context)\b"
_SOURCE = r"\b(?:texts?|transcripts?|trailers?|passage|dialogue|excerpt|provided|given)\b"
_LACKING = (
    r"(?:\b(?:is|are|was|were|does|do|has|have)(?: not|n['’]t)\b|\bthere(?: is|['’]s| are) (?:no|not enough)\b"
    r"|\b(?:cannot|can not|can['’]t|could not|unable to|not possible to|impossible to)\b|\blacks?\b|\binsufficient\b)"
)
_APOLOGY = re.compile(
    r"^(?:i['’]m|i am) (?:really |very |so )?sorry\b.*\b(?:can|could|but|unable)|^as an ai\b", re.IGNORECASE
)


def is_refusal(answer: str) -> bool:
    """Whether an answer's first sentence says that its text tells no plot, and tells none itself.

    Such a sentence speaks of a plot or a summary, of the text that was given, and says that something is lacking.

    >>> is_refusal("The plot summary is not provided in the given text.")
    True
    >>> is_refusal("A widow is not told that the letter was given to her son.")
    False
    """
    first = next(iter(sentences_of(answer)), "")
    if _APOLOGY.search(first):
        return True
    return all(re.search(words, first, re.IGNORECASE) for words in (_ASKED_FOR, _SOURCE, _LACKING))
