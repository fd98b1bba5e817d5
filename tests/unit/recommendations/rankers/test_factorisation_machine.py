"""The factorisation machine, beside what the package predicts from the same samples."""

from __future__ import annotations

import itertools
from typing import Any

import myfm
import numpy as np
import pandas as pd
import pytest

from trailerflow.recommendations.questions import Question, Questions
from trailerflow.recommendations.rankers.factorisation_machine import (
    FactorisationMachine,
    Features,
    film_features,
    user_features,
)
from trailerflow.recommendations.rankers.histories import history_of
from unit.recommendations.frames import asked_about, coded_ratings, movie_table, random_ratings

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


def blocks(users: Features, films: Features) -> list[Any]:
    """The training ratings as the package wants them."""
    user_codes, film_codes = (TRAIN[column].cat.codes.to_numpy() for column in ("user", "movie"))
    return [myfm.RelationBlock(user_codes, users.table), myfm.RelationBlock(film_codes, films.table)]


def of_package(settings: dict[str, int]) -> tuple[Any, Features, Features]:
    """What the package samples by itself, and the features that it is given."""
    users = user_features(USERS, PEOPLE, np.full(len(USERS), True))
    films = film_features(FILMS, ARCHIVE, np.full(len(FILMS), True))
    machine = myfm.MyFMRegressor(rank=settings["rank"], random_seed=0)
    machine.fit(
        None,
        TRAIN["rating"].to_numpy(float),
        X_rel=blocks(users, films),
        n_iter=settings["n_iter"],
        n_kept_samples=settings["kept"],
        group_shapes=[*users.counts, *films.counts],
    )
    return machine, users, films


def test_its_scores_are_those_of_the_package() -> None:
    settings = {"rank": 3, "iterations": 20, "left_out": 5}
    fitted = FactorisationMachine(settings).fit(TRAIN, TRAIN.head(0), {"archive": ARCHIVE, "people": PEOPLE})
    asked = asked_about(TRAIN)
    questions = Questions(asked.questions, asked.candidates, TRAIN)

    machine, users, films = of_package({"rank": 3, "n_iter": 20, "kept": 15})
    found = np.concatenate([scores.scores for scores in fitted.score(questions)])
    expected = machine.predict(None, X_rel=blocks(users, films))
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


@pytest.mark.parametrize("user", ["u1", "stranger"])
def test_a_user_who_comes_later_is_learnt_in_every_sample_by_least_squares(user: str) -> None:
    side = {"archive": ARCHIVE, "people": PEOPLE}
    fitted = FactorisationMachine({"rank": 2, "iterations": 12, "left_out": 4}).fit(
        TRAIN, TRAIN.head(0), side
    )
    rows = [
        (user, film, stars, 2000 + place)
        for place, (film, stars) in enumerate({"m1": 5.0, "m2": 1.0}.items())
    ]
    known = TRAIN[TRAIN["user"] == user]
    own = pd.concat(
        [known[["movie", "rating"]], pd.DataFrame(rows)[[1, 2]].set_axis(["movie", "rating"], axis=1)]
    )
    own = own.astype({"movie": str}).drop_duplicates("movie")
    history = history_of(known, FILMS)
    (found,) = fitted.fold_in(coded_ratings(rows, FILMS)).score(
        [Question(0, user, 3000, history, np.arange(len(FILMS)))]
    )

    machine, users, films = of_package({"rank": 2, "n_iter": 12, "kept": 8})
    who, border = len(USERS), users.table.shape[1]
    traits = users.table.toarray()[list(USERS).index(user), who:] if user in USERS else np.zeros(border - who)
    expected = np.zeros(len(FILMS))
    for weights, vectors, constant, drawn in zip(
        machine.w_samples, machine.V_samples, machine.w0_samples, machine.history_.hypers[-8:], strict=True
    ):
        rest = np.array([*traits * weights[who:border]]).sum() + pairs_of(traits, vectors[who:border])
        films_table = films.table.toarray()
        of_films = films_table @ weights[border:] + [pairs_of(row, vectors[border:]) for row in films_table]
        met = films_table @ vectors[border:] + traits @ vectors[who:border]
        without = rest + of_films + films_table @ vectors[border:] @ (traits @ vectors[who:border])
        places = FILMS.get_indexer(own["movie"])
        precisions = np.array([drawn.lambda_w[0], *drawn.lambda_V[0]])
        system = np.vstack(
            [
                np.sqrt(drawn.alpha) * np.column_stack([np.ones(len(own)), met[places]]),
                np.diag(precisions**0.5),
            ]
        )
        left = np.sqrt(drawn.alpha) * (own["rating"].to_numpy() - constant - without[places])
        means = np.array([drawn.mu_w[0], *drawn.mu_V[0]]) * precisions**0.5
        learnt = np.linalg.lstsq(system, np.concatenate([left, means]), rcond=None)[0]
        expected += (without + learnt[0] + met @ learnt[1:]) / 8
    np.testing.assert_allclose(found.scores, expected, atol=1e-6)


def pairs_of(row: np.ndarray, vectors: np.ndarray) -> float:
    """The products of all pairs of a row's features, one by one."""
    places = np.flatnonzero(row)
    return sum(
        row[one] * row[two] * float(vectors[one] @ vectors[two])
        for one, two in itertools.combinations(places, 2)
    )
