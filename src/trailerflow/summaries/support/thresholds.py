"""From which value on a claim is kept: by other films' texts, without labels, or by a promise, from readers' labels."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.claim_labels import INVENTED, PARTLY, SUPPORTED
from trailerflow.errors import TrailerflowError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Films = npt.NDArray[np.object_]

SHARE = 0.95
"""Share of other films' texts that lie below the threshold that is taken from them."""

ALPHA = 0.2
"""Share of new films in which the promise may be broken."""

OTHER_FILMS, LABELS = "other films' texts", "readers' labels"
_TOLD = (SUPPORTED, PARTLY, INVENTED)
THRESHOLD_TYPES = {
    "measure": "string",
    "source": "string",
    "reader": "string",
    "threshold": "Float64",
    **{f"{what}_{label}": "Int64" for label in _TOLD for what in ("kept", "claims")},
    "films_without_invented": "Int64",
    "films": "Int64",
}


def from_other_films(values: Floats, share: float = SHARE) -> float:
    """The least threshold below which a share of other films' texts lie; no label is needed.

    Args:
        values: Support of texts by transcripts of other films, shape (texts,); NaN, where there is none, is never kept.
        share: Of these texts, 0 to 1.

    Raises:
        TrailerflowError: There is no text.
    """
    if not len(values):
        raise TrailerflowError(
            "A threshold needs texts of other films, and there are none; give plots of more films."
        )
    ordered = np.sort(np.where(np.isnan(values), -np.inf, values))
    return _above(ordered[max(1, _ceiling(share * len(ordered))) - 1])


def promised(
    values: Floats, invented: Flags, films: Films, *, alpha: float = ALPHA, most: float = 0.0
) -> float:
    """The threshold that keeps a promise: in at least 1 - ``alpha`` of new films no kept claim is invented.

    Conformal factuality (Mohri & Hashimoto, Language Models with Conformal Factuality Guarantees, ICML 2024): the
    ceil((n + 1)(1 - alpha))th smallest of the n films' own thresholds, a film's own being its highest value of an invented
    claim, and minus infinity where it has none. It holds on average over draws of films like these.

    Args:
        values: Support of labelled claims, shape (claims,); a claim with NaN is never kept.
        invented: Shape (claims,).
        films: Film of each claim, shape (claims,).
        alpha: Share of new films in which it may be broken, between 0 and 1.
        most: Share of a film's kept claims that may be invented.

    Raises:
        TrailerflowError: There are too few films to promise so much.
    """
    own = np.sort(
        [_own_threshold(values[films == film], invented[films == film], most) for film in set(films)]
    )
    if len(own) < fewest_films(alpha):
        raise TrailerflowError(
            f"{len(own)} films are too few to promise a share of {1 - alpha:g} of new films; label claims of "
            f"{fewest_films(alpha)} films at least, or promise less."
        )
    return _above(own[_ceiling((len(own) + 1) * (1 - alpha)) - 1])


def fewest_films(alpha: float) -> int:
    """Labelled films that a promise takes: n such that ceil((n + 1)(1 - alpha)) is n at most."""
    return _ceiling((1 - alpha) / alpha)


def _own_threshold(values: Floats, invented: Flags, most: float) -> float:
    """The highest value at which too many of a film's claims with this value or a higher one are invented."""
    has = ~np.isnan(values)
    order = np.argsort(-values[has])
    ordered, false = values[has][order], np.cumsum(invented[has][order])
    is_last = np.append(ordered[:-1] != ordered[1:], True)[: len(ordered)]  # of equal values
    too_many = is_last & (false > most * np.arange(1, len(ordered) + 1))
    return float(ordered[too_many].max(initial=-np.inf))


def _above(value: float) -> float:
    """The least number above a value: what is kept is at least the threshold."""
    return float(np.nextafter(value, np.inf)) if np.isfinite(value) else float(value)


def _ceiling(number: float) -> int:
    """The next whole number, where what a product of floats is too high by is no number more."""
    return math.ceil(number - 1e-9)


def thresholds_table(labelled: pd.DataFrame, plots: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Both thresholds of each measure, and what they keep of labelled claims.

    Args:
        labelled: A row a label: movie, label, reader, and a column a measure with its values (NaN where it has none).
        plots: A row a text: own (whether it is of this film's plot), and the same columns.
        measures: Names of the measures.

    Returns:
        The columns of `THRESHOLD_TYPES`: of each label the claims that are kept, and all; the films that keep no invented
        claim, and all. What the threshold by labels keeps of a film is told by that of the other films. No rows by labels
        where the films are too few.
    """
    rows: list[dict[str, object]] = []
    for measure in measures:
        texts = plots.loc[~plots["own"].astype(bool), measure].to_numpy(dtype=float)
        for reader, group in labelled.groupby("reader", sort=False):
            named = {"measure": measure, "reader": str(reader)}
            values = group[measure].to_numpy(dtype=float)
            if len(texts):
                threshold = from_other_films(texts)
                rows.append(
                    named
                    | {"source": OTHER_FILMS, "threshold": threshold}
                    | _what_is_kept(group, values >= threshold)
                )
            invented = (group["label"] == INVENTED).to_numpy()
            films = group["movie"].to_numpy(dtype=object)
            if len(set(films)) > fewest_films(ALPHA):
                kept = _kept_out_of_fold(values, invented, films)
                rows.append(
                    named
                    | {"source": LABELS, "threshold": promised(values, invented, films)}
                    | _what_is_kept(group, kept)
                )
    return pd.DataFrame(rows, columns=list(THRESHOLD_TYPES)).astype(THRESHOLD_TYPES)


def _kept_out_of_fold(values: Floats, invented: Flags, films: Films) -> Flags:
    """Whether each claim is kept by the promise that the other films' labels make, shape (claims,)."""
    kept = np.zeros(len(values), dtype=bool)
    for film in set(films):
        own = films == film
        kept[own] = values[own] >= promised(values[~own], invented[~own], films[~own])
    return kept


def _what_is_kept(group: pd.DataFrame, kept: Flags) -> dict[str, object]:
    counts: dict[str, object] = {}
    for label in _TOLD:
        told = (group["label"] == label).to_numpy()
        counts |= {f"kept_{label}": int((kept & told).sum()), f"claims_{label}": int(told.sum())}
    broken = group["movie"][kept & (group["label"] == INVENTED).to_numpy()].nunique()
    films = group["movie"].nunique()
    return counts | {"films_without_invented": films - broken, "films": films}
