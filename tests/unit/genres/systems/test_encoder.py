from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder import training
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.films import NO_FILMS, Films, Reads, Training
from trailerflow.genres.job import gather, learn
from trailerflow.genres.predictions import CROSS_VALIDATION, HELD_OUT, as_matrix
from trailerflow.genres.saved import load_system, save_system
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.systems.encoder import EncoderSystem
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

    def made(seed: int, titled: bool = False, **choices: object) -> EncoderSystem:
        settings = Settings(30, 0.01, 8, 4, seed, precision="float32")
        reads = Reads(texts=("title", "transcript") if titled else ("transcript",))
        return EncoderSystem("tiny", reads, encoder, replace(settings, **choices))

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
    assert table["probability"].between(0, 1).all()
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


def test_no_text_has_no_logits(make):
    system = make(0)
    films = gather(FILMS, TEXTS, system.reads).films
    system.fit(Training(films), NO_FILMS)
    assert system.predict(films.at(np.zeros(16, dtype=bool))).scores.shape == (0, len(GENRES))


def fitted(system: EncoderSystem, films: Films, extra: Films = NO_FILMS) -> EncoderSystem:
    system.fit(Training(films, extra), NO_FILMS)
    return system


def all_films(system: EncoderSystem) -> Films:
    return gather(FILMS, TEXTS, system.reads).films


def test_extra_texts_are_learnt_from_by_their_weights(make):
    films = all_films(make(0))
    war = films.at(films.labels[:, GENRES.index("War")])
    other = films.at(~films.labels[:, GENRES.index("War")])
    asked = war.without_genres()
    scores = {
        weight: fitted(make(0), other, replace(war, weights=np.full(len(war), weight)))
        .predict(asked)
        .scores[:, GENRES.index("War")]
        .mean()
        for weight in (0.01, 1.0)
    }
    assert scores[1.0] > scores[0.01] + 1
    system = make(0)
    counted = []
    system.advance = lambda: counted.append(1)
    fitted(system, other, war)
    assert len(counted) == system.steps(len(other))


def test_extra_texts_alone_are_enough_and_nothing_is_too_little(make):
    films = all_films(make(0))
    alone = fitted(make(0), NO_FILMS, films).predict(films.without_genres()).scores
    np.testing.assert_array_equal(alone, fitted(make(0), films).predict(films.without_genres()).scores)
    with pytest.raises(TrailerflowError, match="There is no text for tiny to learn from"):
        fitted(make(0), NO_FILMS)


def test_extra_texts_that_come_first_are_learnt_once_for_all_fits(make, monkeypatch):
    films = all_films(make(0))
    trained: list[int] = []
    epoch = training.Training.epoch

    def counted(self: training.Training) -> None:
        trained.append(len(self.texts))
        epoch(self)

    monkeypatch.setattr(training.Training, "epoch", counted)
    extra = films.at(np.arange(16) < 12)
    one, other = (make(seed, epochs=1, extra_epochs=2, linear_start=True) for seed in (0, 1))
    counts: list[int] = []
    one.advance = lambda: counts.append(1)
    fitted(one, films, extra)
    fitted(other, films, extra)
    assert trained == [12, 12, 16, 16]
    assert len(counts) == one.steps(16)
    fitted(make(0, epochs=1, extra_epochs=2, linear_start=True), films, films.at(np.arange(16) < 8))
    assert trained[4:] == [8, 8, 16]


def test_a_title_is_read_in_front_of_the_text(make):
    system = make(0, titled=True)
    films = all_films(system)
    named = replace(films, texts=dict(films.texts) | {"title": ["War"] * len(films)})
    fitted(system, films)
    assert not np.allclose(
        system.predict(films.without_genres()).scores, system.predict(named.without_genres()).scores
    )
    assert system.arm == "transcript, titled"


def test_several_networks_are_averaged_and_saved_together(make, tmp_path):
    system = make(0, networks=2, epochs=2, linear_start=True, pooling="mean")
    films = all_films(system)
    fitted(system, films)
    asked = films.without_genres()
    first = fitted(make(0, epochs=2, linear_start=True, pooling="mean"), films).predict(asked).scores
    second = fitted(make(1000, epochs=2, linear_start=True, pooling="mean"), films).predict(asked).scores
    whole = system.predict(asked).scores
    np.testing.assert_allclose(whole, (first + second) / 2, atol=1e-5)
    save_system(system, None, tmp_path / "saved")
    loaded = load_system(tmp_path / "saved", Surroundings(lambda settings: None)).system
    np.testing.assert_array_equal(loaded.predict(asked).scores, whole)
    (tmp_path / "saved" / "network-2.safetensors").write_bytes(b"cut")
    with pytest.raises(TrailerflowError, match=r"network-2\.safetensors cannot be read"):
        load_system(tmp_path / "saved", Surroundings(lambda settings: None))


def test_it_is_saved_with_a_card_that_says_what_it_learnt_from_and_is_not_for(make, tmp_path):
    films = all_films(make(0))
    system = make(0, epochs=2)
    system.fit(Training(films, films), films)
    save_system(system, None, tmp_path / "saved")
    card = (tmp_path / "saved" / "README.md").read_text()
    for part in (
        "base_model: all-minilm-l6-v2",
        "license: apache-2.0",
        "16 films of the run; 16 extra texts.",
        "| epochs | 2 |",
        "mean average precision on the validation films",
        "## Limits",
    ):
        assert part in card


def test_saved_settings_of_another_version_are_refused(make, tmp_path):
    films = all_films(make(0))
    save_system(fitted(make(0, epochs=1), films), None, tmp_path / "saved")
    path = tmp_path / "saved" / "training.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"momentum": 0.9}))
    with pytest.raises(TrailerflowError, match=r"no setting 'momentum'.*train the encoder again"):
        load_system(tmp_path / "saved", Surroundings(lambda settings: None))


def test_more_tokens_than_the_network_has_places_for_are_refused(make):
    films = all_films(make(0))
    with pytest.raises(TrailerflowError, match="reads 16 tokens at most, and 64 are asked for; lower tokens"):
        fitted(make(0, tokens=64), films)
