"""The search itself: rounds of trials, the same every time whoever was killed meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import optuna
import pandas as pd
from optuna.trial import FrozenTrial, Trial, TrialState

from trailerflow.search.journal import opened_study
from trailerflow.search.space import Space

FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)

FEWEST_BEFORE_PRUNING = 4
"""Trials that are finished before one is pruned."""

_DRAWN = 5
"""First trials, which are drawn by chance."""


@dataclass(frozen=True)
class Job:
    """What a process needs to make a trial.

    Attributes:
        number: Number of the trial.
        choices: Its settings.
        earlier: Trials of the earlier rounds, to prune by.
    """

    number: int
    choices: Mapping[str, Any]
    earlier: Sequence[FrozenTrial]


@dataclass(frozen=True)
class Made:
    """What became of a trial.

    Attributes:
        number: Its number.
        values: Its value after each epoch.
        pruned: Whether it was stopped, being worse than half of the earlier ones at its last epoch.
    """

    number: int
    values: tuple[float, ...]
    pruned: bool


Evaluate = Callable[[Mapping[str, Any], Callable[[float], bool]], None]
"""Makes a trial by its settings, from nothing; it tells the value after each epoch, and ends where it hears True."""


def search(
    evaluate: Evaluate,
    space: Space,
    journal: Path,
    *,
    facts: Mapping[str, Any],
    seed: int,
    side_by_side: int = 1,
    advance: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Try settings, the best of those before leading the way (TPE; Bergstra et al., NeurIPS 2011).

    Trials come in rounds. All of a round are asked for before any of it is told, each by a sampler that is seeded by the
    seed and the trial's number, and all are pruned by the earlier rounds alone: so the trials do not depend on which of
    them ends first. A trial that a kill cut short is made anew under its own number.

    Args:
        evaluate: Makes a trial; it is pickled where trials run side by side.
        space: What may be chosen.
        journal: File that the search is kept in.
        facts: All that can change a trial's value.
        seed: Seed of the sampler.
        side_by_side: Trials of a round, each in a process of its own.
        advance: Called after every trial.

    Returns:
        One row a trial: number, state, value (the best of its epochs), epochs, and a column for each setting.

    Raises:
        TrailerflowError: The journal is of another search.
    """
    study = opened_study(journal, {**facts, "seed": seed, "side_by_side": side_by_side, "space": repr(space)})
    with ExitStack() as stack:
        pool = None
        if side_by_side > 1:
            pool = stack.enter_context(ProcessPoolExecutor(side_by_side, get_context("spawn")))
        for start in range(0, space.trials, side_by_side):
            numbers = range(start, min(start + side_by_side, space.trials))
            earlier = study.trials[:start]
            for number in range(len(study.trials), numbers.stop):
                choices = _chosen(space, earlier, _seed(seed, number))
                study.add_trial(
                    optuna.create_trial(
                        state=TrialState.RUNNING, params=choices, distributions=dict(space.choices)
                    )
                )
            trials = study.trials
            jobs = [
                Job(number, trials[number].params, earlier)
                for number in numbers
                if trials[number].state not in FINISHED
            ]
            for _ in range(len(numbers) - len(jobs)):
                advance()
            for made in _made(evaluate, jobs, pool):
                _tell(study, trials[made.number], made)
                advance()
    return _table(study, space)


def _chosen(space: Space, earlier: Sequence[FrozenTrial], seed: int) -> dict[str, Any]:
    """Settings of a new trial, by the trials of the earlier rounds and its own seed alone."""
    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=_DRAWN)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.add_trials(earlier)
    return study.ask(dict(space.choices)).params


def make_trial(evaluate: Evaluate, job: Job) -> Made:
    """Make one trial, and prune it by Optuna's median rule on the epochs that earlier trials finished."""
    rule = optuna.pruners.MedianPruner(n_startup_trials=FEWEST_BEFORE_PRUNING)
    study = optuna.create_study(direction="maximize", pruner=rule)
    study.add_trials(list(job.earlier))
    trial = study.ask()
    values: list[float] = []
    pruned = False

    def tell(value: float) -> bool:
        nonlocal pruned
        trial.report(value, len(values))
        values.append(value)
        pruned = trial.should_prune()
        return pruned

    evaluate(job.choices, tell)
    return Made(job.number, tuple(values), pruned)


def _made(evaluate: Evaluate, jobs: Sequence[Job], pool: Executor | None) -> Iterator[Made]:
    """The trials of a round, as they end."""
    if pool is None:
        yield from (make_trial(evaluate, job) for job in jobs)
        return
    futures = [pool.submit(make_trial, evaluate, job) for job in jobs]
    yield from (future.result() for future in as_completed(futures))


def _tell(study: optuna.Study, trial: FrozenTrial, made: Made) -> None:
    asked = Trial(study, trial._trial_id)
    for epoch, value in enumerate(made.values):
        if epoch not in trial.intermediate_values:
            asked.report(value, epoch)
    if made.pruned:
        study.tell(asked, state=TrialState.PRUNED)
    else:
        study.tell(asked, max(made.values))


def _table(study: optuna.Study, space: Space) -> pd.DataFrame:
    rows = [
        {
            "number": trial.number,
            "state": trial.state.name.lower(),
            "value": max(trial.intermediate_values.values()),
            "epochs": len(trial.intermediate_values),
            **{name: trial.params[name] for name in space.choices},
        }
        for trial in study.trials
    ]
    return pd.DataFrame(rows)


def best_choices(table: pd.DataFrame, space: Space) -> dict[str, Any]:
    """Settings of the best trial that was not pruned; the earliest of equally good ones."""
    done = table[table["state"] == "complete"]
    best = done.loc[done["value"].idxmax()]
    return {name: best[name].item() if hasattr(best[name], "item") else best[name] for name in space.choices}


def _seed(seed: int, number: int) -> int:
    """Seed of one trial's sampler."""
    return int.from_bytes(hashlib.sha256(f"{seed} {number}".encode()).digest()[:4], "big")
