"""The split ``llmrank``: each user's last film is sought among 20."""

from __future__ import annotations

from trailerflow.recommendations.protocols.sampled import Sampled
from trailerflow.recommendations.splits.leave_one_out import LeaveOneOut

SOURCE = "Hou et al., Large Language Models are Zero-Shot Rankers for Recommender Systems, ECIR 2024"


class AmongTwenty(Sampled):
    """As ``sampled``; the name stands in the rows of published figures."""

    name = "llmrank"
    source = SOURCE

    def __init__(self) -> None:
        super().__init__(negatives=19)


class LlmRank(LeaveOneOut):
    """Leave-one-out over the five-core, with 19 films that the user has not rated. The paper has MovieLens-1M."""

    name = "llmrank"
    source = SOURCE
    protocols = (AmongTwenty(),)
