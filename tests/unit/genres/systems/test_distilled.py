"""The distilled encoder learns a teacher's labels of texts without genres, and needs the teacher no more afterwards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.films import NO_FILMS, Films, Reads, Training
from trailerflow.genres.systems.distilled import DistilledSystem
from trailerflow.genres.systems.pretrained import load_encoder
from trailerflow.torch_threads import use_threads
from unit.genres.tiny_encoder import fetched_minilm, told_films

pytestmark = pytest.mark.slow

TABLE = told_films()
LABELS = TABLE[list(GENRES)].to_numpy(dtype=float)
TEXTS = Films(movies=list(TABLE["movie"]), texts={"transcript": list(TABLE["text"])})


@pytest.fixture
def make(tmp_path):
    use_threads(1)
    fetched_minilm(tmp_path)
    encoder = load_encoder("minilm-distilbert", tmp_path)

    def made(*teachers: str) -> DistilledSystem:
        reads = Reads(texts=("transcript",), predictions=teachers)
        settings = Settings(
            12, 0.003, 8, 4, 0, pooling="mean", linear_start=True, loss="plain", precision="float32"
        )
        return DistilledSystem("student", reads, encoder, settings)

    return made


def told_by(scores: np.ndarray, films: Films = NO_FILMS) -> Training:
    return Training(films, unlabelled=replace(TEXTS, predictions={"teacher": scores}))


def test_it_learns_the_teachers_probabilities_and_not_just_its_decisions(make):
    system = make("teacher")
    system.fit(told_by(0.1 + 0.6 * LABELS), NO_FILMS)
    scores = system.predict(TEXTS).scores
    said = 1 / (1 + np.exp(-scores))
    assert said[LABELS > 0].mean() == pytest.approx(0.7, abs=0.1)
    assert said[LABELS == 0].mean() == pytest.approx(0.1, abs=0.05)


def test_what_was_learnt_reads_texts_alone(make):
    system = make("teacher")
    assert system.reads.predictions == ("teacher",)
    system.fit(told_by(LABELS), NO_FILMS)
    assert system.reads == Reads(texts=("transcript",))


def test_scores_are_calibrated_on_the_films_that_the_teacher_scored(make):
    scores = 10 * LABELS - 3
    films = replace(TEXTS, genres=LABELS > 0, predictions={"teacher": scores})
    told = make("teacher")._soft_labels(told_by(scores, films)).numpy()
    # Platt's targets: (4 + 1) / (4 + 2) for a genre that 4 of 16 films have, 1 / (12 + 2) for the others.
    has = LABELS.any(axis=0)
    assert told[LABELS > 0] == pytest.approx(5 / 6, abs=0.01)
    assert told[:, has][LABELS[:, has] == 0] == pytest.approx(1 / 14, abs=0.01)


@pytest.mark.parametrize(
    ("teachers", "scores", "said"),
    [
        ((), LABELS, "learns from one other system, and 0 are named"),
        (("one", "two"), LABELS, "and 2 are named"),
        (("absent",), LABELS, "absent, which has not scored the texts without genres"),
        (("teacher",), 5 * LABELS, "The scores of teacher are no probabilities, and there is no film"),
        (("teacher",), np.nan * LABELS, "are no probabilities"),
    ],
)
def test_a_teacher_that_cannot_be_learnt_from_is_told(make, teachers, scores, said):
    with pytest.raises(TrailerflowError, match=said):
        make(*teachers).fit(told_by(scores), NO_FILMS)
