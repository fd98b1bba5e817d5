"""The split ``report``: the 15 films that a user rated best are the history, the five worst are to be put into an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256
from trailerflow.outside import OutsideError, clean_text, parse_json
from trailerflow.own_settings import Limit
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.protocols.true_order import Report as ReportProtocol
from trailerflow.recommendations.splits.coding import in_order
from trailerflow.recommendations.splits.contract import TEST, Part, Split

HISTORY = 15
CANDIDATES = 5

MOST_BYTES = 50_000_000
"""Largest file of candidate sets; that of 943 users has 110,000 bytes."""

SETS = {"hist": HISTORY, "cand": CANDIDATES}
"""Keys of a file of candidate sets, and how many films each user has there."""


class Report(Split):
    """Which of a user's ratings are best and worst hangs on the order of equal ones; no plain sort gives all of its sets.

    The sets come from a file, or else from a stable sort of each user's ratings in the archive's order.
    """

    name = "report"
    source = "the student report that this project rebuilds: GitHub, its recommendation notebook"
    as_released = True
    protocols = (ReportProtocol(),)
    defaults: ClassVar[Mapping[str, Any]] = {"file": "", "training": "all"}
    limits: ClassVar[Mapping[str, Limit]] = {"training": ("all", "history")}

    def split(self, ratings: pd.DataFrame, movies: pd.DataFrame, common: Settings) -> Iterator[Part]:
        """One part; rankers train on all other ratings, or on the 15 of each user alone."""
        if self.settings["file"]:
            path = Path(self.settings["file"])
            best, worst = read_sets(path, ratings)
            note = f"The candidate sets are those of {path.name}, sha256 {file_sha256(path)}."
        else:
            best, worst = stable_sets(ratings)
            note = (
                "No file of candidate sets: the sets are the ends of each user's ratings, sorted by rating in the archive's "
                "order. On MovieLens-100K that gives 305 of the report's 943 sets; the setting file names them."
            )
        held_out = ratings.loc[worst].reset_index(drop=True)
        known = ratings.loc[best] if self.settings["training"] == "history" else ratings.drop(index=worst)
        train = in_order(known)
        asked = tuple(protocol.ask(train, held_out, common) for protocol in self.protocols)
        users = ratings["user"].nunique()
        counted = (
            f"Users with {HISTORY + CANDIDATES} ratings or more: {held_out['user'].nunique()} of {users}."
        )
        nothing = train.head(0)
        yield Part(TEST, 0, 0, train, validation=nothing, known=nothing, asked=asked, notes=(counted, note))


def stable_sets(ratings: pd.DataFrame) -> tuple[pd.Index, pd.Index]:
    """The first 15 and the last five of each user's ratings, sorted from the best to the worst.

    Args:
        ratings: user, movie, rating, in the archive's order.

    Returns:
        Labels of the rows of the 15 and of the five, user by user and the best first. Users with fewer than 20 have none.
    """
    order = np.lexsort((-ratings["rating"].to_numpy(), ratings["user"].cat.codes.to_numpy()))
    by_rating = ratings.iloc[order]
    by_user = by_rating.groupby("user", observed=True)["movie"]
    enough = by_user.transform("size") >= HISTORY + CANDIDATES
    best = enough & (by_user.cumcount() < HISTORY)
    worst = enough & (by_user.cumcount(ascending=False) < CANDIDATES)
    return by_rating.index[best], by_rating.index[worst]


def read_sets(path: Path, ratings: pd.DataFrame) -> tuple[pd.Index, pd.Index]:
    """The sets of a file.

    Args:
        path: JSON with two keys: ``hist`` has 15 films of each user and ``cand`` five in their true order, by user ids.
        ratings: user, movie, rating, with ids as categories.

    Returns:
        As in `stable_sets`.

    Raises:
        TrailerflowError: The file is missing, too large or of another form, or a user has not rated a film of the sets.
    """
    document = _document(path)
    row_of = pd.Series(ratings.index, index=pd.MultiIndex.from_frame(ratings[["user", "movie"]].astype(str)))
    found = []
    for key, films in SETS.items():
        pairs = [(str(user), str(film)) for user, own in document[key].items() for film in own]
        rows = row_of.reindex(pairs)
        if rows.isna().any():
            user, film = pairs[int(rows.isna().to_numpy().argmax())]
            raise TrailerflowError(
                f"{path}: {key} has the film {clean_text(film)[:40]} of user {clean_text(user)[:40]}, which the archive "
                "has no rating of; give the sets of this archive."
            )
        if rows.duplicated().any() or any(len(own) != films for own in document[key].values()):
            raise TrailerflowError(
                f"{path}: {key} must have {films} films of each user, each once; correct it."
            )
        found.append(pd.Index(rows.astype(np.int64)))
    best, worst = found
    both = best.intersection(worst)
    if len(both):
        twice = ratings.loc[both[0]]
        raise TrailerflowError(
            f"{path}: the film {twice['movie']} of user {twice['user']} stands in hist and in cand; remove it from one."
        )
    return best, worst


def _document(path: Path) -> dict[str, dict[str, list[Any]]]:
    """The JSON of a file of sets, of the right form."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise OutsideError(f"it is larger than {MOST_BYTES:,} bytes")
        document = parse_json(path.read_bytes())
    except (OSError, OutsideError) as error:
        raise TrailerflowError(f"{path}, the file of candidate sets, cannot be read: {error}.") from None
    of_form = isinstance(document, dict) and all(
        isinstance(document.get(key), dict) and all(isinstance(own, list) for own in document[key].values())
        for key in SETS
    )
    if not of_form or document["hist"].keys() != document["cand"].keys():
        raise TrailerflowError(
            f"{path} must hold hist and cand, each with a list of films for the same users; correct it."
        )
    return dict(document)
