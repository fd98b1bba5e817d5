"""The extra texts of a run as one table: labelled, told apart from the films under evaluation, and split once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.extra import REGISTER, SOURCES
from trailerflow.genres.extra.contract import ExtraSource, ExtraText
from trailerflow.genres.extra.own_table import OwnTable
from trailerflow.genres.extra.same_film import EvaluatedFilms
from trailerflow.genres.split import shares_of_films
from trailerflow.movies.forms import spelled_title
from trailerflow.movies.movie import Movie
from trailerflow.registers import chosen_class

TRAIN, VALIDATION, TEST, LEFT_OUT = "train", "validation", "test", "left out"

COLUMN_TYPES = {
    "movie": str,
    "source": str,
    "title": str,
    "year": "Int64",
    "text": str,
    **dict.fromkeys(GENRES, bool),
    "weight": float,
    "part": str,
    "reason": object,
}
"""One row a text. ``movie`` is its id, with the name of the source before it; ``part`` says what it is for, ``reason`` why
one is left out."""


@dataclass(frozen=True)
class Wanted:
    """A source as the configuration names it.

    Attributes:
        name: One of `SOURCES`, or the path of a user's own table.
        path: The file.
        genre_names: Table of its genre names, or None.
        weight: How much one of its texts counts in training, a film of the run counting 1.
    """

    name: str
    path: Path
    genre_names: Path | None
    weight: float

    def source(self) -> ExtraSource:
        """The source, ready to be read."""
        made: type[ExtraSource] = chosen_class(REGISTER, self.name) if self.name in SOURCES else OwnTable
        return made(self.path, self.genre_names)


def gather_extra_texts(
    wanted: Sequence[Wanted],
    movies: Iterable[Movie],
    *,
    validation: float,
    test: float,
    seed: int,
    ids: Iterable[str] = (),
) -> tuple[pd.DataFrame, list[str]]:
    """Read all sources, leave out what may be of a film of the run, and split the rest by film.

    Args:
        wanted: The sources.
        movies: All movies of the run: none of the texts that are used may be of one of them.
        validation: Share of the films to stop and to choose thresholds by.
        test: Share of the films that nothing is learnt from.
        seed: Seed of the split.
        ids: The movies' ids elsewhere.

    Returns:
        See `COLUMN_TYPES`; and sentences on what was left out and whose the texts are.
    """
    films = EvaluatedFilms(movies, ids)
    rows: list[dict[str, object]] = []
    notes = []
    for one in wanted:
        source = one.source()
        attribution = source.attribution
        own = [_row(attribution.name, one.weight, text, films) for text in source.read()]
        left = pd.Series([row["reason"] for row in own], dtype=object).value_counts()
        said = "".join(f"; left out, since {reason}: {count:,}" for reason, count in left.items())
        notes.append(
            f"{attribution.name}: {len(own):,} texts ({attribution.origin}; {attribution.licence}){said}."
        )
        rows += own
    table = pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)
    table["part"] = _parts(table, validation=validation, test=test, seed=seed)
    return table, notes


def _row(source: str, weight: float, text: ExtraText, films: EvaluatedFilms) -> dict[str, object]:
    reason = None
    if not text.text:
        reason = "they are empty"
    elif not text.genres:
        reason = "none of their genres is one of the 18"
    elif films.may_hold(text.title, text.year, text.ids):
        reason = "their film may be one of the run's"
    return {
        "movie": f"{source}:{text.id}",
        "source": source,
        "title": text.title,
        "year": text.year,
        "text": text.text,
        **{genre: genre in text.genres for genre in GENRES},
        "weight": weight,
        "part": LEFT_OUT,
        "reason": reason,
    }


def _parts(table: pd.DataFrame, *, validation: float, test: float, seed: int) -> pd.Series:
    """Part of each text; the texts of one title lie in one part."""
    used = table["reason"].isna()
    part = pd.Series(LEFT_OUT, index=table.index)
    if not used.any():
        return part
    group = table.loc[used, "title"].map(spelled_title)
    genres = table.loc[used, list(GENRES)].groupby(group).any()
    share = shares_of_films(genres.to_numpy(dtype=np.intp), (test, validation), seed)
    names = np.array([TEST, VALIDATION, TRAIN])[share]
    part[used] = group.map(dict(zip(genres.index, names, strict=True)))
    return part
