"""Popularity, with values worked out by hand."""

from __future__ import annotations

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.popularity import Popularity
from unit.recommendations.frames import asked_about, coded_ratings


def test_popularity_counts_training_ratings() -> None:
    train = coded_ratings([("1", "a", 5, 1), ("1", "b", 4, 1), ("2", "a", 1, 1)], ["new"])
    asked = asked_about(coded_ratings([("2", "b", 1, 2), ("2", "a", 1, 3), ("2", "new", 3, 4)]))
    (scores,) = (
        Popularity().fit(train, train.head(0), {}).score(Questions(asked.questions, asked.candidates, train))
    )
    assert scores.scores.tolist() == [1, 2, 0]
