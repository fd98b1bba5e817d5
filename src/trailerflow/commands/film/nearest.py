"""The films nearest to a film: by their texts, and by who has rated them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from trailerflow.commands.film.genres import documents_with
from trailerflow.commands.film.known import Known
from trailerflow.commands.film.layout import Part, table_lines
from trailerflow.embedding import TextVectors
from trailerflow.film_texts import Text
from trailerflow.genres.configured import DEFAULT_EMBEDDER, ConfiguredSystem, configured_systems
from trailerflow.genres.text_rows import Reading, text_rows
from trailerflow.genres.training import Readings, gather_films, reads_of
from trailerflow.movies.titles import display_title
from trailerflow.recommendations.film_texts_table import film_texts, vectors_of_texts
from trailerflow.recommendations.recommending.recommender import ARCHIVE, RATINGS
from trailerflow.register import BY_NAME
from trailerflow.tables import read_table

if TYPE_CHECKING:
    from trailerflow.recommendations.rankers.contract import Floats

SHOWN = 5
LEAST_TOGETHER = 3
"""Fewest people who rated both films, for two films to be near by their audience."""

VECTORS = Path("results/gather_film_texts/vectors.parquet")


def film_vectors(known: Known) -> pd.DataFrame | None:
    """The vectors of the films' texts that rankers read, and that of this film.

    The film's is made now where the table was written before the film came.

    Returns:
        movie and vector; None where the table is not there yet.
    """
    if not VECTORS.is_file():
        return None
    table = read_table(VECTORS)
    names = known.config["recommendations"]["texts"]
    if known.movie.id in set(table["movie"].astype(str)) or not names:
        return table
    documents = [path for name in names for path in documents_with(Text.from_name(name), known)]
    own = film_texts(pd.Series([known.movie.id]), documents, names)
    if own.empty:
        return table
    vectors = TextVectors(DEFAULT_EMBEDDER, Path(known.config["models"]["folder"]))
    return pd.concat([table, vectors_of_texts(own, vectors)], ignore_index=True)


def text_part(known: Known, ranked: pd.DataFrame | None) -> Part:
    """The films whose texts are nearest, by the cosine of the texts' vectors less their mean.

    Args:
        known: The film.
        ranked: From `film_vectors`; where rankers read no texts, those of the first system of genres that embeds any count.
    """
    names = known.config["recommendations"]["texts"]
    missing = VECTORS
    if not names:
        entries = configured_systems(known.config["genres"]).values()
        entry = next((entry for entry in entries if entry.embedders), None)
        if entry is None:
            reason = "recommendations.texts names no texts, and no system of genres embeds any."
            return Part("Nearest films by text", [f"None: {reason}"])
        names = list(reads_of(entry).texts)
        missing = Path(BY_NAME["embed_texts"].output.format(embedder=entry.embedders[0]))
        movies = known.run_movies()
        ranked = None
        if missing.is_file() and movies is not None:
            ranked = _embedded(known, entry, movies, missing)
    title, compared = "Nearest films by text", f"Compared: {', '.join(names)}"
    if ranked is None:
        return Part(title, [known.not_made(missing)])
    ids = ranked["movie"].astype(str)
    if known.movie.id not in set(ids):
        return Part(title, [compared, "None: the film has no such text."])
    if len(ids) == 1:
        return Part(title, [compared, "None: no other film has such a text."])
    place = int(np.argmax(ids == known.movie.id))
    cosines = _cosines(np.stack(ranked["vector"].to_numpy()).astype(float), place)
    near = pd.Series(cosines, index=ids).drop(known.movie.id).nlargest(SHOWN)
    titles = titles_of(known)
    rows = [(titles.get(str(movie), str(movie)), f"cosine {cosine:.2f}") for movie, cosine in near.items()]
    return Part(title, [compared, *table_lines(rows)])


def _embedded(known: Known, entry: ConfiguredSystem, movies: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The vectors of the films' texts as a system of genres reads them: movie and vector."""
    texts = [Text.from_name(name) for name in entry.texts]
    documents = [
        document
        for text in texts
        for document in sorted(Path("results", text.rule, text.model, text.prompt).glob("*.json"))
    ]
    films = gather_films(entry, Readings(movies, movies, documents))[0].films
    rows = text_rows(films, Reading(reads_of(entry).texts, entry.own_settings.get("apart", False)))
    if not rows.texts:
        return pd.DataFrame({"movie": [], "vector": []})
    vectors = TextVectors(entry.embedders[0], Path(known.config["models"]["folder"]), path)
    found = rows.means(vectors.pooled(rows.texts, entry.own_settings.get("window")).astype(float), len(films))
    return pd.DataFrame({"movie": list(films.movies), "vector": list(found)})


def _cosines(vectors: Floats, place: int) -> Floats:
    """Cosines of all vectors with one of them, less their mean, since all texts are of films."""
    centred = vectors - vectors.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=1)
    rows: Floats = centred / np.where(lengths > 0, lengths, 1.0)[:, None]
    found: Floats = rows @ rows[place]
    return found


def audience_part(known: Known) -> Part:
    """The films that the same people have rated: both, by the root of the product of their numbers of ratings."""
    title = "Nearest films by audience"
    if known.config["catalogue"]["archive"] is None:
        return Part(title, ["There is no archive of ratings: catalogue.archive is null."])
    if not RATINGS.is_file():
        return Part(title, [known.not_made(RATINGS)])
    ratings = read_table(RATINGS, ["user", "movie"])
    near = nearest_by_audience(ratings, known.movie.id)
    if near is None:
        return Part(title, ["None: nobody in the archive has rated this film."])
    if near.empty:
        return Part(
            title, [f"None: no other film was rated by {LEAST_TOGETHER} of those who rated this one."]
        )
    titles = titles_of(known)
    rows = [
        (titles.get(row.movie, row.movie), f"cosine {row.cosine:.2f}", f"{row.together} people rated both")
        for row in near.itertuples()
    ]
    return Part(title, table_lines(rows))


def nearest_by_audience(ratings: pd.DataFrame, movie: str) -> pd.DataFrame | None:
    """The films nearest to a film by who rated them.

    The cosine of two films' columns of who rated them: Sarwar et al., Item-based collaborative filtering recommendation
    algorithms, WWW 2001, section 3.1.1, with 1 for a rating.

    Args:
        ratings: user and movie, each pair once.
        movie: Id of the film.

    Returns:
        movie, cosine and together, the nearest first; None where nobody has rated the film.
    """
    raters = ratings.loc[ratings["movie"] == movie, "user"]
    if raters.empty:
        return None
    together = ratings.loc[ratings["user"].isin(raters), "movie"].value_counts().drop(movie)
    together = together[together >= LEAST_TOGETHER].sort_index()
    rated = ratings["movie"].value_counts().reindex(together.index)
    table = pd.DataFrame(
        {
            "movie": together.index,
            "cosine": (together / np.sqrt(len(raters) * rated)).to_numpy(),
            "together": together.to_numpy(),
        }
    )
    return table.sort_values("cosine", ascending=False, kind="stable", ignore_index=True).head(SHOWN)


def titles_of(known: Known) -> dict[str, str]:
    """Titles with years, as people say them, of the archive's films and of this run's."""
    movies = [read_table(path, ["movie", "title", "year"]) for path in _TITLED if path.is_file()]
    rows = [row for table in movies for row in table.itertuples()]
    return {
        str(row.movie): display_title(str(row.title)) + ("" if pd.isna(row.year) else f" ({row.year})")
        for row in rows
    }


_TITLED = (ARCHIVE, Path(BY_NAME["select_movies"].output))
