"""The configuration: every fault has its sentence; config.yaml and its schema agree."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from trailerflow.configuration import configuration_problems

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "config.schema.yaml"
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())


def changed(place: str, value: Any) -> dict[str, Any]:
    config = copy.deepcopy(CONFIG)
    *way, last = place.split(".")
    section = config
    for part in way:
        section = section[int(part) if part.isdigit() else part]
    section[last] = value
    return config


def test_the_shipped_configuration_is_right():
    assert configuration_problems(CONFIG, SCHEMA, ROOT) == []


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("trailers.wordz", 5, "config: trailers.wordz is not a setting; did you mean words?"),
        ("sumaries", {}, "config: sumaries is not a setting; did you mean summaries?"),
        ("trailers.words", "many", "config: trailers.words is 'many'; it must be a whole number."),
        ("models.speech.device", "gpu", "config: models.speech.device is 'gpu'; choose one of auto, cpu, cuda."),
        ("models.llm.0.base_url", "http://x/v1", "config: models.llm[0].base_url is not for an embedded model; remove it, or set another kind."),
        ("models.llm.0.kind", "openai_compatible", "config: models.llm[0].base_url is missing; config.yaml says what it takes."),
        ("catalogue.movies", "my.csv", "config: catalogue.movies is my.csv, and there is no such file; correct the path."),
        ("trailers.media", "films", "config: trailers.media is films, and there is no such folder; correct the path."),
        ("genres.summaries", "ten_shot", "config: genres.summaries is 'ten_shot'; choose one of summaries.prompts: zero_shot, few_shot."),
        ("summaries.sources", ["imdb"], "config: summaries.sources[0] is 'imdb'; choose one of table, tmdb, omdb, wikipedia."),
        ("models.embedding", "bert", "config: models.embedding is bert, which the model list does not have; it has"),
    ],
)  # fmt: skip
def test_a_fault_has_its_sentence(place, value, sentence):
    problems = configuration_problems(changed(place, value), SCHEMA, ROOT)
    assert len(problems) == 1
    assert problems[0].startswith(sentence)


def test_all_faults_are_told_at_once():
    config = changed("trailers.words", 0)
    config["genres"]["folds"] = 1
    assert len(configuration_problems(config, SCHEMA, ROOT)) == 2


def test_a_missing_key_is_told_before_any_work(monkeypatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    config = copy.deepcopy(CONFIG)
    config["models"]["llm"][0] |= {
        "kind": "openai_compatible", "base_url": "https://api.example.org/v1", "key_variable": "SOME_KEY",
    }  # fmt: skip
    (problem,) = configuration_problems(config, SCHEMA, ROOT)
    assert "set the environment variable SOME_KEY" in problem


@pytest.mark.parametrize(
    ("section", "source", "variable"),
    [
        ("trailers", "tmdb", "TMDB_API_KEY"),
        ("summaries", "tmdb", "TMDB_API_KEY"),
        ("summaries", "omdb", "OMDB_API_KEY"),
    ],
)
def test_a_source_on_the_web_needs_its_key(monkeypatch, section, source, variable):
    config = changed(f"{section}.sources", ["table", source])
    monkeypatch.delenv(variable, raising=False)
    assert configuration_problems(config, SCHEMA, ROOT) == [
        f"config: {section}.sources names {source}, which needs an API key: set the environment variable {variable}, "
        f"or remove {source} from {section}.sources."
    ]
    monkeypatch.setenv(variable, "x")
    assert configuration_problems(config, SCHEMA, ROOT) == []


def hosted(**more: Any) -> dict[str, Any]:
    entry = {"name": "hosted", "kind": "groq", "model": "openai/gpt-oss-20b", "context": 8192, **more}
    return changed("models.llm", [*CONFIG["models"]["llm"], entry])


@pytest.mark.parametrize(("kind", "variable"), [("groq", "GROQ_API_KEY"), ("openai", "OPENAI_API_KEY")])
def test_a_hosted_model_needs_its_key_unless_nothing_is_asked(monkeypatch, kind, variable):
    monkeypatch.delenv(variable, raising=False)
    config = hosted(kind=kind)
    assert configuration_problems(config, SCHEMA, ROOT) == [
        f"config: model hosted needs an API key: set the environment variable {variable}, "
        "or remove the model from models.llm."
    ]
    config["models"]["answers"]["mode"] = "replay"
    assert configuration_problems(config, SCHEMA, ROOT) == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"name": "qwen2.5-coder-1.5b"}, "models.llm has 2 models named qwen2.5-coder-1.5b; give each its own name."),
        ({"parameters": {"stream": True}}, "models.llm[1].parameters may not hold stream, which each request says by itself"),
        ({"kind": "openai_compatible", "base_url": "http://localhost:port/v1"}, "models.llm[1].base_url is not valid"),
        ({"reproducible": True}, "models.llm[1].reproducible is for an embedded model only; remove it."),
        ({"limits": {"requests": 5}}, "models.llm[1].limits.requests is not a setting; did you mean requests_per_day?"),
        ({"limits": {"requests_per_day": 0}}, "models.llm[1].limits.requests_per_day is not valid: 0 is less than"),
        ({"prices": {"input": 1}}, "models.llm[1].prices.output is missing; config.yaml says what it takes."),
        ({"structured": "grammar"}, "models.llm[1].structured is 'grammar'; choose one of schema, json, text."),
    ],
)  # fmt: skip
def test_a_fault_of_a_hosted_model_has_its_sentence(monkeypatch, more, sentence):
    monkeypatch.setenv("GROQ_API_KEY", "x")
    assert configuration_problems(hosted(**more), SCHEMA, ROOT)[0].startswith(f"config: {sentence}")


def test_a_budget_of_money_needs_prices(monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", "x")
    config = hosted()
    config["models"]["budget"]["usd"] = 5
    assert configuration_problems(config, SCHEMA, ROOT) == [
        "config: models.budget.usd needs the prices of hosted; give them, or set the budget to null."
    ]
    config["models"]["llm"][1]["prices"] = {"input": 0.1, "output": 0.5, "date": "2026-11-23"}
    assert configuration_problems(config, SCHEMA, ROOT) == []


@pytest.mark.parametrize(
    ("mode", "before", "sentence"),
    [
        ("refresh", None, "config: models.answers.mode is refresh, and refresh_before is null; give the time"),
        ("live", "2026-12-24T00:00:00Z", "config: models.answers.refresh_before is not for mode: live; set it to null"),
        ("refresh", "2999-12-24T00:00:00Z", "config: models.answers.refresh_before is 2999-12-24T00:00:00Z, and until then"),
        ("refresh", "yesterday", "config: models.answers.refresh_before is not valid"),
        ("dry", None, "config: models.answers.mode is 'dry'; choose one of live, replay, refresh."),
    ],
)  # fmt: skip
def test_a_refresh_has_its_time(mode, before, sentence):
    config = changed("models.answers", {"mode": mode, "refresh_before": before})
    (problem,) = configuration_problems(config, SCHEMA, ROOT)
    assert problem.startswith(sentence)


def test_a_reproducible_model_works_on_one_request_at_a_time():
    config = changed("models.llm.0.reproducible", True)
    (problem,) = configuration_problems(config, SCHEMA, ROOT)
    assert problem.startswith("config: models.llm[0].reproducible needs slots: 1")
    config["models"]["llm"][0]["slots"] = 1
    assert configuration_problems(config, SCHEMA, ROOT) == []


def objects(schema: Any, place: str = "config") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield place, schema
        for key, value in schema.items():
            if key not in ("if", "then", "allOf"):
                yield from objects(value, f"{place}.{key}")


def test_every_object_refuses_unknown_keys_and_every_key_is_described():
    schema = yaml.safe_load(SCHEMA.read_text())
    found = dict(objects(schema))
    assert len(found) > 8
    assert found.pop("config.properties.models.properties.llm.items.properties.parameters")[
        "additionalProperties"
    ]
    for place, part in found.items():
        assert part["additionalProperties"] is False, place
        assert all(value.get("description") for value in part["properties"].values()), place


def test_the_reference_page_is_the_schemas():
    from trailerflow.configuration.document import reference

    page = (ROOT / "docs/configuration.md").read_text()
    assert page == reference(yaml.safe_load(SCHEMA.read_text())), (
        "run `python -m trailerflow.configuration.document > docs/configuration.md`"
    )
