"""Names in a summary that nobody speaks in the trailer: characters and places from memory, or from nowhere."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from typing import Self

from trailerflow.claims.words import FUNCTION_WORDS, VERBS
from trailerflow.movies.titles import display_title
from trailerflow.sentences import sentences_of
from trailerflow.text import compared_words

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_POSSESSIVE = re.compile(r"['’]s?$")
_JOINED = 3
"""A name that is heard as several words: as many are tried together."""

_ALIKE = 0.9
"""Jaro-Winkler similarity from which a word is the name, misspelt."""

_FEWEST_LETTERS = 3
"""Shorter words sound like too many others."""

_FORMS_OF_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir"})
_CALENDAR = frozenset(
    {name.casefold() for names in (calendar.day_name, calendar.month_name) for name in names if name}
    | {"christmas"}
)
_NATIONS = frozenset({"english", "french", "german", "italian", "spanish", "russian", "american", "british"})
_NO_NAMES = (
    _FORMS_OF_ADDRESS
    | _CALENDAR
    | _NATIONS
    | frozenset({"god", "fbi", "cia", "tv", "pg", "pg 13"})
    | FUNCTION_WORDS
)
"""Written with a capital, and no name of a character or a place, or only a form of address."""

_OPENING = FUNCTION_WORDS | VERBS | {"overall"}
_OPENING_ENDS = ("ing", "ly", "ed")
"""What a sentence may begin with: words of these sets, and participles and adverbs by their ends."""


def invented_names(summary: str, transcript: str, title: str) -> tuple[str, ...]:
    """Names that are neither in the transcript nor in the title, nor sound like what is there.

    A name is a run of words with capitals. The first word of a sentence has one in any case: alone, it is a name only where
    it is none of the words that sentences begin with. A name of several words counts where one of them was not heard. In a
    sentence of capitals no name is known. The words that sentences begin with are English.

    Args:
        summary: The text.
        transcript: What is spoken, as a recogniser may have heard it.
        title: The movie's title.

    Returns:
        The names in their order, each once.

    >>> invented_names("Clarice Starling meets Dan. Together they run.", "miss sterling clare is", "Kites")
    ('Dan',)
    """
    heard = Heard.of_film(transcript, title)
    found = dict.fromkeys(
        " ".join(name)
        for sentence in sentences_of(summary)
        if not sentence.isupper()
        for name in _names(sentence)
        if not all(heard.is_there(word) for word in name)
    )
    return tuple(found)


def without_namings(summary: str, names: Sequence[str]) -> str:
    """A summary without the words that give somebody one of these names: what else it says of them may be true.

    >>> without_namings("A man named Jack Doe runs, and Jack Doe hides.", ["Jack Doe"])
    'A man runs, and Jack Doe hides.'
    """
    for name in names:
        summary = re.sub(rf" (?:named|called) {re.escape(name)}\b(?!['’-])", "", summary)
    return summary


def _names(sentence: str) -> Iterator[list[str]]:
    """The words of each name of a sentence, without those that every text has."""
    words = [(word.group(), word.start(), word.end()) for word in _WORD.finditer(sentence)]
    run: list[str] = []
    end = 0
    for place, (word, start, stop) in enumerate(words):
        plain = _plain(word)
        capital = word[0].isupper() and plain not in _NO_NAMES and not (place == 0 and _opens(plain))
        if run and (not capital or sentence[end:start].strip()):
            yield run
            run = []
        if capital:
            run.append(_POSSESSIVE.sub("", word))
            end = stop
    if run:
        yield run


def _opens(word: str) -> bool:
    """Whether a word has a capital only because it is the first of its sentence."""
    return word in _OPENING or word.endswith(_OPENING_ENDS)


def _plain(word: str) -> str:
    return " ".join(compared_words(_POSSESSIVE.sub("", word)))


class Heard:
    """What was spoken, and how it sounds.

    Args:
        words: The words in their order.
    """

    def __init__(self, words: Sequence[str]) -> None:
        from jellyfish import metaphone  # where a way is only asked what it costs there is no such package

        self._words = frozenset(words)
        self._sounds = {
            metaphone("".join(words[start : start + joined])).replace(" ", "")
            for joined in range(1, _JOINED + 1)
            for start in range(len(words) - joined + 1)
        }

    @classmethod
    def of_film(cls, transcript: str, title: str) -> Self:
        """A film's spoken words and those of its title."""
        return cls(compared_words(f"{transcript} {display_title(title)}"))

    def is_there(self, name: str) -> bool:
        """Whether a word, or one that sounds like it, was spoken."""
        parts = _plain(name).split()
        return all(part in self._words or self._sounds_like(part) for part in parts)

    def _sounds_like(self, word: str) -> bool:
        from jellyfish import jaro_winkler_similarity, metaphone

        if len(word) < _FEWEST_LETTERS:
            return False
        sound = metaphone(word).replace(" ", "")
        if len(sound) > 1 and sound in self._sounds:
            return True
        return any(
            jaro_winkler_similarity(word, other) >= _ALIKE
            for other in self._words
            if len(other) >= _FEWEST_LETTERS
        )
