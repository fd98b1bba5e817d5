"""Item kNN, with values worked out by hand."""

from __future__ import annotations

import pytest

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import FoldsIn
from trailerflow.recommendations.rankers.item_knn import ItemKnn
from unit.recommendations.frames import asked_about, coded_ratings

pytestmark = pytest.mark.slow

TRAIN = coded_ratings(
    [
        ("1", "a", 5, 1), ("1", "b", 4, 1), ("2", "a", 1, 1), ("2", "b", 2, 1),
        ("3", "a", 5, 1), ("3", "b", 5, 1), ("4", "a", 1, 1),
    ],
    ["new"],
)  # fmt: skip
ASKED = asked_about(coded_ratings([("4", "b", 1, 2), ("4", "new", 3, 3)]))


def test_item_knn_predicts_like_its_formula() -> None:
    fitted = ItemKnn().fit(TRAIN, TRAIN.head(0), {})
    (scores,) = fitted.score(Questions(ASKED.questions, ASKED.candidates, TRAIN))
    # One neighbour (a): b's mean plus the user's deviation from a's mean.
    mean_a, mean_b = 3.0, 11 / 3
    assert scores.scores[0] == pytest.approx(mean_b + (1 - mean_a), abs=1e-5)
    assert scores.scores[1] == pytest.approx(TRAIN["rating"].mean())


def test_a_user_who_is_folded_in_is_predicted_for_like_one_who_was_there() -> None:
    known = TRAIN[TRAIN["user"] != "4"]
    fitted = ItemKnn().fit(known, TRAIN.head(0), {})
    questions = Questions(ASKED.questions, ASKED.candidates, known)
    (before,) = fitted.score(questions)
    assert before.scores[0] == pytest.approx(11 / 3)  # of an unknown user, the film's mean and that of all
    assert isinstance(fitted, FoldsIn)
    (after,) = fitted.fold_in(TRAIN[TRAIN["user"] == "4"]).score(questions)
    mean_a = 11 / 3  # the user's own rating is not in it
    assert after.scores[0] == pytest.approx(11 / 3 + (1 - mean_a), abs=1e-5)
