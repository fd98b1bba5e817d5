"""Films in the words of a prompt, by the settings: with or without title, genres and text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.movies.masking import masked
from trailerflow.movies.titles import display_title
from trailerflow.recommendations.rankers.contract import Side
from trailerflow.recommendations.rankers.llm.settings import NONE, PREDICTED, SUMMARY, SYNOPSIS

UNTOLD = "a film of which nothing is told"


class Films:
    """The words for films, by their ids.

    Args:
        side: The tables of `trailerflow.recommendations.rankers.llm.settings.side_tables`.
        settings: With all defaults.
    """

    def __init__(self, side: Side, settings: Mapping[str, Any]) -> None:
        self._titled: bool = settings["titled"]
        both = known_films(side)
        self._titles = dict(zip(both["movie"], both["title"], strict=True))
        self._years = dict(zip(both["movie"], both["year"], strict=True))
        self._genres = _genres_of(side, both, settings["genres"])
        self._texts = _texts_of(side, settings["text"])

    def told(self, movie: str) -> str:
        """A film that is asked about: its title, genres and text in a line."""
        return self._line(movie, text=True)

    def told_of_history(self, movie: str) -> str:
        """A film of a history: its title and genres; where titles are not told its text stands for it."""
        return self._line(movie, text=not self._titled)

    def _line(self, movie: str, *, text: bool) -> str:
        title = [self._dated_title(movie)] if self._titled else []
        head = ", ".join([*title, *filter(None, [self._genres.get(movie)])])
        return ". ".join(filter(None, [head, self._text(movie) if text else ""])) or UNTOLD

    def _dated_title(self, movie: str) -> str:
        title, year = display_title(self._titles[movie]), self._years[movie]
        return title if pd.isna(year) else f"{title} ({year})"

    def _text(self, movie: str) -> str:
        """The text in one line, without the film's title where titles are not told."""
        text = " ".join(self._texts.get(movie, "").split())
        return text if self._titled else masked(text, self._titles[movie])


def known_films(side: Side) -> pd.DataFrame:
    """Every film once; what this run says of it goes before what the archive says."""
    return pd.concat([side["movies"], side["archive"]], ignore_index=True).drop_duplicates("movie")


def _genres_of(side: Side, films: pd.DataFrame, genres: str) -> dict[str, str]:
    """Names of the genres of each film."""
    if genres == NONE:
        return {}
    table = side["predicted_genres"] if genres == PREDICTED else films
    flags = table[list(GENRES)].fillna(False).to_numpy(dtype=bool)
    return {
        movie: ", ".join(genre for genre, on in zip(GENRES, row, strict=True) if on)
        for movie, row in zip(table["movie"], flags, strict=True)
    }


def _texts_of(side: Side, text: str) -> dict[str, str]:
    """The text of each film that has one."""
    if text == NONE:
        return {}
    table, column = {SUMMARY: ("summaries", "summary"), SYNOPSIS: ("synopses", "text")}[text]
    written = side[table][side[table]["status"] == "ok"]
    return dict(zip(written["movie"], written[column], strict=True))
