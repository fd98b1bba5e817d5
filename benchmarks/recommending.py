"""How soon a rating that comes in changes what is recommended, in one process: p50 and p99 over users.

    python benchmarks/recommending.py ../shared/data/ml-100k.zip [RANKER ...]

Each ranker is fitted on all ratings of the archive, saved and read again. Of each of 1,000 drawn users one film that the
user has not rated gets a drawn rating, and the user is asked about: the time goes from the rating to the best ten films.
Half of the draws are users of the archive with all their ratings. The others are newcomers, who have 1 to 20 first ratings
of such a user alone. All rankers have their default settings and one thread. On a busy machine the clock tells of others
too, and CPU time does not.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.catalogue.frames import read_archive
from trailerflow.program import run
from trailerflow.recommendations.rankers.contract import Floats, Ranker
from trailerflow.recommendations.recommending.own_ratings import no_ratings
from trailerflow.recommendations.recommending.recommender import Recommender
from trailerflow.recommendations.saved import REGISTER, load_ranker, save_ranker
from trailerflow.recommendations.splits.coding import coded
from trailerflow.registers import chosen_class
from trailerflow.torch_threads import use_threads

RANKERS = ("als", "bias", "content", "cooccurrence", "ease", "factorisation_machine")
MILLISECONDS = 1000
NO_VECTORS = pd.DataFrame({"movie": pd.Series(dtype=str), "vector": pd.Series(dtype=object)})


def saved_recommender(name: str, archive: Any, folder: Path) -> Recommender:
    """A ranker, fitted on all ratings, saved and read again."""
    movies, ratings, _, people, _ = archive
    train = coded(ratings, movies)
    kind: type[Ranker] = chosen_class(REGISTER, name)
    side = {"archive": movies, "people": people, "vectors": NO_VECTORS, "title_vectors": NO_VECTORS}
    fitted = kind().fit(train, train.head(0), side)
    save_ranker(fitted, {"name": name, "kind": name, "settings": {}}, folder)
    return Recommender(load_ranker(folder), movies, ratings)


def draws(recommender: Recommender, users: int, seed: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Users with their ratings beside the archive's, of which the last has just come in."""
    rng = np.random.default_rng(seed)
    nothing = no_ratings().ratings
    ids = sorted(recommender.users)
    films = np.array(sorted(recommender.saved.fitted.films))
    for number in range(users):
        user = str(rng.choice(ids))
        own = recommender.ratings_of(user, nothing)
        unrated = films[~np.isin(films, own["movie"])]
        rating = {
            "movie": str(rng.choice(unrated)),
            "rating": float(rng.integers(1, 6)),
            "timestamp": 1_000_000_000,
        }
        if number % 2:
            first = own.head(int(rng.integers(1, 21))).assign(user="newcomer")
            yield (
                "newcomer",
                pd.concat([first, pd.DataFrame([{"user": "newcomer", **rating}])], ignore_index=True),
            )
        else:
            yield user, pd.DataFrame([{"user": user, **rating}])


def times(recommender: Recommender, asked: Sequence[tuple[str, pd.DataFrame]]) -> Floats:
    """Milliseconds from a rating to new recommendations: CPU and wall clock, shape (users, 2)."""
    found = []
    for user, more in asked:
        start = time.process_time(), time.perf_counter()
        recommender.recommend(user, more)
        end = time.process_time(), time.perf_counter()
        found.append(np.subtract(end, start) * MILLISECONDS)
    return np.array(found)


def main() -> None:
    """Measure every ranker, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path, help="MovieLens archive")
    parser.add_argument(
        "rankers", nargs="*", default=RANKERS, help="names of rankers; without any all of them"
    )
    parser.add_argument("--users", type=int, default=1000, help="how many users are drawn")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws")
    arguments = parser.parse_args()
    use_threads(1)
    archive = read_archive(arguments.archive)
    print(
        "| ranker, ms | p50, CPU | p99, CPU | p50, clock | p99, clock | reading it |\n|---|---|---|---|---|---|"
    )
    for name in arguments.rankers:
        with tempfile.TemporaryDirectory() as folder:
            recommender = saved_recommender(name, archive, Path(folder) / name)
            start = time.perf_counter()
            load_ranker(Path(folder) / name)
            read = time.perf_counter() - start
        asked = list(draws(recommender, arguments.users, arguments.seed))
        times(recommender, asked[:5])  # the first calls import what they need
        found = times(recommender, asked)
        (middle, wall_middle), (late, wall_late) = np.percentile(found, [50, 99], axis=0)
        cells = (middle, late, wall_middle, wall_late, read * MILLISECONDS)
        print(f"| `{name}` | {' | '.join(f'{each:.1f}' for each in cells)} |", flush=True)


if __name__ == "__main__":
    run(main)
