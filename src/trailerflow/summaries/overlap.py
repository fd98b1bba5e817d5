"""How much of a summary stands word for word in another text."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher


def longest_shared_run(summary: Sequence[str], source: Sequence[str]) -> int:
    """Words of the longest passage that both texts have in common.

    Args:
        summary: Words of one text.
        source: Words of the other.

    >>> longest_shared_run("he finds a map of the town".split(), "a map of the world".split())
    4
    """
    return SequenceMatcher(None, summary, source, autojunk=False).find_longest_match().size


def coverage(summary: Sequence[str], source: Sequence[str]) -> float:
    """Extractive fragment coverage: the share of a summary's words that are in fragments of the source.

    Equation 1 of Grusky, Naaman, Artzi, Newsroom (NAACL 2018). Its fragments are shared runs of one word or more, so
    the words in them are those that the source has at all.

    Args:
        summary: Words of the summary, one at least.
        source: Words of the source.

    >>> coverage("he finds a map".split(), "a map of the world".split())
    0.5
    """
    known = set(source)
    return sum(word in known for word in summary) / len(summary)
