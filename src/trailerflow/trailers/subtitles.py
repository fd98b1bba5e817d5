"""Subtitle files as people have them: SubRip, WebVTT, plain text and the JSON of two programs.

The files are parsed here and not by pysubs2, because its faults would cost words without a sign of it: it
stops at latin-1 and at UTF-16, lets a WebVTT file with a byte order mark or without its header lose the first
cue, leaks the indexes of a SubRip file that was cut, the ``<00:00:00.500>`` tags of automatic captions and
``&amp;`` into the text. A cue is found by its timing line alone, so what stands before the first one, and how
the file ends, does not matter.
"""

from __future__ import annotations

import codecs
import html
import json
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.trailers.language_codes import language_code

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"^\s*{_CLOCK}\s*--?>\s*{_CLOCK}(?:\s.*)?$")
_REST_OF_HEAD = re.compile(r"[\d:.,\s]+(?:-{1,2}>?[\d:.,\s]*)?")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_CONTROL = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_WEB_PAGE = re.compile(r"\s*(?:<!doctype html|<html\b)", re.IGNORECASE)
_VTT_LANGUAGE = re.compile(r"^Language:\s*(\S+)\s*$", re.MULTILINE)
_BYTE_ORDER_MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL_SHARE = 0.02
"""More control characters than this share, and the file is no text."""


class SubtitleError(Exception):
    """A file that holds no subtitles that can be read; the message says why and names no file."""


@dataclass(frozen=True)
class Subtitles:
    """What a subtitle file holds.

    Attributes:
        segments: ``{"start": seconds or None, "end": seconds or None, "text": str}`` in the order of the
            starts; a text is never empty and keeps the line breaks of its cue, which the removal of rolling
            captions needs.
        language: Two-letter language that the file itself tells, or None.
    """

    segments: list[dict[str, Any]]
    language: str | None = None


def read_subtitles(path: Path) -> Subtitles:
    """Read a subtitle file.

    Raises:
        SubtitleError: It is no text, or no cue with text is in it.
        OSError: The file cannot be read.
    """
    return parse_subtitles(path.read_bytes(), path.suffix.lower())


def parse_subtitles(data: bytes, suffix: str) -> Subtitles:
    """Parse a subtitle file's content.

    A file that was cut keeps its whole cues, and is an error only where none remains.

    Args:
        data: Content, in any of the encodings of `decode`.
        suffix: ``.srt``, ``.vtt``, ``.txt`` or ``.json``. Cues are also found in a ``.txt``.

    Raises:
        SubtitleError: See `read_subtitles`.
    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if _WEB_PAGE.match(text):
        raise SubtitleError("it is a web page, not subtitles")
    if suffix == ".json":
        found = _parse_json(text)
    else:
        found = _parse_cues(text)
        if not found.segments and suffix == ".txt":
            found = _parse_plain(text)
    if not found.segments:
        raise SubtitleError("it holds no text" if suffix == ".txt" else "it holds no cue with text")
    return found


def decode(data: bytes) -> str:
    """Text of a file whose encoding nobody tells.

    By its byte order mark; else UTF-16 where every other byte is often zero; else UTF-8, also when cut in the
    middle of a character; else Windows-1252 and, for the bytes that it lacks, latin-1.

    Raises:
        SubtitleError: The file is empty or no text.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise SubtitleError("it is empty")
    text = _decoded(data)
    controls = len(_CONTROL.findall(text))
    if "\0" in text or controls > _CONTROL_SHARE * len(text):
        raise SubtitleError("it is not a text file")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="ignore")
    # In any script the digits, spaces and line ends of UTF-16 have a zero byte each.
    zeros_at_odd, zeros_at_even = data[1::2].count(0), data[::2].count(0)
    if max(zeros_at_odd, zeros_at_even) > 0.05 * len(data):
        return data.decode("utf-16-le" if zeros_at_odd > zeros_at_even else "utf-16-be", errors="ignore")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def plain_text(marked_up: str) -> str:
    """A cue's text without tags and entities, its lines stripped and the empty ones left out."""
    text = _TAG.sub("", html.unescape(_TAG.sub("", marked_up)))  # some files escape their tags as well
    text = text.replace("\\N", "\n").encode("utf-8", "ignore").decode()  # JSON can hold half a surrogate pair
    return "\n".join(line for line in (" ".join(part.split()) for part in text.splitlines()) if line)


