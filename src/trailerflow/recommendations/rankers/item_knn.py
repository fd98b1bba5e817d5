"""The ranker ``item_knn``: what the user's ratings of the films nearest to a film say of it."""

from __future__ import annotations

from typing import Any

from trailerflow.recommendations.rankers.lenskit_scorers import EXPLICIT, IMPLICIT, LensKitRanker
from trailerflow.search.choices import Between


class ItemKnn(LensKitRanker):
    """LensKit's item-item scorer: the rating that the nearest films predict, or the sum of their similarities.

    Its settings are ``neighbours`` (how many films count) and ``feedback``: ``explicit`` for the first, ``implicit`` for the
    second.
    """

    source = "Deshpande & Karypis, Item-Based Top-N Recommendation Algorithms, TOIS 2004"
    defaults = {"neighbours": 20, "feedback": EXPLICIT}  # noqa: RUF012
    limits = {"neighbours": (1, 10_000), "feedback": (EXPLICIT, IMPLICIT)}  # noqa: RUF012
    space = {"neighbours": Between(5, 200, log=True)}  # noqa: RUF012

    def scorer(self) -> Any:
        """LensKit's scorer; its similarity is the cosine, of ratings less the film's mean where they are explicit."""
        from lenskit.knn import ItemKNNScorer

        return ItemKNNScorer(k=self.settings["neighbours"], feedback=self.settings["feedback"])
