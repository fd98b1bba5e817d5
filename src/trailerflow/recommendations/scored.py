"""All rankers of all splits side by side: what every table of scores is made from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from trailerflow.recommendations.answers import read_answers
from trailerflow.recommendations.arms import Arm, arms_of
from trailerflow.recommendations.breakdowns import film_ages
from trailerflow.recommendations.figures import Figures, figures_of
from trailerflow.recommendations.judged import Judged, film_facts, judged_splits
from trailerflow.recommendations.ranking_files import ranking_file
from trailerflow.recommendations.references import REFERENCES
from trailerflow.row_kinds import REFERENCE, SYSTEM


def scored_arms(tables: Sequence[Path], rankings: Sequence[Path], archive: pd.DataFrame) -> list[Arm]:
    """Compute the figures of every ranker in every protocol, one table of rankings in memory at a time.

    Args:
        tables: ``<split>/<table>.parquet`` of every split.
        rankings: Tables of ``rank_films``.
        archive: The films of the archive: movie, year and one bool column per genre.

    Returns:
        The arms of every protocol of every split.

    Raises:
        TrailerflowError: A table is missing or damaged.
    """
    arms: list[Arm] = []
    for protocols in judged_splits(tables):
        for judged in protocols:
            own = [path for path in rankings if ranking_file(path).split == judged.split]
            arms += arms_of(judged, _figures(judged, own, archive))
    return arms


def _figures(judged: Judged, rankings: Sequence[Path], archive: pd.DataFrame) -> list[Figures]:
    genres, years = film_facts(judged.movies, archive)
    ages = film_ages(judged, years)
    found = [
        figures_of(name, REFERENCE, refer(judged), judged, genres, ages) for name, refer in REFERENCES.items()
    ]
    for path in rankings:
        answers = read_answers(path, judged)
        if answers is not None:
            found.append(figures_of(ranking_file(path).ranker, SYSTEM, answers, judged, genres, ages))
    return found
