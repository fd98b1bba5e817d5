"""The contract that every genre system keeps: members join by one entry of `MAKERS`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.decisions import OperatingPoints
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.films import NO_FILMS, Films, Reads, Training
from trailerflow.genres.saved import load_system, save_system
from trailerflow.genres.systems import REGISTER, SYSTEMS
from trailerflow.genres.systems.contract import Prediction, Surroundings, System, checked
from trailerflow.genres.systems.distilled import DistilledSystem
from trailerflow.genres.systems.encoder import EncoderSystem
from trailerflow.genres.systems.ensemble import EnsembleSystem
from trailerflow.genres.systems.language_model import reads_of
from trailerflow.genres.systems.llm import LlmSystem
from trailerflow.genres.systems.llm_few_shot import FewShotSystem
from trailerflow.genres.systems.llm_yes_no import YesNoSystem
from trailerflow.genres.systems.pretrained import load_encoder
from trailerflow.genres.thresholds import Thresholds
from trailerflow.registers import chosen_class
from trailerflow.torch_threads import use_threads
from unit.genres.made_up_system import MadeUpSystem
from unit.genres.tiny_encoder import fetched_minilm, told_films
from unit.scripted_model import HashingModel

pytestmark = pytest.mark.slow

TABLE = told_films(8)
FILMS = Films(
    movies=list(TABLE["movie"]),
    texts={"title": list(TABLE["title"]), "transcript": list(TABLE["text"])},
    genres=TABLE[list(GENRES)].to_numpy(dtype=bool),
    vectors={"sentence": np.eye(8)},
    predictions={"other": TABLE[list(GENRES)].to_numpy(dtype=float)},
)
FIRST = np.arange(8) < 4


def answering(settings: object = None) -> HashingModel:
    """A language model whose answer follows from the question."""
    return HashingModel()


def made_up(folder: Path) -> Callable[[int], System]:
    return lambda seed: MadeUpSystem("made-up", Reads(predictions=("other",)))


def encoder(folder: Path, kind: type[EncoderSystem] = EncoderSystem, **reads: Any) -> Callable[[int], System]:
    fetched_minilm(folder)
    weights = load_encoder("minilm-distilbert", folder)
    settings = Settings(2, 0.01, 8, 4, 0, precision="float32")
    return lambda seed: kind("tiny", Reads(("transcript",), **reads), weights, replace(settings, seed=seed))


def distilled(folder: Path) -> Callable[[int], System]:
    return encoder(folder, DistilledSystem, predictions=("other",))


def llm(folder: Path) -> Callable[[int], System]:
    prompt = folder / "predict.txt"
    prompt.write_text("### user\n{title}: {summary}\n")
    return lambda seed: LlmSystem("scripted", reads_of("transcript", "titled"), answering(), prompt)


def llm_few_shot(folder: Path) -> Callable[[int], System]:
    prompt = folder / "few_shot.txt"
    prompt.write_text("### user\n{title}: {summary}\n")
    return lambda seed: FewShotSystem("scripted", reads_of("transcript", "titled"), answering(), prompt, seed)


def llm_yes_no(folder: Path) -> Callable[[int], System]:
    prompt = folder / "yes_no.txt"
    prompt.write_text("### user\n{summary}\n{genre}?\n")
    return lambda seed: YesNoSystem("scripted", reads_of("transcript", "masked"), answering(), prompt)


def of_text(kind: str, **settings: object) -> Callable[[Path], Callable[[int], System]]:
    """A system that reads a text, with a small sentence encoder beside it."""

    def maker(folder: Path) -> Callable[[int], System]:
        fetched_minilm(folder)
        around = Surroundings(answering, folder)
        made = chosen_class(REGISTER, kind).from_settings
        return lambda seed: made(kind, Reads(texts=("title", "transcript")), settings, around, seed)

    return maker


def ensemble(folder: Path) -> Callable[[int], System]:
    return lambda seed: EnsembleSystem("ensemble", Reads(predictions=("other",)))


MAKERS = {
    "constant": of_text("constant"),
    "distilled": distilled,
    "encoder": encoder,
    "ensemble": ensemble,
    "kernel_ridge": of_text("kernel_ridge", embedders=["minilm"], landmarks=6, window=2),
    "linear": of_text("linear", embedders=["minilm"]),
    "llm": llm,
    "llm_few_shot": llm_few_shot,
    "llm_yes_no": llm_yes_no,
    "made_up": made_up,
    "similarity": of_text("similarity", embedder="minilm"),
    "tfidf": of_text("tfidf", parts="characters"),
}
"""Kind of a system to what makes a maker of small ones."""


@pytest.fixture(params=MAKERS)
def make(request, tmp_path, monkeypatch) -> Callable[[int], System]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(SYSTEMS, "made_up", "unit.genres.made_up_system:MadeUpSystem")
    return MAKERS[request.param](tmp_path)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Small networks are slower with more."""
    use_threads(1)


def fitted(make: Callable[[int], System], seed: int = 0, films: Films = FILMS) -> System:
    system = make(seed)
    system.fit(Training(films), NO_FILMS)
    return system


def test_every_system_is_held_to_the_contract():
    assert set(MAKERS) == {*SYSTEMS, "made_up"}


def test_it_says_what_it_is(make):
    system = make(0)
    assert chosen_class(REGISTER, system.kind) is type(system)
    assert system.family
    assert system.arm
    assert set(system.reads.texts) <= set(FILMS.texts)


