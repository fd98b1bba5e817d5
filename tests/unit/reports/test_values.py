"""Values as the page prints them."""

from __future__ import annotations

import pandas as pd

from trailerflow.reports.values import counted, duration, estimate, interval, listed, movie_name, score


def test_figures_have_three_digits_and_intervals_brackets() -> None:
    assert [score(value) for value in (0.12345, 1, 0, -0.5, None, pd.NA)] == [
        ".123",
        "1.000",
        ".000",
        "-.500",
        "–",
        "–",
    ]
    assert interval(0.123, 0.456) == "[.123, .456]"
    assert interval(float("nan"), 0.4) == ""
    assert estimate(0.3, 0.2, 0.4) == ".300 [.200, .400]"


def test_small_words() -> None:
    assert [counted(number, "movie") for number in (0, 1, 1682)] == ["0 movies", "1 movie", "1,682 movies"]
    assert [listed(names) for names in ([], ["a"], ["a", "b"])] == ["none", "a", "a and b"]
    assert [duration(seconds) for seconds in (0.04, 59.96, 3600)] == ["0.0 s", "1 min 0 s", "1 h 0 min"]
    assert movie_name("Godfather, The", pd.NA) == "The Godfather"
