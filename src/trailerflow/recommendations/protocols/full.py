"""The protocol ``full``: find each user's held-out films in the whole catalogue."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.protocols.contract import (
    CATALOGUE,
    FIND,
    Asked,
    Protocol,
    Settings,
    drawn_users,
    first_times,
)


class Full(Protocol):
    """All films that the user has not rated are candidates."""

    name = "full"
    source = "Krichene & Rendle, On Sampled Metrics for Item Recommendation, KDD 2020"
    task = FIND

    def ask(self, train: pd.DataFrame, held_out: pd.DataFrame, settings: Settings) -> Asked:
        """Ask about every user."""
        questions = first_times(held_out)
        return Asked(
            protocol=self.name,
            task=self.task,
            questions=questions.assign(rule=CATALOGUE),
            candidates=pd.DataFrame({"user": None, "movie": train["movie"].cat.categories}),
            truth=held_out,
            users=drawn_users(questions["user"], settings),
        )
