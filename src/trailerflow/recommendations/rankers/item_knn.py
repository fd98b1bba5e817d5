"""The ranker ``item_knn``: a film's rating as predicted from the user's ratings of the films nearest to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trailerflow.recommendations.questions import Question, Questions
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Scores, Side

if TYPE_CHECKING:  # importing LensKit takes 3.7 s of CPU
    from lenskit.data import Dataset, ItemList

NEIGHBOURS = 20
"""Neighbours of item kNN: LensKit's own default, left untuned."""


class ItemKnn(Ranker):
    """LensKit's explicit item-item scorer, given all the user's training ratings."""

    source = "Deshpande & Karypis, Item-Based Top-N Recommendation Algorithms, TOIS 2004"
    packages = ("lenskit",)

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Find every film's neighbours."""
        films = train["movie"].cat.categories
        overall = float(train["rating"].mean()) if len(train) else 0.0
        means = train.groupby("movie", observed=False)["rating"].mean().fillna(overall).to_numpy(float)
        if train.empty:
            return Neighbours(None, None, films, means)
        from lenskit.data import from_interactions_df
        from lenskit.knn import ItemKNNScorer
        from lenskit.parallel import initialize

        # LensKit takes all cores of the machine unless it is told otherwise before its first work.
        initialize(processes=1, threads=self.threads, backend_threads=1)

        dataset = from_interactions_df(
            pd.DataFrame(
                {
                    "user_id": train["user"].astype(str),
                    "item_id": train["movie"].astype(str),
                    "rating": train["rating"],
                }
            )
        )
        scorer = ItemKNNScorer(k=NEIGHBOURS, feedback="explicit")
        scorer.train(dataset)
        return Neighbours(scorer, dataset, films, means)


class Neighbours(Fitted):
    """A trained scorer, with the films' mean ratings for where it has no neighbour.

    Args:
        scorer: LensKit's scorer, or None without any rating.
        dataset: Its ratings.
        films: Ids of all films, by their codes.
        means: Mean rating of each film; for a film without a rating the mean of all.
        more: Ratings that were folded in, by user: item_id, rating.
    """

    def __init__(
        self,
        scorer: Any,
        dataset: Dataset | None,
        films: pd.Index,
        means: Floats,
        more: Mapping[str, pd.DataFrame] | None = None,
    ) -> None:
        self._scorer = scorer
        self._dataset = dataset
        self._films = films
        self._means = means
        self._more = dict(more or {})

    def score(self, questions: Questions) -> Iterator[Scores]:
        """The predicted rating of each film."""
        for question in questions:
            predicted, means = self._predicted(question), self._means[question.candidates]
            yield Scores(question.number, np.where(np.isnan(predicted), means, predicted))

    def fold_in(self, ratings: pd.DataFrame) -> Fitted:
        """The same neighbours, for users with these ratings besides; a film that nobody had rated has no neighbours."""
        if self._dataset is None:
            return self
        columns, more = {"movie": "item_id"}, dict(self._more)
        # LensKit 2025.8.1 ends the process over an explicit rating of a film that it does not know.
        known = ratings[ratings["movie"].astype(str).isin(self._dataset.items.ids())]
        for user, rows in known.groupby("user", observed=True):
            own = rows.rename(columns=columns)[["item_id", "rating"]].astype({"item_id": str})
            more[str(user)] = pd.concat([more.get(str(user)), own])
        return Neighbours(self._scorer, self._dataset, self._films, self._means, more)

    def _predicted(self, question: Question) -> Floats:
        from lenskit.data import ItemList, RecQuery

        known = self._known(question.user)
        if known is None:
            return np.full(len(question.candidates), np.nan)
        query = RecQuery(user_id=question.user, history_items=known)
        scored = self._scorer(query, ItemList(self._films[question.candidates].tolist()))
        return np.asarray(scored.scores(), dtype=float)

    def _known(self, user: str) -> ItemList | None:
        from lenskit.data import ItemList

        if self._dataset is None:
            return None
        trained, more = self._dataset.user_row(user), self._more.get(user)
        if more is None:
            return trained
        rows = [more] if trained is None else [trained.to_df()[["item_id", "rating"]], more]
        return ItemList.from_df(pd.concat(rows))
