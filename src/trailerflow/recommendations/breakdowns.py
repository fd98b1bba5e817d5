"""For whom and for what rankers are good: figures by groups of users, of questions and of films."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from trailerflow.recommendations.arms import Arm
from trailerflow.recommendations.draws import mean_draws
from trailerflow.recommendations.figures import means_of_users
from trailerflow.recommendations.judged import ALL, Judged
from trailerflow.recommendations.metrics.arrays import Flags, Floats, Numbers
from trailerflow.recommendations.protocol_metrics import compared_measures
from trailerflow.statistics import percentile_interval

COLUMN_TYPES = {
    "split": str,
    "protocol": str,
    "ties": str,
    "by": str,
    "group": str,
    "ranker": str,
    "row_kind": str,
    "metric": str,
    "k": "Int64",
    "value": float,
    "low": float,
    "high": float,
    "users": "Int64",
}
"""One row a ranker, protocol, arm of ties, group and metric. ``users``: those of the group with a figure."""

ACTIVITY, GAP, FILM_AGE = "activity", "gap", "film age"
"""By the number of ratings that are known of the user; by the time from the last of them to the first held-out one; by the
years from a film's release to its rating, over the held-out films of that age alone."""

AGE = "age"
PERSON = (AGE, "sex", "occupation")
"""By what the archive tells of the user."""

_ACTIVITIES = {"under 20 ratings": 0, "20 to 49": 20, "50 to 99": 50, "100 to 199": 100, "200 or more": 200}
_GAPS = {
    "training goes on after it": -np.inf,
    "at most one second": 0,
    "to an hour": 2,
    "more than an hour": 3601,
}
_FILM_AGES = {
    "this year or the last": -np.inf,
    "2 to 5 years": 2,
    "6 to 20 years": 6,
    "more than 20 years": 21,
}
_AGES = {
    "under 18": 0, "18 to 24": 18, "25 to 34": 25, "35 to 44": 35, "45 to 49": 45, "50 to 55": 50, "56 or more": 56,
}  # fmt: skip
"""Groups with the least value of each. Those of people are MovieLens-1M's, so that archives can be compared."""


def _numbers(values: np.ndarray, groups: Mapping[str, float]) -> Numbers:
    """Number of the group of each value, -1 for NaN."""
    found = np.searchsorted(list(groups.values()), values, side="right") - 1
    return np.where(np.isnan(values), -1, found)


def film_ages(judged: Judged, years: Floats) -> Numbers:
    """Number of the age of each held-out film when it was rated, -1 where it is not known; shape (m,).

    Args:
        judged: The protocol.
        years: Year of release of the films, shape (films,).
    """
    return _numbers(judged.year - years[judged.film], _FILM_AGES)


def break_down(arms: Iterable[Arm], people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Figures of all users by groups.

    Args:
        arms: The rankers side by side.
        people: user, age, sex and occupation; empty where the archive tells nothing of its users.
        seed: Seed of the draws of users.

    Returns:
        See `COLUMN_TYPES`.
    """
    rows = []
    for arm in arms:
        if arm.users_set == ALL:
            place = {name: value for name, value in arm.place.items() if name != "users_set"}
            rows += [place | row for row in _rows(arm, people, seed)]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def _rows(arm: Arm, people: pd.DataFrame, seed: int) -> Iterator[dict[str, object]]:
    compared = [each.key for each in compared_measures(arm.judged.task, arm.judged.measures)]
    for by, group, values in _groups(arm, people):
        for key in compared:
            yield from _group_rows(arm, by, group, key, values[:, :, arm.keys.index(key)].T, seed)
    ages = {age for one in arm.rankers for age in one.of_ages}
    for age in sorted(ages):
        yield from _group_rows(arm, FILM_AGE, list(_FILM_AGES)[age], compared[-1], _of_films(arm, age), seed)


def _groups(arm: Arm, people: pd.DataFrame) -> Iterator[tuple[str, str, Floats]]:
    """By what, which group, and the figures of its users by ranker, user and key."""
    judged = arm.judged
    of_questions: dict[str, tuple[Mapping[str, float], Numbers]] = {
        ACTIVITY: (_ACTIVITIES, _numbers(judged.activity.astype(float), _ACTIVITIES))
    }
    if (judged.gap >= 0).mean() > 0.5:  # a split by time, and not by films or users
        of_questions[GAP] = (_GAPS, _numbers(judged.gap, _GAPS))
    for by, (groups, numbers) in of_questions.items():
        for number, group in enumerate(groups):
            if (numbers == number).any():
                yield by, group, arm.among(numbers == number)
    told = people.drop_duplicates("user").set_index("user").reindex(np.array(judged.users)[arm.users])
    for by in PERSON:
        for group, members in groups_of_people(told[by], by):
            yield by, group, arm.values[:, members]


def groups_of_people(values: pd.Series, by: str) -> list[tuple[str, Flags]]:
    """The groups that have members, and who they are.

    Args:
        values: What the archive tells of each person, missing where it tells nothing.
        by: One of `PERSON`.

    Returns:
        Name of a group, and whether each person is in it.
    """
    if by == AGE:
        numbers = _numbers(values.to_numpy(float, na_value=np.nan), _AGES)
        groups = [(group, numbers == number) for number, group in enumerate(_AGES)]
    else:
        known = values.dropna().astype(str)
        groups = [
            (group, (values == group).to_numpy(bool, na_value=False)) for group in sorted(known.unique())
        ]
    return [(group, members) for group, members in groups if members.any()]


def _of_films(arm: Arm, age: int) -> Floats:
    """The figures of held-out films of one age, shape (users, rankers)."""
    questions = arm.judged.arm(arm.ties)
    missing = np.full((len(arm.judged.user), 1), np.nan)
    chance = arm.rankers[0].of_ages[age][:, None]
    columns = [
        means_of_users(
            one.of_ages[age][:, None] if age in one.of_ages else missing,
            ~np.isnan(chance),
            one.lacking,
            arm.judged,
            questions,
        )[:, 0]
        for one in arm.rankers
    ]
    return np.stack(columns, axis=1)


def _group_rows(
    arm: Arm, by: str, group: str, key: tuple[str, int | None], values: Floats, seed: int
) -> Iterator[dict[str, object]]:
    """The rows of all rankers for one group and metric; ``values`` has the shape (users, rankers)."""
    draws = mean_draws(values, seed)
    for one, own, drawn in zip(arm.rankers, values.T, draws.T, strict=True):
        users = int((~np.isnan(own)).sum())
        if users:
            low, high = percentile_interval(drawn)
            yield {
                "by": by,
                "group": group,
                "ranker": one.ranker,
                "row_kind": one.row_kind,
                "metric": key[0],
                "k": key[1],
                "value": float(np.nanmean(own)),
                "low": low,
                "high": high,
                "users": users,
            }
