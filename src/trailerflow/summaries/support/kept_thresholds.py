"""From which support on a claim is kept: thresholds that were taken for a model, and what stands in where none was."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError

EVEN = {"yes_no": 0.0, "yes_no_words": 0.5}
"""By measure, where none was taken for a model: a yes as likely as a no."""

Thresholds = Mapping[str, Mapping[str, float]]
"""Threshold by model, as the model list or its service calls it, and by measure."""


def read_thresholds(path: Path) -> Thresholds:
    """The thresholds that were taken.

    Args:
        path: JSON, ``{model: {measure: {"threshold": number, "source": text}}}``; the source says which texts it is from.

    Raises:
        TrailerflowError: The file is missing or damaged.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(model): {measure: _threshold(measure, entry) for measure, entry in by_measure.items()}
            for model, by_measure in kept.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise TrailerflowError(
            f"{path} cannot be read as thresholds of support ({error}); restore it from the project."
        ) from None


def threshold_of(measure: str, model: str, kept: Thresholds) -> float:
    """The threshold of a model and a measure.

    >>> threshold_of("yes_no", "a", {"a": {"yes_no": 1.5}}), threshold_of("yes_no", "b", {})
    (1.5, 0.0)
    """
    return kept.get(model, {}).get(measure, EVEN[measure])


def _threshold(measure: str, entry: Mapping[str, Any]) -> float:
    if measure not in EVEN:
        raise ValueError(f"{measure} is none of {', '.join(EVEN)}")
    threshold, source = entry["threshold"], entry["source"]
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not math.isfinite(threshold):
        raise ValueError(f"the threshold of {measure} is no number")
    if not isinstance(source, str) or not source.strip():
        raise ValueError(f"the threshold of {measure} has no source")
    return float(threshold)
