"""The times of a cue, as programs and people write them, right or wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_GAP = r"\s{0,4}"
_CLOCK = rf"[-−–+]?{_GAP}\d{{1,9}}(?:{_GAP}[:;.,'’hm]{_GAP}\d{{1,9}}){{1,3}}(?:[.,:]|s\b)?"
_WHOLE_CLOCK = r"\d{1,3}:\d{2}:\d{2}[.,:]\d{1,3}"
_ARROW = r"(?:(?:(?:[-‐‑‒–—―−=~]\s?){1,4}(?:>|&gt;|›|»)|[→⇒⟶➔➜])\s?){1,2}"
_TIMES = re.compile(
    rf"(?P<start>{_CLOCK}){_GAP}(?:{_ARROW}|[-–—]{{2,3}}){_GAP}(?P<end>{_CLOCK})"
    rf"|(?P<whole_start>{_WHOLE_CLOCK}){_GAP}(?:[^\w\s]{{1,4}}|to){_GAP}(?P<whole_end>{_WHOLE_CLOCK})"
    rf"|(?P<only_start>{_CLOCK}){_GAP}{_ARROW}|{_ARROW}{_GAP}(?P<only_end>{_CLOCK})"
)
_MAY_HAVE_TIMES = re.compile(r"[\d>＞›»→⇒⟶➔➜]")
_SPOILT = re.compile(
    rf"^(?:\s*|(?=\D{{0,9}}[\d:])[\s\dOoIl|?_xX:;.,'’-]*){_ARROW}[\s\dOoIl|?_xX:;.,'’-]*(?=\s|$)"
)
"""An arrow among signs of which times are made, or that a reading machine takes for them: nothing of it is said."""

_MISREAD = str.maketrans("OoIl|", "00111")

_SETTINGS = re.compile(r"[\])]?\s*(?:(?:(?:align|line|position|region|size|vertical):|[XY][12]:)\S*\s*)*")
_INDEX = re.compile(r"(?:(?:^|\s)#?\d{1,6}[.):]?)?\s*[\[(]?\s*$")
_INDEX_ALONE = re.compile(r"\s*(?:#?\d{1,6}[.):]?\s*)?$")
_ALIKE = {"：": ":", "；": ";", "．": ".", "，": ",", "、": ",", "٫": ",", "،": ",", "＞": ">", "－": "-"}


@dataclass(frozen=True)
class Times:
    """Start and end of a cue in seconds, each None where it is missing or cannot be read."""

    start: float | None = None
    end: float | None = None


def split_at_times(line: str) -> list[str | Times]:
    """A line of a file in its parts: times, and the text before, between and after them.

    Nothing of the times is among the text, nor the settings behind them, nor the number of the cue before them.

    >>> split_at_times("2 00:00:3,500 -> 00:00:5,00 She stayed.")
    [Times(start=3.5, end=5.0), 'She stayed.']
    """
    if not _MAY_HAVE_TIMES.search(line):
        return [line]
    found = list(_found(_alike(line)))
    if not found:
        return [line]
    parts: list[str | Times] = []
    place = 0
    for begin, end, times in found:
        parts += _text(_INDEX.sub("", line[place:begin]))
        parts.append(times)
        settings = _SETTINGS.match(line, end)
        place = settings.end() if settings else end
    return parts + _text(line[place:])


def _found(plain: str) -> Iterator[tuple[int, int, Times]]:
    """Places of times in a line, and what they say."""
    matches = list(_TIMES.finditer(plain))
    spoilt = _SPOILT.match(plain)
    if spoilt and not (matches and _is_plain(plain, matches[0], spoilt)):
        match = _TIMES.search(spoilt[0].translate(_MISREAD))
        yield 0, spoilt.end(), _times(match) if match else Times()
        return
    for match in matches:
        yield match.start(), match.end(), _times(match)


def _is_plain(plain: str, match: re.Match[str], spoilt: re.Match[str]) -> bool:
    """Whether times were read whole, with nothing but the number of the cue before them."""
    rest = spoilt.end() > match.end() and plain[match.end()] in "OoIl|?_xX"
    return bool(_INDEX_ALONE.match(plain[: match.start()])) and not rest


def _times(match: re.Match[str]) -> Times:
    start = match["start"] or match["whole_start"] or match["only_start"]
    end = match["end"] or match["whole_end"] or match["only_end"]
    return Times(_seconds(start), _seconds(end))


def _text(part: str) -> list[str | Times]:
    return [part.strip()] if part.strip() else []


def _alike(line: str) -> str:
    """The line with the digits and signs of all scripts as those of ASCII, each at its place."""
    if line.isascii():
        return line
    return "".join(
        str(unicodedata.decimal(sign))
        if sign.isdecimal()
        else _ALIKE.get(sign, " " if _is_unseen(sign) else sign)
        for sign in line
    )


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cf", "Zs")


def _seconds(clock: str | None) -> float | None:
    """Seconds that a clock tells: hours may be missing, and the fraction behind a comma, a dot or a colon."""
    if clock is None:
        return None
    if clock.lstrip()[0] in "-−–":
        return 0.0  # a shift of all times went beyond the beginning
    signs = re.findall(r"[:;.,'’hm]", clock.rstrip(".,:"))
    numbers = re.findall(r"\d+", clock)
    is_fraction = len(numbers) == 4 or len(numbers[-1]) >= 3 or (signs[-1] in ".,'’" and len(set(signs)) > 1)
    if len(numbers) == 2:
        is_fraction = signs[-1] in ".,"
    fraction = numbers.pop() if is_fraction else ""
    seconds = 0
    for number in numbers:
        seconds = seconds * 60 + int(number)
    return seconds + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)
