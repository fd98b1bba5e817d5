"""The protocol ``temporal``: put each user's held-out films into an order."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.protocols.contract import (
    DRAWN,
    LISTED,
    ORDER,
    Asked,
    Protocol,
    Settings,
    drawn_users,
    first_times,
)


class Temporal(Protocol):
    """Each user's held-out films are the candidates, and the user's own ratings say what the right order is."""

    name = "temporal"
    source = (
        "Weimer et al., CofiRank: Maximum Margin Matrix Factorization for Collaborative Ranking, NIPS 2007"
    )
    task = ORDER

    def ask(self, train: pd.DataFrame, held_out: pd.DataFrame, settings: Settings) -> Asked:
        """Ask about every user; those are drawn whose ratings differ, since equal ones cannot be put in a wrong order."""
        questions = first_times(held_out)
        spread = held_out.groupby("user", sort=False, observed=True)["rating"].nunique()
        users = drawn_users(questions["user"], settings, pd.Series(spread.to_numpy() > 1))
        return Asked(
            protocol=self.name,
            task=self.task,
            questions=questions.assign(rule=LISTED),
            candidates=held_out[["user", "movie"]],
            truth=held_out,
            users=users,
            notes=_notes(users, settings),
        )


def _notes(users: pd.DataFrame, settings: Settings) -> tuple[str, ...]:
    if users.empty or not settings.llm_users:
        return ()
    return (
        "Users for whom the language models rank, drawn from those whose held-out ratings differ: "
        f"{int((users['set'] == DRAWN).sum())}.",
    )
