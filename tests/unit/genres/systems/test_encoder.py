from __future__ import annotations

import numpy as np
import pytest
import torch

from trailerflow.genre_names import GENRES
from trailerflow.genres.films import NO_FILMS, Training
from trailerflow.genres.job import gather, learn
from trailerflow.genres.predictions import CROSS_VALIDATION, HELD_OUT, as_matrix
from trailerflow.genres.systems.encoder import EncoderSystem, Settings, positive_weights
from trailerflow.genres.systems.pretrained import load_encoder
from trailerflow.kept_parts import KeptParts
from trailerflow.torch_threads import use_threads
from unit.genres.tiny_encoder import fetched_minilm, split_of, told_films

pytestmark = pytest.mark.slow

FILMS = told_films()
SPLIT = split_of(FILMS)
TEXTS = {"transcript": FILMS[["movie", "text"]].assign(status="ok", reason=None)}


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Makes an encoder that learns sixteen films by heart."""
    monkeypatch.chdir(tmp_path)
    use_threads(1)
    fetched_minilm(tmp_path)
    encoder = load_encoder("minilm-distilbert", tmp_path)

    def made(seed: int) -> EncoderSystem:
        return EncoderSystem("tiny", "transcript", encoder, Settings(30, 0.01, 8, 4, seed))

    return made


def test_training_learns_the_telling_word_and_repeats_itself(make, tmp_path):
    gathered = gather(FILMS, TEXTS, make(0).reads)
    learnt = learn(
        make, gathered, SPLIT, seeds=[0], kept=KeptParts(tmp_path / "kept", {}), rule="train_encoder"
    )
    table = learnt.tables.predictions
    assert list(learnt.tables.films["movie"]) == list(FILMS["movie"])
    assert list(learnt.tables.films["part"]) == [CROSS_VALIDATION] * 12 + [HELD_OUT] * 4
    decided = as_matrix(table, "predicted_per_genre")
    for genre in ("War", "Musical", "Horror", "Romance"):
        assert list(decided[genre][12:]) == list(FILMS[genre][12:]), genre
    probabilities = table["probability"].to_numpy()
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-table["score"])), atol=1e-6)
    assert list((tmp_path / "run/progress").iterdir()) == []
    again = learn(
        make, gathered, SPLIT, seeds=[0], kept=KeptParts(tmp_path / "other", {}), rule="train_encoder"
    )
    assert again.tables.predictions.equals(table)


def test_a_training_counts_its_batches(make):
    system = make(0)
    counted = []
    system.advance = lambda: counted.append(1)
    films = gather(FILMS, TEXTS, system.reads).films
    system.fit(Training(films), NO_FILMS)
    assert len(counted) == system.steps(len(films)) == 30 * 4


def test_rare_positives_weigh_more_up_to_a_limit():
    labels = torch.zeros(40, 4)
    labels[:30, 0] = 1
    labels[:8, 1] = 1
    labels[:1, 2] = 1
    assert positive_weights(labels).tolist() == [1.0, 4.0, 10.0, 1.0]


def test_no_text_has_no_logits(make):
    system = make(0)
    films = gather(FILMS, TEXTS, system.reads).films
    system.fit(Training(films), NO_FILMS)
    assert system.predict(films.at(np.zeros(16, dtype=bool))).scores.shape == (0, len(GENRES))
