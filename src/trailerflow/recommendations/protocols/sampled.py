"""The protocol ``sampled``: find each user's held-out films among some others, drawn at random."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
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

Codes = npt.NDArray[np.intp]


class Sampled(Protocol):
    """The held-out films and films that the user has not rated are candidates, in a random order.

    Its figures are of an easier question than those of ``full``, and they may put rankers into another order.

    Args:
        negatives: How many films are drawn for each user beside the held-out ones; all that are left where there are
            fewer.
    """

    name = "sampled"
    source = "Koren, Factorization Meets the Neighborhood, KDD 2008"
    task = FIND

    def __init__(self, negatives: int) -> None:
        self._negatives = negatives

    def ask(self, train: pd.DataFrame, held_out: pd.DataFrame, settings: Settings) -> Asked:
        """Ask about every user."""
        questions = first_times(held_out)
        kind = train["movie"].dtype
        rated, own = _films_by_user(pd.concat([train, held_out])), _films_by_user(held_out)
        rng = np.random.default_rng(settings.seed)
        shown = [np.empty(0, np.intp)]
        for user in questions["user"]:
            others = np.delete(np.arange(len(kind.categories)), rated[user])
            drawn = rng.permutation(others)[: self._negatives]
            shown.append(rng.permutation(np.concatenate([own[user], drawn])))
        users = questions["user"].repeat([films.size for films in shown[1:]])
        films = pd.Categorical.from_codes(np.concatenate(shown), dtype=kind)
        return Asked(
            protocol=self.name,
            task=self.task,
            questions=questions.assign(rule=LISTED),
            candidates=pd.DataFrame({"user": users.array, "movie": films}),
            truth=held_out,
            users=drawn_users(questions["user"], settings),
        )


def _films_by_user(ratings: pd.DataFrame) -> dict[str, Codes]:
    """Codes of each user's films."""
    codes = ratings["movie"].cat.codes.to_numpy().astype(np.intp)
    return {user: codes[rows] for user, rows in ratings.groupby("user", observed=True).indices.items()}