def _parse_cues(text: str) -> Subtitles:
    """Cues of SubRip and WebVTT: a timing line and what follows it."""
    lines = text.split("\n")
    is_vtt = text.lstrip("\ufeff \n").startswith("WEBVTT")
    timings = [(place, match) for place, line in enumerate(lines) if (match := _TIMING.match(line))]
    segments: list[dict[str, Any]] = []
    for number, (place, timing) in enumerate(timings):
        last = number + 1 == len(timings)
        end = len(lines) if last else timings[number + 1][0]
        body = _cue_body(lines[place + 1 : end], is_vtt=is_vtt, last=last)
        clock = timing.groups()
        _add(segments, _seconds(clock[:4]), _seconds(clock[4:]), "\n".join(body))
    header = text if not timings else "\n".join(lines[: timings[0][0]])
    language = _VTT_LANGUAGE.search(header)
    return Subtitles(_in_order(segments), language_code(language.group(1)) if language else None)


def _cue_body(lines: list[str], *, is_vtt: bool, last: bool) -> list[str]:
    """Lines of one cue's text, given all lines up to the next timing line or the end of the file."""
    if is_vtt and "" in (stripped := [line.strip() for line in lines]):
        return lines[: stripped.index("")]  # an empty line ends the cue; a NOTE or an id follows
    body = list(lines)
    while body and not body[-1].strip():
        body.pop()
    if last and len(body) > 1 and not body[-2].strip() and _is_rest(body[-1]):
        body = body[:-2]  # the file was cut within the next cue's head
    elif last and len(body) > 2 and not body[-3].strip() and all(_is_rest(line) for line in body[-2:]):
        body = body[:-3]
    elif not last and body and body[-1].strip().isdigit():
        body.pop()  # the next cue's index
    return body


def _is_rest(line: str) -> bool:
    """True for an index or the beginning of a timing line."""
    return bool(_REST_OF_HEAD.fullmatch(line.strip()))


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = clock
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + (int(fraction.ljust(3, "0")) / 1000 if fraction else 0.0)


def _parse_plain(text: str) -> Subtitles:
    """A text without times: a segment a line."""
    segments: list[dict[str, Any]] = []
    for line in text.split("\n"):
        _add(segments, None, None, line)
    return Subtitles(segments)


def _parse_json(text: str) -> Subtitles:
    """Whisper's result (``segments`` with ``end``) and youtube-transcript-api's list (with ``duration``)."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = _whole_objects(text)
    language = None
    if isinstance(document, dict):
        tag = document.get("language")
        language = language_code(tag) if isinstance(tag, str) else None
        document = document.get("segments") or [document]
    segments: list[dict[str, Any]] = []
    for entry in document if isinstance(document, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("text"), str):
            start, end = _number(entry.get("start")), _number(entry.get("end"))
            duration = _number(entry.get("duration"))
            if end is None and start is not None and duration is not None:
                end = start + duration
            _add(segments, start, end, entry["text"])
    return Subtitles(_in_order(segments), language)


def _whole_objects(text: str) -> list[Any]:
    """The complete objects of a JSON text that was cut."""
    decoder = json.JSONDecoder()
    found, place = [], text.find("{")
    while place >= 0:
        try:
            entry, end = decoder.raw_decode(text, place)
            found.append(entry)
        except (ValueError, RecursionError):
            end = place + 1
        place = text.find("{", end)
    return found


def _number(value: Any) -> float | None:
    """A finite time of at least zero, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return None
    return float(min(value, sys.float_info.max))


def _add(segments: list[dict[str, Any]], start: float | None, end: float | None, marked_up: str) -> None:
    """Append a segment unless nothing of its text remains; an end before the start is a slip of the file."""
    if text := plain_text(marked_up):
        if start is not None and end is not None:
            end = max(start, end)
        segments.append({"start": start, "end": end, "text": text})


def _in_order(segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By start where every segment has one; else as they stand in the file."""
    if any(segment["start"] is None for segment in segments):
        return segments
    return sorted(segments, key=lambda segment: segment["start"])
