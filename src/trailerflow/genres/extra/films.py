"""The extra texts as a system reads them: by the name of the text that they stand for, titled or with their title masked."""

from __future__ import annotations

import pandas as pd

from trailerflow.film_texts import TITLE
from trailerflow.genre_names import GENRES
from trailerflow.genres.extra.gather import TEST, TRAIN, VALIDATION
from trailerflow.genres.films import ExtraFilms, Films, Reads
from trailerflow.genres.texts import with_year
from trailerflow.movies.masking import masked


def extra_films(table: pd.DataFrame, reads: Reads) -> ExtraFilms:
    """The used extra texts by what they are for.

    Args:
        table: From `trailerflow.genres.extra.gather.gather_extra_texts`.
        reads: What the system reads of a film: an extra text stands in the place of its first text.
    """
    parts = [_films(table[table["part"] == part], reads) for part in (TRAIN, VALIDATION, TEST)]
    return ExtraFilms(*parts)


def _films(rows: pd.DataFrame, reads: Reads) -> Films:
    texts = dict.fromkeys(reads.texts, [""] * len(rows))
    names = [name for name in reads.texts if name != TITLE]
    titles = [with_year(*pair) for pair in zip(rows["title"], rows["year"], strict=True)]
    own = list(rows["text"])
    if TITLE in reads.texts:
        texts[TITLE] = titles
    else:
        own = [masked(text, title) for text, title in zip(own, rows["title"], strict=True)]
    if names:
        texts[names[0]] = own
    return Films(
        movies=list(rows["movie"]),
        texts=texts,
        genres=rows[list(GENRES)].to_numpy(dtype=bool),
        weights=rows["weight"].to_numpy(dtype=float),
        sources=list(rows["source"]),
    )
