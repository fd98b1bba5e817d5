"""What the splits asked, as arrays: the ground of every table of scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.recommendations.metrics.arrays import Flags, Floats, Numbers
from trailerflow.recommendations.metrics.contract import Placed
from trailerflow.recommendations.protocol_metrics import Measure, measures_of
from trailerflow.recommendations.protocols.contract import DRAWN, FIND, Asked, Task
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.ranking_rows import BEST
from trailerflow.recommendations.split_tables import Key, SplitTables, stored_splits
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part

ALL = "all"
"""Set of all users who are asked about; the other is `DRAWN`."""

_SECONDS_OF_YEAR = 365.2425 * 24 * 3600

RANDOM, BY_ID = "random", "by_id"
"""How ratings of one second were put into an order: by recorded seeds, over which figures are means, or by the film's id."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What one protocol asks about the test parts of a split, or about a block: n questions with m held-out films.

    Attributes:
        split: Name of the split.
        protocol: Name of the protocol.
        task: What its rankings are judged by.
        measures: Its metrics of places.
        parts: The folds and tie seeds.
        part: Which of them each question is of, shape (n,).
        user: Whom each question is about, a place in ``users``, shape (n,).
        drawn: Whether the user was drawn for costly rankers, shape (n,).
        candidates: How many films each question is about, shape (n,).
        activity: Ratings that are known of the user, shape (n,).
        gap: Seconds from the last of them to the first held-out one, shape (n,); NaN without any.
        history_popularity: Mean popularity of the films that the user has rated, shape (n,).
        question: Which question each held-out film is of, shape (m,), in ascending order.
        film: Which film it is, a place in ``movies``, shape (m,).
        rating: What the user gave, shape (m,).
        place: Its place among the question's rows of the truth, shape (m,).
        year: The year of the rating, shape (m,).
        users: Ids of the users.
        movies: Ids of the films.
        popularity: Share of the users of each part who have rated each film, shape (parts, films).
        least: The share of a film with one rating, shape (parts,).
        catalogue: How many films are candidates of any question, shape (parts,).
        drawn_lists: Rows of questions and films, shape (2, rows): for each question films drawn by chance, which are what
            chance shows. None where all candidates are of the truth.
    """

    split: str
    protocol: str
    task: Task
    measures: Sequence[Measure]
    parts: Sequence[Key]
    part: Numbers
    user: Numbers
    drawn: Flags
    candidates: Numbers
    activity: Numbers
    gap: Floats
    history_popularity: Floats
    question: Numbers
    film: Numbers
    rating: Floats
    place: Numbers
    year: Numbers
    users: Sequence[str]
    movies: Sequence[str]
    popularity: Floats
    least: Floats
    catalogue: Numbers
    drawn_lists: Numbers | None

    def placed(self, order: Numbers, tied: Numbers, retrieved: Floats) -> Placed:
        """The held-out films with where they stand, each of shape (m,)."""
        return Placed(self.question, self.rating, self.place, order, tied, retrieved, self.candidates)

    def arm(self, ties: str) -> Flags:
        """Which questions are of an arm of ties in time, `RANDOM` or `BY_ID`; shape (n,)."""
        by_id = np.array([key.seed == TIES_BY_ID for key in self.parts])[self.part]
        return by_id if ties == BY_ID else ~by_id

    def audiences(self, among: Flags) -> list[Flags]:
        """The questions of a tie seed together, where none of its users is asked about in two folds, or each fold's apart.

        Args:
            among: The questions that are looked at, shape (n,).

        Returns:
            Each of shape (n,), with a question at least.
        """
        found = []
        for seed in dict.fromkeys(key.seed for key in self.parts):
            of_seed = [number for number, key in enumerate(self.parts) if key.seed == seed]
            own = among & np.isin(self.part, of_seed)
            once = len(np.unique(self.user[own])) == own.sum()
            found += [own] if once else [own & (self.part == number) for number in of_seed]
        return [each for each in found if each.any()]

    @property
    def arms(self) -> list[str]:
        """The arms of ties in time that it has, the random one first."""
        return [ties for ties in (RANDOM, BY_ID) if self.arm(ties).any()]

    @property
    def sets(self) -> list[str]:
        """The sets of users."""
        return [ALL, DRAWN] if self.drawn.any() else [ALL]

    def of_set(self, users_set: str) -> Flags:
        """Which questions are about users of a set, shape (n,)."""
        return self.drawn if users_set == DRAWN else np.ones(len(self.user), dtype=bool)


def judged_splits(tables: Sequence[Path], part: str = TEST) -> Iterator[list[Judged]]:
    """The protocols of every split, a split at a time.

    Args:
        tables: ``<split>/<table>.parquet`` of every split.
        part: Which parts are judged: the test, or a block before it.

    Raises:
        TrailerflowError: A table is missing or damaged.
    """
    for split, stored in stored_splits(tables).items():
        yield _of_split(split, stored, part)


def _of_split(split: str, stored: SplitTables, part_name: str) -> list[Judged]:
    """Each part is read once and left again: together they may be too large for memory."""
    users, movies = _Places(), _Places()
    by_protocol: dict[str, list[_Asked]] = {}
    for key in stored.keys:
        if key.part == part_name:
            part = stored.part(key)
            known = _Known(part, users, movies)
            for asked in part.asked:
                by_protocol.setdefault(asked.protocol, []).append(_Asked(key, part, asked, known))
    return [_joined(split, protocol, found, users, movies) for protocol, found in by_protocol.items()]


class _Places:
    """Places of ids, the same for all parts."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def of(self, values: pd.Series) -> Numbers:
        """The places of a column of categories."""
        categories = [self._places.setdefault(str(each), len(self._places)) for each in values.cat.categories]
        places: Numbers = np.array(categories, dtype=np.int64)[values.cat.codes]
        return places

    @property
    def names(self) -> list[str]:
        return list(self._places)


