"""What the check kept of the claims of summaries: shares of claims and of films, with intervals over films."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.statistics import bootstrap_interval, bootstrap_statistic

Counts = npt.NDArray[np.int_]

SHARES: dict[str, str] = {
    "kept": "of the claims, those that are kept",
    "invented_name": "of the claims, those with a name that nobody speaks",
    "nothing_left": "of the films with a claim, those of which none is kept",
}
"""Columns with a share and an interval."""

COLUMN_TYPES = {
    "model": "string",
    "prompt": "string",
    "measure": "string",
    "movies": "Int64",
    "claims": "Int64",
    "kept_a_film": "Float64",
    **{f"{name}{end}": "Float64" for name in SHARES for end in ("", "_low", "_high")},
}
"""One row a model, way of asking, and measure of support.

``movies`` are the films with a claim; ``kept_a_film`` is the mean number of claims.
"""


def kept_table(claims: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """How much the check kept, by model, way of asking and measure. Copies of the transcript are not counted.

    Args:
        claims: Table of ``merge_summaries``: movie, model, prompt, measure, kept, copied and invented_names (empty where
            there is none).
        seed: Seed of the draws of films.

    Returns:
        See `COLUMN_TYPES`; the intervals are 95 % bootstrap intervals over films, drawn with all their claims, and missing
        for fewer than two films.
    """
    claims = claims[~claims["copied"].astype(bool)]
    named = claims["invented_names"].fillna("").str.len() > 0
    flags = claims.assign(kept=claims["kept"].astype(bool), named=named)
    rows = []
    for (model, prompt, measure), own in flags.groupby(["model", "prompt", "measure"], sort=False):
        films = own.groupby("movie", sort=False).agg(
            claims=("kept", "size"), kept=("kept", "sum"), named=("named", "sum")
        )
        number, kept, invented = (films[name].to_numpy(dtype=int) for name in ("claims", "kept", "named"))
        empty = kept == 0
        rows.append(
            {"model": model, "prompt": prompt, "measure": measure}
            | {"movies": len(films), "claims": int(number.sum()), "kept_a_film": float(kept.mean())}
            | _share_of_claims("kept", kept, number, seed)
            | _share_of_claims("invented_name", invented, number, seed)
            | _bounded("nothing_left", float(empty.mean()), bootstrap_interval(empty, seed=seed))
        )
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _share_of_claims(name: str, some: Counts, every: Counts, seed: int) -> dict[str, float]:
    """A share of all claims; both arrays have a count a film."""
    bounds = bootstrap_statistic(
        len(every), lambda drawn: float(some[drawn].sum() / every[drawn].sum()), seed=seed
    )
    return _bounded(name, float(some.sum() / every.sum()), bounds)


def _bounded(name: str, value: float, bounds: tuple[float, float]) -> dict[str, float]:
    return {name: value, f"{name}_low": bounds[0], f"{name}_high": bounds[1]}
