"""The split ``own_split``: a user's file says which ratings train and which are the test."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.outside import clean_text
from trailerflow.recommendations.protocols.contract import Protocol, Settings, asked_at_the_end
from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.protocols.listed import Listed
from trailerflow.recommendations.protocols.order import Order
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part, Split

PARTS = ("train", "test", "candidate")

MOST_BYTES = 300_000_000
"""Largest file that is read; ten million rows have less."""


class OwnSplit(Split):
    """A CSV with the columns user, movie and part: ``train``, ``test``, or ``candidate`` for a film that is shown beside.

    The ratings themselves are the archive's. Ratings that the file does not name are not used.
    """

    name = "own_split"
    source = "the user's own file"
    protocols: tuple[Protocol, ...] = (Order(), Full())
    defaults: ClassVar[Mapping[str, Any]] = {"file": ""}

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings, once it is known that they name a file."""
        checked = super().checked(settings)
        if not checked["file"]:
            raise TrailerflowError(
                "The split own_split needs its setting file: a CSV with user, movie and part."
            )
        return checked

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """One part: the test films are put into an order, and sought among the candidates, or else in the catalogue.

        Raises:
            TrailerflowError: The file is faulty, or names a rating that the archive does not have.
        """
        path = Path(self.settings["file"])
        rows = read_parts(path, ratings)
        rated = ratings.merge(rows.drop(columns="row"), on=["user", "movie"], how="left")
        train, held_out = (
            rated[rated["part"] == part][ratings.columns].reset_index(drop=True) for part in PARTS[:2]
        )
        shown = rows[rows["part"] != "train"][["user", "movie"]]
        order, seek = self.protocols
        if (rows["part"] == "candidate").any():
            seek = Listed(shown)
        asked = tuple(
            asked_at_the_end(protocol.ask(train, held_out, common), train) for protocol in (order, seek)
        )
        unused = int(rated["part"].isna().sum())
        notes = (
            f"{path.name}: {len(train)} ratings train, {len(held_out)} of {held_out['user'].nunique()} users are the test.",
            *([f"Not used, since {path.name} does not name them: {unused} ratings."] if unused else []),
        )
        nothing = train.head(0)
        yield Part(TEST, 0, TIES_BY_ID, train, validation=nothing, known=nothing, asked=asked, notes=notes)


def read_parts(path: Path, ratings: pd.DataFrame) -> pd.DataFrame:
    """Read a user's file of parts.

    Args:
        path: CSV with the columns user, movie and part.
        ratings: user, movie, with ids as categories.

    Returns:
        user (category), movie (category), part (str), row (int: its row in the file).

    Raises:
        TrailerflowError: The file is missing or too large, or a row is faulty: the first one is named.
    """
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise TrailerflowError(f"{path} is larger than {MOST_BYTES:,} bytes; take some of the users.")
    cells = [
        (sys.intern(cell["user"]), sys.intern(cell["movie"]), sys.intern(cell["part"]), row)
        for row, cell in csv_rows(path, ("user", "movie", "part"))
    ]
    rows = pd.DataFrame(cells, columns=["user", "movie", "part", "row"])
    known = pd.MultiIndex.from_frame(ratings[["user", "movie"]].astype(str))
    rated = pd.MultiIndex.from_frame(rows[["user", "movie"]]).isin(known)
    needs_rating = rows["part"].isin(PARTS[:2])
    for faulty, why in (
        (~rows["part"].isin(PARTS), f"the part is none of {', '.join(PARTS)}"),
        (rows.duplicated(["user", "movie"]), "user and film stand in an earlier row, too"),
        (
            needs_rating & ~rated,
            "the archive has no rating of this film by this user, or lists the film under another id",
        ),
        (~needs_rating & rated, "a candidate is a film that the user has not rated"),
        (~rows["movie"].isin(ratings["movie"].cat.categories), "the archive does not have this film"),
    ):
        if faulty.any():
            first = rows[faulty].iloc[0]
            raise TrailerflowError(
                f"{path}, row {first['row']}: {why} (user {clean_text(first['user'])[:40]}, film "
                f"{clean_text(first['movie'])[:40]}); correct it. {int(faulty.sum())} rows are so."
            )
    if not (rows["part"] == "test").any():
        raise TrailerflowError(f"{path} has no row with the part test, so nobody is asked about; add some.")
    return rows.astype({name: ratings[name].dtype for name in ("user", "movie")})
