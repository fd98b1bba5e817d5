"""How summaries are checked: what counts for a job of one way and model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from trailerflow.llm.model import LanguageModel
from trailerflow.summaries.support.kept_thresholds import Thresholds, threshold_of

LOG_ODDS, WORDS = "yes_no", "yes_no_words"
"""The measure that needs log-probabilities, and the one that stands in for it."""


def check_settings(check: Mapping[str, Any], way: str, model: LanguageModel, kept: Thresholds) -> str:
    """How a model's summaries by one way are checked, as JSON: only what counts for them, so that nothing else reruns them.

    A model without log-probabilities is asked for the word, and its threshold is that of the words.

    Args:
        check: The section ``summaries.check``.
        way: Name of the way.
        model: The model.
        kept: The thresholds that were taken.

    Returns:
        Of an object with ``measure``, ``threshold`` and ``unsupported``; of null where the way is not checked.
    """
    if way not in check["ways"]:
        return json.dumps(None)
    measure, threshold = check["measure"], check["threshold"]
    if measure == LOG_ODDS and not model.log_probabilities:
        measure, threshold = WORDS, None
    if threshold is None:
        threshold = threshold_of(measure, model.model, kept)
    settings = {"measure": measure, "threshold": threshold, "unsupported": check["unsupported"]}
    return json.dumps(settings, sort_keys=True)
