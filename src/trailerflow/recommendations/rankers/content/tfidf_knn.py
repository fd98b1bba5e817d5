"""The ranker ``tfidf_knn``: films whose text has the words of films that a user has liked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trailerflow.recommendations.rankers.content.content_knn import ContentKnn
from trailerflow.recommendations.rankers.contract import Side
from trailerflow.recommendations.rankers.own_rows import own_rows


class TfidfKnn(ContentKnn):
    """Likeness is the cosine of the texts' weighted words."""

    side = ("texts",)
    packages = ("scikit-learn",)

    def described(self, films: pd.Index, side: Side) -> Any:
        """The words of each film's text."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts = own_rows(side["texts"], "movie", films)["text"].fillna("")
        vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        return vectorizer.fit_transform([*texts, "words"])[:-1]  # without any text there would be no word
