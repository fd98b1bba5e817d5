"""The ranker ``user_knn``: what the users nearest to a user say of a film."""

from __future__ import annotations

from typing import Any

from trailerflow.recommendations.rankers.lenskit_scorers import NeighbourRanker


class UserKnn(NeighbourRanker):
    """LensKit's user-user scorer: the rating that the nearest users predict, or the sum of their similarities."""

    source = "Herlocker et al., An Algorithmic Framework for Performing Collaborative Filtering, SIGIR 1999"

    def scorer(self) -> Any:
        """LensKit's scorer; its similarity is the cosine, of ratings less the user's mean where they are explicit."""
        from lenskit.knn import UserKNNScorer

        return UserKNNScorer(k=self.settings["neighbours"], feedback=self.settings["feedback"])
