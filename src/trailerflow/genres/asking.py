"""A language model's genres of all films: no film has a part in its own examples or thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.genres.calibration import Calibration
from trailerflow.genres.decisions import DECISIONS, OperatingPoints, decide, decide_new
from trailerflow.genres.films import NO_FILMS, ExtraFilms, Films, Training
from trailerflow.genres.job import Gathered, ask, learn
from trailerflow.genres.predictions import ALL, CROSS_VALIDATION, HELD_OUT, Tables
from trailerflow.genres.split import NO_FOLD
from trailerflow.genres.systems.contract import System
from trailerflow.genres.thresholds import Thresholds

EVEN = OperatingPoints(
    Calibration(np.ones(len(GENRES)), np.zeros(len(GENRES))), Thresholds(0.5, np.full(len(GENRES), 0.5))
)
"""A yes that is likelier than a no counts: for films that lie in too few folds to choose thresholds on."""


def ask_all(
    system: System,
    gathered: Gathered,
    movies: Sequence[str],
    split: pd.DataFrame,
    *,
    rule: str,
    extra: Films = NO_FILMS,
    seed: int = 0,
) -> Tables:
    """Predict all films by a language model, so that no film has a part in its own examples or thresholds.

    A model that is shown examples gets those of the other folds; where the films lie in fewer than two folds, those of the
    extra texts. Log-odds get their thresholds from the other folds, or are taken as they are.

    Args:
        system: The model with its question.
        gathered: What there is to read, with the films' genres.
        movies: Ids of all films, in the order of the tables.
        split: movie, fold and held_out.
        rule: Name of the rule, for the progress.
        extra: Texts of no film of the run, with genres, to take examples from.
        seed: Seed that the rows of a model with examples bear.
    """
    if system.learns and _lie_in_folds(gathered.films.movies, split):
        own = ExtraFilms(extra)
        return learn(lambda _: system, gathered, split, seeds=[seed], kept=None, rule=rule, extra=own).tables
    system.fit(Training(NO_FILMS, extra), NO_FILMS)
    tables = ask(system, gathered, movies, ALL)
    if tables.predictions[DECISIONS[0]].notna().any():
        return tables
    answered = tables.films.loc[tables.films["status"] == "ok", "movie"]
    if _lie_in_folds(answered, split):
        return Tables(_by_other_folds(tables.predictions, gathered.films, split), tables.films)
    return Tables(decide_new(tables.predictions, EVEN), tables.films)


def _lie_in_folds(movies: Iterable[str], split: pd.DataFrame) -> bool:
    """Whether some films lie in two folds or more, so that each fold has another one."""
    placed = split.loc[split["movie"].isin(list(movies)), "fold"]
    return bool(placed[placed != NO_FOLD].nunique() > 1)


def _by_other_folds(predictions: pd.DataFrame, films: Films, split: pd.DataFrame) -> pd.DataFrame:
    """Calibrate and decide as for a system that learnt: each fold by the others, all other films by all folds."""
    fold = predictions["movie"].astype(object).map(split.set_index("movie")["fold"])
    lies_in_one = fold != NO_FOLD
    as_learnt = predictions.assign(
        part=np.where(lies_in_one, CROSS_VALIDATION, HELD_OUT),
        fold=fold.where(lies_in_one).astype("Int64"),
        seed=pd.array([0] * len(predictions), dtype="Int64"),
    )
    truth = pd.DataFrame(films.labels, columns=list(GENRES)).assign(movie=list(films.movies))
    decided, _ = decide(as_learnt, truth)
    return predictions.assign(**{name: decided[name] for name in ("probability", *DECISIONS)})