class _Known:
    """What is known of users and films in a part: the ratings that rankers are fitted on, and those that are told."""

    def __init__(self, part: Part, users: _Places, movies: _Places) -> None:
        ratings = pd.concat([part.train, part.known], ignore_index=True)
        self.users, self.movies = users, movies
        self._user, film = users.of(ratings["user"]), movies.of(ratings["movie"])
        raters = max(len(np.unique(self._user)), 1)
        self.popularity: Floats = np.bincount(film, minlength=len(movies.names)) / raters
        self.least = 1 / raters
        self.activity = np.bincount(self._user, minlength=len(users.names))
        total = np.bincount(self._user, self.popularity[film], len(users.names))
        self.history = np.divide(
            total, self.activity, out=np.full(len(total), np.nan), where=self.activity > 0
        )
        self.last = np.full(len(users.names), np.nan)
        np.fmax.at(self.last, self._user, ratings["timestamp"].to_numpy(float))


class _Asked:
    """The arrays of one part, with questions numbered from 0 on."""

    def __init__(self, key: Key, part: Part, asked: Asked, known: _Known) -> None:
        self.key, self.task, self.known = key, asked.task, known
        self.user = known.users.of(asked.questions["user"])
        drawn = set(asked.users.loc[asked.users["set"] == DRAWN, "user"])
        self.drawn = asked.questions["user"].isin(drawn).to_numpy()
        self.candidates = asked.questions["films"].to_numpy(np.int64)
        self.catalogue = int(asked.candidates["movie"].nunique())
        self.activity = known.activity[self.user]
        self.history = known.history[self.user]
        self._read_truth(asked.truth)
        first = np.full(len(self.user), np.inf)
        np.minimum.at(first, self.question, self.time)
        self.gap = first - known.last[self.user]
        self.lists = _drawn_lists(part, asked, known) if self.task == FIND else None

    def _read_truth(self, truth: pd.DataFrame) -> None:
        number = np.full(len(self.known.users.names), -1)
        number[self.user] = np.arange(len(self.user))
        question = number[self.known.users.of(truth["user"])]
        order = np.argsort(question, kind="stable")
        self.question = question[order]
        self.film = self.known.movies.of(truth["movie"])[order]
        self.rating = truth["rating"].to_numpy(float)[order]
        self.time = truth["timestamp"].to_numpy(float)[order]
        self.place = np.arange(len(order)) - np.searchsorted(self.question, self.question)


def _drawn_lists(part: Part, asked: Asked, known: _Known) -> Numbers:
    """Question and film of lists of `BEST` candidates drawn by chance, shape (2, rows)."""
    ratings = pd.concat([part.train, part.known], ignore_index=True)
    questions = Questions(asked.questions, asked.candidates, ratings)
    films = known.movies.of(pd.Series(pd.Categorical(questions.movies, categories=questions.movies)))
    rng = np.random.default_rng([abs(part.seed), part.fold])
    rows = []
    for question in questions:
        drawn = rng.permutation(question.candidates)[:BEST]
        rows.append(np.stack([np.full(len(drawn), question.number), films[drawn]]))
    return np.concatenate(rows, axis=1) if rows else np.empty((2, 0), dtype=np.int64)


def _joined(split: str, protocol: str, found: Sequence[_Asked], users: _Places, movies: _Places) -> Judged:
    """The parts of a protocol below each other."""
    sizes = [len(one.user) for one in found]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    question = np.concatenate([one.question + start for one, start in zip(found, starts, strict=True)])
    most = int(np.bincount(question).max(initial=1))
    lists = [
        one.lists + np.array([[start], [0]])
        for one, start in zip(found, starts, strict=True)
        if one.lists is not None
    ]

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(one, name) for one in found])

    films = len(movies.names)
    return Judged(
        split=split,
        protocol=protocol,
        task=found[0].task,
        measures=measures_of(protocol, found[0].task, most),
        parts=[one.key for one in found],
        part=np.repeat(np.arange(len(found)), sizes),
        user=joined("user"),
        drawn=joined("drawn"),
        candidates=joined("candidates"),
        activity=joined("activity"),
        gap=joined("gap"),
        history_popularity=joined("history"),
        question=question,
        film=joined("film"),
        rating=joined("rating"),
        place=joined("place"),
        year=1970 + np.floor(joined("time") / _SECONDS_OF_YEAR).astype(np.int64),
        users=users.names,
        movies=movies.names,
        popularity=np.stack([_padded(one.known.popularity, films) for one in found]),
        least=np.array([one.known.least for one in found]),
        catalogue=np.array([one.catalogue for one in found]),
        drawn_lists=np.concatenate(lists, axis=1) if lists else None,
    )


def _padded(values: Floats, length: int) -> Floats:
    return np.pad(values, (0, length - len(values)))


def film_facts(movies: Sequence[str], archive: pd.DataFrame) -> tuple[Floats, Floats]:
    """Genres and years of films.

    Args:
        movies: Ids of the films.
        archive: The films of the archive: movie, year and one bool column per genre.

    Returns:
        Shapes (films, genres) and (films,), the year NaN where it is not known.
    """
    known = archive.drop_duplicates("movie").set_index("movie").reindex(movies)
    genres: Floats = known[list(GENRES)].astype("boolean").fillna(False).to_numpy(dtype=float)
    return genres, known["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
