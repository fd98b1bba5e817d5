"""What somebody truly says in a recogniser's answer: without words heard in music and without loops."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trailerflow.documents import Segment

NO_SPEECH_PROBABILITY = 0.6
LOW_LOG_PROBABILITY = -0.5
LOOP_RATIO = 2.4
"""A text that zlib makes smaller by more than this factor repeats itself: Whisper's own criterion (Radford et al., Robust
Speech Recognition via Large-Scale Weak Supervision, 2022, section 4.5)."""

_REPEATED = re.compile(r"(?<!\w)(.{2,200}?)(?:\s*\1){2,}", re.IGNORECASE | re.DOTALL)


def spoken_segments(document: Mapping[str, Any]) -> list[Segment]:
    """The segments of an answer in which somebody truly speaks.

    Whisper hears words in music: "Thank you." with a probability of no speech of 0.90 and a mean log
    probability of -0.88 passes its own guard, which asks for one below -1. Both doubts together tell it from
    quiet speech. It also goes round in circles: its plain pipeline tries such a window again at other
    temperatures and keeps the best even so, its batched one keeps the first.

    Args:
        document: From `trailerflow.trailers.speech.speech_server.transcribe`: ``segments`` with start and end in seconds,
            text, avg_logprob, no_speech_prob and the compression_ratio of the window that they come from.

    Returns:
        ``start``, ``end`` and ``text`` of each segment kept. What a loop repeats stays once, and the same text
        twice in a row at most.
    """
    kept: list[Segment] = []
    for part in document["segments"]:
        text = part["text"].strip()
        if not text or _is_doubtful(part):
            continue
        said = [before["text"] for before in kept]
        if part["compression_ratio"] > LOOP_RATIO:
            text = _without_loop(text, said)
        if text and said[-2:] != [text, text]:
            kept.append({"start": part["start"], "end": part["end"], "text": text})
    return kept


def _is_doubtful(part: Mapping[str, Any]) -> bool:
    return bool(part["no_speech_prob"] > NO_SPEECH_PROBABILITY and part["avg_logprob"] < LOW_LOG_PROBABILITY)


def _without_loop(text: str, said: Iterable[str]) -> str:
    """What a text of a window that repeats itself says once; empty where that was said before or is not enough."""
    once = _REPEATED.sub(r"\1", text).strip()
    return "" if once in said or _compression_ratio(once) > LOOP_RATIO else once


def _compression_ratio(text: str) -> float:
    data = text.encode("utf-8")
    return len(data) / len(zlib.compress(data))
