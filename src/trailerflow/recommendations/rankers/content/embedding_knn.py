"""The ranker ``embedding_knn``: films whose text means the same as those of films that a user has liked."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.rankers.content.content_knn import ContentKnn
from trailerflow.recommendations.rankers.content.films import text_vectors
from trailerflow.recommendations.rankers.contract import Floats, Side


class EmbeddingKnn(ContentKnn):
    """Likeness is the cosine of the texts' vectors, less their mean."""

    side = ("vectors",)

    def described(self, films: pd.Index, side: Side) -> Floats:
        """The vector of each film's text."""
        return text_vectors(side["vectors"], films)
