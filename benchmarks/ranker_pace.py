"""Rankers of LensKit and implicit beside a bare call of the library on the same ratings: CPU seconds, and their ratio.

    python benchmarks/ranker_pace.py ../shared/data/ml-100k.zip [RANKER ...]

Both fit on what precedes the test of ``leave_last`` and score every film that a user had not rated, for all users. They take
turns in one process, so that the import counts for neither; of each the fastest turn is told. The bare call is given the
films of every question; the ranker finds them itself.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.catalogue.frames import read_archive
from trailerflow.program import run
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.protocols.full import Full
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.als import Als
from trailerflow.recommendations.rankers.bias import Bias
from trailerflow.recommendations.rankers.biased_mf import BiasedMf
from trailerflow.recommendations.rankers.bpr import Bpr
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.rankers.item_knn import ItemKnn
from trailerflow.recommendations.rankers.user_knn import UserKnn
from trailerflow.recommendations.splits.coding import coded
from trailerflow.recommendations.splits.contract import TEST
from trailerflow.recommendations.splits.leave_last import LeaveLast

COMMON = Settings(held_out=5, history=10, llm_users=0, seed=0)
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Data:
    """The same ratings for both.

    Attributes:
        train: Training ratings, as a ranker gets them.
        questions: All users, each about the whole catalogue.
        rows: Training ratings as the libraries want them: user_id, item_id, rating, by whole numbers.
        asked: Each user's number with those of the films that are asked about.
    """

    train: pd.DataFrame
    questions: Questions
    rows: pd.DataFrame
    asked: Sequence[tuple[int, Codes]]


def read_data(archive: Path) -> Data:
    """The test part of ``leave_last``, with the question of ``full`` alone."""
    movies, ratings, *_ = read_archive(archive)
    (part,) = (
        part
        for part in LeaveLast({"blocks": 0}).split(coded(ratings, movies), movies, COMMON)
        if part.part == TEST
    )
    (asked,) = (asked for asked in part.asked if asked.protocol == Full.name)
    questions = Questions(asked.questions, asked.candidates, part.train)
    rows = {
        "user_id": part.train["user"].cat.codes.astype(np.int64),
        "item_id": part.train["movie"].cat.codes.astype(np.int64),
        "rating": part.train["rating"],
    }
    users = {str(user): number for number, user in enumerate(questions.users)}
    films = [(users[each.user], each.candidates.astype(np.int64)) for each in questions]
    return Data(part.train, questions, pd.DataFrame(rows), films)


def bare_lenskit(scorer: Callable[[], Any], data: Data) -> None:
    """Train a scorer of LensKit and ask it about every user."""
    from lenskit.data import ItemList, RecQuery, from_interactions_df
    from lenskit.training import TrainingOptions

    dataset, trained = from_interactions_df(data.rows), scorer()
    trained.train(dataset, TrainingOptions(rng=0))
    for user, films in data.asked:
        trained(RecQuery(user_id=user, history_items=dataset.user_row(user)), ItemList(films)).scores()


def bare_bpr(data: Data) -> None:
    """Train BPR of the package implicit and multiply the factors."""
    from implicit.cpu.bpr import BayesianPersonalizedRanking
    from scipy.sparse import csr_matrix

    model = BayesianPersonalizedRanking(num_threads=1, random_state=0)
    places = (data.rows["user_id"], data.rows["item_id"])
    model.fit(csr_matrix((np.ones(len(data.rows), np.float32), places)), show_progress=False)
    known = len(model.item_factors)
    for user, films in data.asked:
        _ = model.item_factors[films[films < known]] @ model.user_factors[user]


def pairs() -> dict[str, tuple[Ranker, Callable[[Data], None]]]:
    """Each ranker with its bare call, both by the same settings."""
    from lenskit.als import BiasedMFScorer, ImplicitMFScorer
    from lenskit.basic import BiasScorer
    from lenskit.knn import ItemKNNScorer, UserKNNScorer

    implicit = {"feedback": "implicit"}
    return {
        "bias": (Bias(), partial(bare_lenskit, lambda: BiasScorer(damping=5.0))),
        "item_knn": (ItemKnn(), partial(bare_lenskit, lambda: ItemKNNScorer(k=20))),
        "item_knn_implicit": (
            ItemKnn(implicit),
            partial(bare_lenskit, lambda: ItemKNNScorer(k=20, **implicit)),
        ),
        "user_knn": (UserKnn(), partial(bare_lenskit, lambda: UserKNNScorer(k=20))),
        "user_knn_implicit": (
            UserKnn(implicit),
            partial(bare_lenskit, lambda: UserKNNScorer(k=20, **implicit)),
        ),
        "biased_mf": (BiasedMf(), partial(bare_lenskit, BiasedMFScorer)),
        "als": (Als(), partial(bare_lenskit, lambda: ImplicitMFScorer(embedding_size=64))),
        "bpr": (Bpr(), bare_bpr),
    }


def ranked(ranker: Ranker, data: Data) -> None:
    """Fit the ranker and ask it about every user."""
    for _ in ranker.fit(data.train, data.train.head(0), {}).score(data.questions):
        pass


def seconds(work: Callable[[], None]) -> float:
    """CPU seconds of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure each pair in turns, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path, help="MovieLens archive")
    parser.add_argument("rankers", nargs="*", help="names of rankers; without any all of them")
    parser.add_argument("--turns", type=int, default=3, help="turns of each")
    arguments = parser.parse_args()
    data, measured = read_data(arguments.archive), pairs()
    print("| ranker | bare, CPU s | ranker, CPU s | ratio |\n|---|---|---|---|")
    for name in arguments.rankers or measured:
        ranker, bare = measured[name]
        bare_seconds, own_seconds = [], []
        for _ in range(arguments.turns):
            own_seconds.append(seconds(partial(ranked, ranker, data)))  # the first one sets LensKit's threads
            bare_seconds.append(seconds(partial(bare, data)))
        least = min(bare_seconds), min(own_seconds)
        print(f"| {name} | {least[0]:.2f} | {least[1]:.2f} | {least[1] / least[0]:.2f} |", flush=True)


if __name__ == "__main__":
    run(main)
