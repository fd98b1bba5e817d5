"""Which models a run uses, and what a job of a model depends on."""

from __future__ import annotations

import hashlib
import json

from trailerflow.llm.model import LanguageModel, Limits
from trailerflow.planning.models import answer_settings, short_hash, wanted_models

LIVE = {"mode": "live", "refresh_before": None}
LISTING = {"tiny": {"files": {"a.gguf": {"sha256": "11"}, "b.txt": {}}}}
OURS = LanguageModel("ours", "embedded", "tiny", 2048, slots=4, threads=2)
HOSTED = LanguageModel("hosted", "groq", "big", 8192, log_probabilities=False)


def test_how_a_model_is_run_is_no_part_of_its_settings():
    settings = answer_settings(HOSTED, {}, LIVE)
    assert json.loads(settings) == HOSTED.answering
    faster = LanguageModel(
        "hosted", "groq", "big", 8192, log_probabilities=False, slots=9, threads=5, limits=Limits(30)
    )
    assert answer_settings(faster, {}, LIVE) == settings
    warmer = LanguageModel("hosted", "groq", "big", 8192, log_probabilities=False, temperature=1.0)
    assert answer_settings(warmer, {}, LIVE) != settings


def test_an_embedded_models_weights_are_among_its_settings():
    settings = json.loads(answer_settings(OURS, LISTING, LIVE))
    told = hashlib.sha256(b'{"a.gguf": "11", "b.txt": null}').hexdigest()[:16]
    assert settings == OURS.answering | {"weights": told}
    other = {"tiny": {"files": {"a.gguf": {"sha256": "12"}, "b.txt": {}}}}
    assert json.loads(answer_settings(OURS, other, LIVE))["weights"] != told


def test_the_time_of_a_refresh_counts_only_in_a_refresh():
    when = "2026-11-01T00:00:00Z"
    live = answer_settings(HOSTED, {}, {"mode": "live", "refresh_before": when})
    again = answer_settings(HOSTED, {}, {"mode": "refresh", "refresh_before": when})
    assert "refresh_before" not in json.loads(live)
    assert json.loads(again) == json.loads(live) | {"refresh_before": when}


def test_the_settings_are_one_text_whatever_the_order_of_the_fields():
    assert list(json.loads(answer_settings(OURS, LISTING, LIVE))) == sorted([*OURS.answering, "weights"])


def test_the_models_that_a_run_fetches():
    models = {"speech": {"model": "whisper"}, "embedding": "all-minilm-l6-v2"}
    none = {"texts": ["transcript"], "extra_texts": {"sources": []}, "systems": []}
    assert wanted_models(models, none, [OURS, HOSTED]) == ["all-minilm-l6-v2", "tiny", "whisper"]
    encoder = {"encoder": "distilbert-base-uncased"}
    some = none | {
        "extra_texts": {"sources": [{"name": "wikipedia-plots"}, {"name": "mine.csv"}]},
        "systems": [
            {"name": "a", "kind": "encoder", "texts": ["synopsis"], "settings": encoder},
            {"name": "b", "kind": "linear", "texts": ["synopsis"]},
        ],
    }
    assert wanted_models(models, some, [HOSTED]) == [
        "all-minilm-l6-v2", "bge-small-en-v1.5-int8", "distilbert-base-uncased", "whisper", "wikipedia-plots",
    ]  # fmt: skip


def test_a_short_hash_is_the_beginning_of_sha256():
    assert short_hash("") == "e3b0c44298fc1c14"
