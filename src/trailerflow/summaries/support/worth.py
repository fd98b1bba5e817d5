"""What a measure of support is worth: how well it tells supported claims from invented ones, by readers' labels.

Other films' plots are a second test, and an easy one: it is passed by whatever sees the topic. What counts is the first, on
claims that models wrote, all of which are about the film.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.claim_labels import INVENTED, PARTLY, SUPPORTED
from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.statistics import bootstrap_statistic

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Films = npt.NDArray[np.object_]

COMPARISONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "supported, invented": ((SUPPORTED,), (INVENTED,)),
    "partly, invented": ((PARTLY,), (INVENTED,)),
    "supported or partly, invented": ((SUPPORTED, PARTLY), (INVENTED,)),
}
"""Which labels are to be told from which."""

OWN_PLOT = "own film's plot, another's"

WORTH_TYPES = {
    "measure": "string",
    "comparison": "string",
    "reader": "string",
    "auc": "Float64",
    "auc_low": "Float64",
    "auc_high": "Float64",
    "kappa": "Float64",
    "kappa_low": "Float64",
    "kappa_high": "Float64",
    "claims": "Int64",
    "films": "Int64",
    "without": "Int64",
}
KEPT_TYPES = {"model": "string", **WORTH_TYPES}
"""Of the table that is kept: ``model`` is the language model that was asked, missing for a measure that asks none."""


def read_worth(path: Path) -> pd.DataFrame:
    """The worth of measures as the project keeps it, written by ``benchmarks/support_worth.py --keep``.

    Returns:
        The columns of `KEPT_TYPES`; no rows where nothing was measured yet.

    Raises:
        TrailerflowError: The table is missing, lacks a column, or a cell is no number.
    """
    rows = [cells for _, cells in csv_rows(path, list(KEPT_TYPES))]
    table = pd.DataFrame(rows, columns=list(KEPT_TYPES)).replace("", pd.NA)
    try:
        return table.astype(KEPT_TYPES)
    except (ValueError, TypeError) as error:
        raise TrailerflowError(
            f"{path} has a cell that is no number ({error}); restore it from the project."
        ) from None


def worth_table(
    labelled: pd.DataFrame, plots: pd.DataFrame, measures: Sequence[str], *, seed: int
) -> pd.DataFrame:
    """The worth of measures, each comparison and reader a row.

    Args:
        labelled: A row a label: movie, label, reader, and a column a measure with its values (NaN where it has none).
        plots: A row a text: movie, own (whether it is of this film's plot), and the same columns.
        measures: Names of the measures.
        seed: Seed of the bootstrap.

    Returns:
        The columns of `WORTH_TYPES`. ``auc`` is the chance that a claim of the first kind has the higher value; ``kappa`` is
        Cohen's, of the reader and the measure, each film's claims decided by the threshold with the highest kappa on the
        other films. Intervals are 95 % bootstrap intervals over films. ``claims`` were scored; ``without`` have no value and
        are left out.
    """
    rows = []
    for measure in measures:
        for reader, group in labelled.groupby("reader", sort=False):
            for name, (high, low) in COMPARISONS.items():
                told = group[group["label"].isin([*high, *low])]
                named = {"measure": measure, "comparison": name, "reader": str(reader)}
                rows.append(named | _worth(told, told["label"].isin(high), measure, seed))
        if len(plots):
            named = {"measure": measure, "comparison": OWN_PLOT, "reader": ""}
            rows.append(named | _worth(plots, plots["own"], measure, seed))
    return pd.DataFrame(rows, columns=list(WORTH_TYPES)).astype(WORTH_TYPES)


def _worth(table: pd.DataFrame, positive: pd.Series, measure: str, seed: int) -> dict[str, object]:
    values = table[measure].to_numpy(dtype=float)
    has = ~np.isnan(values)
    values, flags = values[has], positive.to_numpy(dtype=bool)[has]
    films = table["movie"].to_numpy(dtype=object)[has]
    decided = out_of_fold_decisions(values, flags, films)
    auc_low, auc_high = over_films(films, lambda drawn: auc(values[drawn], flags[drawn]), seed)
    kappa_low, kappa_high = over_films(films, lambda drawn: kappa(decided[drawn], flags[drawn]), seed)
    return {
        "auc": auc(values, flags), "auc_low": auc_low, "auc_high": auc_high,
        "kappa": kappa(decided, flags), "kappa_low": kappa_low, "kappa_high": kappa_high,
        "claims": int(has.sum()), "films": len(set(films)), "without": int((~has).sum()),
    }  # fmt: skip


def auc(values: Floats, positive: Flags) -> float:
    """Area under the ROC curve: the chance that a positive claim has the higher value, ties counting half.

    NaN where all claims are of one kind.
    """
    high, low = values[positive], np.sort(values[~positive])
    if not high.size or not low.size:
        return float("nan")
    below, up_to = (np.searchsorted(low, high, side) for side in ("left", "right"))
    return float((below + up_to).mean() / (2 * low.size))


def kappa(decided: Flags, positive: Flags) -> float:
    """Cohen's kappa of two lists of decisions; NaN where chance alone would agree on all."""
    if not len(positive):
        return float("nan")
    yes, true = decided.mean(), positive.mean()
    chance = yes * true + (1 - yes) * (1 - true)
    return float(((decided == positive).mean() - chance) / (1 - chance)) if chance < 1 else float("nan")


def best_threshold(values: Floats, positive: Flags) -> float:
    """The value from which on claims are called supported, with the highest kappa; the lowest of several.

    It lies in the middle between the lowest value that is called supported and the one below.

    Args:
        values: Shape (claims,), one at least.
        positive: Shape (claims,).
    """
    order = np.argsort(values)
    ends = np.flatnonzero(np.append(True, np.diff(values[order]) > 0))  # the first of equal values
    below = np.append(0, np.cumsum(positive[order]))[ends]  # positive claims under each threshold
    total, count = int(positive.sum()), len(values)
    hits, called = total - below, count - ends
    agreed = (hits + (ends - below)) / count
    chance = (called * total + ends * (count - total)) / count**2
    with np.errstate(invalid="ignore", divide="ignore"):
        kappas = np.where(chance < 1, (agreed - chance) / (1 - chance), -1.0)
    best = ends[np.argmax(kappas)]
    return float(values[order][max(best - 1, 0) : best + 1].mean())


def out_of_fold_decisions(values: Floats, positive: Flags, films: Films) -> Flags:
    """Whether each claim is called supported, by the best threshold of the other films' claims.

    Args:
        values: Shape (claims,).
        positive: Shape (claims,).
        films: Film of each claim, shape (claims,).

    Returns:
        Shape (claims,); the claims of an only film are called what most claims are, for want of others.
    """
    decided = np.full(len(values), 2 * positive.sum() > len(positive))
    for film in set(films):
        own = films == film
        if (~own).any():
            decided[own] = values[own] >= best_threshold(values[~own], positive[~own])
    return decided


def over_films(
    films: Films, figure: Callable[[npt.NDArray[np.intp]], float], seed: int
) -> tuple[float, float]:
    """95 % bootstrap interval of a figure of claims, films being drawn with all their claims.

    Args:
        films: Film of each claim, shape (claims,).
        figure: Takes places of claims.
        seed: Seed of the draws.
    """
    places = list(_places(films))
    return bootstrap_statistic(
        len(places), lambda drawn: figure(np.concatenate([places[number] for number in drawn])), seed=seed
    )


def _places(films: Films) -> Iterator[npt.NDArray[np.intp]]:
    for film in dict.fromkeys(films):
        yield np.flatnonzero(films == film)
