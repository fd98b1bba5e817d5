"""Protocols that judge by a true order of the candidates, and not by the ratings: the rows of the truth, the best first."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import pandas as pd

from trailerflow.recommendations.protocols.contract import (
    LISTED,
    ORDER,
    Asked,
    Protocol,
    Settings,
    asked_at_the_end,
    drawn_users,
)


class TrueOrder(Protocol):
    """Each user's held-out films are the candidates, and their rows are in the true order."""

    task = ORDER

    @abstractmethod
    def shown(self, held_out: pd.DataFrame, settings: Settings) -> pd.DataFrame:
        """The candidates in the order in which they are shown: user, movie."""

    def ask(self, train: pd.DataFrame, held_out: pd.DataFrame, settings: Settings) -> Asked:
        """Ask about every user."""
        questions = held_out.groupby("user", sort=False, observed=True, as_index=False)["timestamp"].max()
        asked = Asked(
            protocol=self.name,
            task=self.task,
            questions=questions.assign(rule=LISTED),
            candidates=self.shown(held_out, settings)[["user", "movie"]].reset_index(drop=True),
            truth=held_out,
            users=drawn_users(questions["user"], settings),
        )
        return asked_at_the_end(asked, train)


class Report(TrueOrder):
    """The films are shown in the order of their ids."""

    name = "report"
    source = "the student report's code: the five films that a user rated worst, in the order of their ids"

    def shown(self, held_out: pd.DataFrame, settings: Settings) -> pd.DataFrame:
        """By id, as they are categories in natural order."""
        return held_out.sort_values(["user", "movie"], kind="stable")


class PaperAsReleased(TrueOrder):
    """The films are shown in the true order, so that doing nothing is perfect."""

    name = "paper_as_released"
    source = "Raj et al., IEEE Access 2024, the released code"

    def shown(self, held_out: pd.DataFrame, settings: Settings) -> pd.DataFrame:
        """In the true order."""
        return held_out


class PaperShuffled(TrueOrder):
    """The same films in a random order."""

    name = "paper_shuffled"
    source = "Raj et al., IEEE Access 2024, with the candidates shuffled"

    def shown(self, held_out: pd.DataFrame, settings: Settings) -> pd.DataFrame:
        """Each user's films in an order by chance."""
        chance = np.random.default_rng(settings.seed).permutation(len(held_out))
        return held_out.iloc[np.lexsort((chance, held_out["user"].cat.codes.to_numpy()))]
