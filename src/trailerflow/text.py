"""Words, and sentences of what is spoken: the few operations on text that several stages share."""

from __future__ import annotations

import re

from trailerflow.letters import folded, words

_NO_APOSTROPHES = str.maketrans(dict.fromkeys("'’ʼʻ"))
_STOPS = ".!?…\u061f\u06d4\u0964\u0965\u0589\u1362\u104b\u17d4"
"""The last are of Arabic, Urdu, Hindi, Armenian, Ethiopic, Burmese and Khmer."""

_WIDE_STOPS = "。！？｡"
_OPENING, _CLOSING = "\"'“‘(«„¿¡", "\"'”’)»」』”）"
_SENTENCE_END = re.compile(
    rf"(?<=[{_STOPS}])[{_CLOSING}]*\s+(?=[{_OPENING}]*(?:[^\W\d_a-z]|\d))"
    rf"|(?<=[{_WIDE_STOPS}])(?![{_WIDE_STOPS}{_CLOSING}])"
)
_STOP_AT_END = re.compile(rf"[{_STOPS}{_WIDE_STOPS}][{_CLOSING}]*$")


def word_count(text: str) -> int:
    """Number of words of a text; in scripts without blanks between words a letter counts as one."""
    return len(words(text))


def is_said(text: str) -> bool:
    """Whether a text holds a letter or a digit: the scorers break on less."""
    return any(character.isalnum() for character in text)


def sentences(text: str) -> list[str]:
    """Split into sentences: after ``. ! ? …`` and their like in other scripts, before a capital letter or a digit.

    The wide stops of Chinese and Japanese need no blank behind them. A text without punctuation, as a speech recogniser
    may give it, is one sentence.

    >>> sentences('He runs. "Stop!" she says. No. 5 is alive')
    ['He runs.', '"Stop!" she says.', 'No.', '5 is alive']
    """
    return [part for part in (piece.strip() for piece in _SENTENCE_END.split(text)) if part]


def ends_with_a_stop(text: str) -> bool:
    """Whether the last sentence of a text is whole, by the mark at its end."""
    return _STOP_AT_END.search(text) is not None


def plain_words(text: str) -> list[str]:
    """Words without accents, case, apostrophes and punctuation: the form in which texts are compared.

    >>> plain_words("Amélie's friend & he don't talk")
    ['amelies', 'friend', 'and', 'he', 'dont', 'talk']
    """
    return folded(text.replace("&", " and ").translate(_NO_APOSTROPHES)).split()


def compared_words(text: str) -> list[str]:
    """Words as `plain_words` gives them, and the letters of scripts without blanks between words, one by one.

    >>> compared_words("Amélie 我爱你。")
    ['amelie', '我', '爱', '你']
    """
    return words(" ".join(plain_words(text)))
