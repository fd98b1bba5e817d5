"""A service for language models on this machine: OpenAI's and Groq's dialects, faults by name, and a journal.

Also a program, for many processes: ``PYTHONPATH=tests python -m loopback_llm --help``.
"""

from loopback_llm.faults import FAULTS
from loopback_llm.site import Site

__all__ = ["FAULTS", "Site"]
