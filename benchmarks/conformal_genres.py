"""Do conformal sets of genres keep their promises, and how large are they? On plots and on transcripts of real films.

    python benchmarks/conformal_genres.py ../shared/data [--predictions TABLE ...]

The films of the predictions that were made out of fold are cut at random into two halves: thresholds are chosen on one half
and measured on the other, 200 times. Without tables of predictions, TF-IDF with logistic regression is trained on the
folder's plots and on its transcripts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd

from trailerflow.catalogue.frames import archive_tables
from trailerflow.genres.conformal import FEW_MISSING, NONE_MISSING, PROMISES, Promise
from trailerflow.genres.films import Reads
from trailerflow.genres.genre_sets import sets_of
from trailerflow.genres.job import gather, learn
from trailerflow.genres.judged import Judged, judge, true_genres
from trailerflow.genres.predictions import CROSS_VALIDATION, read_predictions
from trailerflow.genres.split import split_movies
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.systems.tfidf import TfidfSystem
from trailerflow.kept_parts import KeptParts
from trailerflow.row_kinds import SYSTEM

TEXTS = {
    "synopsis": ("plots_short.parquet", "plot"),
    "transcript": ("trailer_transcripts.parquet", "transcript"),
}
"""Name of a text to its table in the folder and its column."""

FOLDS, DRAWS = 5, 200


def main() -> None:
    """Measure and print a row for each system and promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with ml-100k.zip, plots and transcripts")
    parser.add_argument("--predictions", type=Path, nargs="*", help="tables of predictions of the same films")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    start = time.monotonic()
    movies, _ = archive_tables(arguments.data / "ml-100k.zip")
    split, _ = split_movies(movies, held_out=0, folds=FOLDS, seed=arguments.seed)
    if arguments.predictions:
        tables = [read_predictions(path) for path in arguments.predictions]
    else:
        tables = [_out_of_fold(arguments.data, name, movies, arguments.seed) for name in TEXTS]
    print("| system | text | films | promise | covers | misses | genres in a set | in a constant set |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for one in judge(tables, true_genres(movies, split)):
        if one.row_kind == SYSTEM and one.part == CROSS_VALIDATION:
            for promise in PROMISES:
                _measure(one, promise, arguments.seed)
    print(f"\n{time.monotonic() - start:.0f} s")


def _out_of_fold(data: Path, name: str, movies: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Predictions of the films that have a text, each by a fit that did not know it."""
    file, column = TEXTS[name]
    found = pd.read_parquet(data / file)
    text = dict(zip(found["item_id"].astype(str), found[column], strict=True))
    films = movies[movies["movie"].isin(text)].reset_index(drop=True)
    split, _ = split_movies(films, held_out=0, folds=FOLDS, seed=seed)
    reads = Reads((name,))
    texts = pd.DataFrame(
        {"movie": films["movie"], "status": "ok", "reason": None, "text": films["movie"].map(text)}
    )
    with tempfile.TemporaryDirectory() as folder:
        learnt = learn(
            lambda seed: TfidfSystem("tfidf", reads, {}, Surroundings(client=_no_client), seed),
            gather(films, {name: texts}, reads),
            split,
            seeds=[seed],
            kept=KeptParts(Path(folder) / "parts", {}),
            rule="conformal_genres",
        )
    return learnt.tables.predictions


def _no_client(settings: object) -> NoReturn:
    raise AssertionError("no language model is asked")


def _measure(one: Judged, promise: Promise, seed: int) -> None:
    draws = [_of_draw(*halves, promise, draw) for draw, halves in enumerate(_halves(one, seed))]
    covers, misses, size, constant = np.array(draws).mean(axis=0)
    print(
        f"| {one.names['system']} | {one.names['arm']} | {len(one.movies)} | {promise.name} | {covers:.3f} | "
        f"{misses:.3f} | {size:.2f} | {constant:.2f} |",
        flush=True,
    )


def _halves(one: Judged, seed: int) -> Iterator[tuple[Judged, Judged]]:
    """The films in two halves, drawn anew each time; the ids of one film lie in one."""
    names, film = np.unique(one.films, return_inverse=True)
    rng = np.random.default_rng(seed)
    for _ in range(DRAWS):
        first = (rng.permutation(len(names)) < len(names) / 2)[film]
        yield one.at(np.flatnonzero(first)), one.at(np.flatnonzero(~first))


def _of_draw(half: Judged, other: Judged, promise: Promise, seed: int) -> tuple[float, float, float, float]:
    """Coverage, share of genres that are missing, size, and size of the constant sets."""
    sets = sets_of(half, other, promise, seed)
    covers = 1 - NONE_MISSING.losses(sets.truth, sets.system).mean()
    misses = FEW_MISSING.losses(sets.truth, sets.system).mean()
    return covers, misses, sets.system.sum(axis=1).mean(), sets.constant.sum(axis=1).mean()


if __name__ == "__main__":
    main()
