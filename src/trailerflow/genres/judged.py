"""What each system says of the films of one part, beside their true genres: what every table of scores is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.decisions import DECISIONS
from trailerflow.genres.extra.gather import TEST
from trailerflow.genres.films import Flags, Floats
from trailerflow.genres.metrics import contract
from trailerflow.genres.metrics.contract import Said
from trailerflow.genres.predictions import ALL, CROSS_VALIDATION, EXTRA, HELD_OUT, as_matrix
from trailerflow.genres.references import references
from trailerflow.genres.split import NO_FOLD
from trailerflow.row_kinds import GLOBAL, OWN, PER_GENRE, REFERENCE, SYSTEM, RowKind

NO_POINT = ""
"""Operating point of a row to compare with."""


@dataclass(frozen=True)
class Judged:
    """What one system says of n movies of one part, and what is true.

    Attributes:
        names: system, family, arm, seed and part, as in the tables of scores.
        movies: Their ids.
        films: Which film each is, shape (n,): the movies of one film are drawn together.
        folds: Fold of each, `NO_FOLD` outside the cross-validation, shape (n,).
        truth: Their genres, shape (n, 18).
        decisions: Operating point to decisions, shape (n, 18): 0 or 1, or the probability of a genre whatever the film.
        scores: The higher, the likelier, the same shape; the probabilities where there are any.
        probabilities: The same shape; None where the system gives none.
        left_out: Films of the part without a prediction; None for a row to compare with.
        row_kind: Whether it is a system of this run, or there to be compared with.
    """

    names: Mapping[str, object]
    movies: Sequence[str]
    films: npt.NDArray[np.object_]
    folds: npt.NDArray[np.int_]
    truth: Flags
    decisions: Mapping[str, Floats]
    scores: Floats
    probabilities: Floats | None = None
    left_out: int | None = None
    row_kind: RowKind = SYSTEM

    @property
    def part(self) -> str:
        """Name of its part."""
        return str(self.names["part"])

    def at(self, rows: npt.NDArray[np.intp]) -> Judged:
        """The same of some of the movies, in the order of ``rows``, which are their places."""
        return replace(
            self,
            movies=[self.movies[place] for place in rows.tolist()],
            films=self.films[rows],
            folds=self.folds[rows],
            truth=self.truth[rows],
            decisions={point: decided[rows] for point, decided in self.decisions.items()},
            scores=self.scores[rows],
            probabilities=None if self.probabilities is None else self.probabilities[rows],
        )

    def read(self, reads: contract.Reads, point: str) -> Said | None:
        """What a metric reads of it at an operating point; None where the system gives none of it."""
        values = {
            contract.DECISIONS: self.decisions.get(point),
            contract.SCORES: self.scores,
            contract.PROBABILITIES: self.probabilities,
        }[reads]
        return None if values is None else Said(self.truth, values, self.folds)


def true_genres(movies: pd.DataFrame, split: pd.DataFrame, extra: pd.DataFrame | None = None) -> pd.DataFrame:
    """The films by which systems are judged.

    Args:
        movies: movie and one bool column per genre; films without any genre are left out.
        split: movie, group, fold and held_out.
        extra: Texts of no film of the run: movie, part and one bool column per genre. Those of part `TEST` are judged by.

    Returns:
        group (which film), part (`CROSS_VALIDATION`, `HELD_OUT`, `EXTRA` or empty), fold and one bool column per genre, by
        movie.
    """
    own = movies[["movie", *GENRES]].merge(split, on="movie", validate="one_to_one")
    own["part"] = np.select(
        [own["held_out"].astype(bool), own["fold"] != NO_FOLD], [HELD_OUT, CROSS_VALIDATION], ""
    )
    tables = [own[["movie", "group", "part", "fold", *GENRES]]]
    if extra is not None:
        test = extra[extra["part"] == TEST]
        tables.append(test[["movie", *GENRES]].assign(group=test["movie"], part=EXTRA, fold=NO_FOLD))
    table = pd.concat(tables, ignore_index=True).set_index("movie")
    table[list(GENRES)] = table[list(GENRES)].astype(bool)
    return table[table[list(GENRES)].any(axis=1)]


def judge(predictions: Iterable[pd.DataFrame], truth: pd.DataFrame) -> list[Judged]:
    """Put the predictions of systems beside the truth, and the rows to compare with behind them.

    A system that learnt from no film (part `ALL`) is judged on all films of the run, and again on the films of each other
    part; where one of these is the whole run, on that one alone. Inner folds are there to learn from, and are not judged.

    Args:
        predictions: Tables of predictions (`trailerflow.genres.predictions.COLUMN_TYPES`).
        truth: From `true_genres`.

    Returns:
        One for each system, arm, seed and part that has a prediction, then the constant, chance and the oracle of each
        part, on the films that at least one system predicted.
    """
    systems = [one for table in predictions for one in _of_table(table, truth)]
    return [*systems, *_to_compare(systems, truth)]


def _of_table(predictions: pd.DataFrame, truth: pd.DataFrame) -> list[Judged]:
    rows = predictions[predictions["part"].isin([ALL, CROSS_VALIDATION, HELD_OUT, EXTRA])]
    rows = rows[rows["movie"].isin(truth.index)]
    found = []
    keys = ["system", "family", "arm", "seed", "part"]
    for values, own in rows.groupby(keys, sort=False, observed=True, dropna=False):
        names = dict(zip(keys, values, strict=True))
        if names["part"] != ALL:
            found.append(_of_part(names, own, truth))
            continue
        part_of = own["movie"].astype(object).map(truth["part"])
        parts = {part: own[part_of == part] for part in (CROSS_VALIDATION, HELD_OUT, EXTRA)}
        of_run = own[part_of != EXTRA]
        if all(len(rows) < len(of_run) for part, rows in parts.items() if part != EXTRA):
            found.append(_of_part(names, of_run, truth))
        found += [_of_part(names | {"part": part}, rows, truth) for part, rows in parts.items()]
    return [one for one in found if one is not None]


def _of_part(names: Mapping[str, object], rows: pd.DataFrame, truth: pd.DataFrame) -> Judged | None:
    """What is said of one part; None where no film of it has a prediction."""
    answered = rows[rows["status"] == "ok"]
    if answered.empty:
        return None
    scores = as_matrix(answered, "score")
    learnt = answered["probability"].notna().any()
    points = dict(zip((GLOBAL, PER_GENRE), DECISIONS, strict=True)) if learnt else {OWN: DECISIONS[1]}
    probabilities = as_matrix(answered, "probability").to_numpy(dtype=float) if learnt else None
    known = truth.loc[scores.index]
    fit = answered.drop_duplicates("movie").set_index("movie")["fold"].reindex(scores.index)
    return Judged(
        names=names,
        movies=list(scores.index),
        films=known["group"].to_numpy(dtype=object),
        folds=fit.fillna(known["fold"]).to_numpy(dtype=np.int_),
        truth=known[list(GENRES)].to_numpy(dtype=bool),
        decisions={
            point: as_matrix(answered, column).to_numpy(dtype=float)
            for point, column in reversed(points.items())
        },
        scores=scores.to_numpy(dtype=float) if probabilities is None else probabilities,
        probabilities=probabilities,
        left_out=(len(rows) - len(answered)) // len(GENRES),
    )


def _to_compare(systems: Sequence[Judged], truth: pd.DataFrame) -> list[Judged]:
    """Constant, chance and oracle for the films of each part."""
    found = []
    for part in dict.fromkeys(one.part for one in systems):
        predicted = {movie for one in systems if one.part == part for movie in one.movies}
        known = truth[truth.index.isin(predicted)]
        same_kind = truth[(truth["part"] == EXTRA) == (part == EXTRA)]
        labels = known[list(GENRES)].to_numpy(dtype=bool)
        for name, said in references(labels, same_kind[list(GENRES)].to_numpy(dtype=bool)).items():
            one = Judged(
                names={"system": name, "family": "", "arm": "", "seed": pd.NA, "part": part},
                movies=list(known.index),
                films=known["group"].to_numpy(dtype=object),
                folds=known["fold"].to_numpy(dtype=np.int_),
                truth=labels,
                decisions={NO_POINT: said.decided},
                scores=said.scores,
                row_kind=REFERENCE,
            )
            found.append(one)
    return found
