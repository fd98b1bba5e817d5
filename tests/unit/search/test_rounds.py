"""The search: the same trials whoever was killed or came first, none counted twice, pruned by finished epochs alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from trailerflow.errors import TrailerflowError
from trailerflow.search import rounds
from trailerflow.search.choices import Between
from trailerflow.search.rounds import best_choices, search
from trailerflow.search.space import Space, distribution

SPACE = Space(
    {"rate": FloatDistribution(1e-5, 5e-5, log=True), "batch": CategoricalDistribution((8, 16, 32))},
    trials=9,
    epochs=3,
)


def evaluate(choices: Mapping[str, Any], tell: Callable[[float], bool]) -> None:
    """Best near a rate of 3e-5; better from epoch to epoch."""
    for epoch in range(SPACE.epochs):
        if tell(1 - abs(choices["rate"] - 3e-5) * 1e4 - 0.1 / (epoch + 1)):
            return


def slow_ones_last(choices: Mapping[str, Any], tell: Callable[[float], bool]) -> None:
    """As `evaluate`, some later than others."""
    time.sleep({8: 0.3, 16: 0.0, 32: 0.1}[choices["batch"]])
    evaluate(choices, tell)


def found(folder: Path, made: Callable[..., None] = evaluate, **how: Any) -> pd.DataFrame:
    return search(made, SPACE, folder / "journal", facts={"films": 3}, seed=1, **how)


def killed_in(trial: int) -> Callable[..., None]:
    """What dies in the middle of a trial, after its first epoch."""
    begun = []

    def dying(choices: Mapping[str, Any], tell: Callable[[float], bool]) -> None:
        begun.append(choices)
        if len(begun) == trial + 1:
            tell(0.1)
            raise KeyboardInterrupt
        evaluate(choices, tell)

    return dying


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> pd.DataFrame:
    return found(tmp_path_factory.mktemp("whole"))


def test_a_search_tries_what_the_space_holds_and_names_the_best(whole):
    assert list(whole["number"]) == list(range(9))
    assert whole["rate"].between(1e-5, 5e-5).all()
    assert set(whole["batch"]) <= {8, 16, 32}
    best = best_choices(whole, SPACE)
    done = whole[whole["state"] == "complete"]
    assert best["rate"] == done.sort_values("value")["rate"].iloc[-1]
    assert type(best["batch"]) is int


@pytest.mark.parametrize("trial", [0, 4, 8])
def test_a_search_that_was_killed_ends_as_one_that_was_not(tmp_path, whole, trial):
    with pytest.raises(KeyboardInterrupt):
        found(tmp_path, killed_in(trial))
    pd.testing.assert_frame_equal(found(tmp_path), whole)


def test_a_finished_search_asks_for_nothing(tmp_path, whole):
    found(tmp_path)
    pd.testing.assert_frame_equal(found(tmp_path, killed_in(0)), whole)


def test_a_line_that_a_kill_left_half_written_is_cut_off(tmp_path, whole):
    with pytest.raises(KeyboardInterrupt):
        found(tmp_path, killed_in(4))
    with open(tmp_path / "journal", "ab") as file:
        file.write(b'{"op_code":6,"wor')
    pd.testing.assert_frame_equal(found(tmp_path), whole)


@pytest.mark.slow
def test_side_by_side_it_does_not_matter_which_trial_ends_first(tmp_path):
    one = found(tmp_path / "one", evaluate, side_by_side=2)
    pd.testing.assert_frame_equal(found(tmp_path / "other", slow_ones_last, side_by_side=2), one)


def test_a_round_is_asked_before_any_of_it_is_told_and_pruned_by_the_earlier_ones_alone(
    tmp_path, monkeypatch
):
    seen: list[tuple[int, list[int]]] = []

    def here(evaluated: Any, jobs: Any, pool: object) -> Any:
        seen.extend((job.number, [trial.number for trial in job.earlier]) for job in jobs)
        return [rounds.make_trial(evaluated, job) for job in reversed(jobs)]

    monkeypatch.setattr(rounds, "_made", here)
    found(tmp_path, side_by_side=4)
    assert seen == [(number, list(range(number // 4 * 4))) for number in range(9)]


def test_a_trial_is_pruned_at_an_epoch_where_it_is_worse_than_half_of_those_that_finished_it(tmp_path):
    told = iter([*[0.5, 0.6, 0.7] * 4, 0.4, *[0.55, 0.65, 0.75] * 4])

    def scripted(choices: Mapping[str, Any], tell: Callable[[float], bool]) -> None:
        for _ in range(SPACE.epochs):
            if tell(next(told)):
                return

    table = found(tmp_path, scripted)
    assert list(table["state"]) == ["complete"] * 4 + ["pruned"] + ["complete"] * 4
    assert list(table["epochs"]) == [3] * 4 + [1] + [3] * 4


@pytest.mark.parametrize("facts", [{"films": 4}, {"films": 3, "code": 1}])
def test_the_journal_of_another_search_is_refused(tmp_path, facts):
    found(tmp_path)
    with pytest.raises(TrailerflowError, match="of a search with other data, settings or code; delete it"):
        search(evaluate, SPACE, tmp_path / "journal", facts=facts, seed=1)


@pytest.mark.parametrize("line", [b"\x80\x04\x95pickle\n", b'{"op_code": 99}\n', b"[1]\n"])
def test_what_is_no_journal_is_refused_and_never_unpickled(tmp_path, line):
    (tmp_path / "journal").write_bytes(line)
    with pytest.raises(TrailerflowError, match="is no journal of a search"):
        found(tmp_path)


def test_the_journal_is_json(tmp_path):
    found(tmp_path)
    lines = (tmp_path / "journal").read_bytes().splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_choices_are_what_optuna_draws_from() -> None:
    assert distribution(Between(1, 9)) == IntDistribution(1, 9)
    assert distribution(Between(0.1, 9, log=True)) == FloatDistribution(0.1, 9, log=True)
    assert distribution((True, None)) == CategoricalDistribution((True, None))
