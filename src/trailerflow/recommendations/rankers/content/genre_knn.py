"""The ranker ``genre_knn``: films with the genres of films that a user has liked."""

from __future__ import annotations

import pandas as pd

from trailerflow.recommendations.rankers.content.content_knn import ContentKnn
from trailerflow.recommendations.rankers.content.films import film_content, unit_rows
from trailerflow.recommendations.rankers.contract import Floats, Side


class GenreKnn(ContentKnn):
    """Likeness is the cosine of the genres."""

    side = ("archive",)

    def described(self, films: pd.Index, side: Side) -> Floats:
        """The genres of each film."""
        return unit_rows(film_content(side["archive"], films).genres)
