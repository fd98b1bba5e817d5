"""How summaries are checked: what counts for a job of one way and model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from trailerflow.llm.model import LanguageModel
from trailerflow.summaries.support.kept_thresholds import Thresholds, measured_of

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
        Of an object with ``measure``, ``threshold``, ``unsupported`` and ``telling`` (null where it was not measured of the
        model); of null where the way is not checked.
    """
    if way not in check["ways"]:
        return json.dumps(None)
    measure, threshold = check["measure"], check["threshold"]
    if measure == LOG_ODDS and not model.log_probabilities:
        measure, threshold = WORDS, None
    measured = measured_of(measure, model.model, kept)
    settings = {
        "measure": measure,
        "threshold": measured.threshold if threshold is None else threshold,
        "unsupported": check["unsupported"],
        "telling": measured.telling and asdict(measured.telling),
    }
    return json.dumps(settings, sort_keys=True)
