"""Co-occurrence in a history, with values worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.cooccurrence import Cooccurrence
from unit.recommendations.frames import asked_about, coded_ratings

TRAIN = coded_ratings(
    [
        ("1", "a", 5, 1), ("1", "b", 4, 2), ("1", "c", 4, 3), ("2", "a", 1, 1), ("2", "b", 2, 2),
        ("3", "b", 3, 1), ("4", "b", 3, 5), ("4", "a", 3, 6),
    ]
)  # fmt: skip
ASKED = asked_about(coded_ratings([("4", "c", 1, 7), ("4", "b", 1, 7), ("4", "a", 1, 7)]))


def scores(settings: Mapping[str, object]) -> list[float]:
    """Of c, b and a for user 4, who has rated b and then a."""
    fitted = Cooccurrence(settings).fit(TRAIN, TRAIN.head(0), {})
    (found,) = fitted.score(Questions(ASKED.questions, ASKED.candidates, TRAIN))
    order = ASKED.candidates["movie"].astype(str).tolist()
    return [float(found.scores[order.index(film)]) for film in "cba"]


COUNTS = {"rated_power": 0.0, "other_power": 0.0, "half_life": 1.0}


def test_neighbours_in_a_history_are_counted_with_the_last_film_first_of_all() -> None:
    # Next to each other: a-b by users 1, 2 and 4, b-c by user 1. The query: a 1, b 1/2.
    assert scores({"positions": 1, **COUNTS}) == pytest.approx([0.5, 3.0, 1.5])


def test_within_more_positions_and_forward_only() -> None:
    # a-c too, two positions apart.
    assert scores({"positions": 2, **COUNTS}) == pytest.approx([1.5, 3.0, 1.5])
    # What came after a: b twice, c once; after b: c by user 1, a by user 4.
    assert scores({"positions": 2, "forward": True, **COUNTS}) == pytest.approx([1.5, 2.0, 0.5])


def test_counts_are_divided_by_powers_of_how_often_both_were_rated() -> None:
    # Rated: a 3, b 4, c 1; one more of each by damping.
    powers = {"rated_power": 1.0, "other_power": 0.5, "damping": 1.0, "half_life": 1.0}
    c = 0.5 * 1 / (5 * 2**0.5)
    b = 1.0 * 3 / (4 * 5**0.5)
    a = 0.5 * 3 / (5 * 4**0.5)
    assert scores({"positions": 1, **powers}) == pytest.approx([c, b, a])


def test_with_seconds_pairs_and_the_films_of_the_query_fade_with_time() -> None:
    fading = {"positions": 2, "seconds": 1.0, **COUNTS}
    e = np.exp(-1)
    # a-b a second apart for users 1, 2 and 4, b-c for user 1, a-c two seconds. The query: a 1, b 1/2 a second before.
    assert scores(fading) == pytest.approx([e**2 + e / 2 * e, 3 * e, e / 2 * 3 * e])
