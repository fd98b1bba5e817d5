"""The ranker ``in_context``: LLMRank's prompt whose example is the user's own last film."""

from __future__ import annotations

from trailerflow.recommendations.rankers.llm.bootstrapped import Bootstrapped


class InContext(Bootstrapped):
    """The films before the newest one are the history, and the newest one the example of what to recommend."""
