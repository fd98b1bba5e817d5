"""Arrays of a fitted ranker on disk, without pickle."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing

Arrays = dict[str, npt.NDArray[Any]]


def save_arrays(path: Path, films: pd.Index, **arrays: npt.ArrayLike) -> None:
    """Write arrays and the ids of the films that they speak of, in one step."""
    with replacing(path) as part, open(part, "wb") as file:
        np.savez(file, allow_pickle=False, films=np.array(films, dtype=str), **arrays)


def load_arrays(path: Path) -> tuple[pd.Index, Arrays]:
    """The films and the arrays that `save_arrays` wrote.

    Raises:
        TrailerflowError: The file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
            return pd.Index(arrays.pop("films").astype(object)), arrays
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise TrailerflowError(
            f"{path}, a saved ranker, cannot be read ({error}); fit and save it again."
        ) from None


def number_or_nan(number: float | None) -> float:
    """A number that may be missing, as an array can hold it."""
    return np.nan if number is None else number


def number_or_none(array: npt.NDArray[Any]) -> float | None:
    """What `number_or_nan` made, after it was saved."""
    number = float(array)
    return None if np.isnan(number) else number
