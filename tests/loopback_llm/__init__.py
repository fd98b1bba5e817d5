"""A service for language models on this machine: OpenAI's and Groq's dialects, faults by name, and a journal."""

from loopback_llm.faults import FAULTS
from loopback_llm.server import Site

__all__ = ["FAULTS", "Site"]
