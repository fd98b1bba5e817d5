"""The configuration: every fault has its sentence; config.yaml and its schema agree."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from trailerflow.configuration import configuration_problems
from trailerflow.configuration.check import MOVED
from trailerflow.genres.systems.language_model import ARMS
from trailerflow.genres.systems.ways import WAYS
from trailerflow.summaries.support.kept_thresholds import EVEN

ROOT = Path(__file__).parents[3]
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
        ("recommendations.summaries", "ten_shot", "config: recommendations.summaries is 'ten_shot'; choose one of summaries.prompts: one_sentence, zero_shot."),
        ("genres.text", "plot", "config: genres.text is 'plot'; choose one of transcript, synopsis, summary/<model>/<prompt>."),
        ("genres.text", "summary/own/ten_shot", "config: genres.text is summary/own/ten_shot, and summaries.prompts has no ten_shot; choose one of one_sentence, zero_shot, or another text."),
        ("genres.texts", ["summary/own/zero_shot"], "config: genres.texts is summary/own/zero_shot, and models.llm has no own; choose one of qwen2.5-coder-1.5b, or another text."),
        ("genres.systems.0.texts", ["summary/qwen2.5-coder-1.5b"], "config: genres.systems[0].texts is 'summary/qwen2.5-coder-1.5b'; choose one of transcript, synopsis, summary/<model>/<prompt>."),
        ("genres.encoder", {"epochs": 1}, "config: genres.encoder is genres.systems now; set it there."),
        ("genres.systems.0.kind", "llm", "config: genres.systems[0].kind is 'llm'; language models are asked by genres.language_models."),
        ("genres.systems.0.kind", "svm", "config: genres.systems[0].kind is 'svm'; choose one of constant,"),
        ("genres.systems", [{"name": "words", "kind": "tfidf"}] * 2, "config: genres.systems[1] is named words, as another system is; give it another name."),
        ("genres.systems.0.predictions", ["bge"], "config: genres.systems[0].predictions names bge, which is no other system of genres.systems;"),
        ("genres.systems.2.settings", {"encoder": "bert"}, "config: genres.systems[2].settings.encoder is 'bert'; choose one of minilm-distilbert, distilbert-base-uncased."),
        ("genres.systems.1.settings", {"embedders": ["glove"]}, "config: genres.systems[1].settings.embedders names 'glove'; choose among minilm, bge-small."),
        ("genres.search", {"system": "minilm-distilbert", "space": "default"}, "config: genres.search needs films in folds and held-out ones, and genres.held_out is 1; set it"),
        ("genres.search", {"system": "minilm-distilbert", "space": "all"}, "config: genres.search.space is 'all'; choose one of default, report."),
        ("genres.extra_texts.sources", [{"name": "plots.csv"}], "config: genres.extra_texts.sources[0].name is plots.csv, and there is no such file; correct the path."),
        ("genres.language_models.ways", ["one_shot"], "config: genres.language_models.ways[0] is 'one_shot'; choose one of zero_shot, few_shot, yes_no."),
        ("genres.language_models.arms", [], "config: genres.language_models.arms is not valid: "),
        ("genres.language_models.arms", ["untitled"], "config: genres.language_models.arms[0] is 'untitled'; choose one of titled, masked."),
        ("genres.probe.movies", 1, "config: genres.probe.movies is not valid: 1 is less than the minimum of 2."),
        ("synopses.sources", ["imdb"], "config: synopses.sources[0] is 'imdb'; choose one of table, tmdb, omdb, wikipedia."),
        ("models.embedding", "bert", "config: models.embedding is bert, which the model list does not have; it has"),
        ("summaries.bertscore_layer", 7, "config: summaries.bertscore_layer is 7, and models.embedding, all-minilm-l6-v2, has 6 layers; choose one of 1 to 6."),
        ("summaries.bertscore_layer", 0, "config: summaries.bertscore_layer is not valid: 0 is less than the minimum of 1."),
        ("summaries.check.ways", ["shrot"], "config: summaries.check.ways has shrot, which is no way of asking; choose some of summaries.prompts: one_sentence, zero_shot, or []."),
        ("summaries.check.measure", "coverage", "config: summaries.check.measure is 'coverage'; choose one of yes_no, yes_no_words."),
        ("summaries.rouge_tokenizer", "mecab", "config: summaries.rouge_tokenizer is 'mecab'; choose one of unicode, rouge_score."),
    ],
)  # fmt: skip
def test_a_fault_has_its_sentence(place, value, sentence):
    problems = configuration_problems(changed(place, value), SCHEMA, ROOT)
    assert len(problems) == 1
    assert problems[0].startswith(sentence)


def test_a_way_that_needs_log_probabilities_and_a_model_without_them_is_a_fault():
    config = changed("genres.language_models.ways", ["zero_shot", "yes_no"])
    assert configuration_problems(config, SCHEMA, ROOT) == []
    config["models"]["llm"][0]["log_probabilities"] = False
    (problem,) = configuration_problems(config, SCHEMA, ROOT)
    name = config["models"]["llm"][0]["name"]
    assert problem == (
        f"config: genres.language_models.ways has yes_no, and {name} of models.llm has log_probabilities: false; "
        "remove yes_no, or the model."
    )


def test_a_check_of_summaries_may_name_a_way_that_is_not_asked_for():
    assert (
        configuration_problems(changed("summaries.check.ways", ["quoted", "zero_shot"]), SCHEMA, ROOT) == []
    )


def test_the_measures_that_check_summaries_are_those_with_a_threshold():
    check = yaml.safe_load(SCHEMA.read_text())["properties"]["summaries"]["properties"]["check"]
    assert check["properties"]["measure"]["enum"] == list(EVEN)


def test_the_ways_and_arms_of_the_schema_are_those_of_the_systems():
    settings = yaml.safe_load(SCHEMA.read_text())["properties"]["genres"]["properties"]["language_models"]
    assert settings["properties"]["ways"]["items"]["enum"] == list(WAYS)
    assert settings["properties"]["arms"]["items"]["enum"] == list(ARMS)


@pytest.mark.parametrize(
    "place",
    [
        "catalogue.movies",
        "catalogue.archive",
        "trailers.media",
        "models.list",
        "synopses.table",
        "genres.split",
        "recommendations.feedback",
    ],
)
def test_a_path_that_cannot_be_used_is_told(monkeypatch, place):
    (problem,) = configuration_problems(changed(place, "n" * 300), SCHEMA, ROOT)
    assert problem.endswith(
        "nnn, and it cannot be used (File name too long); correct the path, or make it yours to read."
    )
    kind = "folder" if place == "trailers.media" else "file"
    there = "resources" if kind == "folder" else "config.yaml"
    monkeypatch.setattr("os.access", lambda path, mode: Path(path).name != there)  # root may read everything
    (problem,) = configuration_problems(changed(place, there), SCHEMA, ROOT)
    assert problem == f"config: {place} is {there}, and this {kind} may not be read; make it yours to read."


def renamed(name):
    """The shipped configuration with its model, and the summaries that systems read, under another name."""
    config = changed("models.llm.0.name", name)
    config["genres"]["texts"] = [f"summary/{name}/zero_shot"]
    return config


@pytest.mark.parametrize(
    ("name", "bearer"),
    [
        ("chance", "chance, the row of"),
        ("oracle", "oracle, the row of"),
        ("constant", "constant, the row of"),
        ("mismatch-floor", "mismatch floor, the row of"),
        ("lead.of_the-transcript", "lead of the transcript, the row of"),
        ("minilm-distilbert", "minilm-distilbert, a system of genres.systems"),
        ("own", "own, which stands in genres.text for the model that reads"),
    ],
)
def test_a_model_may_not_be_named_like_a_row_that_is_there_without_it(name, bearer):
    (problem,) = configuration_problems(renamed(name), SCHEMA, ROOT)
    assert problem.startswith(f"config: models.llm[0] is named {name}, which nobody could tell from {bearer}")


@pytest.mark.parametrize("name", ["oracle-8b", "constant-7b", "chance2", "distilbert-base-uncased", "leader"])
def test_a_model_may_be_named_nearly_like_one(name):
    assert configuration_problems(renamed(name), SCHEMA, ROOT) == []


def test_an_ensemble_needs_three_folds():
    config = changed("genres.folds", 2)
    assert configuration_problems(config, SCHEMA, ROOT) == []
    config["genres"]["held_out"] = 0.2
    (problem,) = configuration_problems(config, SCHEMA, ROOT)
    assert problem == (
        "config: genres.folds is 2, and a system of genres.systems learns from the predictions of words, which needs 3 folds "
        "or more; set genres.folds."
    )


def test_a_model_list_that_leads_out_of_its_folder_is_a_fault(tmp_path):
    path = tmp_path / "models.yaml"
    path.write_text("models: {toy: {is: a, licence: b, files: {/etc/passwd: {}}}}")
    assert configuration_problems(changed("models.list", str(path)), SCHEMA, ROOT) == [
        f"The model list {path} cannot be used: model toy has a file '/etc/passwd', which is no name of a file below the "
        "model's folder; correct it."
    ]


@pytest.mark.parametrize(("earlier", "present"), MOVED.items())
def test_a_setting_that_was_moved_is_told_by_its_present_name(earlier, present):
    problems = configuration_problems(changed(earlier, None), SCHEMA, ROOT)
    assert problems == [f"config: {earlier} is {present} now; set it there."]
    section, name = present.split(".")
    assert name in CONFIG[section]


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
        ("synopses", "tmdb", "TMDB_API_KEY"),
        ("synopses", "omdb", "OMDB_API_KEY"),
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
    assert found.pop("config.properties.genres.properties.systems.items.properties.settings")[
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
