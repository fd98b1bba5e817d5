"""Is a system better than a text that says nothing of the film? Paired differences on the same movies, corrected by Holm."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trailerflow.differences import holm, paired_difference, verdict
from trailerflow.row_kinds import BETTER, CHANCE, FLOOR, LEAD, WORSE
from trailerflow.statistics import bootstrap_weights
from trailerflow.summaries.metrics import FAITHFULNESS, FOUND, REFERENCE_METRICS, SHARE
from trailerflow.summaries.score_summaries import COMPANY, CONSTANTS

COMPARED: dict[str, str] = {**dict.fromkeys(REFERENCE_METRICS, "f1"), FAITHFULNESS: "precision", FOUND: SHARE}
"""The statistic of each metric by which systems are compared."""

FIRST_PROMPT = "zero_shot"
"""The way of asking that every other way of the same model is compared with."""

COLUMN_TYPES = {
    "length": "string",
    "metric": "string",
    "statistic": "string",
    "system": "string",
    "prompt": "string",
    "other": "string",
    "other_prompt": "string",
    "value": "Float64",
    "other_value": "Float64",
    "difference": "Float64",
    "difference_low": "Float64",
    "difference_high": "Float64",
    "p_value": "Float64",
    "p_corrected": "Float64",
    "smallest": "Float64",
    "verdict": "string",
    "movies": "Int64",
}
"""One row a system, metric, length and row that it is compared with. ``difference`` is the system's figure less the other's,
``verdict`` is said of the system."""

_Key = tuple[str, str]
"""System and prompt."""


def compare(scores: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Compare every model and prompt with its zero-shot summaries, its mismatch floor, the constants, lead and chance.

    A pair is compared on the movies of which both have a score. Holm's correction goes over all pairs of one metric and
    length.

    Args:
        scores: By movie: those of ``score_summaries``, ``faithfulness_scores`` and ``found_scores``.
        seed: Seed of the draws of movies.

    Returns:
        See `COLUMN_TYPES`. A row that a metric does not have is left out, as is a pair without a common movie.
    """
    rows: list[dict[str, object]] = []
    for (length, metric), group in scores.groupby(["length", "metric"], sort=False):
        statistic = COMPARED[metric]
        values = {
            (str(system), str(prompt)): own.set_index("movie")["value"].astype(float)
            for (system, prompt), own in group[group["statistic"] == statistic].groupby(
                ["system", "prompt"], sort=False
            )
        }
        place = {"length": length, "metric": metric, "statistic": statistic}
        pairs = list(_pairs(values))
        figures = [_figures(values[one], values[other], seed) for one, other in pairs]
        corrected = holm([each["p_value"] for each in figures])
        for (one, other), own, p_value in zip(pairs, figures, corrected, strict=True):
            names = {"system": one[0], "prompt": one[1], "other": other[0], "other_prompt": other[1]}
            said = {"p_corrected": p_value, "verdict": _said(p_value, own["difference"])}
            rows.append(place | names | own | said)
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _pairs(values: dict[_Key, pd.Series]) -> Iterator[tuple[_Key, _Key]]:
    """Each system with what it is compared with, as far as that has scores of the same movies."""
    for (system, prompt), own in values.items():
        if system in COMPANY:
            continue
        company = [(name, "") for name in (*CONSTANTS, LEAD, CHANCE)]
        for other in ((system, FIRST_PROMPT), (FLOOR, prompt), *company):
            known = other in values and other != (system, prompt)
            if known and own.index.isin(values[other].index).any():
                yield (system, prompt), other


def _figures(one: pd.Series, other: pd.Series, seed: int) -> dict[str, float]:
    """The mean difference over the movies of both; each series has a value a movie."""
    both = pd.concat([one, other], axis=1, join="inner").to_numpy(dtype=float)
    differences = both[:, 0] - both[:, 1]
    units = len(differences)
    draws = bootstrap_weights(units, seed=seed) @ differences.astype(np.float32) / units
    found = paired_difference(float(differences.mean()), draws, units)
    return {
        "value": float(both[:, 0].mean()),
        "other_value": float(both[:, 1].mean()),
        "difference": found.value,
        "difference_low": found.low,
        "difference_high": found.high,
        "p_value": found.p_value,
        "smallest": found.smallest,
        "movies": units,
    }


def _said(p_value: float, difference: float) -> str:
    """What is said of the system, whose difference may be below zero."""
    said = verdict(p_value)
    return WORSE if said == BETTER and difference < 0 else said
