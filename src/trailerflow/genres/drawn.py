"""Figures of systems with their bootstrap draws over films: the same draws for all systems on the same films."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from trailerflow.genres.films import Floats
from trailerflow.genres.judged import Judged
from trailerflow.genres.metrics.contract import Metric, Weights
from trailerflow.statistics import bootstrap_weights, centred_interval

REPLICATES = 1000
"""Draws of films."""


@dataclass(frozen=True)
class Figure:
    """A figure and what it would have been with other films.

    Attributes:
        value: On the films as they are.
        draws: One for each draw, shape (`REPLICATES`,); empty where none was wanted or there is one film alone.
    """

    value: float
    draws: Floats

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval, no bound of which is below 0; two NaN without draws."""
        low, high = centred_interval(self.value, self.draws)
        return (low if np.isnan(low) else max(low, 0.0)), high


def figures(
    runs: Sequence[Judged], point: str, metrics: Iterable[Metric], seed: int
) -> dict[tuple[str, str], Figure]:
    """Compute metrics of one system with their draws; of several seeds the mean of their figures.

    Args:
        runs: The system's predictions, one for each seed, on the same movies in the same order (`on_same_movies`).
        point: Operating point.
        metrics: What is wanted.
        seed: Seed of the draws.

    Returns:
        By name of the metric and of the average or genre.
    """
    weights = film_weights(tuple(runs[0].films.tolist()), seed)
    found: dict[tuple[str, str], Figure] = {}
    for metric in metrics:
        drawn = weights if metric.bounded else weights[:1]
        said = [run.read(metric.reads, point) for run in runs]
        of_runs = [metric.figures(one, drawn) for one in said if one is not None]
        for label in of_runs[0] if of_runs else ():
            mean = np.mean([each[label] for each in of_runs], axis=0)
            found[metric.name, label] = Figure(float(mean[0]), mean[1:])
    return found


def on_same_movies(runs: Sequence[Judged]) -> list[Judged]:
    """Each cut to the movies that all of them have, in the order of their ids."""
    common = sorted(set.intersection(*(set(run.movies) for run in runs)))
    return [_in_order(run, common) for run in runs]


def _in_order(run: Judged, movies: Sequence[str]) -> Judged:
    if list(run.movies) == list(movies):
        return run
    place = {movie: number for number, movie in enumerate(run.movies)}
    return run.at(np.array([place[movie] for movie in movies], dtype=np.intp))


@lru_cache(maxsize=4)
def film_weights(films: tuple[str, ...], seed: int) -> Weights:
    """How often each movie counts: first as it is, then in each draw of films.

    Args:
        films: Which film each movie is, shape (n,).
        seed: Seed of the draws.

    Returns:
        Shape (1 + `REPLICATES`, n), or (1, n) for one film alone.
    """
    names, unit = np.unique(np.array(films, dtype=object), return_inverse=True)
    once = np.ones((1, len(films)), dtype=np.float32)
    if len(names) < 2:
        return once
    drawn = bootstrap_weights(len(names), seed=seed, replicates=REPLICATES)
    return np.concatenate([once, drawn[:, unit]])
