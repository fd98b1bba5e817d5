"""Which language models would serve on this machine: by memory, cores, keys, and whether they tell log-probabilities."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.llm.model import LanguageModel
from trailerflow.models.store import read_manifest
from trailerflow.recommendations.register import LLM_RANKERS
from trailerflow.registers import chosen_class

GIB = 1024**3

MEMORY_OF_FILE = 1.5
MEMORY_BESIDE = 0.3 * GIB
"""Memory of an embedded model is its file so many times, and so many bytes beside: a rule of thumb. The default model has a
file of 1.0 GiB and was seen to take 1.9 GiB with its slots."""

SECONDS_OF_GIB = 16.0
"""CPU seconds of one summary for each GiB of the model's file: 3.6 summaries a CPU minute, as measured with the default
model (docs/language_models.md). All weights are read for each token, so that the time grows with the file."""

_REGISTER = "trailerflow.recommendations.register:LLM_RANKERS"


@dataclass(frozen=True)
class Machine:
    """What a machine has for a model.

    Attributes:
        free: Memory that other programs leave, in bytes.
        memory: Memory, in bytes.
        cores: Cores that may be used.
    """

    free: float
    memory: float
    cores: int


def serving(
    config: Mapping[str, Any], listing: Mapping[str, Mapping[str, Any]], project: Path, machine: Machine
) -> Iterator[str]:
    """A sentence for each configured language model, and for each one of the model list that could be configured.

    Args:
        config: The configuration, without faults but for keys that are not set.
        listing: The model list.
        project: The project's folder.
        machine: This machine.
    """
    models = [LanguageModel.from_settings(entry) for entry in config["models"]["llm"]]
    for model in models:
        said = (
            _embedded(_size(model.model, listing, config["models"], project), machine, model.threads)
            if model.is_embedded
            else _hosted(model)
        )
        yield f"{model.name}: {said}{'' if model.log_probabilities else '; it tells no log-probabilities'}"
    used = {model.model for model in models}
    for name, entry in listing.items():
        if name not in used and all(file.endswith(".gguf") for file in entry["files"]):
            yield f"{name} (in the model list): {_embedded(_size(name, listing, config['models'], project), machine, 1)}"
    if not all(model.log_probabilities for model in models):
        yield f"without log-probabilities {'; '.join(_in_other_ways())}"


def _hosted(model: LanguageModel) -> str:
    variable = model.key_variable
    if variable and not os.environ.get(variable):
        return f"no, {variable} is not set"
    return f"yes, if {model.address} answers (not asked here)"


def _embedded(size: int | None, machine: Machine, threads: int) -> str:
    """Whether a model with a file of so many bytes would serve."""
    if size is None:
        return "cannot be told, the model list does not give its size and it is not fetched"
    needed = MEMORY_OF_FILE * size + MEMORY_BESIDE
    if needed > machine.memory:
        return f"no, it needs some {needed / GIB:.1f} GiB of memory and there are {machine.memory / GIB:.1f}"
    seconds = f"some {SECONDS_OF_GIB * size / GIB:.0f} CPU s a summary"
    if threads > machine.cores:
        seconds += f"; threads: {threads} on {machine.cores} cores makes it many times slower"
    if needed > machine.free:
        free = f"{machine.free / GIB:.1f} are free"
        return f"only where other programs leave some {needed / GIB:.1f} GiB of memory ({free}), {seconds}"
    return f"yes, some {needed / GIB:.1f} GiB of memory, {seconds}"


def _size(
    name: str, listing: Mapping[str, Mapping[str, Any]], models: Mapping[str, Any], project: Path
) -> int | None:
    """Bytes of a model's files by the model list, as fetched, or in the user's own folder; None where nothing tells."""
    files = listing.get(name, {}).get("files", {})
    if files and all("size" in facts for facts in files.values()):
        return _total(files)
    with suppress(TrailerflowError, OSError):
        return _total(read_manifest(project / models["folder"], name))
    with suppress(OSError):
        if files and models["local"]:
            own = project / str(models["local"]) / name
            return sum((own / str(file)).stat().st_size for file in files)
    return None


def _total(files: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of files that tell their sizes."""
    return sum(int(facts["size"]) for facts in files.values())


def _in_other_ways() -> Iterator[str]:
    """What stands in for the ways of asking that read log-probabilities."""
    for name in LLM_RANKERS:
        kind = chosen_class(_REGISTER, name)
        if kind.needs_log_probabilities:
            yield f"the ranker {name} is replaced by {kind.stand_in}"
    yield "genres cannot be asked for by yes_no"
    yield "support of claims is measured by yes_no_words in place of yes_no"
