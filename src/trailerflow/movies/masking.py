"""Texts without the film's own title, so that no system can go by what it knows of the film."""

from __future__ import annotations

import re

from trailerflow.movies.titles import spoken_forms, words_pattern

NEUTRAL = "this film"
"""What stands where the title stood."""

FEWEST_LETTERS = 4
"""Letters of the shortest title that is masked without its article."""


def masked(text: str, title: str) -> str:
    """A text with the film's titles replaced by `NEUTRAL`.

    A title of several words is found in any case, with its article or without. A title of one word is often a word of the
    language, so it must be written as in the title, and a short one ("Net") must follow its article.

    Args:
        text: A text of the film.
        title: The title as in the catalogue: with the article behind, and with alternative titles in brackets.

    >>> masked("years later goldeneye and GoldenEye are found", "GoldenEye")
    'years later goldeneye and this film are found'
    >>> masked("so this is the usual suspects", "Usual Suspects, The")
    'so this is this film'
    """
    patterns = [_pattern(shown, bare) for shown, bare in spoken_forms(title)]
    found = sorted(filter(None, patterns), key=len, reverse=True)
    return re.sub("|".join(found), NEUTRAL, text) if found else text


def _pattern(shown: list[str], bare: list[str]) -> str | None:
    """What a title looks like in a text, or None for one that stays.

    Args:
        shown: Words of the title as people say it.
        bare: The same without the article.
    """
    article = shown[: len(shown) - len(bare)]
    lead = rf"\b(?i:{re.escape(article[0])})\W+" if article else ""
    if len(bare) > 1:
        pattern = f"(?i:{words_pattern(bare)})"
    elif bare:
        pattern = words_pattern(bare)
    else:
        return None
    if len("".join(bare)) >= FEWEST_LETTERS:
        return f"(?:{lead})?{pattern}" if lead else pattern
    return lead + pattern if lead else None
