"""The judge's means, corrected by people's ratings: by hand, and by how often the interval holds the truth."""

from __future__ import annotations

import numpy as np
import pytest

from trailerflow.judging.corrected_ratings import prediction_powered_mean
from trailerflow.judging.pairs import ratings_table
from trailerflow.judging.score_ratings import mean_ratings
from unit.judging.rated import rated


def test_the_estimate_and_its_interval_by_hand():
    # Predictions 2, 4, 6: mean 4, variance 4. Errors 4 - 3 and 5 - 2: mean 2, variance 2.
    mean, low, high = prediction_powered_mean([2, 4, 6], [4, 5], [3, 2])
    assert mean == pytest.approx(4 - 2)
    assert (high - low) / 2 == pytest.approx(1.959964 * np.sqrt(4 / 3 + 2 / 2))
    assert (low + high) / 2 == pytest.approx(mean)


@pytest.mark.parametrize(("alone", "beside"), [([1.0], [1.0, 2.0]), ([1.0, 2.0], [1.0]), ([], [])])
def test_fewer_than_two_units_of_a_kind_say_nothing(alone, beside):
    assert np.isnan(prediction_powered_mean(alone, beside, beside)).all()


def coverage(labelled: int, draws: int = 2000) -> tuple[float, float, float]:
    """How often the corrected interval holds the truth, how often the judge's own does, and the ratio of the widths of the
    corrected and people's own, where the judge is .8 points too kind and knows half of what people like."""
    rng = np.random.default_rng(0)
    held, judge_held, widths = 0, 0, []
    for _ in range(draws):
        liked = rng.normal(3, 1, 300)
        judged = liked + 0.8 + rng.normal(0, 0.4, 300)
        _, low, high = prediction_powered_mean(judged[labelled:], judged[:labelled], liked[:labelled])
        held += low <= 3 <= high
        judge_held += abs(judged.mean() - 3) <= 1.96 * judged.std(ddof=1) / np.sqrt(300)
        widths.append((high - low) / (2 * 1.96 * liked[:labelled].std(ddof=1) / np.sqrt(labelled)))
    return held / draws, judge_held / draws, float(np.mean(widths))


def test_the_interval_holds_the_truth_as_often_as_it_promises_where_the_judges_own_never_does():
    held, judge_held, width = coverage(30)
    assert held == pytest.approx(0.95, abs=0.02)
    assert judge_held == 0
    assert width < 0.7


def test_with_five_labels_the_interval_is_too_narrow_as_the_page_says():
    held, _, _ = coverage(5)
    assert 0.85 < held < 0.93


def test_a_system_is_corrected_by_the_films_that_both_have_rated():
    films = {"1": 4, "2": 5, "3": 3, "4": 5}
    judge = {(film, "a"): points for film, points in films.items()}
    rows = rated("j", "judge", judge) + rated("j", "judge", judge, "swapped")
    rows += rated("Ada", "person", {("1", "a"): 2, ("2", "a"): 4, ("9", "a"): 1})
    table = mean_ratings(ratings_table(rows), seed=0).set_index(["kind", "criterion"])
    corrected = table.loc[("corrected", "fluency")]
    # The judge alone: 3 and 5, mean 4; it is 2 and 1 points too kind. Film 9 has no judgement.
    assert corrected["mean"] == pytest.approx(4 - 1.5)
    assert corrected[["movies", "raters", "note"]].tolist() == [4, 1, ""]
    assert table.loc[("person", "fluency"), "mean"] == pytest.approx(7 / 3)


def test_where_people_rated_all_that_the_judge_did_the_row_says_what_is_missing():
    judge = {("1", "a"): 4, ("2", "a"): 5}
    rows = rated("j", "judge", judge) + rated("j", "judge", judge, "swapped") + rated("Ada", "person", judge)
    table = mean_ratings(ratings_table(rows), seed=0)
    corrected = table[table["kind"] == "corrected"]
    assert corrected["mean"].isna().all()
    assert set(corrected["note"]) == {
        "it needs 2 films that both rated and 2 that the judge alone rated; there are 2 and 0"
    }


def test_without_people_nothing_is_corrected():
    judge = {("1", "a"): 4}
    rows = rated("j", "judge", judge) + rated("j", "judge", judge, "swapped")
    assert set(mean_ratings(ratings_table(rows), seed=0)["kind"]) == {"judge"}
