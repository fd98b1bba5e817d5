"""The ranker ``item_knn``: what the user's ratings of the films nearest to a film say of it."""

from __future__ import annotations

from typing import Any

from trailerflow.recommendations.rankers.lenskit_scorers import NeighbourRanker


class ItemKnn(NeighbourRanker):
    """LensKit's item-item scorer: the rating that the nearest films predict, or the sum of their similarities."""

    source = "Deshpande & Karypis, Item-Based Top-N Recommendation Algorithms, TOIS 2004"

    def scorer(self) -> Any:
        """LensKit's scorer; its similarity is the cosine, of ratings less the film's mean where they are explicit."""
        from lenskit.knn import ItemKNNScorer

        return ItemKNNScorer(k=self.settings["neighbours"], feedback=self.settings["feedback"])
