"""Where words begin and end in every script, and the plain form in which they are compared.

A word is what stands between blanks. Scripts that write no blanks between words (Chinese, Japanese, Thai, Lao, Khmer,
Burmese and some more) have no words that could be told without a dictionary: there a letter with its signs counts as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_WITHOUT_BLANKS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u1950-\u19df\u1a20-\u1aaf\uaa80-\uaadf"  # Tai
    "\u1b00-\u1b7f\ua980-\ua9df"  # Balinese, Javanese
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9d\U0001b000-\U0001b16f"  # Japanese
    "\u3100-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese
    "\ua000-\ua48f"  # Yi
)
_BEFORE = "\u0e40-\u0e44\u0ec0-\u0ec4"
"""Thai and Lao vowels that are written before the consonant after which they are spoken."""

_AFTER = "\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3"
"""Thai and Lao vowels that are written after their consonant, and are no marks."""

_LETTER = rf"(?=[^\W\d_])[{_WITHOUT_BLANKS}]"
_WORD = re.compile(rf"[^\w\s]*(?:[{_BEFORE}]?{_LETTER}[^\w\s]*[{_AFTER}]?|(?:(?!{_LETTER})\S)+)[^\w\s]*")

_ASCII_WORD = re.compile("[a-z0-9]+")

_LATIN = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
_ARABIC = {"ى": "ي", "ی": "ي", "ک": "ك", "ـ": ""}  # the last only stretches a word
_APOSTROPHES = {"ʼ": " ", "ʻ": " "}
_SAME_LETTERS = str.maketrans(_LATIN | _ARABIC | _APOSTROPHES)
"""What is written for a letter that another keyboard does not have, where no decomposition tells it."""

_LETTERS_WITH_A_MARK = frozenset("йўїѓќ")
"""Letters of their own, which nobody writes without the mark."""


def words(text: str) -> list[str]:
    """The words of a text as they stand, punctuation with them: what lengths are counted in.

    >>> words("He said: “No.” 我爱你。")
    ['He', 'said:', '“No.”', '我', '爱', '你。']
    """
    return _WORD.findall(text)


def passage(text: str, start: int, stop: int) -> str:
    """The words of a text from number ``start`` up to number ``stop``, as they stand, white space made single.

    >>> passage("He  said:\\n我爱你。", 1, 4)
    'said: 我爱'
    """
    return passages(text, [(start, stop)])[0]


def passages(text: str, bounds: Iterable[tuple[int, int]]) -> list[str]:
    """Several passages of a text, each as `passage` gives it.

    Args:
        text: The text.
        bounds: Number of the first word of each, and of the word behind it.
    """
    spans = [word.span() for word in _WORD.finditer(text)]
    return [
        " ".join(text[inside[0][0] : inside[-1][1]].split()) if (inside := spans[start:stop]) else ""
        for start, stop in bounds
    ]


def folded(text: str) -> str:
    """A text without case, accents, points and punctuation, its words separated by single blanks.

    Marks that make another letter stay: vowels and other signs of Indic scripts, Thai or Burmese, Japanese voicing marks,
    and those of a few Cyrillic letters. A letter or digit in another form (wide, raised, in a ligature) is the plain one.

    >>> folded("Amélie's ÉCLAIR — Он везёт; मुझे हिन्दी!")
    'amelie s eclair он везет मुझे हिन्दी'
    """
    if text.isascii():
        return " ".join(_ASCII_WORD.findall(text.lower()))
    plain = "".join(map(_folded_letter, unicodedata.normalize("NFC", text)))
    plain = unicodedata.normalize("NFC", plain)
    return " ".join(word for word in plain.split() if any(map(str.isalnum, word)))


@cache
def _folded_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter == "\u200b":  # a blank without width
        return " "
    if category == "Cf":  # soft hyphens, joiners, directions: nobody sees them
        return ""
    if category[0] == "M":
        return letter if _makes_a_letter(letter) else ""
    if category[0] not in "LN":
        return " "
    if category == "Nd":
        letter = str(unicodedata.decimal(letter))
    parts = letter if letter.lower() in _LETTERS_WITH_A_MARK else unicodedata.normalize("NFKD", letter)
    if parts == letter:
        return letter.casefold().translate(_SAME_LETTERS)
    plain = "".join(map(_folded_letter, parts))
    return f" {plain}" if " " in plain else plain  # 8½ is 8 and 1 and 2


def _makes_a_letter(mark: str) -> bool:
    """Whether a mark is a part of its letter: by its combining class, 0, 7 to 9 and 84 to 132 are vowels, tones and voicing.

    Accents are above 199, points of Hebrew, Arabic and Syriac from 10 to 36. What chooses the form of an emoji is 0.
    """
    number, name = unicodedata.combining(mark), unicodedata.name(mark, "")
    chooses_a_form = "VARIATION SELECTOR" in name or name.endswith(("JOINER", "KEYCAP"))
    return not chooses_a_form and (number in (0, 7, 8, 9) or 84 <= number <= 132)
