"""A user's own table of labelled texts."""

from __future__ import annotations

import re

from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.genres.extra.contract import Attribution, ExtraSource, ExtraText

_YEAR = re.compile(r"[0-9]{4}")
_IDS = ("imdb_id", "tmdb_id")


class OwnTable(ExtraSource):
    """CSV with the columns ``title``, ``text`` and ``genres`` and, where wanted, ``year``, ``imdb_id`` and ``tmdb_id``."""

    @property
    def attribution(self) -> Attribution:
        """The user knows the licence."""
        return Attribution(self.path.name, "the user's own", "a table of the user")

    def read(self) -> list[ExtraText]:
        """All texts with their genres; rows are counted as a spreadsheet does."""
        mapping = self.mapping()
        texts = []
        for row, cells in csv_rows(self.path, ("title", "text", "genres")):
            year = cells.get("year", "")
            if year and not _YEAR.fullmatch(year):
                raise TrailerflowError(
                    f"{self.path}, row {row}: the year is {year!r}; write four digits, or nothing."
                )
            if not cells["title"] or not cells["text"]:
                raise TrailerflowError(
                    f"{self.path}, row {row}: the title or the text is missing; correct the row or remove it."
                )
            names = [part.strip() for part in cells["genres"].split("|") if part.strip()]
            texts.append(
                ExtraText(
                    id=str(row),
                    title=cells["title"],
                    year=int(year) if year else None,
                    text=" ".join(cells["text"].split()),
                    genres=self.our_genres(names, mapping),
                    ids=frozenset(f"{name} {cells[name]}" for name in _IDS if cells.get(name)),
                )
            )
        if not texts:
            raise TrailerflowError(
                f"{self.path} has no row; add texts, or take it out of genres.extra_texts."
            )
        return texts
