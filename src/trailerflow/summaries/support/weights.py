"""The weights of several measures of support together, learnt from labelled claims by logistic regression."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Films = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Weights:
    """Log-odds of support as a sum: the intercept, and each measure's value times its weight.

    Attributes:
        members: Names of the measures.
        weights: Of their values as they are, one each.
        intercept: The rest.
        labels: Which labels made them, for people.
    """

    members: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float
    labels: str

    def log_odds(self, values: Floats) -> Floats:
        """Log-odds of claims by their values, shape (claims, members); shape (claims,)."""
        sums: Floats = values @ np.array(self.weights) + self.intercept
        return sums


def fit(members: Sequence[str], values: Floats, supported: Flags, labels: str) -> Weights:
    """Learn weights; the measures are brought to one scale first, with scikit-learn's default penalty.

    Args:
        members: Names of the measures.
        values: Shape (claims, members), no NaN.
        supported: Shape (claims,).
        labels: Which labels they are.

    Raises:
        TrailerflowError: All claims have one label.
    """
    if supported.all() or not supported.any():
        raise TrailerflowError("A combination needs supported and invented claims; label more claims.")
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(values, supported)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    return Weights(
        members=tuple(members),
        weights=tuple(weights.tolist()),
        intercept=float(regression.intercept_[0] - scaler.mean_ @ weights),
        labels=labels,
    )


@dataclass(frozen=True)
class Labelled:
    """Claims to learn from.

    Attributes:
        values: Shape (claims, members), no NaN.
        supported: Whether each is supported, else it is invented, shape (claims,).
        films: Film of each, shape (claims,).
    """

    values: Floats
    supported: Flags
    films: Films


def out_of_fold(members: Sequence[str], labelled: Labelled, values: Floats, films: Films) -> Floats:
    """Log-odds of claims by weights that were learnt from the labelled claims of other films.

    Args:
        members: Names of the measures.
        labelled: What is learnt from.
        values: Values of the claims that are asked about, shape (asked, members).
        films: Film of each, shape (asked,).

    Returns:
        Shape (asked,); NaN where a value is, or where the other films' claims have one label alone.
    """
    found = np.full(len(values), np.nan)
    for film in dict.fromkeys(films):
        others = labelled.films != film
        if 0 < labelled.supported[others].sum() < others.sum():
            weights = fit(members, labelled.values[others], labelled.supported[others], "")
            found[films == film] = weights.log_odds(values[films == film])
    return found


def write_weights(weights: Weights, path: Path) -> None:
    """Write weights as JSON."""
    write_json(path, asdict(weights))


def read_weights(path: Path) -> Weights:
    """Read what `write_weights` wrote.

    Raises:
        TrailerflowError: The file is missing or damaged.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        weights = Weights(
            members=tuple(map(str, kept["members"])),
            weights=tuple(map(float, kept["weights"])),
            intercept=float(kept["intercept"]),
            labels=str(kept["labels"]),
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise TrailerflowError(
            f"{path} cannot be read as weights ({error}); restore it from the project."
        ) from None
    if (
        len(weights.members) != len(weights.weights)
        or not np.isfinite([*weights.weights, weights.intercept]).all()
    ):
        raise TrailerflowError(f"{path} has not one number for each measure; restore it from the project.")
    return weights
