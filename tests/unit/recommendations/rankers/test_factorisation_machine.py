"""The factorisation machine, beside what the package predicts from the same samples."""

from __future__ import annotations

import myfm
import numpy as np
import pandas as pd
import pytest

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.factorisation_machine import (
    FactorisationMachine,
    film_features,
    user_features,
)
from unit.recommendations.frames import asked_about, movie_table, random_ratings

pytestmark = pytest.mark.slow

TRAIN = random_ratings(users=20)
FILMS, USERS = TRAIN["movie"].cat.categories, TRAIN["user"].cat.categories
ARCHIVE = movie_table(
    [("m0", "A", 1990, ["Drama", "War"]), ("m1", "B", 1991, []), ("m2", "C", None, ["War"])]
)
PEOPLE = pd.DataFrame(
    [("u0", 17, "F", "writer"), ("u1", 18, "M", "writer"), ("u2", None, "F", "artist")],
    columns=["user", "age", "sex", "occupation"],
).astype({"age": "Int64"})


def test_its_scores_are_those_of_the_package() -> None:
    settings = {"rank": 3, "iterations": 20, "left_out": 5}
    fitted = FactorisationMachine(settings).fit(TRAIN, TRAIN.head(0), {"archive": ARCHIVE, "people": PEOPLE})
    asked = asked_about(TRAIN)
    questions = Questions(asked.questions, asked.candidates, TRAIN)

    user_codes, film_codes = (TRAIN[column].cat.codes.to_numpy() for column in ("user", "movie"))
    users = user_features(USERS, PEOPLE, np.full(len(USERS), True))
    films = film_features(FILMS, ARCHIVE, np.full(len(FILMS), True))
    rows = [myfm.RelationBlock(user_codes, users.table), myfm.RelationBlock(film_codes, films.table)]
    machine = myfm.MyFMRegressor(rank=3, random_seed=0)
    groups = [*users.counts, *films.counts]
    machine.fit(
        None, TRAIN["rating"].to_numpy(float), X_rel=rows, n_iter=20, n_kept_samples=15, group_shapes=groups
    )
    found = np.concatenate([scores.scores for scores in fitted.score(questions)])
    expected = machine.predict(None, X_rel=rows)
    np.testing.assert_allclose(found - found.mean(), expected - expected.mean(), atol=1e-5)


def test_features_of_users_are_groups_of_one_each_where_they_are_known() -> None:
    users = pd.Index(["u0", "u1", "u2", "unknown"])
    features = user_features(users, PEOPLE, np.array([True, False, True, True]))
    assert features.counts == [
        3,
        2,
        2,
        2,
    ]  # users with ratings, ages below and from 18 on, sexes, occupations
    assert features.table.toarray().tolist() == [
        [1, 0, 0, 1, 0, 1, 0, 0, 1],
        [0, 0, 0, 0, 1, 0, 1, 0, 1],
        [0, 1, 0, 0, 0, 1, 0, 1, 0],
        [0, 0, 1, 0, 0, 0, 0, 0, 0],
    ]


def test_genres_of_a_film_share_a_weight_of_one() -> None:
    features = film_features(FILMS[:4], ARCHIVE, np.full(4, True))
    assert features.counts == [4, 18, 2]
    table = features.table.toarray()
    assert table[:, 4:22].sum(axis=1).tolist() == [1, 0, 1, 0] and table[0, 4:22].max() == 0.5
    assert table[:, 22:].tolist() == [[1, 0], [0, 1], [0, 0], [0, 0]]


def test_an_archive_that_tells_nothing_of_its_users_still_has_them() -> None:
    features = user_features(USERS[:2], PEOPLE.head(0), np.full(2, True))
    assert features.counts == [2]
