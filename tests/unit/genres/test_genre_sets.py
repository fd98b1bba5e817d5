"""The table of conformal sets: thresholds come from other films, and sizes stand beside the constant's."""

from __future__ import annotations

import numpy as np
import pytest

from trailerflow.genre_names import GENRES
from trailerflow.genres.conformal import FEW_MISSING
from trailerflow.genres.genre_sets import COLUMN_TYPES, genre_sets, sets_of
from trailerflow.genres.judged import Judged
from trailerflow.row_kinds import PER_GENRE

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)


def judged(films: int, part: str, noise: float = 0.3, system: str = "made-up", folds: int = 5) -> Judged:
    """A system whose scores are the truth with noise; the first genres are the frequent ones."""
    truth = RNG.random((films, len(GENRES))) < np.linspace(0.5, 0.05, len(GENRES))
    truth[:, 0] |= ~truth.any(axis=1)
    names = [f"{part} {number}" for number in range(films)]
    return Judged(
        names={"system": system, "family": "", "arm": "text, masked", "seed": 0, "part": part},
        movies=names,
        films=np.array(names, dtype=object),
        folds=np.arange(films) % folds,
        truth=truth,
        decisions={PER_GENRE: truth.astype(float)},
        scores=truth + RNG.normal(0, noise, truth.shape),
    )


def test_the_promises_are_kept_with_sets_below_the_constants() -> None:
    table = genre_sets([judged(500, "cross-validation")], seed=0).set_index("promise")
    assert list(genre_sets([], seed=0).columns) == list(COLUMN_TYPES)
    none, few = table.loc["none missing"], table.loc["few missing"]
    assert none["coverage_low"] < 0.9 < none["coverage_high"]
    assert few["missing_low"] < 0.1 < few["missing_high"]
    for row in (none, few):
        assert row["size"] < row["constant_size"]
        assert row["smaller"] == pytest.approx(row["constant_size"] - row["size"])
        assert 0 < row["smaller_low"] < row["smaller"] < row["smaller_high"]
        assert (row["movies"], row["calibrated_on"]) == (500, 400)


def test_no_film_has_a_part_in_its_own_threshold() -> None:
    one = judged(60, "cross-validation", folds=2)
    known, asked = one.at(np.arange(0, 60, 2)), one.at(np.arange(1, 60, 2))
    before = sets_of(known, asked, FEW_MISSING, seed=0)
    others = Judged(**{**vars(asked), "truth": ~asked.truth})
    after = sets_of(known, others, FEW_MISSING, seed=0)
    np.testing.assert_array_equal(before.system, after.system)
    np.testing.assert_array_equal(before.constant, after.constant)


def test_held_out_films_have_the_thresholds_of_all_folds_and_other_parts_their_own() -> None:
    folds, held_out, extra = judged(100, "cross-validation"), judged(40, "held-out"), judged(50, "extra")
    table = genre_sets([folds, held_out, extra], seed=0)
    counts = table[table["promise"] == "none missing"].set_index("part")[["movies", "calibrated_on"]]
    assert counts.to_numpy().tolist() == [[100, 80], [40, 100], [50, 40]]
    own = table.set_index(["promise", "part"])["threshold"]
    assert own["none missing", "held-out"] == own["none missing", "cross-validation"]
    # Without folds the held-out films are shared out too.
    alone = genre_sets([held_out], seed=0)
    assert set(alone["calibrated_on"]) == {32}


def test_with_few_films_a_set_says_nothing_and_the_table_says_so() -> None:
    table = genre_sets([judged(8, "held-out"), judged(1, "extra")], seed=0).set_index(["promise", "part"])
    few = table.loc["none missing", "held-out"]
    assert (few["size"], few["says_nothing"], few["coverage"]) == (18, 1, 1)
    assert few["threshold"] == -np.inf
    alone = table.loc["few missing", "extra"]
    assert (alone["size"], alone["calibrated_on"]) == (18, 0)
    assert np.isnan(alone["size_low"])


def test_a_constant_system_has_the_constants_sets() -> None:
    one = judged(400, "cross-validation", folds=4)
    frequent = np.tile(one.truth.mean(axis=0), (400, 1))
    row = (
        genre_sets([Judged(**{**vars(one), "scores": frequent})], seed=0)
        .set_index("promise")
        .loc["few missing"]
    )
    assert row["size"] == pytest.approx(row["constant_size"], abs=0.2)
    # Broken ties meet the promise, where whole steps of the constant would lie below it.
    assert row["missing_low"] < 0.1 < row["missing_high"]
