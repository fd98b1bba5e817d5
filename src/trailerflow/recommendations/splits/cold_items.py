"""The split ``cold_items``: films are held out whole, with every rating that they have."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.protocols.contract import Asked, Protocol, Settings, asked_at_the_end
from trailerflow.recommendations.protocols.order import Order
from trailerflow.recommendations.splits.contract import Part
from trailerflow.recommendations.splits.folds import Folds


class ColdItems(Folds):
    """Rank films that nobody has rated yet: what is known of them is their content."""

    name = "cold_items"
    source = "Schein et al., Methods and Metrics for Cold-Start Recommendations, SIGIR 2002"
    column = "movie"
    protocols: tuple[Protocol, ...] = (Order(),)

    def asked(self, own: pd.DataFrame, variant: int, common: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
        """All ratings of the films are held out, of users who have rated two of them differently."""
        unequal = own.groupby("user", observed=True)["rating"].transform("nunique") > 1
        return own.head(0), own[unequal].reset_index(drop=True)

    def ask(
        self, known: pd.DataFrame, held_out: pd.DataFrame, variant: int, common: Settings
    ) -> tuple[Asked, ...]:
        """The films are not the last that a user rated, so all the user's other ratings are known."""
        return tuple(
            asked_at_the_end(protocol.ask(known, held_out, common), known) for protocol in self.protocols
        )

    def note(self, fold: int, test: Part, common: Settings) -> str:
        """Users with an unequal pair among the fold's films."""
        users, films = len(test.asked[0].questions), test.asked[0].truth["movie"].nunique()
        said = (
            f"Fold {fold} of {self.settings['folds']}: {users} of {len(test.train['user'].cat.categories)} users have rated "
            f"two of its {films} films differently; the others cannot be judged."
        )
        return said if users else f"{said} So no ranking can be tested; fewer folds hold more films."
