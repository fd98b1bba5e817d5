"""Thresholds of support, by hand; the promise, held on every film by the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import TrailerflowError
from trailerflow.summaries.support.thresholds import (
    ALPHA,
    LABELS,
    OTHER_FILMS,
    from_other_films,
    promised,
    thresholds_table,
)

VALUES = st.integers(-3, 3).map(float) | st.just(float("nan"))
FILM = st.lists(st.tuples(VALUES, st.booleans()), min_size=1, max_size=6)
"""Claims of a film: value, and whether it is invented. Few values, so that many are equal."""


def columns(films: list[list[tuple[float, bool]]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = [(value, false, str(place)) for place, film in enumerate(films) for value, false in film]
    values, invented, names = zip(*rows, strict=True)
    return np.array(values), np.array(invented), np.array(names, dtype=object)


def is_broken(film: list[tuple[float, bool]], threshold: float, most: float) -> bool:
    kept = [false for value, false in film if value >= threshold]
    return sum(kept) > most * len(kept)


def test_the_threshold_of_other_films_lies_just_above_the_share():
    values = np.arange(20.0)
    assert from_other_films(values, 0.95) == np.nextafter(18.0, np.inf)
    assert (values >= from_other_films(values, 0.95)).sum() == 1
    assert from_other_films(np.array([np.nan, 1.0]), 0.5) == -np.inf  # what has no value is never kept
    with pytest.raises(TrailerflowError, match="needs texts of other films"):
        from_other_films(np.array([]))


@given(st.lists(VALUES, min_size=1, max_size=40), st.sampled_from([0.5, 0.9, 0.95, 1.0]))
def test_no_more_than_the_rest_of_other_films_is_kept(values, share):
    kept = np.array(values) >= from_other_films(np.array(values), share)
    assert kept.sum() <= (1 - share) * len(values) + 1e-9


def test_the_promise_by_hand():
    # The highest invented values are 3, 1, none and 2; of five films to come four may be promised.
    films = [[(3.0, True), (4.0, False)], [(1.0, True), (0.0, True)], [(9.0, False)], [(2.0, True)]]
    values, invented, names = columns(films)
    assert promised(values, invented, names, alpha=0.2) == np.nextafter(3.0, np.inf)
    assert promised(values, invented, names, alpha=0.4) == np.nextafter(2.0, np.inf)
    assert promised(values, invented, names, alpha=0.8) == -np.inf
    with pytest.raises(
        TrailerflowError, match=r"4 films are too few .* 0\.9 of new films; label claims of 9 films"
    ):
        promised(values, invented, names, alpha=0.1)


def test_a_share_of_a_films_kept_claims_may_be_invented():
    values, invented, films = columns([[(4.0, False), (3.0, True), (2.0, True), (1.0, False)]])
    one = {"alpha": 0.5, "most": 0.5}
    assert promised(values, invented, films, alpha=0.5) == np.nextafter(3.0, np.inf)
    assert promised(values, invented, films, **one) == np.nextafter(2.0, np.inf)  # two of three are too many


@given(
    st.lists(FILM, min_size=5, max_size=12), st.sampled_from([0.2, 0.25, 0.5]), st.sampled_from([0.0, 0.34])
)
def test_of_exchangeable_films_no_more_than_promised_break_it(films, alpha, most):
    """Each film stands as the new one once: exchangeable films are drawn as that one with equal chances."""
    broken = 0
    for place, film in enumerate(films):
        values, invented, names = columns(films[:place] + films[place + 1 :])
        broken += is_broken(film, promised(values, invented, names, alpha=alpha, most=most), most)
    assert broken <= alpha * len(films) + 1e-9


@given(st.lists(FILM, min_size=4, max_size=8))
def test_a_lower_promise_keeps_more(films):
    values, invented, names = columns(films)
    assert promised(values, invented, names, alpha=0.5) <= promised(values, invented, names, alpha=0.2)


def test_what_each_threshold_keeps_is_told():
    films = [str(number) for number in range(6)]
    labelled = pd.DataFrame(
        [(film, "S", 2.0) for film in films] + [(film, "N", 1.0) for film in films],
        columns=["movie", "label", "m"],
    ).assign(reader="Ann")
    plots = pd.DataFrame({"own": [True] + [False] * 20, "m": [3.0, *np.linspace(-1, 0.9, 20)]})
    table = thresholds_table(labelled, plots, ["m"]).set_index("source")
    kept = ["kept_S", "claims_S", "kept_N", "claims_N", "claims_P", "films_without_invented", "films"]
    assert table.loc[OTHER_FILMS, kept].tolist() == [6, 6, 6, 6, 0, 0, 6]
    assert table.loc[LABELS, kept].tolist() == [6, 6, 0, 6, 0, 6, 6]
    assert table.loc[LABELS, "threshold"] == np.nextafter(1.0, 2)
    few = labelled[labelled["movie"].isin(films[:4])]  # of three other films nothing can be promised
    assert ALPHA == 0.2
    assert thresholds_table(few, plots, ["m"])["source"].tolist() == [OTHER_FILMS]
