"""What one ranker answered, put beside the questions: where the held-out films stand, and what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.recommendations.judged import Judged
from trailerflow.recommendations.metrics.arrays import Flags, Numbers
from trailerflow.recommendations.metrics.contract import Placed
from trailerflow.recommendations.protocol_metrics import SHOWN
from trailerflow.recommendations.questions import codes_of
from trailerflow.recommendations.splits.contract import TEST
from trailerflow.tables import read_rows

_COLUMNS = ["fold", "seed", "user", "movie", "score", "order", "tied", "retrieved"]


@dataclass(frozen=True, eq=False)
class Answers:
    """What a ranker made of the n questions of a protocol.

    Attributes:
        asked: About which questions it was asked, shape (n,).
        lacking: Where a held-out film was a candidate and has no score, shape (n,).
        placed: Where the held-out films stand.
        question: Which question each of the rows is of that are shown, as far as metrics look, shape (rows,).
        film: Their films.
        order: Their places, as in `Placed`.
        tied: Their ties.
    """

    asked: Flags
    lacking: Flags
    placed: Placed
    question: Numbers
    film: Numbers
    order: Numbers
    tied: Numbers


def read_answers(path: Path, judged: Judged) -> Answers | None:
    """What a ranker's table answers to a protocol; None where the ranker was not asked.

    Args:
        path: Table of ``rank_films``.
        judged: The protocol.

    Raises:
        TrailerflowError: The table is missing or damaged.
    """
    rows = read_rows(path, columns=_COLUMNS, part=TEST, protocol=judged.protocol)
    return answers_of(rows, judged) if len(rows) else None


def answers_of(rows: pd.DataFrame, judged: Judged) -> Answers:
    """Put a ranker's rows beside the questions.

    Args:
        rows: fold, seed, user, movie, score, order, tied, retrieved, of one protocol and its test parts.
        judged: The protocol.
    """
    question, film = _question_of(rows, judged), _codes(rows["movie"], judged.movies)
    known = np.flatnonzero((question >= 0) & (film >= 0))
    rows, question, film = rows.iloc[known], question[known], film[known]
    order = rows["order"].to_numpy(np.int64, na_value=0)
    tied = rows["tied"].to_numpy(np.int64, na_value=0)
    retrieved = rows["retrieved"].to_numpy(bool)
    row = _rows_of_truth(question, film, judged)
    # A film that was no candidate has the row -1, the 0 that is put behind the others.
    placed = judged.placed(*(np.append(each, 0)[row] for each in (order, tied, retrieved.astype(float))))
    lacking = np.zeros(len(judged.user), dtype=bool)
    lacking[judged.question[(row >= 0) & (placed.order == 0)]] = True
    shown = retrieved & (order > 0) & (order <= SHOWN)
    return Answers(
        asked=np.bincount(question, minlength=len(judged.user)) > 0,
        lacking=lacking,
        placed=placed,
        question=question[shown],
        film=film[shown],
        order=order[shown],
        tied=tied[shown],
    )


def _question_of(rows: pd.DataFrame, judged: Judged) -> Numbers:
    """Number of the question that each row is of, -1 for none."""
    numbers = np.full((len(judged.parts) + 1, len(judged.users) + 1), -1)
    numbers[judged.part, judged.user] = np.arange(len(judged.user))
    places = pd.MultiIndex.from_tuples([key[1:] for key in judged.parts])
    part = places.get_indexer(pd.MultiIndex.from_frame(rows[["fold", "seed"]]))
    found: Numbers = numbers[part, _codes(rows["user"], judged.users)]
    return found


def _codes(values: pd.Series, names: Sequence[str]) -> Numbers:
    codes: Numbers = codes_of(values, pd.Index(names)).astype(np.int64)
    return codes


def _rows_of_truth(question: Numbers, film: Numbers, judged: Judged) -> Numbers:
    """The ranker's row of each held-out film, -1 for one that was no candidate; shape (m,)."""
    films = len(judged.movies)
    own, wanted = question * films + film, judged.question * films + judged.film
    if not own.size:
        return np.full(len(wanted), -1)
    by_key = np.argsort(own, kind="stable")
    place = np.minimum(np.searchsorted(own[by_key], wanted), len(own) - 1)
    row = by_key[place]
    found: Numbers = np.where(own[row] == wanted, row, -1)
    return found
