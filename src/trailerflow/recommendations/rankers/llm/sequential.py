"""The ranker ``sequential``: LLMRank's prompt of the films watched in order."""

from __future__ import annotations

from trailerflow.recommendations.rankers.llm.bootstrapped import Bootstrapped


class Sequential(Bootstrapped):
    """The films of the history, in the order in which they were watched, without ratings."""
