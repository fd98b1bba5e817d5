"""What is told of each film: genres, year, release date, title and text. No feature is made of an id."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.own_rows import own_rows

_SEQUEL = re.compile(r"\b(II|III|IV|V|VI|VII|VIII|[2-9])\b|: ")


@dataclass(frozen=True)
class FilmContent:
    """Content of n films, by their codes.

    Attributes:
        genres: Which genres each has, shape (n, 18), 0 or 1.
        years: Year of release, shape (n,); the median where it is not known.
        months: Month of release, 0 where it is not known, shape (n,).
        first_of_january: Whether the date of release stands for a year that is not known more exactly, shape (n,).
        titles: Title of each, empty where it is not known.
    """

    genres: Floats
    years: Floats
    months: npt.NDArray[np.int64]
    first_of_january: npt.NDArray[np.bool_]
    titles: list[str]

    @property
    def title_cues(self) -> Floats:
        """Words of the title, whether it has brackets (an original title), and whether it has the form of a sequel's."""
        return np.array(
            [[len(title.split()), "(" in title, bool(_SEQUEL.search(title))] for title in self.titles], float
        ).reshape(-1, 3)


def film_content(archive: pd.DataFrame, films: pd.Index, usual_year: float | None = None) -> FilmContent:
    """The content of films.

    Args:
        archive: movie, title, year, the genres and, where the archive tells it, release_date.
        films: Ids of the films, by their codes.
        usual_year: Stands where a year is not known; None takes the median of the others.
    """
    rows = own_rows(archive, "movie", films)
    years = rows["year"].to_numpy(float, na_value=np.nan)
    if usual_year is None:
        known = years[np.isfinite(years)]
        usual_year = float(np.median(known)) if known.size else 0.0
    dates = pd.to_datetime(rows["release_date"] if "release_date" in rows else pd.Series(pd.NaT, rows.index))
    return FilmContent(
        genres=(rows[list(GENRES)] == True).to_numpy(float),  # noqa: E712 - null where the archive has no such film
        years=np.where(np.isfinite(years), years, usual_year),
        months=dates.dt.month.fillna(0).to_numpy(np.int64),
        first_of_january=((dates.dt.month == 1) & (dates.dt.day == 1)).to_numpy(bool),
        titles=rows["title"].fillna("").astype(str).tolist(),
    )


def text_centre(vectors: pd.DataFrame, films: pd.Index) -> Floats:
    """The mean vector of the texts of these films, shape (dimensions,); without any text no dimension."""
    own = vectors.loc[vectors["movie"].astype(str).isin(films.astype(str)), "vector"]
    return np.stack(own.to_numpy()).astype(float).mean(axis=0) if len(own) else np.zeros(0)


def text_vectors(vectors: pd.DataFrame, films: pd.Index, centre: Floats | None = None) -> Floats:
    """The vector of each film's text, less a centre and of unit length; zeros where there is no text.

    Args:
        vectors: movie and vector.
        films: Ids of the films, by their codes.
        centre: What is taken off, shape (dimensions,); None takes the mean of these films.

    Returns:
        Shape (n, dimensions).

    Raises:
        TrailerflowError: The vectors have other dimensions than the centre.
    """
    centre = text_centre(vectors, films) if centre is None else centre
    found = np.zeros((len(films), centre.size))
    places = films.astype(str).get_indexer(vectors["movie"].astype(str))
    known = places >= 0
    if centre.size and known.any():
        own = np.stack(vectors["vector"].to_numpy()[known]).astype(float)
        if own.shape[1] != centre.size:
            raise TrailerflowError(
                f"The texts' vectors have {own.shape[1]} dimensions, and the ranker was fitted on {centre.size}; "
                "fit it again."
            )
        found[places[known]] = unit_rows(own - centre)
    return found


def unit_rows(table: Floats) -> Floats:
    """Rows of unit length; those of zeros stay."""
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    rows: Floats = table / np.where(lengths > 0, lengths, 1.0)
    return rows
