"""People's ratings: the files that the rating kit gave out, checked and un-blinded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.judging.make_rating_kit import FORMAT
from trailerflow.judging.pairs import AS_DRAWN, CRITERIA, POSITIONS, RATINGS, ratings_table


@dataclass(frozen=True)
class Export:
    """One person's ratings.

    Attributes:
        rater: Who rated.
        saved: When, ISO 8601.
        ratings: Pair, then position, then criterion to a rating; what was not rated is missing.
    """

    rater: str
    saved: str
    ratings: Mapping[str, Mapping[str, Mapping[str, int]]]


def read_ratings(paths: Iterable[Path], key: Mapping[str, Any]) -> pd.DataFrame:
    """Read the exports of a kit.

    Args:
        paths: Files that the kit's page gave out.
        key: The kit's key, see `trailerflow.judging.make_rating_kit.kit_key`.

    Returns:
        One row a rating (see `trailerflow.judging.pairs.RATING_TYPES`). Of several files of one rater the newest counts.

    Raises:
        TrailerflowError: A file is no export, or not one of this kit.
    """
    newest: dict[str, Export] = {}
    for path in paths:
        export = read_export(path, key)
        if export.rater not in newest or newest[export.rater].saved < export.saved:
            newest[export.rater] = export
    rows: list[dict[str, object]] = []
    for rater, export in sorted(newest.items()):
        rows += _rows(rater, export, key)
    return ratings_table(rows)


def read_export(path: Path, key: Mapping[str, Any]) -> Export:
    """Read one export of a kit and check every rating of it.

    Raises:
        TrailerflowError: It is no export, or not one of this kit; the sentence names the file.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise TrailerflowError(
            f"{path} cannot be read as ratings ({error}); save it again from the kit's page."
        ) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise TrailerflowError(f"{path} holds no ratings of a rating kit; take it out of the folder.")
    if document.get("kit") != key["kit"]:
        raise TrailerflowError(
            f"{path} has ratings of another kit ({document.get('kit')}), whose summaries were others; this run's kit is "
            f"{key['kit']}. Take the file out of the folder."
        )
    rater, ratings = document.get("rater"), document.get("ratings")
    if not isinstance(rater, str) or not rater.strip() or not isinstance(ratings, dict):
        raise TrailerflowError(f"{path} names no rater; write a name on the kit's page and save it again.")
    for pair, sides in ratings.items():
        _check_pair(path, pair, sides, key)
    return Export(rater.strip(), str(document.get("saved", "")), ratings)


def _check_pair(path: Path, pair: str, sides: Any, key: Mapping[str, Any]) -> None:
    if pair not in key["pairs"]:
        raise TrailerflowError(f"{path} rates the pair {pair!r}, which this kit does not have.")
    if not isinstance(sides, dict) or not all(isinstance(given, dict) for given in sides.values()):
        raise TrailerflowError(
            f"{path} has no ratings by summary for pair {pair}; save it again from the kit's page."
        )
    for position, given in sides.items():
        for criterion, rating in given.items():
            is_rating = isinstance(rating, int) and not isinstance(rating, bool) and rating in RATINGS
            if position not in POSITIONS or criterion not in CRITERIA or not is_rating:
                raise TrailerflowError(
                    f"{path} has {rating!r} for {criterion} of the {position} summary of pair {pair}; it must be a whole "
                    "number from 1 to 5."
                )


def _rows(rater: str, export: Export, key: Mapping[str, Any]) -> list[dict[str, object]]:
    return [
        {
            "rater": rater, "kind": "person", "movie": key["pairs"][pair]["movie"], "pair": pair, **system,
            "position": position, "order": AS_DRAWN, "criterion": criterion, "rating": rating,
        }
        for pair, sides in sorted(export.ratings.items())
        for position, system in zip(POSITIONS, key["pairs"][pair]["systems"], strict=True)
        for criterion, rating in sides.get(position, {}).items()
    ]  # fmt: skip
