"""What is wrong with the language models, their answers' mode and the budget, beyond what the schema can say."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trailerflow.configuration.secrets import reference_problems
from trailerflow.film_texts import OWN
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import REFRESH, REPLAY
from trailerflow.row_kinds import RESERVED
from trailerflow.times import utc_time

_OURS = {"model", "messages", "stream", "n", "response_format", "logprobs", "top_logprobs"}
_HOSTED_ONLY = ("base_url", "key_variable", "limits", "prices", "timeout_seconds", "check")


def language_model_problems(config: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each fault of ``models.llm``, ``models.answers`` and ``models.budget``.

    Args:
        config: The configuration, valid by its schema.
    """
    models = config["models"]
    for name, count in Counter(entry["name"] for entry in models["llm"]).items():
        if count > 1:
            yield f"config: models.llm has {count} models named {name}; give each its own name."
    yield from _name_problems(models["llm"], config)
    replayed = models["answers"]["mode"] == REPLAY
    for number, entry in enumerate(models["llm"]):
        yield from _entry_problems(f"models.llm[{number}]", entry, replayed=replayed)
    yield from _answers_problems(models["answers"])
    if models["budget"]["usd"] is not None:
        for entry in models["llm"]:
            if entry["kind"] != "embedded" and not entry.get("prices"):
                yield (
                    f"config: models.budget.usd needs the prices of {entry['name']}; give them, or set the budget to null."
                )


def _name_problems(entries: Sequence[Mapping[str, Any]], config: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each model whose rows nothing would tell from rows that are there without it."""
    systems = [system["name"] for system in config["genres"]["systems"]]
    bearers = RESERVED | dict.fromkeys(systems, "a system of genres.systems")
    bearers |= {OWN: "which stands in genres.text for the model that reads"}
    taken = {_letters(name): f"{name}, {bearer}" for name, bearer in bearers.items()}
    for number, name in enumerate(entry["name"] for entry in entries):
        if clash := taken.get(_letters(name)):
            yield (
                f"config: models.llm[{number}] is named {name}, which nobody could tell from {clash}; "
                "give the model another name."
            )


def _letters(name: str) -> str:
    """What of a name is neither a blank nor punctuation."""
    return "".join(character for character in name.lower() if character.isalnum())


def _entry_problems(place: str, entry: Mapping[str, Any], *, replayed: bool) -> Iterator[str]:
    yield from reference_problems(place, entry, replayed=replayed)
    if entry["kind"] == "embedded":
        for key in _HOSTED_ONLY:
            if key in entry:
                yield f"config: {place}.{key} is not for an embedded model; remove it, or set another kind."
        if entry.get("reproducible") and entry.get("slots", 1) > 1:
            yield (
                f"config: {place}.reproducible needs slots: 1, since requests that share the engine change each other."
            )
        return
    if entry.get("reproducible"):
        yield f"config: {place}.reproducible is for an embedded model only; remove it."
    for key in sorted(_OURS & entry.get("parameters", {}).keys()):
        yield f"config: {place}.parameters may not hold {key}, which each request says by itself; remove it."
    variable = LanguageModel.from_settings(dict(entry)).key_variable
    if variable and not replayed and not os.environ.get(variable):
        yield (
            f"config: model {entry['name']} needs an API key: set the environment variable {variable}, "
            "or remove the model from models.llm."
        )


def _answers_problems(answers: Mapping[str, Any]) -> Iterator[str]:
    before, mode = answers["refresh_before"], answers["mode"]
    if mode == REFRESH and before is None:
        yield (
            "config: models.answers.mode is refresh, and refresh_before is null; give the time before which answers are "
            f'asked for again, such as now, "{utc_time()}".'
        )
    if mode != REFRESH and before is not None:
        yield f"config: models.answers.refresh_before is not for mode: {mode}; set it to null, or the mode to refresh."
    elif before is not None:
        yield from future_problems("models.answers.refresh_before", before)


def future_problems(place: str, before: str) -> Iterator[str]:
    """A sentence where a time before which everything is asked again is still to come.

    Args:
        place: The key.
        before: Its value, ISO 8601 in UTC.
    """
    if before > utc_time():
        yield (
            f"config: {place} is {before}, and until then every answer would be asked for again and again; give a time that "
            f'is over, such as now, "{utc_time()}".'
        )
