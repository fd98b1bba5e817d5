"""How transcripts are translated: what counts for a job of the configured way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def translation_settings(
    translation: Mapping[str, Any], words: int, model_settings: Mapping[str, str]
) -> str:
    """How transcripts are translated, as JSON: only what the configured way needs, so that nothing else reruns it.

    Args:
        translation: The section ``trailers.translation``.
        words: ``trailers.words``.
        model_settings: JSON of each language model's settings by its name.
    """
    by = translation["by"]
    settings = {"by": by, "language": translation["language"]}
    if by in ("llm", "ctranslate2"):
        settings["words"] = words
    if by == "llm":
        settings["model"] = json.loads(model_settings[translation["model"]])
    if by == "ctranslate2":
        settings["folder"] = translation["model"]
    return json.dumps(settings, sort_keys=True)
