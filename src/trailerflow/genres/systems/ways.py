"""The ways of asking a language model for genres, by their names in the configuration."""

from __future__ import annotations

from trailerflow.genres.systems.language_model import LanguageModelSystem
from trailerflow.genres.systems.llm import LlmSystem
from trailerflow.genres.systems.llm_few_shot import FewShotSystem
from trailerflow.genres.systems.llm_yes_no import YesNoSystem

WAYS: dict[str, type[LanguageModelSystem]] = {
    "zero_shot": LlmSystem,
    "few_shot": FewShotSystem,
    "yes_no": YesNoSystem,
}
"""Name of a way, which is also that of its prompt file."""
