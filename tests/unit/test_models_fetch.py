"""Fetching models: the hash decides."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.models.fetch import fetch_model, read_model_list
from trailerflow.models.store import model_file, model_hash

ROOT = Path(__file__).parents[2]
CONTENT = b"weights" * 100


def model_list(**more: object) -> dict:
    facts = {"sha256": hashlib.sha256(CONTENT).hexdigest(), "size": len(CONTENT)}
    return {"toy": {"is": "a toy", "licence": "MIT", "files": {"model.gguf": facts}, **more}}


def test_a_users_own_file_is_taken_when_its_hash_is_right(tmp_path):
    (tmp_path / "mine.gguf").write_bytes(CONTENT)
    lines: list[str] = []
    fetch_model("toy", model_list(), tmp_path / "models", tmp_path / "mine.gguf", lines.append)
    assert model_file(tmp_path / "models", "toy").read_bytes() == CONTENT
    assert len(model_hash(tmp_path / "models", "toy")) == 16


def test_a_wrong_hash_is_refused_and_leaves_nothing(tmp_path):
    (tmp_path / "mine.gguf").write_bytes(b"other")
    with pytest.raises(
        TrailerflowError, match=r"Model toy could not be fetched.*has sha256 .*it was refused"
    ):
        fetch_model("toy", model_list(), tmp_path / "models", tmp_path / "mine.gguf", lambda line: None)
    assert not list((tmp_path / "models" / "toy").iterdir())
    with pytest.raises(TrailerflowError, match="Model toy is not in"):
        model_file(tmp_path / "models", "toy")


def test_files_that_are_there_are_kept(tmp_path):
    place = tmp_path / "models" / "toy" / "model.gguf"
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    fetch_model("toy", model_list(), tmp_path / "models", None, lambda line: None)
    assert model_file(tmp_path / "models", "toy") == place


def test_a_model_cut_since_is_told(tmp_path):
    test_files_that_are_there_are_kept(tmp_path)
    (tmp_path / "models/toy/model.gguf").write_bytes(b"cut")
    with pytest.raises(TrailerflowError, match=r"model\.gguf is missing or cut; delete .*toy\.json"):
        model_file(tmp_path / "models", "toy")


def test_an_unknown_model_is_told_with_the_known_ones(tmp_path):
    with pytest.raises(TrailerflowError, match="No model gpt in the model list; it has toy"):
        fetch_model("gpt", model_list(), tmp_path, None, lambda line: None)


def test_the_shipped_list_says_what_each_model_is():
    models = read_model_list(ROOT / "resources" / "models.yaml")
    for name, entry in models.items():
        assert entry["is"], name
        assert entry["licence"], name
        for facts in entry["files"].values():
            assert ("sha256" in facts and "size" in facts) or name == "distilbert-base-uncased"
