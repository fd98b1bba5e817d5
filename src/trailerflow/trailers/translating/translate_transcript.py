"""translate_transcript: where a transcript in another language becomes one in the language of the prompts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trailerflow.errors import LaterError, RefusedError
from trailerflow.outcomes import Outcome
from trailerflow.trailers.cleaning.clean import clean, is_spoken
from trailerflow.trailers.language import detect_language, is_same_language, transcript_language

if TYPE_CHECKING:
    from trailerflow.documents import Segment, Transcript, TranslatedTranscript

RULE = "translate_transcript"


@dataclass(frozen=True)
class Translation:
    """What a translator made of a transcript.

    Attributes:
        segments: Its segments, with ``start`` and ``end`` in seconds and ``text``.
        by: The way: ``whisper``, ``llm`` or ``ctranslate2``.
        made_by: What made it.
        usage: What it cost, where a model was asked for it.
        seconds: Seconds of work.
    """

    segments: list[Segment]
    by: str
    made_by: dict[str, Any] = field(default_factory=dict)
    usage: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


class UntranslatedError(Exception):
    """A transcript has no translation that can be used; the message says why. It stays in its own language."""


Translator = Callable[["Transcript"], Translation]
"""Translates the data of an outcome of transcribe_trailer. It raises `UntranslatedError`, LaterError or RefusedError."""


def translate_transcript(
    transcript: Outcome[Transcript], *, language: str = "en", translator: Translator | None = None
) -> Outcome[TranslatedTranscript]:
    """Translate a transcript that is in another language; its original is always kept beside it.

    Args:
        transcript: Outcome of transcribe_trailer.
        language: Code of the language that prompts are written for.
        translator: Called only where the transcript is known to be in another language; None translates nothing.

    Returns:
        ``segments`` in use with their ``language``, ``original`` (segments and language), ``translated`` and
        ``translated_by``. Where a translation cannot be used, the original stays in use, and ``untranslated`` in
        the source says why. ``later`` or ``failed`` where a language model does not answer.
    """
    if transcript.data is None:
        return transcript.passed_on(RULE)
    original = _untranslated(transcript, transcript.data)
    if translator is None:
        return original
    found = foreign_language(transcript.data, language)
    if found is None:
        return original
    try:
        translation = translator(transcript.data)
        _check(translation, found)
    except UntranslatedError as error:
        return _untranslated(transcript, transcript.data, str(error))
    except (LaterError, RefusedError) as error:
        return Outcome.unanswered(RULE, transcript.movie, error, made_by=transcript.made_by)
    return _translated(transcript, transcript.data, translation, found, language)


def foreign_language(transcript: Transcript, language: str) -> str | None:
    """The language of a transcript that needs a translation, or None.

    It is the one that the caption track names or that the recogniser heard with a probability of at least one half;
    else the one that the whole cleaned text shows. A text of under 20 characters, or one in which nothing is spoken,
    needs none.

    Args:
        transcript: Data of an outcome of transcribe_trailer.
        language: Code of the language that is wanted.
    """
    text = clean(transcript["segments"])
    found = transcript_language(transcript, text) if is_spoken(text) else None
    return None if found is None or is_same_language(found, language) else found


def _check(translation: Translation, found: str) -> None:
    text = clean(translation.segments)
    if not is_spoken(text):
        raise UntranslatedError(f"its translation by {translation.by} is empty")
    seen = detect_language(text)
    if seen is not None and is_same_language(seen, found):
        raise UntranslatedError(f"its translation by {translation.by} is still in {found}")


def _untranslated(
    outcome: Outcome[Transcript], transcript: Transcript, reason: str | None = None
) -> Outcome[TranslatedTranscript]:
    data: TranslatedTranscript = {
        "segments": transcript["segments"],
        "language": transcript["language"],
        "language_probability": transcript["language_probability"],
        "origin": transcript["origin"],
        "original": {"segments": transcript["segments"], "language": transcript["language"]},
        "translated": False,
        "translated_by": None,
    }
    source = outcome.source | ({"untranslated": reason} if reason else {})
    return Outcome.ok(RULE, outcome.movie, data, source=source, made_by=outcome.made_by)


def _translated(
    outcome: Outcome[Transcript], transcript: Transcript, translation: Translation, found: str, language: str
) -> Outcome[TranslatedTranscript]:
    data: TranslatedTranscript = {
        "segments": translation.segments,
        "language": language,
        "language_probability": None,
        "origin": transcript["origin"],
        "original": {"segments": transcript["segments"], "language": found},
        "translated": True,
        "translated_by": translation.by,
    }
    return Outcome.ok(
        RULE,
        outcome.movie,
        data,
        source=outcome.source | ({"usage": translation.usage} if translation.usage else {}),
        made_by=outcome.made_by | ({"translation": translation.made_by} if translation.made_by else {}),
        seconds=translation.seconds,
    )
