"""The films that the encoder is measured on: plots or transcripts with MovieLens' genres, folds, and extra texts.

The folder of data is not part of the project: its owners forbid it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.catalogue.frames import archive_tables
from trailerflow.film_texts import TITLE
from trailerflow.genre_names import GENRES
from trailerflow.genres.extra.gather import LEFT_OUT, Wanted, gather_extra_texts
from trailerflow.genres.extra.same_film import EvaluatedFilms
from trailerflow.genres.films import Films
from trailerflow.genres.split import split_movies
from trailerflow.genres.texts import with_year
from trailerflow.models import model_folder
from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import split_title

ROOT = Path(__file__).resolve().parents[1]
TEXT = "synopsis"
"""Name of the one text of every film, whichever it is."""

ML1M, WIKIPEDIA = "ml1m", "wikipedia-plots"
_WEIGHTS = {ML1M: 0.7, WIKIPEDIA: 0.5}
"""How much an extra text counts, a film counting 1."""


@dataclass(frozen=True)
class Data:
    """Films to be measured on.

    Attributes:
        films: With their genres.
        fold: Fold of each, -1 for held-out ones, shape (n,).
        extra: Texts of none of them.
    """

    films: Films
    fold: npt.NDArray[np.int_]
    extra: Films


def plots(folder: Path) -> pd.DataFrame:
    """Films with a short plot: movie, title, year, text and the genres."""
    return _joined(folder, pd.read_parquet(folder / "plots_short.parquet"), "plot")


def transcripts(folder: Path) -> pd.DataFrame:
    """Films with the transcript of a trailer; see `plots`."""
    return _joined(folder, pd.read_parquet(folder / "trailer_transcripts.parquet"), "transcript")


def films_of(table: pd.DataFrame) -> Films:
    """Films of a table of `plots` or `transcripts`."""
    return Films(
        movies=list(table["movie"]),
        texts={TEXT: list(table["text"])},
        genres=table[list(GENRES)].to_numpy(dtype=bool),
    )


def folds_of(table: pd.DataFrame, *, folds: int, held_out: float, seed: int) -> npt.NDArray[np.int_]:
    """Fold of each film, grouped by film and stratified by genre."""
    split, _ = split_movies(table, held_out=held_out, folds=folds, seed=seed)
    found: npt.NDArray[np.int_] = split["fold"].to_numpy()
    return found


def extra_texts(folder: Path, models_folder: Path) -> Films:
    """Labelled texts of no film of MovieLens-100K: short plots of MovieLens-1M's others, and Wikipedia's plots."""
    movies = _catalogue(folder)
    known = [
        Movie(movie, title, None if pd.isna(year) else int(year))
        for movie, title, year in movies[["movie", "title", "year"]].itertuples(index=False)
    ]
    path = model_folder(models_folder, WIKIPEDIA) / "movies.csv"
    names = ROOT / "resources" / "genre_names" / f"{WIKIPEDIA}.csv"
    wanted = [Wanted(WIKIPEDIA, path, names, _WEIGHTS[WIKIPEDIA])]
    table, _ = gather_extra_texts(wanted, known, validation=0.0, test=0.0, seed=0)
    table = pd.concat([_ml1m(folder, known), table[table["part"] != LEFT_OUT]], ignore_index=True)
    return Films(
        movies=list(table["movie"]),
        texts={TITLE: dated_titles(table), TEXT: list(table["text"])},
        genres=table[list(GENRES)].to_numpy(dtype=bool),
        weights=table["weight"].to_numpy(dtype=float),
        sources=list(table["source"]),
    )


def dated_titles(table: pd.DataFrame) -> list[str]:
    """The title with the year of each row."""
    return [with_year(*pair) for pair in zip(table["title"], table["year"], strict=True)]


def _joined(folder: Path, texts: pd.DataFrame, column: str) -> pd.DataFrame:
    texts = pd.DataFrame({"movie": texts["item_id"].astype(str), "text": texts[column]})
    table = _catalogue(folder).merge(texts, on="movie")
    return table[table[list(GENRES)].any(axis=1)].reset_index(drop=True)


def _catalogue(folder: Path) -> pd.DataFrame:
    """All movies of MovieLens-100K with their genres; ids of one film are linked by title or by IMDb id."""
    movies, _ = archive_tables(folder / "ml-100k.zip")
    ids = pd.read_parquet(folder / "movie_ids.parquet", columns=["item_id", "imdb_id"])
    imdb = movies["movie"].map(dict(zip(ids["item_id"].astype(str), ids["imdb_id"], strict=True)))
    first = movies["movie"].groupby(imdb).transform("first")
    linked = movies["duplicate_of"].fillna(first.where(first != movies["movie"]))
    return movies.assign(duplicate_of=linked)


def _ml1m(folder: Path, known: list[Movie]) -> pd.DataFrame:
    films = EvaluatedFilms(known)
    table = pd.read_parquet(folder / "ml1m_extra_plots.parquet")
    rows = []
    for row in table.itertuples():
        title, year = split_title(str(row.ml_title))
        genres = [name for name in str(row.ml_genres).split("|") if name in GENRES]
        if genres and not films.may_hold(title, year):
            flags = {genre: genre in genres for genre in GENRES}
            told = {"title": title, "year": year, "source": ML1M, "text": row.plot}
            rows.append({"movie": f"{ML1M}:{row.ml1m_id}"} | told | flags)
    return pd.DataFrame(rows).assign(weight=_WEIGHTS[ML1M])
