"""The worth of a measure, beside scikit-learn's figures and by brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from trailerflow.errors import TrailerflowError
from trailerflow.summaries.support.worth import (
    KEPT_TYPES,
    OWN_PLOT,
    auc,
    best_threshold,
    kappa,
    out_of_fold_decisions,
    read_worth,
    worth_table,
)
from trailerflow.tables import write_table

CLAIMS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30)


def columns(claims):
    return np.array([value for value, _ in claims], dtype=float), np.array([flag for _, flag in claims])


@given(CLAIMS)
def test_auc_is_scikit_learns(claims):
    values, positive = columns(claims)
    if positive.all() or not positive.any():
        assert np.isnan(auc(values, positive))
    else:
        assert auc(values, positive) == pytest.approx(roc_auc_score(positive, values))


@given(CLAIMS)
def test_kappa_and_the_best_threshold_are_those_of_brute_force(claims):
    values, positive = columns(claims)
    if positive.all() or not positive.any():
        return
    found = {
        threshold: cohen_kappa_score(values >= threshold, positive)
        for threshold in sorted(set(values.tolist()))
    }
    for threshold, expected in found.items():
        assert kappa(values >= threshold, positive) == pytest.approx(expected)
    best = best_threshold(values, positive)
    assert kappa(values >= best, positive) == pytest.approx(max(found.values()))


def test_a_film_is_decided_by_the_others_alone():
    values = np.array([1.0, 2.0, 3.0, 4.0, 10.0, 20.0])
    positive = np.array([False, False, True, True, False, True])
    films = np.array(["a", "a", "b", "b", "c", "c"], dtype=object)
    decided = out_of_fold_decisions(values, positive, films)
    assert decided.tolist() == [False, False, False, False, True, True]
    assert not np.array_equal(
        decided[:4], out_of_fold_decisions(values, positive & (films != "c"), films)[:4]
    )


def test_a_row_for_each_measure_reader_and_comparison():
    labelled = pd.DataFrame(
        {
            "movie": ["a", "a", "b", "b", "b"],
            "label": ["S", "N", "S", "N", "O"],
            "reader": "Ann",
            "good": [0.9, 0.1, 0.8, 0.2, 0.0],
            "blind": [0.5, 0.5, 0.5, np.nan, 0.0],
        }
    )
    plots = pd.DataFrame({"movie": ["a", "b"], "own": [True, False], "good": [1.0, 0.0], "blind": [0.0, 1.0]})
    worth = worth_table(labelled, plots, ["good", "blind"], seed=0).set_index(["measure", "comparison"])
    good, blind = worth.loc[("good", "supported, invented")], worth.loc[("blind", "supported, invented")]
    assert (good["auc"], good["kappa"], good["claims"], good["films"], good["without"]) == (1, 1, 4, 2, 0)
    assert (good["auc_low"], good["auc_high"]) == (1, 1)
    assert (blind["auc"], blind["claims"], blind["without"]) == (0.5, 3, 1)
    assert pd.isna(worth.loc[("good", "partly, invented")]["auc"])
    assert worth.loc[("blind", OWN_PLOT)]["auc"] == 0
    assert len(worth) == 8


def test_what_is_kept_is_read_again(tmp_path):
    path = tmp_path / "worth.csv"
    labelled = pd.DataFrame(
        {"movie": list("abcd"), "label": list("SNSN"), "reader": "Ada", "one": [2.0, 1, 4, 3]}
    )
    worth = worth_table(labelled, labelled.assign(own=labelled["label"] == "S"), ["one"], seed=0)
    kept = worth.assign(model=pd.array(["tiny"] * len(worth), "string"))[list(KEPT_TYPES)]
    write_table(kept, path)
    found = read_worth(path)
    pd.testing.assert_frame_equal(found, kept.replace("", pd.NA), check_exact=False, rtol=1e-5)
    path.write_text(path.read_text().replace(",4,4,", ",four,4,"))
    with pytest.raises(TrailerflowError, match="no number"):
        read_worth(path)


def test_the_worth_that_the_project_keeps_can_be_read():
    table = read_worth(Path(__file__).parents[4] / "resources/support/worth.csv")
    assert list(table.columns) == list(KEPT_TYPES)
