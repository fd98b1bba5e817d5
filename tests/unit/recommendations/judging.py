"""Small protocols with their rankings, made by hand, for the tests of scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.recommendations.answers import answers_of
from trailerflow.recommendations.arms import Arm, arms_of
from trailerflow.recommendations.breakdowns import film_ages
from trailerflow.recommendations.figures import figures_of
from trailerflow.recommendations.judged import Judged
from trailerflow.recommendations.protocol_metrics import measures_of
from trailerflow.recommendations.protocols.contract import FIND, ORDER, Task
from trailerflow.recommendations.references import REFERENCES
from trailerflow.recommendations.split_tables import Key
from trailerflow.row_kinds import REFERENCE, SYSTEM

Rating = tuple[str, str, float]
"""User, film and rating."""


def truth_of(rows: Sequence[Rating], *, fold: int = 0, seed: int = 0, films: int = 3) -> pd.DataFrame:
    """Held-out ratings of one part; ``films`` is the number of candidates of each user."""
    frame = pd.DataFrame(rows, columns=["user", "movie", "rating"])
    return frame.assign(fold=fold, seed=seed, films=films)


def scored(truth: pd.DataFrame, scores: Sequence[float]) -> pd.DataFrame:
    """A ranker's rows of the held-out films, places made from the scores."""
    rows = truth[["fold", "seed", "user", "movie"]].assign(score=np.asarray(scores, dtype=float))
    by_question = rows.groupby(["fold", "seed", "user"])["score"]
    order = by_question.rank(method="min", ascending=False)
    tied = rows.groupby(["fold", "seed", "user", "score"])["score"].transform("size") - 1
    return rows.assign(order=order.astype("Int32"), tied=tied.astype("Int32"), retrieved=True)


def judged_of(
    truth: pd.DataFrame,
    *,
    drawn: Sequence[str] = (),
    task: Task = ORDER,
    split: str = "leave_last",
    activity: Sequence[int] | None = None,
    gap: Sequence[float] | None = None,
    films: Sequence[str] = (),
) -> Judged:
    """A protocol that asks about these ratings, given in 1998; every other film of ``films`` is a candidate too."""
    truth = truth.reset_index(drop=True)
    questions = truth.drop_duplicates(["fold", "seed", "user"])
    number = {tuple(row): place for place, row in enumerate(questions[["fold", "seed", "user"]].to_numpy())}
    question = np.array([number[tuple(row)] for row in truth[["fold", "seed", "user"]].to_numpy()])
    parts = [Key("test", *row) for row in questions[["fold", "seed"]].drop_duplicates().to_numpy().tolist()]
    users, movies = list(dict.fromkeys(truth["user"])), list(dict.fromkeys([*truth["movie"], *films]))
    n = len(questions)
    return Judged(
        split=split,
        protocol="temporal" if task == ORDER else "full",
        task=task,
        measures=measures_of("temporal", task, int(np.bincount(question).max())),
        parts=parts,
        part=np.array(
            [parts.index(Key("test", *row)) for row in questions[["fold", "seed"]].to_numpy().tolist()]
        ),
        user=np.array([users.index(user) for user in questions["user"]]),
        drawn=questions["user"].isin(drawn).to_numpy(),
        candidates=questions["films"].to_numpy(),
        activity=np.array(activity or [30] * n),
        gap=np.array(gap or [0.0] * n),
        history_popularity=np.full(n, 0.5),
        question=question,
        film=np.array([movies.index(movie) for movie in truth["movie"]]),
        rating=truth["rating"].to_numpy(float),
        place=truth.groupby(question).cumcount().to_numpy(),
        year=np.full(len(truth), 1998),
        users=users,
        movies=movies,
        popularity=np.full((len(parts), len(movies)), 0.5),
        least=np.full(len(parts), 0.1),
        catalogue=np.full(len(parts), len(movies)),
        drawn_lists=np.empty((2, 0), dtype=np.int64) if task == FIND else None,
    )


def arms_by_hand(
    judged: Judged, rankings: Mapping[str, pd.DataFrame], years: Mapping[str, float] | None = None
) -> list[Arm]:
    """The rankers side by side; ``years`` are those of the films' release."""
    genres = np.zeros((len(judged.movies), len(GENRES)))
    genres[:, 0] = 1
    ages = film_ages(judged, np.array([(years or {}).get(movie, np.nan) for movie in judged.movies]))
    answers = [(name, REFERENCE, refer(judged)) for name, refer in REFERENCES.items()]
    answers += [(name, SYSTEM, answers_of(rows, judged)) for name, rows in rankings.items()]
    figures = [figures_of(name, kind, each, judged, genres, ages) for name, kind, each in answers]
    return list(arms_of(judged, figures))
