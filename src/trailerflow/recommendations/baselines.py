"""Rankings without any text: popularity and item-based nearest neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
from lenskit.data import Dataset, ItemList, RecQuery, from_interactions_df
from lenskit.knn import ItemKNNScorer

from trailerflow.row_kinds import ITEM_KNN, POPULARITY

NEIGHBOURS = 20
"""Neighbours of item kNN: LensKit's own default, left untuned."""

COLUMNS = ["ranker", "user", "movie", "score"]


def rank_baselines(train: pd.DataFrame, test: pd.DataFrame) -> pd.DataFrame:
    """Score every user's held-out films by two rankers that know nothing but the training ratings.

    ``popularity`` is the number of training ratings of the film. Plain counts, and not the quantiles of
    LensKit's PopScorer, which order films of equal count. ``item_knn`` is LensKit's explicit item-item scorer
    (Deshpande & Karypis, Item-Based Top-N Recommendation Algorithms, TOIS 2004) with 20 neighbours, given the
    user's training ratings; where it has no neighbour for a film it takes the film's mean rating, and for a
    film without any training rating the mean of all.

    Args:
        train: user, movie, rating, timestamp: what may be known.
        test: The films to score: user, movie, ...

    Returns:
        One row per ranker and test row: ranker, user, movie, score. Empty where ``test`` is.
    """
    if test.empty:
        return pd.DataFrame({"ranker": [], "user": [], "movie": [], "score": []}).astype(
            {"ranker": str, "user": str, "movie": str, "score": float}
        )
    scores = {
        POPULARITY: test["movie"].map(train["movie"].value_counts()).fillna(0).astype(float),
        ITEM_KNN: _item_knn(train, test),
    }
    return pd.concat(
        [
            test[["user", "movie"]].assign(ranker=ranker, score=values)[COLUMNS]
            for ranker, values in scores.items()
        ],
        ignore_index=True,
    )


def _item_knn(train: pd.DataFrame, test: pd.DataFrame) -> pd.Series:
    """Predicted rating of each test row."""
    dataset = from_interactions_df(
        train[["user", "movie", "rating"]].rename(columns={"user": "user_id", "movie": "item_id"})
    )
    scorer = ItemKNNScorer(k=NEIGHBOURS, feedback="explicit")
    scorer.train(dataset)
    predicted = pd.concat(
        [
            _predictions(scorer, dataset, str(user), rows["movie"])
            for user, rows in test.groupby("user", sort=False)
        ]
    )
    means = test["movie"].map(train.groupby("movie")["rating"].mean()).fillna(train["rating"].mean())
    return predicted.reindex(test.index).fillna(means)


def _predictions(scorer: ItemKNNScorer, dataset: Dataset, user: str, movies: pd.Series) -> pd.Series:
    known = dataset.user_row(user)
    if known is None:
        return pd.Series(np.nan, index=movies.index)
    scored = scorer(RecQuery(user_id=user, history_items=known), ItemList(movies.tolist()))
    return pd.Series(np.asarray(scored.scores(), dtype=float), index=movies.index)
