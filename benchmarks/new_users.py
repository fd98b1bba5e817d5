"""Users of whom 1, 3, 5 or 10 ratings are known: rankers that fold them in, beside the same rankers fitted with them.

    python benchmarks/new_users.py ../shared/data/ml-100k.zip [--folds 2] [--rankers NAME ...]

The split is ``cold_users``: a fifth of the users a fold, of whom the first ratings are told and the later ones are to be
found in the whole catalogue. Folded in, a ranker was fitted without these users, once a fold. Retrained, it is fitted anew
on the others' ratings and on what is told. NDCG@10 is the mean over users, with its bootstrap interval. The difference is
paired, retrained less folded in, with the smallest one that would have been seen four times in five.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.catalogue.frames import read_archive
from trailerflow.program import run
from trailerflow.recommendations.comparisons import of_differences
from trailerflow.recommendations.draws import mean_draws
from trailerflow.recommendations.metrics.contract import Placed
from trailerflow.recommendations.metrics.gains import FoundNdcg
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, FoldsIn, Ranker, Side
from trailerflow.recommendations.ranking_rows import ranking_rows
from trailerflow.recommendations.saved import REGISTER
from trailerflow.recommendations.splits.coding import coded
from trailerflow.recommendations.splits.cold_users import KNOWN, ColdUsers
from trailerflow.recommendations.splits.contract import Part
from trailerflow.registers import chosen_class
from trailerflow.statistics import bootstrap_interval

COMMON = Settings(held_out=5, history=10, llm_users=0, seed=0)
CUT = 10
FOLDED, RETRAINED = "folded in", "retrained"
RANKERS: dict[str, dict[str, Any]] = {
    "popularity": {},
    "item_knn": {"feedback": "implicit"},
    "ease": {},
    "als": {},
    "cooccurrence": {},
    "content": {},
    "factorisation_machine": {},
}
"""Rankers with what differs from their defaults; the first two fold nobody in by a file of their own."""
NO_VECTORS = pd.DataFrame({"movie": pd.Series(dtype=str), "vector": pd.Series(dtype=object)})


def ndcg(fitted: Fitted, part: Part) -> pd.Series:
    """The figure of each user."""
    (asked,) = part.asked
    told = pd.concat([part.train, part.known], ignore_index=True)
    questions = Questions(asked.questions, asked.candidates, told)
    rows = ranking_rows(questions, fitted.score(questions), asked, seed=[0])
    users = asked.questions["user"].astype(str)
    rows = rows.astype({"user": str, "movie": str}).merge(asked.truth.astype({"user": str, "movie": str}))
    rows = rows.assign(question=pd.Index(users).get_indexer(rows["user"])).sort_values("question")
    candidates = np.array([len(questions.numbered(number).candidates) for number in range(len(questions))])
    placed = Placed(
        question=rows["question"].to_numpy(),
        rating=rows["rating"].to_numpy(float),
        place=np.zeros(len(rows), int),
        order=rows["order"].to_numpy(int),
        tied=rows["tied"].to_numpy(int),
        retrieved=rows["retrieved"].to_numpy(float),
        candidates=candidates,
    )
    return pd.Series(FoundNdcg().figures(placed, CUT), index=users)


def figures_of(
    name: str, parts: Mapping[int, list[Part]], side: Side
) -> Iterator[tuple[str, int, pd.Series]]:
    """How the users were learnt of, how many ratings are known, and the figure of each user; a fold after another."""
    kind: type[Ranker] = chosen_class(REGISTER, name)
    ranker = kind(RANKERS[name])
    for fold in parts.values():
        others = ranker.fit(fold[0].train, fold[0].train.head(0), side)
        for known, part in zip(KNOWN, fold, strict=True):
            if isinstance(others, FoldsIn):
                yield FOLDED, known, ndcg(others.fold_in(part.known), part)
            told = pd.concat([part.train, part.known], ignore_index=True)
            yield RETRAINED, known, ndcg(ranker.fit(told, told.head(0), side), part)


def rows_of(name: str, parts: Mapping[int, list[Part]], side: Side) -> Iterator[str]:
    """Lines of the table: one for each number of known ratings."""
    found: dict[tuple[str, int], list[pd.Series]] = {}
    start = time.process_time()
    for way, known, figures in figures_of(name, parts, side):
        found.setdefault((way, known), []).append(figures)
    spent = time.process_time() - start
    for known in KNOWN:
        values = {way: pd.concat(found[way, known]) for way in (FOLDED, RETRAINED) if (way, known) in found}
        cells = [_mean(values[way]) if way in values else "" for way in (FOLDED, RETRAINED)]
        yield f"| `{name}` | {known} | {' | '.join(cells)} | {_difference(values)} | {spent:.0f} |"


def _mean(values: pd.Series) -> str:
    low, high = bootstrap_interval(values.dropna().to_numpy(), seed=0)
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def _difference(values: Mapping[str, pd.Series]) -> str:
    if len(values) < 2:
        return ""
    own = (values[RETRAINED] - values[FOLDED]).dropna().to_numpy()
    told = of_differences(own, mean_draws(own[:, None], 0)[:, 0])
    bounds = f"[{told['difference_low']:.3f}, {told['difference_high']:.3f}]"
    return f"{told['difference']:.3f} {bounds}, seen from {told['smallest']:.3f}"


def main() -> None:
    """Measure every ranker, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path, help="MovieLens archive")
    parser.add_argument(
        "--rankers", nargs="+", choices=RANKERS, default=list(RANKERS), help="which are measured"
    )
    parser.add_argument("--folds", type=int, default=2, help="how many of the five folds are made")
    arguments = parser.parse_args()
    movies, ratings, _, people, _ = read_archive(arguments.archive)
    side = {"archive": movies, "people": people, "vectors": NO_VECTORS, "title_vectors": NO_VECTORS}
    split = ColdUsers({"only": arguments.folds, "blocks": 0})
    parts: dict[int, list[Part]] = {}
    for part in split.split(coded(ratings, movies), movies, COMMON):
        parts.setdefault(part.fold // len(KNOWN), []).append(part)
    users = sum(len(fold[0].asked[0].questions) for fold in parts.values())
    print(f"NDCG@{CUT} of {users} users.\n")
    print(
        "| ranker | known | folded in | retrained | retrained less folded in | CPU s of all |\n|---|---|---|---|---|---|"
    )
    for name in arguments.rankers:
        for line in rows_of(name, parts, side):
            print(line, flush=True)


if __name__ == "__main__":
    run(main)
