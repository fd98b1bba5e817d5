"""Systems that score rows of text, against scikit-learn's own estimators."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression

from trailerflow.embedding import TextVectors
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.centred import centred, means_by_source
from trailerflow.genres.films import NO_FILMS, Films, Reads, Training
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.systems.kernel_ridge import KernelRidgeSystem
from trailerflow.genres.systems.logistic import fit_logistic
from trailerflow.genres.systems.similarity import SimilaritySystem
from trailerflow.genres.systems.tfidf import TfidfSystem
from unit.genres.tiny_encoder import fetched_minilm

pytestmark = pytest.mark.slow

WAR, LOVE = GENRES.index("War"), GENRES.index("Romance")
READS = Reads(texts=("synopsis",))
PLOTS = ["war gun the war", "love song", "gun of war", "love the love", "ghost of war", "song of a ghost"]
MORE = ["a war of love", "the song", "love", "gun gun"]


def around(folder: Path) -> Surroundings:
    return Surroundings(lambda settings: pytest.fail("a model was asked"), folder)


def labels(texts: list[str]) -> np.ndarray:
    table = np.zeros((len(texts), len(GENRES)), dtype=bool)
    table[:, WAR] = ["war" in text or "gun" in text for text in texts]
    table[:, LOVE] = ["love" in text for text in texts]
    return table


FILMS = Films([str(place) for place in range(6)], {"synopsis": PLOTS}, labels(PLOTS))
EXTRA = Films(["a", "b", "c", "d"], {"synopsis": MORE}, labels(MORE), np.full(4, 0.5), ["wiki"] * 4)


def test_tfidf_is_that_of_scikit_learn_with_the_extra_texts_at_their_weights(tmp_path):
    settings = {"parts": "words", "least": 1, "strength": 2.0}
    system = TfidfSystem("words", READS, settings, around(tmp_path), 0)
    system.fit(Training(FILMS, EXTRA), NO_FILMS)
    found = system.predict(FILMS.without_genres()).scores
    vectorizer = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), stop_words="english")
    features = vectorizer.fit_transform(PLOTS + MORE)
    weights = np.array([1.0] * 6 + [0.5] * 4)
    model = LogisticRegression(C=2.0, class_weight="balanced", tol=1e-3)
    model.fit(features, labels(PLOTS + MORE)[:, WAR], sample_weight=weights)
    np.testing.assert_allclose(found[:, WAR], model.decision_function(features[:6]), atol=1e-3)


def test_kernel_ridge_with_every_row_as_landmark_is_that_of_scikit_learn(tmp_path):
    fetched_minilm(tmp_path)
    system = KernelRidgeSystem("ridge", READS, {"embedders": ["minilm"], "ridge": 0.7}, around(tmp_path), 0)
    system.fit(Training(FILMS, EXTRA), NO_FILMS)
    found = system.predict(FILMS.without_genres()).scores
    texts, sources = PLOTS + MORE, ["synopsis"] * 6 + ["wiki"] * 4
    vectors = TextVectors("minilm", tmp_path).of(texts)
    vectors = centred(vectors, sources, means_by_source(vectors, sources))
    weights, truth = np.array([1.0] * 6 + [0.5] * 4), labels(texts).astype(float)
    means = np.average(truth, axis=0, weights=weights)
    model = KernelRidge(alpha=0.7, kernel="rbf", gamma=1.0)
    model.fit(vectors, truth - means, sample_weight=weights)
    np.testing.assert_allclose(found, 2 * (model.predict(vectors[:6]) + means) - 1, atol=5e-3)


def test_landmarks_are_the_films_own_rows_before_others(tmp_path):
    fetched_minilm(tmp_path)
    system = KernelRidgeSystem("r", READS, {"embedders": ["minilm"], "landmarks": 7}, around(tmp_path), 0)
    system.fit(Training(FILMS, EXTRA), NO_FILMS)
    system.save(tmp_path)
    kept = np.load(tmp_path / "learnt.npz")["landmarks"]
    vectors = TextVectors("minilm", tmp_path).of(PLOTS)
    own = centred(vectors, ["synopsis"] * 6, means_by_source(vectors, ["synopsis"] * 6))
    assert len(kept) == 7
    assert all(np.isclose(kept.astype(np.float32), row, atol=2e-3).all(axis=1).any() for row in own)


def test_a_genre_that_no_row_has_is_told_by_its_share():
    coefficients, offsets = fit_logistic(np.eye(4), np.array([[True, False]] * 4), np.ones(4), 1.0)
    assert not coefficients.any()
    np.testing.assert_allclose(1 / (1 + np.exp(-offsets)), [0.9, 0.1])


def test_likeness_to_a_name_is_highest_for_the_sentence_itself(tmp_path):
    fetched_minilm(tmp_path)
    system = SimilaritySystem("names", READS, {"embedder": "minilm"}, around(tmp_path), 0)
    vectors = system._vectors.of([f"This is a {genre.lower()} film." for genre in GENRES])
    said = system.score({}, ["This is a war film."], ["synopsis"])
    names = vectors - vectors.mean(axis=0)
    expected = names @ vectors[WAR] / (np.linalg.norm(names, axis=1) * np.linalg.norm(vectors[WAR]))
    np.testing.assert_allclose(said[0], expected, atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"depth": 3}, "The genre system words has no setting depth; it has apart, extra_words, least, parts, strength."),
        ({"parts": "lines"}, "The genre system words counts 'lines'; choose one of words, characters."),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told(tmp_path, settings, told):
    with pytest.raises(TrailerflowError) as caught:
        TfidfSystem.from_settings("words", READS, settings, around(tmp_path), 0)
    assert str(caught.value) == told
