"""The one seam to every language model: OpenAI-compatible chat completions behind a cache."""

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.client import Client
from trailerflow.llm.many import ask_many
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Answer, Asks, Request, usage_row

__all__ = [
    "Answer",
    "Asks",
    "Client",
    "LanguageModel",
    "LaterError",
    "RefusedError",
    "Request",
    "ask_many",
    "usage_row",
]
