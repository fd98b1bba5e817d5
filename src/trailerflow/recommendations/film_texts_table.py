"""The texts of this run's films, and their vectors, as tables for rankers that know films by their content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from trailerflow.embedding import TextVectors
from trailerflow.film_texts import Text
from trailerflow.movies.titles import display_title
from trailerflow.outcome_tables import data_of_outcomes


def film_texts(movies: pd.Series, documents: Sequence[Path], names: Sequence[str]) -> pd.DataFrame:
    """The texts of each film, joined in the order of their names; films without any text are left out.

    Args:
        movies: Ids of the films of this run.
        documents: Outcome documents with the texts.
        names: Names of the texts (`trailerflow.film_texts`).

    Returns:
        movie, text.

    Raises:
        TrailerflowError: A document is missing or damaged.
    """
    parts: dict[str, list[str]] = {movie: [] for movie in movies.astype(str)}
    for text in map(Text.from_name, names):
        found = data_of_outcomes([path for path in documents if text.holds(path)], [text.column])
        for movie, status, words in found[["movie", "status", text.column]].itertuples(index=False):
            if status == "ok" and movie in parts:
                parts[movie].append(words)
    rows = [(movie, " ".join(own)) for movie, own in parts.items() if own]
    return pd.DataFrame(rows, columns=["movie", "text"], dtype=str)


def titles(archive: pd.DataFrame) -> pd.DataFrame:
    """The titles of films as people say them.

    Args:
        archive: movie, title.

    Returns:
        movie, text.
    """
    said = archive["title"].map(display_title).astype(str)
    return pd.DataFrame({"movie": archive["movie"].astype(str), "text": said})


def vectors_of_texts(texts: pd.DataFrame, vectors: TextVectors | None) -> pd.DataFrame:
    """The vector of each film's text.

    Args:
        texts: movie, text.
        vectors: Makes them; None where there is no text.

    Returns:
        movie, vector (a list of numbers, as long in every row).
    """
    rows = list(vectors.of(texts["text"].tolist())) if vectors and len(texts) else []
    return pd.DataFrame({"movie": texts["movie"], "vector": pd.Series(rows, dtype=object)})
