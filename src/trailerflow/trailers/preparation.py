"""prepare_transcript: a transcript as the LLM gets it, cleaned and cut."""

from __future__ import annotations

import time

from trailerflow import __version__
from trailerflow.outcomes import Outcome
from trailerflow.text import word_count
from trailerflow.trailers.cleaning import clean, is_spoken, trim
from trailerflow.trailers.language import LEAST_PROBABILITY, detect_language

RULE = "prepare_transcript"


def prepare_transcript(transcript: Outcome, words: int) -> Outcome:
    """Clean a transcript, name its language and cut it.

    The language is the one that the caption track names or that the recogniser heard with a probability of at
    least one half; else the one that the cleaned text shows.

    Args:
        transcript: Outcome of translate_transcript.
        words: Longest text kept, in words.

    Returns:
        ``text``, ``words``, ``words_before_trim``, ``language`` (None where it cannot be told) and
        ``origin``; ``absent`` where nothing is spoken.
    """
    if transcript.data is None:
        return transcript.passed_on(RULE)
    started = time.perf_counter()
    text = clean(transcript.data["segments"])
    made_by = {**transcript.made_by, "trailerflow": __version__}
    if not is_spoken(text):
        return Outcome.absent(
            RULE,
            transcript.movie,
            "nothing is spoken in the trailer",
            source=transcript.source,
            made_by=made_by,
        )
    probability = transcript.data["language_probability"]
    told = transcript.data["language"] if probability is None or probability >= LEAST_PROBABILITY else None
    kept = trim(text, words)
    data = {
        "text": kept,
        "words": word_count(kept),
        "words_before_trim": word_count(text),
        "language": told or detect_language(text),
        "origin": transcript.data["origin"],
    }
    seconds = round(time.perf_counter() - started, 3)
    return Outcome.ok(
        RULE, transcript.movie, data, source=transcript.source, made_by=made_by, seconds=seconds
    )
