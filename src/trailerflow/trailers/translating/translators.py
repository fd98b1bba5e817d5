"""The ways of translating a transcript: what Whisper heard in English, a language model, a Marian model."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.errors import RefusedError
from trailerflow.trailers.cleaning.clean import clean, trim, unit_count
from trailerflow.trailers.translating.translate_transcript import Translation, Translator, UntranslatedError

if TYPE_CHECKING:  # the way to a language model costs 0.04 s of CPU, and few transcripts need it
    from trailerflow.documents import Segment, Transcript
    from trailerflow.llm.types import Asks

LANGUAGE_NAMES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""What languages are called in a prompt; another one is called by its code."""

_TOKENS_PER_WORD = (
    2  # English takes about 1.3; the rest is room for a translation of more words than the original
)
_LEAST_TOKENS = 50


def choose_translator(
    settings: Mapping[str, Any], client: Callable[[Mapping[str, Any]], Asks]
) -> Translator | None:
    """The translator of a way; what is heavy is imported where a transcript needs it.

    Args:
        settings: ``by`` (``keep``, ``whisper``, ``llm``, ``ctranslate2``), and for the last two ``words``, the longest
            text that is translated; for llm ``model`` (its settings), ``prompt`` (its file) and ``language`` (a code);
            for ctranslate2 ``folder``.
        client: Gives the way to a language model for its settings.

    Returns:
        The translator, or None where everything is kept.
    """
    if settings["by"] == "whisper":
        return heard_translation
    if settings["by"] == "llm":
        return lambda transcript: translate_by_llm(
            transcript,
            language=settings["language"],
            words=settings["words"],
            prompt=Path(settings["prompt"]),
            client=client(settings["model"]),
        )
    if settings["by"] == "ctranslate2":
        return partial(translate_by_marian, words=settings["words"], folder=Path(settings["folder"]))
    return None


def heard_translation(transcript: Transcript) -> Translation:
    """The English that Whisper heard while transcribe_trailer had the sound.

    Raises:
        UntranslatedError: The words were read and not heard, or heard in a language that was in doubt.
    """
    if transcript["origin"] == "captions":
        raise UntranslatedError("Whisper translates what it hears, and these are captions")
    if "translation" not in transcript:
        raise UntranslatedError("Whisper was not sure enough of the language to translate it")
    return Translation(transcript["translation"], by="whisper")


def translate_by_llm(
    transcript: Transcript, *, language: str, words: int, prompt: Path, client: Asks
) -> Translation:
    """Ask a language model for the translation, in one request.

    Args:
        transcript: Data of an outcome of transcribe_trailer.
        language: Code of the language to translate into.
        words: Longest text that is translated, in words.
        prompt: Prompt file with the variables ``{language}`` and ``{text}``.
        client: The way to the model.

    Returns:
        One segment, as long as the transcript.

    Raises:
        UntranslatedError: The answer was cut.
        LaterError, RefusedError: There is no answer.
    """
    from trailerflow.llm.prompts import prompt_hash, render
    from trailerflow.llm.types import Request

    text = trim(clean(transcript["segments"]), words)
    messages = render(prompt, {"language": LANGUAGE_NAMES.get(language, language), "text": text})
    answer = client.ask(Request(messages, max_tokens=_LEAST_TOKENS + _TOKENS_PER_WORD * unit_count(text)))
    if answer.problem:
        raise RefusedError(answer.problem)
    if answer.finish_reason == "length":
        raise UntranslatedError(f"its translation by {client.model.name} was cut")
    made_by = {
        "model": client.model.name,
        "model_hash": client.model.hash,
        "prompt_hash": prompt_hash(prompt),
    }
    return Translation(
        _one_segment(transcript, answer.text), "llm", made_by, usage=answer.usage, seconds=answer.seconds
    )


def translate_by_marian(transcript: Transcript, *, words: int, folder: Path) -> Translation:
    """Compute the translation by a Marian model of the user's own, on the CPU of this job.

    Args:
        transcript: Data of an outcome of transcribe_trailer.
        words: Longest text that is translated, in words.
        folder: The model, see `trailerflow.trailers.translating.marian.translate`.

    Returns:
        One segment, as long as the transcript.
    """
    from trailerflow.trailers.translating.marian import about, translate

    started = time.perf_counter()
    text = translate(trim(clean(transcript["segments"]), words), folder)
    seconds = round(time.perf_counter() - started, 3)
    return Translation(_one_segment(transcript, text), "ctranslate2", about(folder), seconds=seconds)


def _one_segment(transcript: Transcript, text: str) -> list[Segment]:
    segments = transcript["segments"]
    return [{"start": segments[0]["start"], "end": segments[-1]["end"], "text": " ".join(text.split())}]
