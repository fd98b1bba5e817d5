"""The ranker ``recency_focused``: LLMRank's prompt that points at the film watched last."""

from __future__ import annotations

from trailerflow.recommendations.rankers.llm.bootstrapped import Bootstrapped


class RecencyFocused(Bootstrapped):
    """As ``sequential``, and the newest film is named once more."""
