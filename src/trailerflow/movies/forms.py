"""The forms in which two writings of a title meet, from the strictest to the loosest."""

from __future__ import annotations

import re
from functools import lru_cache

from trailerflow.movies.numbers import in_digits
from trailerflow.movies.titles import display_title, without_article
from trailerflow.text import plain_words

SHORT_WORDS = {
    "doctor": "dr", "mister": "mr", "saint": "st", "versus": "vs", "volume": "vol", "part": "pt", "se7en": "seven",
}  # fmt: skip
"""Words of titles that are written short as well."""

_PARTS = frozenset({"chapter", "pt", "vol"})
"""What may stand before the number of a sequel: "Kill Bill: Vol. 2"."""

_CUT_OFF = frozenset({"ll", "re", "s", "t", "ve"})
"""What is left behind an apostrophe that a file's name cannot have: "Schindler_s List"."""

_NUMBER_BEHIND = re.compile(r"([^\W\d_]+)(\d{1,4})")


@lru_cache(maxsize=10_000)  # every other form begins with it
def normalised_title(title: str) -> str:
    """Form of a title that two spellings of it share: article in front, no accents, case or punctuation.

    >>> normalised_title("Usual Suspects, The") == normalised_title("the usual suspects!")
    True
    """
    return " ".join(plain_words(display_title(title).replace("+", " and ")))


def alike_title(title: str, *, least: int | None = None) -> str:
    """A looser form: numbers in digits, initials and what an apostrophe parts as one word, usual words short.

    Args:
        title: The title.
        least: Leave the article out where at least so many words are left; without it, it stays.

    >>> alike_title("M*A*S*H"), alike_title("Kill Bill: Vol. 2") == alike_title("Kill Bill II")
    ('mash', True)
    >>> alike_title("Twenty Thousand Leagues") == alike_title("20,000 Leagues")
    True
    """
    words = normalised_title(title).split()
    bare = without_article(words)
    if least is not None and len(bare) >= least:
        words = bare
    parted = [part for word in words for part in _number_parted(SHORT_WORDS.get(word, word))]
    numbers = _thousands_joined(in_digits(_letters_joined(parted)))
    before_number = {place for place, word in enumerate(numbers[1:]) if word.isdecimal()} - {0}
    return " ".join(
        word for place, word in enumerate(numbers) if not (word in _PARTS and place in before_number)
    )


def plain_title_words(text: str) -> list[str]:
    """Words of a title, or of a longer text that may hold one, numbers in digits.

    >>> plain_title_words("Rocky II - Doctor Who's Trailer")
    ['rocky', '2', 'dr', 'whos', 'trailer']
    """
    words = plain_words(text.replace("+", " and "))
    return in_digits([SHORT_WORDS.get(word, word) for word in words])


def spelled_title(title: str, *, least: int = 1) -> str:
    """The loosest form: as `alike_title` without the article, and without blanks.

    >>> spelled_title("The Golden Eye") == spelled_title("GoldenEye")
    True
    """
    return alike_title(title, least=least).replace(" ", "")


def _number_parted(word: str) -> list[str]:
    """A word and the number written to it: "alien3"."""
    found = _NUMBER_BEHIND.fullmatch(word)
    return [found[1], found[2]] if found else [word]


def _letters_joined(words: list[str]) -> list[str]:
    """Initials as one word ("m a s h"), and a word with what an apostrophe cut off ("schindler s")."""
    joined: list[str] = []
    was_initial = False
    for word in words:
        is_initial = len(word) == 1 and word.isalpha()
        if joined and ((is_initial and was_initial) or (word in _CUT_OFF and not was_initial)):
            joined[-1] += word
        else:
            joined.append(word)
        was_initial = is_initial and (was_initial or joined[-1] == word)
    return joined


def _thousands_joined(words: list[str]) -> list[str]:
    """Numbers without what parts their thousands: "20 000"."""
    joined: list[str] = []
    for word in words:
        is_group = len(word) == 3 and word.isdecimal()
        if is_group and joined and joined[-1].isdecimal() and len(joined[-1]) <= 3:
            joined[-1] += word
        else:
            joined.append(word)
    return joined
