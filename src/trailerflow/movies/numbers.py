"""Numbers in titles, in digits however they are written: "Twelve Monkeys", "Rocky II", "The Sixth Sense"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_BELOW_TWENTY = """
zero one two three four five six seven eight nine
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_BELOW_TWENTY.split())}
_ROUND = {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
    "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th", "thirteenth": "13th",
}  # fmt: skip
_ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "xvii": "17", "xviii": "18",
}  # fmt: skip


def in_digits(words: Sequence[str]) -> list[str]:
    """Words with their numbers in digits.

    A Roman numeral counts behind another word only ("X-Men", "I, Robot", "V"); "and a half" is written as ½ is.

    Args:
        words: Words in lower case, without punctuation.

    >>> in_digits("one hundred and one dalmatians".split()), in_digits("rocky ii".split())
    (['101', 'dalmatians'], ['rocky', '2'])
    >>> in_digits("nine and a half weeks".split()), in_digits("nineteen eighty four".split())
    (['9', '1', '2', 'weeks'], ['1984'])
    """
    written: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        if word == "a" and list(words[place + 1 : place + 2]) in (["hundred"], ["thousand"]):
            place += 1
        if (number := _number(words, place)) is not None:
            value, place = number
            written.append(str(value))
            if list(words[place : place + 3]) == ["and", "a", "half"]:
                written += ["1", "2"]
                place += 3
            continue
        written.append(_ORDINALS.get(word) or (_ROMAN.get(word, word) if written else word))
        place += 1
    return written


def _number(words: Sequence[str], place: int) -> tuple[int, int] | None:
    """The number that is spelt from a place on, and the place after it; None where there is none."""
    return _with_multiple("thousand", 1000, _below_thousand, words, place)


def _below_thousand(words: Sequence[str], place: int) -> tuple[int, int] | None:
    return _with_multiple("hundred", 100, _below_hundred, words, place)


def _with_multiple(
    name: str,
    multiple: int,
    below: Callable[[Sequence[str], int], tuple[int, int] | None],
    words: Sequence[str],
    place: int,
) -> tuple[int, int] | None:
    """A number with its hundreds, or with its thousands: "hundred", "two hundred", "two hundred and one"."""
    first = below(words, place)
    value, end = first or (1, place)
    if list(words[end : end + 1]) != [name]:
        return first
    end += 1
    rest = below(words, end + 1 if list(words[end : end + 1]) == ["and"] else end)
    return (value * multiple + rest[0], rest[1]) if rest and rest[0] < multiple else (value * multiple, end)


def _below_hundred(words: Sequence[str], place: int) -> tuple[int, int] | None:
    """A number below a hundred, or a year that is read as two of them."""
    word, following = [*words[place : place + 2], "", ""][:2]
    if word in _SMALL:
        if _SMALL[word] > 9 and following in _ROUND:
            tens = _below_hundred(words, place + 1)
            return (100 * _SMALL[word] + tens[0], tens[1]) if tens else None
        return _SMALL[word], place + 1
    if word in _ROUND:
        unit = _SMALL.get(following, 0)
        return (_ROUND[word] + unit, place + 2) if 0 < unit < 10 else (_ROUND[word], place + 1)
    return None
