"""The one seam to every language model: OpenAI-compatible chat completions behind a cache."""

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.client import Client
from trailerflow.llm.types import Answer, Asks, LanguageModel, Request, sum_usage, usage_of

__all__ = [
    "Answer",
    "Asks",
    "Client",
    "LanguageModel",
    "LaterError",
    "RefusedError",
    "Request",
    "sum_usage",
    "usage_of",
]
