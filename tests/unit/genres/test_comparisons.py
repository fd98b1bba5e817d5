"""Systems in pairs: the same films, Holm's correction, and words that say no more than is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from trailerflow.genre_names import GENRES
from trailerflow.genres.comparisons import COLUMN_TYPES, compare
from trailerflow.genres.contenders import contenders
from trailerflow.genres.judged import Judged, judge, true_genres
from trailerflow.genres.scoring import score
from trailerflow.row_kinds import GLOBAL, OWN, PER_GENRE, REFERENCE, SYSTEM

pytestmark = pytest.mark.slow

FILMS = 120
RNG = np.random.default_rng(0)
TRUTH = RNG.random((FILMS, len(GENRES))) < 0.2
TRUTH[:, 7] |= ~TRUTH.any(axis=1)


def system(name: str, noise: float, seed: int = 0, films: int = FILMS, own: bool = False) -> Judged:
    """A system whose probabilities are the truth with noise."""
    scores = np.clip(
        TRUTH * 0.5 + 0.25 + np.random.default_rng([1, seed]).normal(0, noise, TRUTH.shape), 0, 1
    )
    decided = (scores > 0.5).astype(float)
    one = Judged(
        names={"system": name, "family": "made up", "arm": "text, masked", "seed": seed, "part": "cross-validation"},
        movies=[f"{number:03}" for number in range(FILMS)],
        films=np.array([f"{number:03}" for number in range(FILMS)], dtype=object),
        folds=np.arange(FILMS) % 3,
        truth=TRUTH,
        decisions={OWN: decided} if own else {PER_GENRE: decided, GLOBAL: decided},
        scores=scores,
        probabilities=None if own else scores,
        left_out=0,
    )  # fmt: skip
    return one.at(np.arange(films))


def pair(table: pd.DataFrame, one: str, other: str, metric: str = "average_precision") -> pd.Series:
    own = table[(table["metric"] == metric) & (table["label"] == "micro")]
    found = own[own["system"].isin([one, other]) & own["other"].isin([one, other])]
    assert len(found) == 1
    return found.iloc[0]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return compare([system("good", 0.2), system("twin", 0.2, seed=1), system("bad", 0.5)], seed=0)


def test_a_clear_difference_is_better_and_twins_cannot_be_told_apart(table: pd.DataFrame) -> None:
    clear = pair(table, "good", "bad")
    assert (clear["system"], clear["other"], clear["verdict"]) == ("good", "bad", "better")
    assert clear["difference"] == pytest.approx(clear["value"] - clear["other_value"])
    assert 0 < clear["difference_low"] < clear["difference"] < clear["difference_high"]
    twins = pair(table, "good", "twin")
    assert twins["verdict"] == "cannot be told apart"
    assert twins["difference_low"] < 0 < twins["difference_high"]
    assert 0 < twins["difference"] < twins["smallest"]
    assert list(table.columns) == list(COLUMN_TYPES)


def test_p_values_are_corrected_within_a_metric_and_average(table: pd.DataFrame) -> None:
    own = table[(table["metric"] == "average_precision") & (table["label"] == "micro")]
    assert len(own) == 3
    lowest = own.loc[own["p_value"].idxmin()]
    assert lowest["p_corrected"] == pytest.approx(min(1, 3 * lowest["p_value"]))


def test_the_pairs_have_the_figures_of_the_table_of_scores(table: pd.DataFrame) -> None:
    own = score([system("good", 0.2)], seed=0).set_index("label")
    for metric, label, column in (
        ("average_precision", "micro", "average_precision"),
        ("average_precision", "macro", "average_precision"),
        ("average_precision_within_folds", "macro", "average_precision_within_folds"),
    ):
        rows = table[(table["metric"] == metric) & (table["label"] == label) & (table["system"] == "good")]
        assert set(rows["value"]) == {own.loc[label, column].iloc[0]}


def test_a_pair_is_compared_on_the_films_that_both_predicted() -> None:
    table = compare([system("all", 0.3), system("some", 0.3, seed=1, films=50)], seed=0)
    both = compare([system("all", 0.3, films=50), system("some", 0.3, seed=1, films=50)], seed=0)
    assert set(table["movies"]) == {50}
    pd.testing.assert_frame_equal(table, both)


def test_a_system_that_decides_by_itself_stands_at_both_operating_points() -> None:
    table = compare([system("learnt", 0.3), system("asked", 0.4, own=True)], seed=0)
    points = table[table["metric"] == "f1"].groupby("operating_point")["label"].agg(list).to_dict()
    assert points == {"per genre": ["micro", "macro"], "global": ["micro", "macro"]}
    assert set(table.loc[table["metric"] != "f1", "operating_point"]) == {""}


def test_seeds_of_a_system_are_one_contender_with_the_mean_of_their_figures() -> None:
    seeds = [system("good", 0.2, seed=seed) for seed in range(3)]
    table = compare([*seeds, system("bad", 0.6)], seed=0)
    assert len(table) == 7
    means = score(seeds, seed=0)
    mean = means[(means["seeds"] == 3) & (means["label"] == "micro")]["average_precision"].iloc[0]
    assert pair(table, "good", "bad")["value"] == pytest.approx(mean)
    assert len(contenders(seeds)) == 1


def test_the_constant_is_compared_and_chance_and_the_oracle_are_not() -> None:
    names = [f"{number:03}" for number in range(FILMS)]
    movies = pd.DataFrame(TRUTH, columns=list(GENRES)).assign(movie=names)
    split = pd.DataFrame({"movie": names, "group": names, "fold": np.arange(FILMS) % 3, "held_out": False})
    rows = pd.DataFrame({"movie": np.repeat(names, len(GENRES)), "genre": list(GENRES) * FILMS})
    own = system("good", 0.2)
    rows = rows.assign(
        system="good", family="made up", arm="text, masked", seed=0, part="cross-validation", status="ok",
        fold=np.repeat(np.arange(FILMS) % 3, len(GENRES)), score=own.scores.ravel(), probability=own.scores.ravel(),
        predicted_global=own.decisions[GLOBAL].ravel(), predicted_per_genre=own.decisions[PER_GENRE].ravel(),
    )  # fmt: skip
    judged = judge([rows], true_genres(movies, split))
    table = compare(judged, seed=0)
    assert set(table["other"]) == {"constant (Drama, Comedy)"}
    assert set(table["row_kind"]) == {REFERENCE} != {SYSTEM}
    assert set(table["verdict"]) == {"better"}
    # What came through the tables is what was made by hand.
    pd.testing.assert_frame_equal(
        score([one for one in judged if one.row_kind == SYSTEM], seed=0), score([own], seed=0)
    )


def test_without_systems_there_is_nothing_to_compare() -> None:
    assert compare([], seed=0).empty
    assert compare([system("alone", 0.2)], seed=0).empty