def test_it_predicts_every_film_in_the_form_of_the_contract(make):
    system = fitted(make)
    asked = FILMS.without_genres()
    prediction = checked(system.predict(asked), len(asked), system.name)
    assert np.isfinite(prediction.scores).all()


def test_the_same_seed_gives_the_same_prediction(make):
    one, other = (fitted(make).predict(FILMS.without_genres()) for _ in range(2))
    np.testing.assert_array_equal(one.scores, other.scores)


def test_it_learns_from_the_start_and_from_the_films_it_is_given(make):
    system = make(0)
    if not system.learns:
        pytest.skip("it learns nothing")
    other = Films(
        FILMS.movies, FILMS.texts, ~FILMS.labels, vectors=FILMS.vectors, predictions=FILMS.predictions
    )
    system.fit(Training(other), NO_FILMS)
    elsewhere = system.predict(FILMS.without_genres()).scores
    system.fit(Training(FILMS), NO_FILMS)
    here = system.predict(FILMS.without_genres()).scores
    assert not np.allclose(here, elsewhere)
    np.testing.assert_array_equal(here, fitted(make).predict(FILMS.without_genres()).scores)


def test_a_film_is_predicted_the_same_in_other_company(make):
    system = fitted(make)
    whole = system.predict(FILMS.without_genres()).scores
    alone = system.predict(FILMS.at(~FIRST).without_genres()).scores
    np.testing.assert_allclose(whole[~FIRST], alone, atol=1e-5)


def test_what_has_learnt_nothing_predicts_nothing_and_is_not_saved(make, tmp_path):
    system = make(0)
    if not system.learns:
        pytest.skip("it learns nothing")
    for use in (
        lambda: system.predict(FILMS.without_genres()),
        lambda: save_system(system, None, tmp_path / "saved"),
    ):
        with pytest.raises(TrailerflowError, match=f"The system {system.name} has learnt nothing yet"):
            use()
    assert not (tmp_path / "saved").exists()


def test_a_saved_system_predicts_the_same_elsewhere(make, tmp_path):
    system = fitted(make)
    thresholds = Thresholds(0.25, np.linspace(0, 1, len(GENRES)))
    points = OperatingPoints(None, thresholds) if system.learns else None
    save_system(system, points, tmp_path / "saved")
    moved = (tmp_path / "saved").rename(tmp_path / "moved")
    loaded = load_system(moved, Surroundings(answering, tmp_path))
    assert (loaded.system.name, loaded.system.reads, loaded.system.kind) == (
        system.name,
        system.reads,
        system.kind,
    )
    if points:
        assert loaded.points.thresholds.shared == 0.25
        np.testing.assert_array_equal(loaded.points.thresholds.per_genre, thresholds.per_genre)
    np.testing.assert_array_equal(
        loaded.system.predict(FILMS.without_genres()).scores,
        fitted(make).predict(FILMS.without_genres()).scores,
    )


def test_what_is_saved_is_no_pickle(make, tmp_path):
    save_system(fitted(make), None, tmp_path / "saved")
    suffixes = {path.suffix for path in (tmp_path / "saved").iterdir()}
    assert suffixes <= {".safetensors", ".npz", ".json", ".skops", ".txt", ".md"}


def test_a_saved_system_that_lost_a_file_is_told(make, tmp_path):
    save_system(fitted(make), None, tmp_path / "saved")
    own = [
        path
        for path in (tmp_path / "saved").iterdir()
        if path.name != "system.json" and path.suffix != ".txt"
    ]
    for path in own:
        path.unlink()
    with pytest.raises(TrailerflowError, match=r"read|lacks"):
        load_system(tmp_path / "saved", Surroundings(answering, tmp_path))


def test_its_steps_are_at_least_one_and_its_report_is_for_an_about(make):
    system = fitted(make)
    system.predict(FILMS.without_genres())
    assert system.steps(8) >= 1
    told = system.told()
    json.dumps([told.models, told.usage, told.notes])


SCORES = np.zeros((2, len(GENRES)))


@pytest.mark.parametrize(
    ("prediction", "fault"),
    [
        (Prediction(SCORES[:1], SCORES), "scores of the shape (1, 18)"),
        (Prediction(SCORES, SCORES[:, :3]), "probabilities of the shape (2, 3)"),
        (Prediction(SCORES, SCORES, SCORES > 0), "both probabilities and its own decisions"),
        (Prediction(SCORES * np.nan, SCORES), "a score that is no number"),
        (Prediction(SCORES, SCORES + 1.5), "a probability outside 0 to 1"),
        (Prediction(SCORES, SCORES * np.nan), "a probability outside 0 to 1"),
    ],
)
def test_a_prediction_that_breaks_the_contract_is_refused(prediction, fault):
    with pytest.raises(TrailerflowError) as caught:
        checked(prediction, 2, "mine")
    assert (
        str(caught.value) == f"The genre system mine gave {fault} for 2 films; this is a fault of its class."
    )


def test_films_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="transcript has 1 rows for 2 films"):
        Films(["1", "2"], {"transcript": ["a"]})
    with pytest.raises(ValueError, match=r"genres has the shape \(2, 3\)"):
        Films(["1", "2"], genres=np.zeros((2, 3), dtype=bool))
    with pytest.raises(ValueError, match="without their genres"):
        _ = Films(["1"]).labels
