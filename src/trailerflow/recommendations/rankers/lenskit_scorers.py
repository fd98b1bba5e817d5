"""What the rankers of LensKit have in common: the ratings as it wants them, its threads, and films that it gives no score.

A film's code is its number in LensKit, and users have their ids. Importing LensKit takes 3.7 s of CPU, so it is imported
where it is used.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Side
from trailerflow.recommendations.rankers.histories import FromHistory
from trailerflow.recommendations.rankers.means import mean_ratings
from trailerflow.recommendations.rankers.same_for_all import SameForAll
from trailerflow.search.choices import Between

if TYPE_CHECKING:
    from lenskit.data import Dataset, Vocabulary

EXPLICIT, IMPLICIT = "explicit", "implicit"
"""Feedback: what the users' ratings say, or only that they rated."""

_DAMPING = 20.0
"""Damping of the mean that stands for a prediction: a film that few have rated does not come first for want of one."""


class LensKitRanker(Ranker):
    """A scorer of LensKit, asked with the user's history."""

    packages = ("lenskit",)

    @abstractmethod
    def scorer(self) -> Any:
        """The scorer, not yet trained."""

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Train the scorer; without ratings every film has the same score."""
        without = self.without_prediction(train)
        if train.empty:
            return SameForAll(without)
        dataset = dataset_of(train, self.threads)
        scorer = self.scorer()
        train_scorer(scorer, dataset, seed=self.settings.get("seed", 0))
        return Scorer(scorer, dataset.items, train, without)

    def without_prediction(self, train: pd.DataFrame) -> Floats:
        """Score of each film where the scorer has none: its damped mean rating, or 0 where feedback is implicit."""
        if self.settings.get("feedback", EXPLICIT) == IMPLICIT:
            return np.zeros(len(train["movie"].cat.categories))
        return mean_ratings(train, damping=_DAMPING)


class NeighbourRanker(LensKitRanker):
    """What the nearest films or users say: the rating that they predict, or the sum of their similarities.

    Its settings are ``neighbours`` (how many count) and ``feedback``: `EXPLICIT` for the first, `IMPLICIT` for the second.
    """

    defaults = {"neighbours": 20, "feedback": EXPLICIT}  # noqa: RUF012
    limits = {"neighbours": (1, 10_000), "feedback": (EXPLICIT, IMPLICIT)}  # noqa: RUF012
    space = {"neighbours": Between(5, 200, log=True)}  # noqa: RUF012


class Scorer(FromHistory):
    """A trained scorer.

    Args:
        scorer: LensKit's scorer.
        items: LensKit's films; their numbers are the codes.
        train: What it was trained on.
        without: Score of each film where the scorer has none, shape (films,).
    """

    def __init__(self, scorer: Any, items: Vocabulary, train: pd.DataFrame, without: Floats) -> None:
        super().__init__(train["movie"].cat.categories)
        self._scorer = scorer
        self._items = items
        self._rated = rated_films(train)
        self._without = without

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """What the scorer says of each film, and `without` of films that it has no score for or that nobody had rated."""
        from lenskit.data import ItemList, RecQuery

        told = ItemList(item_nums=history.movies, vocabulary=self._items, rating=history.ratings)
        asked = ItemList(item_nums=candidates, vocabulary=self._items)
        scores = self._scorer(RecQuery(user_id=user, history_items=told), asked).scores()
        scored = self._rated[candidates] & ~np.isnan(scores)
        return np.where(scored, scores, self._without[candidates]).astype(float)


def dataset_of(train: pd.DataFrame, threads: int) -> Dataset:
    """Training ratings as LensKit's data, in which every film has its code for its number, rated or not."""
    _use_threads(threads)
    from lenskit.data import DatasetBuilder

    builder = DatasetBuilder()
    builder.add_entities("item", np.arange(len(train["movie"].cat.categories)))
    rows = {
        "user_id": train["user"].astype(str),
        "item_id": train["movie"].cat.codes.astype(np.int64),
        "rating": train["rating"],
    }
    builder.add_interactions(
        "rating", pd.DataFrame(rows), entities=["user", "item"], missing="insert", default=True
    )
    return builder.build()


def train_scorer(scorer: Any, dataset: Dataset, *, seed: int) -> None:
    """Train a scorer of LensKit; what it draws is drawn by the seed."""
    from lenskit.training import TrainingOptions

    scorer.train(dataset, TrainingOptions(rng=seed))


def rated_films(train: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether anybody has rated each film; shape (films,)."""
    films = train["movie"].cat
    return np.bincount(films.codes, minlength=len(films.categories)) > 0


@cache
def _use_threads(threads: int) -> None:
    """LensKit takes all cores of the machine unless it is told otherwise, once, before its first work."""
    from lenskit.parallel import initialize

    initialize(processes=1, threads=threads, backend_threads=1)
