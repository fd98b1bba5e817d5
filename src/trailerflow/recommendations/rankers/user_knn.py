"""The ranker ``user_knn``: what the users nearest to a user say of a film."""

from __future__ import annotations

from typing import Any

from trailerflow.recommendations.rankers.lenskit_scorers import EXPLICIT, IMPLICIT, LensKitRanker
from trailerflow.search.choices import Between


class UserKnn(LensKitRanker):
    """LensKit's user-user scorer: the rating that the nearest users predict, or the sum of their similarities.

    Its settings are ``neighbours`` (how many users count) and ``feedback``: ``explicit`` for the first, ``implicit`` for the
    second.
    """

    source = "Herlocker et al., An Algorithmic Framework for Performing Collaborative Filtering, SIGIR 1999"
    defaults = {"neighbours": 20, "feedback": EXPLICIT}  # noqa: RUF012
    limits = {"neighbours": (1, 10_000), "feedback": (EXPLICIT, IMPLICIT)}  # noqa: RUF012
    space = {"neighbours": Between(5, 200, log=True)}  # noqa: RUF012

    def scorer(self) -> Any:
        """LensKit's scorer; its similarity is the cosine, of ratings less the user's mean where they are explicit."""
        from lenskit.knn import UserKNNScorer

        return UserKNNScorer(k=self.settings["neighbours"], feedback=self.settings["feedback"])
