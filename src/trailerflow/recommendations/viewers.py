"""Who would like one film: its score for every user, and for every kind of user."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trailerflow.recommendations.breakdowns import PERSON, groups_of_people
from trailerflow.recommendations.questions import History, Question, codes_of
from trailerflow.recommendations.rankers.contract import SavedFit

MOST_USERS = 5_000
"""Users who are asked about; of more, so many are drawn."""


def scores_by_user(fitted: SavedFit, ratings: pd.DataFrame, movie: str, seed: int) -> pd.DataFrame:
    """The score of a film for every user who has not rated it.

    Args:
        fitted: A ranker that knows the film.
        ratings: user, movie, rating, timestamp: all that may be known.
        movie: Id of the film.
        seed: Seed of the draw where there are more than `MOST_USERS`.

    Returns:
        user and score, the highest first.
    """
    users = pd.Index(ratings["user"].unique()).difference(ratings.loc[ratings["movie"] == movie, "user"])
    if len(users) > MOST_USERS:
        users = users[np.sort(np.random.default_rng(seed).choice(len(users), MOST_USERS, replace=False))]
    known = ratings[ratings["user"].isin(users)]
    scores = [float(said.scores[0]) for said in fitted.score(_questions(fitted.films, known, movie))]
    table = pd.DataFrame({"user": sorted(known["user"].unique()), "score": scores})
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def _questions(films: pd.Index, ratings: pd.DataFrame, movie: str) -> Iterator[Question]:
    """A question a user, in the order of their names."""
    candidates = codes_of(pd.Series([movie]), films)
    ordered = ratings.sort_values(["user", "timestamp"], kind="stable")
    for number, (user, rows) in enumerate(ordered.groupby("user")):
        codes = codes_of(rows["movie"], films)
        times = rows["timestamp"].to_numpy(np.int64)
        history = History(codes, rows["rating"].to_numpy(np.float32), times)
        yield Question(number, str(user), int(times[-1]), history, candidates)


def scores_by_kind(scores: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The mean score of every kind of user: by age group, sex and occupation.

    Args:
        scores: user and score.
        people: user, age, sex and occupation; empty where the archive tells nothing of its users.

    Returns:
        by, group, score and users; in the order of the groups of ages, of the others the highest first.
    """
    told = people.drop_duplicates("user").set_index("user").reindex(scores["user"])
    rows = []
    for by in PERSON:
        groups = [
            {
                "by": by,
                "group": group,
                "score": float(scores["score"][members].mean()),
                "users": int(members.sum()),
            }
            for group, members in groups_of_people(told[by], by)
        ]
        rows += groups if by == PERSON[0] else sorted(groups, key=lambda row: -float(str(row["score"])))
    return pd.DataFrame(rows, columns=["by", "group", "score", "users"])
