"""Sentences of texts with punctuation, such as summaries, by sentencex; `trailerflow.text.sentences` parts what is spoken.

sentencex (Wikimedia) knows the abbreviations of many languages. In English it leaves "Ms." and a few more, and takes every
title for an end where a word follows that often begins a sentence ("Dr. No", "Mr. Who"); such parts are joined again.
"""

from __future__ import annotations

import re

ENGLISH = "en"

_TITLE_AT_END = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|Drs|Prof|Capt|Cmdr|Cdr|Col|Cpl|Dep|Det|Fr|Gen|Gov|Hon|Insp|Lt|Maj|Messrs|Mme|Mlle|Pres|Pvt|Rev|Sen"
    r"|Sgt|Supt|Sr|Sra|Srta)\.\s*$",
    re.IGNORECASE,
)


def is_english(language: str | None) -> bool:
    """Whether a language code is of English; None is taken for it.

    >>> is_english(None), is_english("en-GB"), is_english("de")
    (True, True, False)
    """
    return (language or ENGLISH).partition("-")[0] == ENGLISH


def sentences_of(text: str, language: str | None = None) -> list[str]:
    """The sentences of a text, each as it stands.

    Args:
        text: Any text; one without punctuation is one sentence.
        language: Code of its language; None is taken for English.

    >>> sentences_of("He meets Ms. Lee. Then Dr. No comes!")
    ['He meets Ms. Lee.', 'Then Dr. No comes!']
    """
    from sentencex import segment  # per-movie programs load it only where there is a text to part

    parts: list[str] = []
    for piece in segment(language or ENGLISH, text):
        if parts and _TITLE_AT_END.search(parts[-1]):
            parts[-1] += piece
        else:
            parts.append(piece)
    return [part.strip() for part in parts if part.strip()]
