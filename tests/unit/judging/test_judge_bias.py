"""What ten words more are worth to a judge."""

from __future__ import annotations

import numpy as np
import pytest

from trailerflow.judging.judge_bias import LENGTH_MEASURE, length_bias, slope_within
from trailerflow.judging.pairs import ratings_table
from trailerflow.judging.score_ratings import agreement_table
from unit.judging.rated import NO_LABELS, rated

RATINGS = {("1", "a"): 5, ("1", "b"): 3, ("2", "a"): 4, ("2", "b"): 4, ("3", "a"): 3, ("3", "b"): 5}
WORDS = {("1", "a"): 90, ("1", "b"): 50, ("2", "a"): 70, ("2", "b"): 50, ("3", "a"): 50, ("3", "b"): 50}


def test_the_slope_is_within_the_pairs_of_the_same_systems():
    points, words = np.array([2.0, 0.0, -2.0]), np.array([40.0, 20.0, 0.0])
    assert slope_within(points, words, np.zeros(3, dtype=int)) == pytest.approx(0.1)
    # Another pair of systems, one of which is better and longer: no slope within it, and so none added.
    more = np.concatenate([points, [3.0, 3.0]]), np.concatenate([words, [80.0, 80.0]])
    assert slope_within(*more, np.array([0, 0, 0, 1, 1])) == pytest.approx(0.1)
    assert np.isnan(slope_within(points, np.full(3, 7.0), np.zeros(3, dtype=int)))


def test_ten_words_more_are_told_in_points_of_the_judge_and_of_people():
    rows = rated("j", "judge", RATINGS, words=WORDS) + rated("j", "judge", RATINGS, "swapped", WORDS)
    rows += rated("Ada", "person", dict.fromkeys(RATINGS, 3), words=WORDS)
    table = agreement_table(ratings_table(rows), NO_LABELS, seed=0)
    slopes = table[table["measure"] == LENGTH_MEASURE].set_index("who")
    assert slopes["value"].to_dict() == {"the judge": pytest.approx(1.0), "people beside the judge": 0}
    assert slopes["units"].tolist() == [3, 3]


def test_equal_lengths_and_ratings_without_words_have_no_slope():
    same = dict.fromkeys(WORDS, 50)
    (row,) = length_bias(ratings_table(rated("Ada", "person", RATINGS, words=same)), "people", 0)
    assert np.isnan(row["value"]) and row["note"] == "the differences in length do not vary"
    assert list(length_bias(ratings_table(rated("Ada", "person", RATINGS)), "people", 0)) == []
