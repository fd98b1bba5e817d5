"""People's ratings and labels: the files that the rating kit gave out, checked and un-blinded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.judging.labelled_claims import check_labels, claims_table
from trailerflow.judging.make_rating_kit import FORMAT, NAME
from trailerflow.judging.pairs import AS_DRAWN, CRITERIA, POSITIONS, RATINGS, ratings_table
from trailerflow.outside import parse_json


@dataclass(frozen=True)
class Export:
    """One person's ratings.

    Attributes:
        rater: Who rated.
        saved: When, ISO 8601.
        ratings: Pair, then position, then criterion to a rating; what was not rated is missing.
        claims: Summary, then number of a claim, to its label; what was not labelled is missing.
    """

    rater: str
    saved: str
    ratings: Mapping[str, Mapping[str, Mapping[str, int]]]
    claims: Mapping[str, Mapping[str, str]]


def read_ratings(paths: Iterable[Path], key: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the exports of a kit.

    Args:
        paths: Files that the kit's page gave out.
        key: The kit's key, see `trailerflow.judging.make_rating_kit.kit_key`.

    Returns:
        One row a rating (see `trailerflow.judging.pairs.RATING_TYPES`), and one a label of a claim (see
        `trailerflow.claim_labels.COLUMNS`). Of several files of one rater the newest counts.

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
    labels = {rater: export.claims for rater, export in newest.items()}
    return ratings_table(rows), claims_table(labels, key)


def read_export(path: Path, key: Mapping[str, Any]) -> Export:
    """Read one export of a kit and check every rating and label of it.

    Raises:
        TrailerflowError: It is no export, or not one of this kit; the sentence names the file.
    """
    try:
        document = parse_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise TrailerflowError(
            f"{path} cannot be read as ratings ({error}); save it again from the kit's page."
        ) from None
    form = document.get("format") if isinstance(document, dict) else None
    if form != FORMAT and str(form).startswith(NAME):
        raise TrailerflowError(
            f"{path} is of a rating kit of another version ({form}; this one writes {FORMAT}), which showed other things. "
            "Take the file out of the folder."
        )
    if form != FORMAT:
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
    claims = document.get("claims")
    check_labels(path, claims, key)
    return Export(rater.strip(), str(document.get("saved", "")), ratings, claims)


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
