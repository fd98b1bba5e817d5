"""The split ``llamarec``: each user's last film is sought in the whole catalogue."""

from __future__ import annotations

from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.splits.leave_one_out import LeaveOneOut


class LlamaRec(LeaveOneOut):
    """Leave-one-out over the five-core. What the paper calls ML-100k is MovieLens latest-small."""

    name = "llamarec"
    source = "Yue et al., LlamaRec: Two-Stage Recommendation using Large Language Models for Ranking, arXiv 2311.02089"
    protocols = (Full(),)
