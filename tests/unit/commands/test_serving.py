"""What ``trailerflow doctor`` says of language models: which of them this machine could run, and why another could not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from trailerflow.commands.serving import GIB, Machine, serving
from trailerflow.files import write_json
from trailerflow.summaries.support.register import SUPPORTS

ROOMY = Machine(free=16 * GIB, memory=32 * GIB, cores=4)
EMBEDDED = {"name": "mine", "kind": "embedded", "model": "toy", "context": 4096}


def listed(size: int | None) -> dict[str, Any]:
    return {"toy": {"files": {"model.gguf": {} if size is None else {"size": size}}}}


def said(
    entry: dict[str, Any],
    listing: dict[str, Any],
    machine: Machine = ROOMY,
    project: Path = Path(),
    local: str | None = None,
) -> list[str]:
    models = {"llm": [entry], "folder": "weights", "local": local}
    return list(serving({"models": models}, listing, project, machine))


@pytest.mark.parametrize(
    ("machine", "sentence"),
    [
        (ROOMY, "yes, some 6.3 GiB of memory, some 64 CPU s a summary"),
        (
            Machine(free=2 * GIB, memory=8 * GIB, cores=4),
            "only where other programs leave some 6.3 GiB of memory (2.0 are free), some 64 CPU s a summary",
        ),
        (
            Machine(free=2 * GIB, memory=4 * GIB, cores=4),
            "no, it needs some 6.3 GiB of memory and there are 4.0",
        ),
        (
            Machine(free=16 * GIB, memory=32 * GIB, cores=1),
            "yes, some 6.3 GiB of memory, some 64 CPU s a summary; threads: 2 on 1 cores makes it many times slower",
        ),
    ],
)
def test_an_embedded_model_is_held_against_memory_and_cores(machine, sentence):
    assert said(EMBEDDED | {"threads": 2}, listed(4 * GIB), machine) == [f"mine: {sentence}"]


def test_a_size_that_the_list_does_not_tell_is_read_of_what_is_there(tmp_path):
    assert said(EMBEDDED, listed(None)) == [
        "mine: cannot be told, the model list does not give its size and it is not fetched"
    ]
    (tmp_path / "own/toy").mkdir(parents=True)
    (tmp_path / "own/toy/model.gguf").write_bytes(b"x" * 1000)
    assert "yes, some 0.3 GiB" in said(EMBEDDED, listed(None), project=tmp_path, local="own")[0]
    (tmp_path / "weights/toy").mkdir(parents=True)
    (tmp_path / "weights/toy/model.gguf").write_bytes(b"x" * 1000)
    write_json(tmp_path / "weights/toy.json", {"files": {"model.gguf": {"sha256": "0" * 64, "size": 1000}}})
    assert "yes, some 0.3 GiB" in said(EMBEDDED, listed(None), project=tmp_path)[0]


def test_models_of_the_list_that_could_be_named_are_told_too_and_other_weights_are_not():
    listing = listed(GIB) | {
        "other": {"files": {"model.gguf": {"size": GIB}}},
        "encoder": {"files": {"model.safetensors": {"size": GIB}, "config.json": {"size": 5}}},
    }
    assert [line.partition(":")[0] for line in said(EMBEDDED, listing)] == [
        "mine",
        "other (in the model list)",
    ]


def test_a_hosted_model_needs_its_key_and_what_reads_log_probabilities_another_way(monkeypatch):
    hosted = {"name": "far", "kind": "groq", "model": "m", "context": 4096, "log_probabilities": False}
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    first, ways = said(hosted, {})
    assert first == "far: no, GROQ_API_KEY is not set; it tells no log-probabilities"
    assert "the ranker yes_no is replaced by likelihood" in ways
    assert "listwise" not in ways
    assert "support of claims is measured by yes_no_words in place of yes_no" in ways
    assert {"yes_no", "yes_no_words"} <= SUPPORTS.keys()
    monkeypatch.setenv("GROQ_API_KEY", "x")
    assert said(hosted, {})[0].startswith("far: yes, if https://api.groq.com answers")
    own = {"name": "near", "kind": "openai_compatible", "base_url": "http://node:8000/v1", "model": "m"}
    assert said(own | {"context": 4096}, {}) == ["near: yes, if http://node:8000/v1 answers (not asked here)"]
