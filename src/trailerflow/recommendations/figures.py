"""The figures of one ranker, question by question, and their means over folds and tie seeds, user by user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from trailerflow.recommendations.answers import Answers
from trailerflow.recommendations.judged import Judged
from trailerflow.recommendations.metrics.arrays import Flags, Floats
from trailerflow.recommendations.metrics.contract import Shown
from trailerflow.recommendations.protocol_metrics import (
    CATALOGUE_METRICS,
    SHOWN,
    SHOWN_METRICS,
    compared_measures,
)
from trailerflow.recommendations.protocols.contract import FIND
from trailerflow.row_kinds import RowKind

Key = tuple[str, int | None]
"""Name of a metric and its cut-off."""


@dataclass(frozen=True, eq=False)
class Figures:
    """What one ranker is worth in a protocol of n questions.

    Attributes:
        ranker: Its name.
        row_kind: Whether it is a ranker of this run or there to be compared with.
        asked: About which questions it was asked, shape (n,).
        lacking: Where a held-out film has no score, shape (n,).
        values: Figures by question, shape (n, keys); NaN where one is not defined. The keys are `keys_of`. They say
            nothing where the ranker was not asked or a score is lacking.
        of_ages: The last compared measure of the held-out films of one age alone, by the number of the age: shape (n,).
        of_all: Figures of all that is shown, by metric, set of users and arm of ties.
    """

    ranker: str
    row_kind: RowKind
    asked: Flags
    lacking: Flags
    values: Floats
    of_ages: Mapping[int, Floats]
    of_all: Mapping[tuple[str, str, str], float]


def keys_of(judged: Judged) -> list[Key]:
    """Name and cut-off of each figure that a question has."""
    shown = [(metric.name, SHOWN) for metric in SHOWN_METRICS] if judged.task == FIND else []
    return [*(each.key for each in judged.measures), *shown]


def figures_of(
    ranker: str, row_kind: RowKind, answers: Answers, judged: Judged, genres: Floats, ages: np.ndarray
) -> Figures:
    """Compute every metric of a protocol.

    Args:
        ranker: Name of the ranker.
        row_kind: What it is.
        answers: What it answered.
        judged: The protocol.
        genres: Genres of the films, shape (films, genres).
        ages: Number of the age of each held-out film, shape (m,), -1 where it is not known.
    """
    placed = answers.placed
    columns = [each.figures(placed) for each in judged.measures]
    of_all: dict[tuple[str, str, str], float] = {}
    if judged.task == FIND:
        parts = [_shown(answers, judged, genres, judged.part == part) for part in range(len(judged.parts))]
        for metric in SHOWN_METRICS:
            columns.append(np.concatenate([metric.figures(shown, SHOWN) for shown in parts]))
        of_all = _of_all(answers, judged, genres)
    last = compared_measures(judged.task, judged.measures)[-1]
    of_ages = {int(age): last.figures(placed.only(ages == age)) for age in np.unique(ages[ages >= 0])}
    values = np.stack(columns, axis=1)
    return Figures(ranker, row_kind, answers.asked, answers.lacking, values, of_ages, of_all)


def _shown(answers: Answers, judged: Judged, genres: Floats, questions: Flags) -> Shown:
    """What is shown in answer to some questions of one part, or of several whose users differ."""
    numbers = np.flatnonzero(questions)
    rows = np.flatnonzero(questions[answers.question])
    part = judged.part[numbers[0]]
    return Shown(
        question=np.searchsorted(numbers, answers.question[rows]),
        film=answers.film[rows],
        order=answers.order[rows],
        tied=answers.tied[rows],
        questions=len(numbers),
        popularity=judged.popularity[part],
        least=float(judged.least[part]),
        genres=genres,
        history_popularity=judged.history_popularity[numbers],
        catalogue=int(judged.catalogue[np.unique(judged.part[numbers])].max()),
    )


def _of_all(answers: Answers, judged: Judged, genres: Floats) -> dict[tuple[str, str, str], float]:
    """The figures of all that is shown: the means over tie seeds, and over folds that ask about the same users."""
    found = {}
    for users_set, ties in product(judged.sets, judged.arms):
        questions = judged.of_set(users_set) & judged.arm(ties) & answers.asked
        shown = [_shown(answers, judged, genres, each) for each in judged.audiences(questions)]
        for metric in CATALOGUE_METRICS:
            figures = [metric.figure(one, SHOWN) for one in shown if len(one.film)]
            found[metric.name, users_set, ties] = float(np.mean(figures)) if figures else np.nan
    return found


def means_of_users(values: Floats, defined: Flags, lacking: Flags, judged: Judged, among: Flags) -> Floats:
    """Each user's mean over folds and tie seeds.

    Args:
        values: Figures by question, shape (n, keys).
        defined: Whether a figure can be had, which it can where chance has one, shape (n, keys).
        lacking: Where a ranker's scores are missing, shape (n,).
        judged: The protocol.
        among: The questions that count, shape (n,).

    Returns:
        Shape (users, keys). NaN for a user without any figure, and for one whose scores are missing in any question that
        has a figure by chance.
    """
    rows = np.flatnonzero(among)
    user, users = judged.user[rows], len(judged.users)
    found = np.empty((users, values.shape[1]))
    for column, (own, possible) in enumerate(zip(values[rows].T, defined[rows].T, strict=True)):
        kept = ~np.isnan(own)
        total = np.bincount(user[kept], own[kept], users)
        count = np.bincount(user[kept], minlength=users)
        without = np.bincount(user, lacking[rows] & possible, users) > 0
        found[:, column] = np.divide(total, count, out=np.full(users, np.nan), where=(count > 0) & ~without)
    return found
