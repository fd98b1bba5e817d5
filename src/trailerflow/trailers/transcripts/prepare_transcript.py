"""prepare_transcript: a transcript as the LLM gets it, cleaned and cut."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from trailerflow import __version__
from trailerflow.outcomes import Outcome
from trailerflow.text import word_count
from trailerflow.trailers.cleaning.clean import clean, cleaned_segments, cut, is_spoken, joined, trim
from trailerflow.trailers.language import transcript_language

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript, TranslatedTranscript

RULE = "prepare_transcript"


def prepare_transcript(transcript: Outcome[TranslatedTranscript], words: int) -> Outcome[PreparedTranscript]:
    """Clean a transcript, name its language and cut it.

    Args:
        transcript: Outcome of translate_transcript.
        words: Longest text kept, in words.

    Returns:
        ``text``; ``segments``, the same text in parts, each with ``start`` and ``end`` in seconds (None where the source
        tells no times) and ``text``, which are ``text`` when they are joined by blanks; ``words``, ``words_before_trim``
        (a translated text was cut before its translation), ``language`` (None where it cannot be told), ``origin``,
        ``translated`` and, where it is, ``original_text``, cleaned and whole; ``absent`` where nothing is spoken.
    """
    if transcript.data is None:
        return transcript.passed_on(RULE)
    started = time.perf_counter()
    segments = cleaned_segments(transcript.data["segments"])
    text = joined(segments)
    made_by = {**transcript.made_by, "trailerflow": __version__}
    if not is_spoken(text):
        return Outcome.absent(
            RULE,
            transcript.movie,
            "nothing is spoken in the trailer",
            source=transcript.source,
            made_by=made_by,
        )
    kept = trim(text, words)
    data: PreparedTranscript = {
        "text": kept,
        "segments": cut(segments, len(kept)),
        "words": word_count(kept),
        "words_before_trim": word_count(text),
        "language": transcript_language(transcript.data, text),
        "origin": transcript.data["origin"],
        "translated": transcript.data["translated"],
    }
    if data["translated"]:
        data["original_text"] = clean(transcript.data["original"]["segments"])
    seconds = round(time.perf_counter() - started, 3)
    return Outcome.ok(
        RULE, transcript.movie, data, source=transcript.source, made_by=made_by, seconds=seconds
    )
