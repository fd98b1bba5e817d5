"""Values of single measures, by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.summaries.support import support_of
from trailerflow.summaries.support.contract import Beside
from trailerflow.summaries.support.weights import (
    Labelled,
    Weights,
    fit,
    out_of_fold,
    read_weights,
    write_weights,
)
from trailerflow.summaries.support.windows import Spoken
from unit.scripted_model import ScriptedModel, said
from unit.summaries.support.surroundings import ROOT, Reader, surroundings

FILM = Beside(("Robbers flee.",), Spoken("the robber must run"))


def value(name, given, film=FILM):
    return support_of(name, given).scores([film])[0][0].value


def test_coverage_weighs_rare_words_more():
    # "flee" is in none of two transcripts, "robber" in one of them.
    rare, common = math.log(3 / 1) + 1, math.log(3 / 2) + 1
    assert value("coverage", surroundings("the robber", "the end")) == pytest.approx(common / (rare + common))
    assert value("coverage", surroundings()) == pytest.approx(1 / 2)


def test_yes_no_is_the_log_odds_and_names_what_serves_without_them():
    # One of the claim's two words is in the transcript: a yes of .1 + .8 / 2.
    film = replace(FILM, claims=("robber flees",))
    assert value("yes_no", surroundings(), film) == pytest.approx(0, abs=1e-12)
    without = surroundings(model=Reader(log_probabilities=False))
    with pytest.raises(TrailerflowError, match="needs; set yes_no_words instead"):
        value("yes_no", without, film)
    assert value("yes_no_words", without, film) == 0


@pytest.mark.parametrize(("answer", "expected"), [("**Yes**", 1), ("no.", 0), ("Perhaps", None), ("", None)])
def test_plain_answers_are_read_by_their_first_word(answer, expected):
    found = value("yes_no_words", surroundings(model=ScriptedModel(said(answer))))
    assert math.isnan(found) if expected is None else found == expected


def test_a_claim_that_nobody_answered_has_no_value():
    assert math.isnan(value("yes_no", surroundings(model=ScriptedModel(LaterError("quota")))))


def test_a_combination_learns_from_other_films_alone():
    rng = np.random.default_rng(0)
    supported = np.arange(60) % 3 == 0
    values = np.column_stack([supported + rng.normal(0, 0.5, 60), rng.normal(5, 9, 60)])
    films = np.array([f"film {number % 6}" for number in range(60)], dtype=object)
    labelled = Labelled(values, supported, films)
    found = out_of_fold(("a", "b"), labelled, values, films)
    assert found[supported].mean() > found[~supported].mean()
    own = films == "film 0"
    swapped = Labelled(values, supported ^ own, films)
    again = out_of_fold(("a", "b"), swapped, values, films)
    assert np.array_equal(found[own], again[own]) and not np.allclose(found[~own], again[~own])
    unknown = out_of_fold(("a", "b"), Labelled(values[own], supported[own], films[own]), values, films)
    assert np.isnan(unknown[own]).all()


def test_weights_are_of_values_as_they_are(tmp_path):
    values = np.array([[0.0, 10.0], [1.0, 30.0], [2.0, 20.0], [3.0, 40.0]])
    weights = fit(("a", "b"), values, np.array([False, False, True, True]), "four claims")
    centred = (values - values.mean(axis=0)) / values.std(axis=0)
    steps = (weights.log_odds(values) - weights.intercept)[1:] - (
        weights.log_odds(values) - weights.intercept
    )[0]
    scaled = np.array(weights.weights) * values.std(axis=0)
    assert steps == pytest.approx((centred @ scaled)[1:] - (centred @ scaled)[0])
    write_weights(weights, tmp_path / "weights.json")
    assert read_weights(tmp_path / "weights.json") == weights
    with pytest.raises(TrailerflowError, match="label more claims"):
        fit(("a", "b"), values, np.ones(4, dtype=bool), "")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"members": ["a"], "weights": [1, 2], "intercept": 0, "labels": ""}',
             '{"members": ["a"], "weights": [NaN], "intercept": 0, "labels": ""}']
)  # fmt: skip
def test_damaged_weights_are_refused(tmp_path, text):
    path = tmp_path / "weights.json"
    path.write_text(text)
    with pytest.raises(TrailerflowError, match=r"weights\.json .*restore it from the project"):
        read_weights(path)


def test_the_shipped_weights_say_which_labels_made_them():
    weights = read_weights(ROOT / "resources/support/combination.json")
    assert weights.members == ("coverage", "embedding", "bertscore") and "films" in weights.labels
    assert weights.log_odds(np.array([[1.0, 0.9, 0.9]])) > weights.log_odds(np.array([[0.1, 0.1, 0.4]]))
    assert isinstance(weights, Weights)
