"""One split of the films for everyone who trains or judges, grouped by film and stratified by genre."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold, MultilabelStratifiedShuffleSplit

from trailerflow.csv_rows import csv_rows
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES

NO_FOLD = -1
"""Fold of the held-out movies and of those that are not used."""


def split_movies(
    movies: pd.DataFrame, *, held_out: float, folds: int, seed: int
) -> tuple[pd.DataFrame, list[str]]:
    """Hold out a share of the films and put the others into folds.

    The movies of one film (``duplicate_of``) stay on one side. Films are spread so that each genre is shared
    out as evenly as its films allow (Sechidis, Tsoumakas & Vlahavas, On the Stratification of Multi-Label
    Data, ECML PKDD 2011). A film without any genre is not used: there is nothing to learn from it or to judge
    by.

    Args:
        movies: movie, duplicate_of and one bool column per genre.
        held_out: Share of the films held out, in [0, 1]: with 0 each film lies in a fold, with 1 none does, and whatever
            learns does so from other texts; between, at least one film is held out.
        folds: Number of folds of the others, 2 or more.
        seed: Seed of both draws.

    Returns:
        movie, group (a movie's id that names the film), fold (0 to ``folds`` - 1, `NO_FOLD` for held-out and
        unused movies) and held_out, in the order of ``movies``; and sentences on what was left out. With too
        few films for a held-out one and one in each fold, no movie is used.
    """
    group = movies["duplicate_of"].fillna(movies["movie"]).astype(str)
    genres = movies[list(GENRES)].groupby(group.to_numpy(), sort=False).any()
    usable = genres[genres.any(axis=1)]
    table = pd.DataFrame({"movie": movies["movie"].astype(str), "group": group})
    notes = []
    if unused := int((~group.isin(usable.index)).sum()):
        notes.append(f"Movies without any genre, which are not used: {unused}.")
    if len(usable) < (1 if held_out == 1 else folds + (held_out > 0)):
        notes.append(
            f"There are {len(usable)} films with genres, too few for {folds} folds and a held-out film: "
            "nothing is split, and nothing is trained. Add movies with genres, or lower genres.folds."
        )
        return table.assign(fold=NO_FOLD, held_out=False), notes
    fold = _folds_of_films(usable.to_numpy(dtype=np.intp), held_out=held_out, folds=folds, seed=seed)
    held = usable.index[fold == NO_FOLD]
    by_film = pd.Series(fold, index=usable.index)
    table["fold"] = group.map(by_film).fillna(NO_FOLD).astype(int)
    table["held_out"] = group.isin(held)
    return table, notes


def own_split(movies: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, list[str]]:
    """The split that a user's table gives, in the form of `split_movies`.

    Args:
        movies: movie, duplicate_of and one bool column per genre.
        path: CSV with the columns ``movie`` and ``fold``: a number from 0, or ``test`` for a film that is held out.
            A movie that it does not list is not used.

    Raises:
        TrailerflowError: The table is faulty, the folds are not numbered from 0 without a gap, or two ids of one film lie on
            different sides.
    """
    fold_of: dict[str, int] = {}
    known = set(movies["movie"].astype(str))
    for row, cells in csv_rows(path, ("movie", "fold")):
        movie, fold = cells["movie"], cells["fold"]
        if movie not in known or movie in fold_of or not re.fullmatch(r"test|[0-9]{1,3}", fold):
            fault = (
                f"{movie!r} is no movie of this run" if movie not in known
                else f"{movie!r} stands there twice" if movie in fold_of
                else f"the fold is {fold!r}; write a number from 0, or test"
            )  # fmt: skip
            raise TrailerflowError(f"{path}, row {row}: {fault}.")
        fold_of[movie] = NO_FOLD if fold == "test" else int(fold)
    folds = sorted({fold for fold in fold_of.values() if fold != NO_FOLD})
    if folds != list(range(len(folds))) or len(folds) == 1:
        raise TrailerflowError(
            f"{path} has the folds {', '.join(map(str, folds))}; number two or more from 0 without a gap, or call all test."
        )
    group = movies["duplicate_of"].fillna(movies["movie"]).astype(str)
    used = movies["movie"].astype(str).isin(fold_of.keys())
    fold = movies["movie"].astype(str).map(fold_of).fillna(NO_FOLD).astype(int)
    crossing = fold[used].groupby(group[used]).nunique()
    if (crossing > 1).any():
        film = crossing.index[crossing > 1][0]
        raise TrailerflowError(
            f"{path} puts two ids of one film on different sides ({film}); give them one fold."
        )
    table = pd.DataFrame({"movie": movies["movie"].astype(str), "group": group, "fold": fold})
    table["held_out"] = used & (fold == NO_FOLD)
    unused = int((~used).sum())
    return table, [f"Movies that {path.name} does not list, which are not used: {unused}."] if unused else []


def _folds_of_films(
    labels: npt.NDArray[np.intp], *, held_out: float, folds: int, seed: int
) -> npt.NDArray[np.intp]:
    """Fold of each film, `NO_FOLD` for held-out ones; ``labels`` has shape (films, genres)."""
    films = len(labels)
    fold = np.full(films, NO_FOLD)
    if held_out == 1:
        return fold
    rest = _not_held_out(labels, held_out=held_out, folds=folds, seed=seed)
    stratified = MultilabelStratifiedKFold(n_splits=folds, shuffle=True, random_state=seed)
    parts = [part for _, part in stratified.split(np.zeros(len(rest)), labels[rest])]
    if not all(len(part) for part in parts):
        parts = np.array_split(np.random.default_rng(seed).permutation(len(rest)), folds)
    for number, part in enumerate(parts):
        fold[rest[part]] = number
    return fold


def _not_held_out(
    labels: npt.NDArray[np.intp], *, held_out: float, folds: int, seed: int
) -> npt.NDArray[np.intp]:
    """The films that are not held out, enough for the folds."""
    films = len(labels)
    if held_out == 0:
        return np.arange(films)
    test = min(max(1, round(held_out * films)), films - folds)
    rest = np.flatnonzero(shares_of_films(labels, (test / films,), seed) == 1)
    # The draw meets its size only nearly; with few films it can leave fewer than one for each fold.
    if not folds <= len(rest) < films:
        rest = np.sort(np.random.default_rng(seed).permutation(films)[test:])
    return rest


def shares_of_films(labels: npt.NDArray[np.intp], shares: Sequence[float], seed: int) -> npt.NDArray[np.intp]:
    """Share films out, each genre as evenly as its films allow.

    Args:
        labels: Genres of n films, shape (n, genres).
        shares: Share of each part but the last, which takes the rest; together at most 1.
        seed: Seed of the draws.

    Returns:
        Part of each film, 0 to ``len(shares)``, shape (n,). A share meets its size only nearly.
    """
    part = np.full(len(labels), len(shares))
    for number, share in enumerate(shares):
        rest = np.flatnonzero(part == len(shares))
        wanted = min(round(share * len(labels)), len(rest) - 1)
        if wanted < 1:
            continue
        shuffle = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=wanted, random_state=seed + number)
        _, drawn = next(shuffle.split(np.zeros(len(rest)), labels[rest]))
        part[rest[drawn]] = number
    return part
