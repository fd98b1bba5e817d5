"""Popularity and mean ratings, with values worked out by hand."""

from __future__ import annotations

import pytest

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.rankers.item_mean import ItemMean
from trailerflow.recommendations.rankers.popularity import Popularity
from trailerflow.recommendations.rankers.popularity_recent import PopularityRecent
from unit.recommendations.frames import asked_about, coded_ratings

DAY = 86400
TRAIN = coded_ratings(
    [
        ("1", "a", 5, -DAY), ("1", "b", 4, -DAY), ("2", "a", 1, -DAY), ("3", "b", 4, 1000 - DAY),
        ("3", "a", 5, 1001 - DAY), ("4", "b", 3, 1000), ("4", "a", 2, 1001),
    ],
    ["new"],
)  # fmt: skip
ASKED = asked_about(coded_ratings([("2", "b", 1, 2), ("2", "a", 1, 3), ("2", "new", 3, 4)]))


@pytest.mark.parametrize(
    ("ranker", "expected"),
    [
        (Popularity(), [3, 4, 0]),
        (ItemMean(), [11 / 3, 13 / 4, 24 / 7]),  # of the film without a rating, the mean of all
        (PopularityRecent({"days": 1}), [1, 1, 0]),  # asked at 1000: not at the window's start, and not later
    ],
)
def test_it_scores_as_said(ranker: Ranker, expected: list[float]) -> None:
    fitted = ranker.fit(TRAIN, TRAIN.head(0), {})
    (scores,) = fitted.score(Questions(ASKED.questions, ASKED.candidates, TRAIN))
    assert scores.scores.tolist() == pytest.approx(expected)
