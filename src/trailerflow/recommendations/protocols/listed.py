"""The protocol ``listed``: find each user's held-out films among those that a file shows to this user."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.protocols.contract import (
    FIND,
    LISTED,
    Asked,
    Protocol,
    Settings,
    drawn_users,
    first_times,
)


class Listed(Protocol):
    """The candidates of each user are given.

    Args:
        candidates: user, movie, in the order in which they are shown.
    """

    name = "listed"
    source = "the user's own file"
    task = FIND

    def __init__(self, candidates: pd.DataFrame) -> None:
        self._candidates = candidates

    def ask(self, train: pd.DataFrame, held_out: pd.DataFrame, settings: Settings) -> Asked:
        """Ask about every user."""
        questions = first_times(held_out)
        return Asked(
            protocol=self.name,
            task=self.task,
            questions=questions.assign(rule=LISTED),
            candidates=self._candidates[self._candidates["user"].isin(questions["user"])],
            truth=held_out,
            users=drawn_users(questions["user"], settings),
        )
