"""Labels of claims as people saved them from the rating kit: checked by the kit's key, and un-blinded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.claim_labels import COLUMNS, LABELS
from trailerflow.errors import TrailerflowError


def check_labels(path: Path, labels: Any, key: Mapping[str, Any]) -> None:
    """Refuse labels of claims that the kit did not show, and labels that it does not know.

    Args:
        path: The file, for the message.
        labels: Of the file: id of a summary, then number of a claim, to its label.
        key: The kit's key, see `trailerflow.judging.make_rating_kit.kit_key`.

    Raises:
        TrailerflowError: One of them is none; the sentence names it.
    """
    if not isinstance(labels, dict):
        raise TrailerflowError(f"{path} has no labels by summary; save it again from the kit's page.")
    for sheet, given in labels.items():
        if sheet not in key["claims"]:
            raise TrailerflowError(
                f"{path} labels claims of the summary {sheet!r}, which this kit does not have."
            )
        if not isinstance(given, dict):
            raise TrailerflowError(
                f"{path} has no labels by claim for summary {sheet}; save it again from the kit's page."
            )
        numbers = set(map(str, range(len(key["claims"][sheet]["claims"]))))
        for number, label in given.items():
            if number not in numbers:
                raise TrailerflowError(
                    f"{path} labels claim {number!r} of summary {sheet}, which has {len(numbers)}, from 0."
                )
            if not isinstance(label, str) or label not in LABELS:
                raise TrailerflowError(
                    f"{path} has {label!r} for claim {number} of summary {sheet}; it must be one of {', '.join(LABELS)}."
                )


def claims_table(labels: Mapping[str, Mapping[str, Any]], key: Mapping[str, Any]) -> pd.DataFrame:
    """The labels in the form that measures of support are judged by.

    Args:
        labels: Reader to what `check_labels` has passed.
        key: The kit's key.

    Returns:
        A row a reader and claim, with the columns of `trailerflow.claim_labels.COLUMNS`.
    """
    rows = [
        {
            "movie": sheet["movie"],
            "system": sheet["system"],
            "sentence": sheet["claims"][int(number)]["sentence"],
            "claim": int(number),
            "text": sheet["claims"][int(number)]["text"],
            "label": label,
            "reader": reader,
        }
        for reader, by_sheet in sorted(labels.items())
        for name, sheet in key["claims"].items()
        for number, label in sorted(by_sheet.get(name, {}).items(), key=lambda one: int(one[0]))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
