"""What is wrong with the way in which transcripts are to be translated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trailerflow.models.translating import MARIAN_FILES, WHISPER_TARGET, whisper_translates


def translation_problems(config: Mapping[str, Any], root: Path) -> Iterator[str]:
    """A sentence for each fault of ``trailers.translation``.

    Args:
        config: The configuration, valid by its schema.
        root: Folder that relative paths start from.
    """
    translation = config["trailers"]["translation"]
    by, model = translation["by"], translation["model"]
    if by in ("keep", "whisper") and model is not None:
        yield f"config: trailers.translation.model is not for by: {by}; set it to null."
    if by == "whisper":
        yield from _whisper_problems(translation["language"], config["models"]["speech"]["model"])
    elif by == "llm":
        names = [entry["name"] for entry in config["models"]["llm"]]
        if model not in names:
            yield (
                f"config: trailers.translation.model is {model or 'null'}; by: llm takes the name of one of models.llm: "
                f"{', '.join(names)}."
            )
    elif by == "ctranslate2":
        yield from _folder_problems(model, root)


def _whisper_problems(language: str, speech_model: str) -> Iterator[str]:
    if language != WHISPER_TARGET:
        yield (
            f"config: trailers.translation.language is {language}, but Whisper translates into English only; "
            "set by: llm or by: ctranslate2."
        )
    if not whisper_translates(speech_model):
        yield (
            f"config: trailers.translation.by is whisper, but models.speech.model {speech_model} cannot translate; "
            "name a multilingual model such as faster-whisper-base, or set by: llm."
        )


def _folder_problems(folder: str | None, root: Path) -> Iterator[str]:
    if folder is None:
        yield "config: trailers.translation.model is null; by: ctranslate2 takes the folder of a translation model."
        return
    missing = [name for name in MARIAN_FILES if not (root / folder / name).is_file()]
    if missing:
        yield (
            f"config: trailers.translation.model is {folder}, where there is no {' and no '.join(missing)}; "
            "correct the path."
        )
