"""Decisions at the two operating points, worked out by hand: no film has a part in choosing its own thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from trailerflow.genre_names import GENRES
from trailerflow.genres import decisions
from trailerflow.genres.calibration import Calibration
from trailerflow.genres.decisions import OperatingPoints, decide, decide_new
from trailerflow.genres.predictions import CROSS_VALIDATION, HELD_OUT, INNER, as_matrix
from trailerflow.genres.thresholds import Thresholds
from unit.genres.prediction_tables import predictions_of

DRAMA = {"a": [], "b": ["Drama"], "c": [], "d": ["Drama"], "h": ["Drama"]}
"""Films and their genres."""


def truth() -> pd.DataFrame:
    table = pd.DataFrame({"movie": list(DRAMA)})
    for genre in GENRES:
        table[genre] = [genre in genres for genres in DRAMA.values()]
    return table


def undecided(*arguments: Any, **more: Any) -> pd.DataFrame:
    """`predictions_of` for a system that has decided nothing yet."""
    table = predictions_of(*arguments, **more)
    nothing = pd.array([pd.NA] * len(table), dtype="boolean")
    return table.assign(predicted_global=nothing, predicted_per_genre=nothing)


def said(part: str, drama: dict[str, float], **place: int) -> pd.DataFrame:
    """Probabilities of a drama; of the other genres they are 0."""
    named = {movie: [] for movie in drama}
    probability = {movie: {"Drama": value} for movie, value in drama.items()}
    return undecided("m", named, part=part, seed=0, probability=probability, **place)


def loop() -> pd.DataFrame:
    """Fold 0 is a and b, fold 1 is c and d, h is held out."""
    parts = [
        said(CROSS_VALIDATION, {"a": 0.3, "b": 0.6}, fold=0),
        said(CROSS_VALIDATION, {"c": 0.1, "d": 0.2}, fold=1),
        said(HELD_OUT, {"h": 0.35}),
    ]
    return pd.concat(parts, ignore_index=True)


def dramas(table: pd.DataFrame, column: str = "predicted_global", part: str | None = None) -> dict[str, bool]:
    own = table if part is None else table[table["part"] == part]
    return as_matrix(own, column)["Drama"].to_dict()


def test_a_folds_thresholds_come_from_the_other_folds_and_those_of_the_held_out_films_from_all():
    table, points = decide(loop(), truth())
    # On c and d the best threshold lies between .1 and .2; so a and b, with .3 and .6, are both dramas. On a and b it lies
    # between .3 and .6: c and d are none, and get the genre that comes nearest, which is Drama all the same, .1 or .2 against 0.
    assert points.thresholds.shared == pytest.approx(
        0.15
    )  # takes b, a and d: F1 4/5, as d is worth more than a costs
    assert dramas(table, part=CROSS_VALIDATION) == {"a": True, "b": True, "c": True, "d": True}
    assert dramas(table, part=HELD_OUT) == {"h": True}


def test_a_film_below_the_threshold_of_the_other_fold_is_told_by_what_it_is_below():
    parts = [
        undecided(
            "m", {movie: []}, part=CROSS_VALIDATION, fold=fold, seed=0,
            probability={movie: {"Drama": drama, "War": war}},
        )
        for movie, fold, drama, war in (("a", 0, 0.3, 0.0), ("b", 0, 0.6, 0.0), ("c", 1, 0.1, 0.2), ("d", 1, 0.5, 0.2))
    ]  # fmt: skip
    table, _ = decide(pd.concat([*parts, said(HELD_OUT, {"h": 0.9})], ignore_index=True), truth())
    # Fold 0 has its best threshold at .45: of fold 1 only d reaches it, and c gets War, which comes nearest.
    assert dramas(table, part=CROSS_VALIDATION) == {"a": True, "b": True, "c": False, "d": True}
    assert as_matrix(table[table["movie"] == "c"], "predicted_global")["War"].tolist() == [True]


def test_no_film_has_a_part_in_choosing_its_own_thresholds(monkeypatch):
    seen: list[list[float]] = []

    def choose(truth: np.ndarray, probabilities: np.ndarray) -> Thresholds:
        drama = GENRES.index("Drama")
        seen.append(probabilities[:, drama].tolist())
        assert truth[:, drama].tolist() == [False, True] * (len(truth) // 2)
        return Thresholds(0.5, np.full(len(GENRES), 0.5))

    monkeypatch.setattr(decisions, "choose_thresholds", choose)
    decide(loop(), truth())
    # For fold 0 those of fold 1, for fold 1 those of fold 0, for the held-out films those of both.
    assert seen == [[0.1, 0.2], [0.3, 0.6], [0.3, 0.6, 0.1, 0.2]]


def test_inner_folds_are_learnt_from_where_there_are_any_and_stay_undecided():
    inner = said(INNER, {"c": 0.7, "d": 0.9}, fold=0, inner_fold=1)
    probability = {"a": {"Drama": 0.3, "War": 0.29}, "b": {"Drama": 0.6}}
    own = undecided("m", {"a": [], "b": []}, part=CROSS_VALIDATION, fold=0, seed=0, probability=probability)
    rest = loop()[lambda table: table["fold"] != 0]
    table, _ = decide(pd.concat([own, rest, inner], ignore_index=True), truth())
    # From c and d of the inner fold the threshold of fold 0 is .8, not the .15 of their out-of-fold probabilities: neither
    # film reaches it, and a has one genre alone, the nearest.
    of_a = as_matrix(table[(table["movie"] == "a") & (table["part"] == CROSS_VALIDATION)], "predicted_global")
    assert of_a.loc["a", ["Drama", "War"]].tolist() == [True, False]
    assert table.loc[table["part"] == INNER, ["predicted_global", "predicted_per_genre"]].isna().all().all()
    without, _ = decide(pd.concat([own, rest], ignore_index=True), truth())
    of_a = as_matrix(without[without["movie"] == "a"], "predicted_global")
    assert of_a.loc["a", ["Drama", "War"]].tolist() == [True, True]


def test_each_seed_has_thresholds_of_its_own():
    one = loop()
    other = one.assign(seed=1, probability=one["probability"] / 10)
    table, points = decide(pd.concat([one, other], ignore_index=True), truth())
    assert points.thresholds.shared == pytest.approx(0.015)
    assert dramas(table[table["seed"] == 1], part=HELD_OUT) == {"h": True}


def test_new_films_are_decided_at_both_points_and_those_without_a_prediction_are_not():
    points = OperatingPoints(None, Thresholds(0.5, np.full(len(GENRES), 0.2)))
    table = pd.concat(
        [said("new", {"x": 0.3}), predictions_of("m", {"y": None}, part="new")], ignore_index=True
    )
    table = table.assign(probability=table["probability"].where(table["movie"] == "x"))
    table.loc[(table["movie"] == "x") & (table["genre"] == "War"), "probability"] = 0.25
    decided = decide_new(table, points)
    own = decided[decided["movie"] == "x"].set_index("genre")
    assert own.loc[["Drama", "War"], "predicted_global"].tolist() == [True, False]  # the nearest alone
    assert own.loc[["Drama", "War"], "predicted_per_genre"].tolist() == [True, True]
    assert decided.loc[decided["movie"] == "y", "predicted_global"].isna().all()


def scored(part: str, drama: dict[str, float], **place: int) -> pd.DataFrame:
    """Scores of a drama without probabilities; those of the other genres are 0."""
    rows = said(part, drama, **place)
    return rows.assign(score=rows["probability"], probability=np.nan)


def test_scores_without_probabilities_are_calibrated_on_the_films_that_thresholds_are_chosen_on(monkeypatch):
    seen: list[list[float]] = []

    def fit(truth: np.ndarray, scores: np.ndarray) -> Calibration:
        drama = GENRES.index("Drama")
        seen.append(scores[:, drama].tolist())
        assert truth[:, drama].tolist() == [False, True] * (len(truth) // 2)
        return Calibration(np.full(len(GENRES), 2.0), np.full(len(GENRES), -1.0))

    monkeypatch.setattr(decisions, "fit_calibration", fit)
    parts = [
        scored(CROSS_VALIDATION, {"a": -1.0, "b": 3.0}, fold=0),
        scored(CROSS_VALIDATION, {"c": -2.0, "d": 2.0}, fold=1),
        scored(INNER, {"c": -4.0, "d": 4.0}, fold=0, inner_fold=1),
        scored(HELD_OUT, {"h": 0.5}),
    ]
    table, points = decide(pd.concat(parts, ignore_index=True), truth())
    assert seen == [[-4.0, 4.0], [-1.0, 3.0], [-1.0, 3.0, -2.0, 2.0]]
    dramas = table[table["genre"] == "Drama"].set_index("movie")
    assert dramas.loc["h", "probability"] == 0.5  # the logistic of 2 * 0.5 - 1
    assert table.loc[table["part"] == INNER, "probability"].isna().all()
    assert points.calibration.offsets.tolist() == [-1.0] * len(GENRES)
    new = decide_new(scored("new", {"x": 0.5}), points)
    assert new.loc[new["genre"] == "Drama", "probability"].tolist() == [0.5]


def test_thresholds_on_calibrated_probabilities_go_for_four_fifths_by_the_expected_f1(monkeypatch):
    seen: list[list[float]] = []

    def choose(surely: np.ndarray, probabilities: np.ndarray) -> Thresholds:
        seen.append(surely[:, GENRES.index("Drama")].tolist())
        return Thresholds(0.5, np.full(len(GENRES), 0.5))

    same = Calibration(np.zeros(len(GENRES)), np.zeros(len(GENRES)))  # one half, whatever the score
    monkeypatch.setattr(decisions, "fit_calibration", lambda truth, scores: same)
    monkeypatch.setattr(decisions, "choose_thresholds", choose)
    parts = [
        scored(CROSS_VALIDATION, {"a": 0, "b": 0}, fold=0),
        scored(CROSS_VALIDATION, {"c": 0, "d": 0}, fold=1),
    ]
    decide(pd.concat(parts, ignore_index=True), truth())
    assert seen[0] == pytest.approx([0.4, 0.6])  # .8 * .5, and .2 for the drama


def test_a_system_that_decides_by_itself_is_left_as_it_is():
    table = predictions_of("m", {"a": ["Drama"], "b": ["War"]}, part=CROSS_VALIDATION, fold=0, seed=0)
    decided, points = decide(table, truth())
    pd.testing.assert_frame_equal(decided, table)
    assert points is None
