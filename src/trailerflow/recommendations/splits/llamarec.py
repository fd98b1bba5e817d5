"""The split ``llamarec``: each user's last film is sought in the whole catalogue."""

from __future__ import annotations

from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.splits.leave_one_out import LeaveOneOut

SOURCE = (
    "Yue et al., LlamaRec: Two-Stage Recommendation using Large Language Models for Ranking, arXiv 2311.02089"
)


class AmongAll(Full):
    """As ``full``; the name stands in the rows of published figures."""

    name = "llamarec"
    source = SOURCE


class LlamaRec(LeaveOneOut):
    """Leave-one-out over the five-core. What the paper calls ML-100k is MovieLens latest-small."""

    name = "llamarec"
    source = SOURCE
    protocols = (AmongAll(),)
