"""Subtitle files as people have them: SubRip, WebVTT, plain text and the JSON of two programs.

The files are parsed here and not by pysubs2, because its faults would cost words without a sign of it: it
stops at latin-1 and at UTF-16, lets a WebVTT file with a byte order mark or without its header lose the first
cue, leaks the indexes of a SubRip file that was cut, the ``<00:00:00.500>`` tags of automatic captions and
``&amp;`` into the text. A cue is found by its times alone, so what stands before the first one, and how
the file ends, does not matter; no line with an arrow between two times is ever text.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.outside import MOST_DEPTH, OutsideError, check_depth, parse_json
from trailerflow.trailers.language_codes import language_code
from trailerflow.trailers.subtitles.cue_times import Times, split_at_times
from trailerflow.trailers.subtitles.encodings import UnreadableError, decode
from trailerflow.trailers.subtitles.markup import plain_text

if TYPE_CHECKING:
    from trailerflow.documents import Segment

MOST_BYTES = 4_000_000
"""Largest subtitle file; that of a long film has 200,000."""

_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_REST_OF_HEAD = re.compile(r"[\d:.,\s]+(?:-{1,2}>?[\d:.,\s]*)?")
_WEB_PAGE = re.compile(r"\s*(?:<!doctype html|<html\b)", re.IGNORECASE)
_VTT_LANGUAGE = re.compile(r"^Language:\s*(\S+)\s*$", re.MULTILINE)
_VTT_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_SUBSTATION = re.compile(r"^Dialogue:[^,]*,\s*([\d:.]+)\s*,\s*([\d:.]+)\s*,(?:[^,]*,){6}(.*)$", re.MULTILINE)
_CLOCK = r"\d{1,3}(?::\d{1,2}){1,2}(?:[.,]\d{1,3})?"
_MARK = re.compile(rf"\s*(?:\{{\d+\}}\{{\d*\}}|\[\d+\]\[\d*\]|[\[(]{_CLOCK}[\])]|{_CLOCK}(?:\s|:|$))[\s–-]*")
"""What other forms of plain text put before a line: frames, or the time in brackets or alone."""


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

    segments: list[Segment]
    language: str | None = None


def read_subtitles(path: Path, languages: Collection[str] = ()) -> Subtitles:
    """Read a subtitle file.

    Args:
        path: The file.
        languages: Two-letter languages that it may be in, where something tells; they help where its encoding is in doubt.

    Raises:
        SubtitleError: It is no text, or no cue with text is in it.
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    return parse_subtitles(data, path.suffix.lower(), languages)


def parse_subtitles(data: bytes, suffix: str, languages: Collection[str] = ()) -> Subtitles:
    """Parse a subtitle file's content.

    A file that was cut keeps its whole cues, and is an error only where none remains.

    Args:
        data: Content, in any of the encodings of `decode`.
        suffix: ``.srt``, ``.vtt``, ``.txt`` or ``.json``. Cues are also found in a ``.txt``.
        languages: See `read_subtitles`.

    Raises:
        SubtitleError: See `read_subtitles`.
    """
    if len(data) > MOST_BYTES:
        raise SubtitleError(f"it is larger than {MOST_BYTES:,} bytes")
    try:
        text = decode(data, languages)
    except UnreadableError as error:
        raise SubtitleError(str(error)) from None
    if _WEB_PAGE.match(text):
        raise SubtitleError("it is a web page, not subtitles")
    found = _parse_json(text) if suffix == ".json" else _parse_text(_BREAK.sub("\n", text), suffix)
    if not found.segments:
        raise SubtitleError("it holds no text" if suffix == ".txt" else "it holds no cue with text")
    return found


def _parse_text(text: str, suffix: str) -> Subtitles:
    if dialogue := _SUBSTATION.findall(text):
        return _parse_cues("\n".join(f"{start} --> {end}\n{words}\n" for start, end, words in dialogue))
    found = _parse_cues(text)
    lines = [line for line in text.split("\n") if line.strip()]
    marks = sum(1 for line in lines if _MARK.match(line))
    are_marked = marks > 1 and 2 * marks >= len(lines)
    if found.segments or (suffix != ".txt" and not are_marked):
        return found
    return _parse_plain(lines, are_marked=are_marked)


def _parse_cues(text: str) -> Subtitles:
    """Cues of SubRip and WebVTT: times and what follows them."""
    cues: list[tuple[Times | None, list[str]]] = [(None, [])]
    for line in text.split("\n"):
        for part in split_at_times(line):
            if isinstance(part, Times):
                cues.append((part, []))
            else:
                cues[-1][1].append(part)
    (_, header), *timed = cues
    is_vtt = text.lstrip(" \n").startswith("WEBVTT")
    bodies = [header, *(body for _, body in timed)]
    is_numbered = 2 * sum(1 for body in bodies[:-1] if body and body[-1].strip().isdecimal()) >= len(timed)
    segments: list[Segment] = []
    for place, (times, lines) in enumerate(timed, start=1):
        last = place == len(timed)
        body = _cue_body(lines, is_vtt=is_vtt, is_numbered=is_numbered, last=last)
        start, end = times.start if times else None, times.end if times else None
        if start is None:
            start = segments[-1]["start"] if segments else 0.0
        _add(segments, start, start if end is None else end, "\n".join(body))
    language = _VTT_LANGUAGE.search("\n".join(header))
    return Subtitles(_in_order(segments), language_code(language.group(1)) if language else None)


