"""Sentence vectors: one text has one vector, from a file or computed, alone or in company."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel
from workflow.projects import MODELS

from trailerflow import embedding
from trailerflow.embedding import TextVectors, write_vectors
from trailerflow.errors import TrailerflowError
from unit.genres.tiny_encoder import fetched_minilm

pytestmark = pytest.mark.slow

TEXTS = ["war of the gun", "love", "the ghost of a song of the love"]


@pytest.fixture
def vectors(tmp_path: Path) -> TextVectors:
    fetched_minilm(tmp_path)
    return TextVectors("minilm", tmp_path)


def test_minilms_vector_is_the_mean_of_each_of_three_layers_of_unit_length(vectors, tmp_path):
    network = BertModel.from_pretrained(tmp_path / "all-minilm-l6-v2").eval()
    tokenizer = vectors._class(tmp_path / "all-minilm-l6-v2", 1)._tokenizer
    with torch.no_grad():
        given = tokenizer(TEXTS[0], return_tensors="pt")
        layers = network(**given, output_hidden_states=True).hidden_states[-3:]
    expected = np.concatenate([(mean := layer[0].mean(0).numpy()) / np.linalg.norm(mean) for layer in layers])
    np.testing.assert_allclose(vectors.of(TEXTS)[0], expected, atol=1e-3)


def test_a_text_has_the_same_vector_in_any_company(vectors, tmp_path):
    whole = vectors.of(TEXTS)
    for text, vector in zip(TEXTS, whole, strict=True):
        np.testing.assert_allclose(TextVectors("minilm", tmp_path).of([text])[0], vector, atol=1e-3)


def test_a_long_text_is_the_mean_of_its_windows(vectors):
    one, two, gun = vectors.of(["war of", "the gun", "gun"])
    pooled = vectors.pooled(["war of the gun", "gun"], 3)
    np.testing.assert_allclose(pooled[0], (one + two) / np.linalg.norm(one + two), atol=1e-5)
    np.testing.assert_allclose(pooled[1], gun / np.linalg.norm(gun), atol=1e-5)
    np.testing.assert_allclose(vectors.pooled(TEXTS, None)[1] * np.sqrt(3), vectors.of(TEXTS)[1], atol=1e-3)


def test_texts_of_the_file_are_not_embedded_again(vectors, tmp_path, monkeypatch):
    counted: list[None] = []
    write_vectors(vectors, [*TEXTS, TEXTS[0]], tmp_path / "minilm.npz", lambda: counted.append(None))
    assert len(counted) == len(TEXTS)
    monkeypatch.setattr(embedding.MiniLm, "embed", lambda self, texts: pytest.fail("embedded again"))
    known = TextVectors("minilm", tmp_path, tmp_path / "minilm.npz")
    np.testing.assert_array_equal(known.of(TEXTS[::-1]), vectors.of(TEXTS)[::-1])
    assert known.count_new([*TEXTS, "gun", "gun"]) == 1


def test_a_file_of_other_weights_or_a_damaged_one_is_told(vectors, tmp_path):
    path = tmp_path / "minilm.npz"
    write_vectors(vectors, TEXTS, path)
    with np.load(path) as file:
        np.savez(path, **{**file, "weights": np.array("0")})
    with pytest.raises(TrailerflowError, match=r"minilm\.npz is of other weights; delete it"):
        TextVectors("minilm", tmp_path, path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(TrailerflowError, match=r"minilm\.npz cannot be read \(.*\); delete it"):
        TextVectors("minilm", tmp_path, path)


def test_a_name_that_is_none_is_told(tmp_path):
    with pytest.raises(TrailerflowError, match="'gpt' is no sentence encoder; choose one of minilm"):
        TextVectors("gpt", tmp_path)


@pytest.mark.skipif(
    not (MODELS / "bge-small-en-v1.5-int8.json").exists(), reason="bge-small was not fetched; run make models"
)
def test_bge_tells_like_from_unlike_and_cuts_long_texts():
    bge = TextVectors("bge-small", MODELS)
    shark, monster, love = bge.of(
        ["A shark attacks a town.", "A sea monster kills swimmers.", "Two people fall in love in Paris."]
    )
    assert shark @ monster > shark @ love + 0.1
    long = "word " * 200
    np.testing.assert_array_equal(*bge.of([long, long + "word " * 50]))
