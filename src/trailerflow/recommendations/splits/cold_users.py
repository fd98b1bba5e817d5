"""The split ``cold_users``: users are held out whole, and told by their first ratings alone."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.protocols.contract import Asked, Protocol, Settings
from trailerflow.recommendations.protocols.first_ratings import FirstRatings
from trailerflow.recommendations.splits.contract import Part
from trailerflow.recommendations.splits.folds import Folds

KNOWN = (1, 3, 5, 10)
"""How many first ratings are known of a new user."""


class ColdUsers(Folds):
    """Rank the catalogue for users on whom no ranker is fitted: their first ratings are told with the question.

    The same users are asked about however many are told: those who have ``held_out`` ratings after the most of them. The
    truth is all that a user rates later.
    """

    name = "cold_users"
    source = "Lam et al., Addressing Cold-Start Problem in Recommendation Systems, ICUIMC 2008"
    column = "user"
    variants = len(KNOWN)
    protocols: tuple[Protocol, ...] = tuple(FirstRatings(known) for known in KNOWN)

    def ask(
        self, known: pd.DataFrame, held_out: pd.DataFrame, variant: int, common: Settings
    ) -> tuple[Asked, ...]:
        """By one protocol, that of the number of ratings that are told."""
        return (self.protocols[variant].ask(known, held_out, common),)

    def asked(self, own: pd.DataFrame, variant: int, common: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The first ratings are told, the later ones held out."""
        by_user = own.groupby("user", observed=True)["movie"]
        enough = by_user.transform("size") >= KNOWN[-1] + common.held_out
        told = by_user.cumcount() < KNOWN[variant]
        return own[enough & told].reset_index(drop=True), own[enough & ~told].reset_index(drop=True)

    def note(self, fold: int, test: Part, common: Settings) -> str:
        """Users of a fold who have ratings enough."""
        users, need = len(test.asked[0].questions), KNOWN[-1] + common.held_out
        said = (
            f"Fold {fold} of {self.settings['folds']}: {users} of its users have {need} ratings ({KNOWN[-1]} to be told "
            f"at most, held_out {common.held_out}); the others are left out."
        )
        return said if users else f"{said} So no ranking can be tested; a lower held_out asks less of them."