def _cue_body(lines: Sequence[str], *, is_vtt: bool, is_numbered: bool, last: bool) -> list[str]:
    """Lines of one cue's text, given all lines up to the next times or the end of the file."""
    body = _vtt_body(lines, last=last) if is_vtt else list(lines)
    had_end = len(body) < len(lines)  # an id or a remark followed, and was left out
    while body and not body[-1].strip():
        body.pop()
    if last and len(body) > 1 and not body[-2].strip() and _is_rest(body[-1]):
        body = body[:-2]  # the file was cut within the next cue's head
    elif last and len(body) > 2 and not body[-3].strip() and all(_is_rest(line) for line in body[-2:]):
        body = body[:-3]
    elif not last and not had_end and is_numbered and body and body[-1].strip().isdecimal():
        body.pop()  # the next cue's index
    return body


def _vtt_body(lines: Sequence[str], *, last: bool) -> list[str]:
    """Lines of a cue of WebVTT, which an empty line ends; YouTube writes cues whose first line is one blank.

    Editors take that blank away, so that the first line is empty.
    """
    texts = [place for place, line in enumerate(lines) if line.strip()]
    if not texts:
        return []
    first = texts[0]
    if first and (_VTT_BLOCK.match(lines[first]) or (not last and first == len(lines) - 1)):
        return []  # a remark, or the id of the next cue, after a cue without text
    for place in range(first, len(lines)):
        follows = lines[place + 1] if place + 1 < len(lines) else ""
        if not lines[place] or (not lines[place].strip() and _VTT_BLOCK.match(follows)):
            return list(lines[:place])
    return list(lines)


def _is_rest(line: str) -> bool:
    """True for an index or the beginning of a timing line."""
    return bool(_REST_OF_HEAD.fullmatch(line.strip()))


def _parse_plain(lines: Sequence[str], *, are_marked: bool) -> Subtitles:
    """A text without times that are told: a segment a line."""
    segments: list[Segment] = []
    for line in lines:
        words = _MARK.sub("", line, count=1).replace("|", "\n") if are_marked and _MARK.match(line) else line
        _add(segments, None, None, words)
    return Subtitles(segments)


def _parse_json(text: str) -> Subtitles:
    """Whisper's result (``segments`` with ``end``) and youtube-transcript-api's list (with ``duration``)."""
    try:
        check_depth(text)
    except OutsideError as error:
        raise SubtitleError(str(error)) from None
    try:
        document = parse_json(text)
    except OutsideError:
        document = _whole_objects(text)
    language = None
    if isinstance(document, dict):
        tag = document.get("language")
        language = language_code(tag) if isinstance(tag, str) else None
        document = document.get("segments") or [document]
    segments: list[Segment] = []
    for entry in document if isinstance(document, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("text"), str):
            start, end = _number(entry.get("start")), _number(entry.get("end"))
            duration = _number(entry.get("duration"))
            if end is None and start is not None and duration is not None:
                end = start + duration
            _add(segments, start, end, entry["text"])
    return Subtitles(_in_order(segments), language)


def _whole_objects(text: str) -> list[Any]:
    """The complete objects of a JSON text that was cut, which is not nested deep."""
    decoder = json.JSONDecoder()
    found, place, failures = [], text.find("{"), 0
    while place >= 0 and failures <= MOST_DEPTH:  # so many objects at most are cut, each within another
        try:
            entry, end = decoder.raw_decode(text, place)
            found.append(entry)
        except (ValueError, RecursionError):
            end, failures = place + 1, failures + 1
        place = text.find("{", end)
    return found


def _number(value: Any) -> float | None:
    """A finite time of at least zero, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return None
    return float(min(value, sys.float_info.max))


def _add(segments: list[Segment], start: float | None, end: float | None, marked_up: str) -> None:
    """Append a segment unless nothing of its text remains; an end before the start is a slip of the file."""
    if text := plain_text(marked_up):
        if start is not None and end is not None:
            end = max(start, end)
        segments.append({"start": start, "end": end, "text": text})


def _in_order(segments: list[Segment]) -> list[Segment]:
    """By start where every segment has one; else as they stand in the file."""
    if any(segment["start"] is None for segment in segments):
        return segments
    return sorted(segments, key=lambda segment: segment["start"] or 0.0)
