"""The one seam to every language model: OpenAI-compatible chat completions behind a cache."""

from trailerflow.llm.client import Client
from trailerflow.llm.types import Answer, LanguageModel, LaterError, RefusedError, Request, usage_of

__all__ = ["Answer", "Client", "LanguageModel", "LaterError", "RefusedError", "Request", "usage_of"]
