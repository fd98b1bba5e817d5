"""What is told of films beside their scores: title, and source, length and beginning of the text that was read."""

from __future__ import annotations

import pandas as pd

BEGINNING = 40
"""Words of a text that are shown of it."""

NO_TEXT = "none"
"""Source of a film without a text."""

_COLUMNS = ["title", "year", "source", "words", "beginning"]
_SYNOPSIS = "synopsis"


class DescribedFilms:
    """Films of a run and extra texts, by the text that a system reads of them.

    Args:
        movies: movie, title and year.
        transcripts: movie, status, text, words and origin; sources are the origins.
        synopses: movie, status, text and words; the source is ``synopsis``.
        extra: Extra texts: movie, title, year, source and text.
    """

    def __init__(
        self,
        movies: pd.DataFrame,
        transcripts: pd.DataFrame,
        synopses: pd.DataFrame,
        extra: pd.DataFrame | None = None,
    ) -> None:
        others = pd.DataFrame(columns=["movie", *_COLUMNS])
        if extra is not None:
            words = extra["text"].str.split().str.len()
            others = extra.assign(words=words, beginning=extra["text"].map(_beginning))
        self._of_transcripts = _described(movies, transcripts.rename(columns={"origin": "source"}), others)
        self._of_synopses = _described(movies, synopses.assign(source=_SYNOPSIS), others)

    def read_in(self, arm: str) -> pd.DataFrame:
        """The films as an arm reads them.

        Args:
            arm: Names of texts, as in the tables of scores. An arm whose first text is the synopsis reads the synopses; all
                others are described by the transcripts, which summaries are made from.

        Returns:
            title, year, source (`NO_TEXT` for a film without the text), words (missing there) and beginning, by movie.
        """
        return self._of_synopses if arm.startswith(_SYNOPSIS) else self._of_transcripts


def _described(movies: pd.DataFrame, texts: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    found = texts[texts["status"] == "ok"]
    own = movies[["movie", "title", "year"]].merge(
        found.assign(beginning=found["text"].map(_beginning))[["movie", "source", "words", "beginning"]],
        on="movie",
        how="left",
    )
    whole = pd.concat(
        [each[["movie", *_COLUMNS]].astype(object) for each in (own, others)], ignore_index=True
    )
    table = whole.set_index("movie").astype({"year": "Int64", "words": "Int64"})
    return table.fillna({"title": "", "source": NO_TEXT, "beginning": ""})


def _beginning(text: str) -> str:
    """The first words of a text."""
    words = text.split()
    return " ".join(words[:BEGINNING]) + " …" * (len(words) > BEGINNING)
