"""Which models a run uses, and what a job of a model depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from trailerflow.genres.configured import configured_systems
from trailerflow.genres.extra import SOURCES
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import REFRESH


def answer_settings(
    model: LanguageModel, listing: Mapping[str, Mapping[str, Any]], answers: Mapping[str, Any]
) -> str:
    """What a job of a model depends on beside its files, as JSON: all that can change an answer, and what asks again.

    Args:
        model: The language model.
        listing: The model list, by name. Other weights under the same name are another model.
        answers: The section ``models.answers``.
    """
    settings = dict(model.answering)
    if model.is_embedded:
        hashes = {name: facts.get("sha256") for name, facts in listing[model.model]["files"].items()}
        settings["weights"] = short_hash(json.dumps(hashes))
    if answers["mode"] == REFRESH:
        settings["refresh_before"] = answers["refresh_before"]
    return json.dumps(settings, sort_keys=True)


def wanted_models(
    models: Mapping[str, Any], genres: Mapping[str, Any], language_models: Iterable[LanguageModel]
) -> list[str]:
    """Names of all models of the list that a configuration uses, sorted.

    Args:
        models: The section ``models``.
        genres: The section ``genres``: its systems and its extra texts.
        language_models: All language models; hosted ones are not in the list.
    """
    embedded = [model.model for model in language_models if model.is_embedded]
    weights = [name for system in configured_systems(genres).values() for name in system.weights]
    texts = [source["name"] for source in genres["extra_texts"]["sources"] if source["name"] in SOURCES]
    return sorted({*embedded, models["speech"]["model"], models["embedding"], *weights, *texts})


def short_hash(text: str) -> str:
    """Hash of a text in 16 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
