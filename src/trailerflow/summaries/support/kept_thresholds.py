"""What was measured of a model that is asked about claims: when a claim is kept, and when a transcript tells."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.summaries.telling import LeastTelling

EVEN = {"yes_no": 0.0, "yes_no_words": 0.5}
"""By measure, where none was taken for a model: a yes as likely as a no."""


@dataclass(frozen=True)
class Measured:
    """What was measured of a model and a measure.

    Attributes:
        threshold: The least support of a claim that is kept.
        telling: When a transcript and its claims tell enough; None where that was not measured.
    """

    threshold: float
    telling: LeastTelling | None = None


Thresholds = Mapping[str, Mapping[str, Measured]]
"""What was measured by model, as the model list or its service calls it, and by measure of support."""


def read_thresholds(path: Path) -> Thresholds:
    """The thresholds that were taken.

    Args:
        path: JSON, ``{model: {measure: {"threshold": number, "source": text, "telling": {"weight": number, "least": number,
            "source": text}}}}``; a source says which texts the numbers are from, and telling may be missing.

    Raises:
        TrailerflowError: The file is missing or damaged.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(model): {measure: _measured(measure, entry) for measure, entry in by_measure.items()}
            for model, by_measure in kept.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise TrailerflowError(
            f"{path} cannot be read as thresholds of support ({error}); restore it from the project."
        ) from None


def measured_of(measure: str, model: str, kept: Thresholds) -> Measured:
    """What was measured of a model and a measure, or the even threshold.

    >>> measured_of("yes_no", "b", {}).threshold
    0.0
    """
    return kept.get(model, {}).get(measure, Measured(EVEN[measure]))


def _measured(measure: str, entry: Mapping[str, Any]) -> Measured:
    if measure not in EVEN:
        raise ValueError(f"{measure} is none of {', '.join(EVEN)}")
    (threshold,) = _numbers(measure, entry, "threshold")
    telling = entry.get("telling")
    return Measured(
        threshold, None if telling is None else LeastTelling(*_numbers(measure, telling, "weight", "least"))
    )


def _numbers(measure: str, entry: Mapping[str, Any], *names: str) -> list[float]:
    """Numbers of an entry that says where they are from."""
    source, found = entry["source"], [entry[name] for name in names]
    for name, number in zip(names, found, strict=True):
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise ValueError(f"the {name} of {measure} is no number")
    if not isinstance(source, str) or not source.strip():
        raise ValueError(f"the {' and the '.join(names)} of {measure} have no source")
    return [float(number) for number in found]
