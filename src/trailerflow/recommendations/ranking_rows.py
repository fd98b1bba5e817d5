"""The rows that a ranker's scores make: which films are written, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.outcomes import STATUSES
from trailerflow.recommendations.protocols.contract import CATALOGUE, Asked
from trailerflow.recommendations.questions import Codes, Questions, codes_of
from trailerflow.recommendations.rankers.contract import Floats, Scores

BEST = 100
"""Films that are written of a question about a catalogue, beside those of the truth."""

COLUMN_TYPES: dict[str, Any] = {
    "protocol": str,
    "part": str,
    "fold": "int16",
    "seed": "int32",
    "user": "category",
    "movie": "category",
    "score": float,
    "order": "Int32",
    "tied": "Int32",
    "retrieved": bool,
    "status": str,
}
"""Columns of every ranker's table; those that a ranker tells beside them follow.

``order``: 1 and the candidates with a higher score. ``tied``: the other candidates with the same score. ``retrieved``:
whether the ranker shows the film: every listed candidate, and the best `BEST` of a catalogue, ties at the end broken by
chance. The rows that are not retrieved are the truth's, for their places.
"""


def ranking_rows(
    questions: Questions,
    answers: Iterable[Scores],
    asked: Asked,
    *,
    seed: Sequence[int],
    tells: Sequence[str] = (),
) -> pd.DataFrame:
    """The rows of one protocol and part, question by question.

    Args:
        questions: What the ranker was asked.
        answers: Its scores, one for each question.
        asked: The protocol's tables, for the rules and the truth.
        seed: Seed of the ties at the end of a list.
        tells: Further columns of the scores.

    Returns:
        Those of `COLUMN_TYPES` that tell of a film, and ``tells``.

    Raises:
        ValueError: A ranker's fault: a question without an answer, scores of another number than the candidates, or a film
            with neither a score nor a status.
    """
    users, films = questions.users, questions.movies
    of_question = codes_of(asked.questions["user"], users)
    by_rule = (asked.questions["rule"] == CATALOGUE).to_numpy()
    truth = (
        pd.Series(codes_of(asked.truth["movie"], films))
        .groupby(codes_of(asked.truth["user"], users))
        .agg(list)
    )
    columns: dict[str, list[npt.NDArray[Any]]] = {
        name: [] for name in ("user", "movie", "score", "order", "tied", "retrieved", "status", *tells)
    }
    answered = 0
    for answer in answers:
        answered += 1
        number = answer.question
        candidates = questions.numbered(number).candidates
        _check(answer, candidates)
        order, tied = places(answer.scores)
        kept, retrieved = np.arange(candidates.size), np.ones(candidates.size, dtype=bool)
        if by_rule[number]:
            retrieved = _best(order, np.random.default_rng([*seed, number]))
            kept = np.flatnonzero(retrieved | np.isin(candidates, truth.get(of_question[number], [])))
        status = np.array(answer.told.get("status", ["ok"] * candidates.size), dtype=object)
        # A value may be a list, and an array of lists would have two dimensions.
        told = {
            name: np.fromiter(answer.told.get(name, [None] * candidates.size), dtype=object) for name in tells
        }
        row = {
            "user": np.full(candidates.size, of_question[number]),
            "movie": candidates,
            "score": answer.scores,
        }
        row |= {"order": order, "tied": tied, "retrieved": retrieved, "status": status, **told}
        for name, values in row.items():
            columns[name].append(values[kept])
    if answered != len(questions):
        raise ValueError(f"a ranker answered {answered} of {len(questions)} questions")
    frame = pd.DataFrame({name: np.concatenate(parts) if parts else [] for name, parts in columns.items()})
    ranked = frame["order"] > 0
    return frame.assign(
        user=pd.Categorical.from_codes(frame["user"].astype(int), categories=users),
        movie=pd.Categorical.from_codes(frame["movie"].astype(int), categories=films),
        order=frame["order"].astype("Int32").where(ranked),
        tied=frame["tied"].astype("Int32").where(ranked),
    )


def places(scores: Floats) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Where each film stands: 1 and the films above it, and how many others share its score; 0 and 0 without a score.

    >>> [place.tolist() for place in places(np.array([0.5, 0.9, 0.5, np.nan]))]
    [[2, 1, 2, 0], [1, 0, 1, 0]]
    """
    order = np.zeros(scores.size, dtype=np.int32)
    tied = np.zeros(scores.size, dtype=np.int32)
    scored = ~np.isnan(scores)
    _, group, sizes = np.unique(-scores[scored], return_inverse=True, return_counts=True)
    above = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if sizes.size else sizes
    order[scored] = 1 + above[group]
    tied[scored] = sizes[group] - 1
    return order, tied


def _best(order: npt.NDArray[np.int32], rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Which films are the first `BEST`; of those that share the last places, some by chance."""
    best = np.zeros(order.size, dtype=bool)
    scored = np.flatnonzero(order)
    by_place = np.lexsort((rng.random(scored.size), order[scored]))
    best[scored[by_place[:BEST]]] = True
    return best


def _check(answer: Scores, candidates: Codes) -> None:
    if answer.scores.shape != candidates.shape:
        raise ValueError(
            f"a ranker gave {answer.scores.shape} scores to the {candidates.size} films of question {answer.question}"
        )
    missing = np.isnan(answer.scores)
    status = answer.told.get("status")
    if missing.any() and (
        status is None or any(word == "ok" for word, none in zip(status, missing, strict=True) if none)
    ):
        raise ValueError(f"a ranker gave a film of question {answer.question} neither a score nor a status")
    if status is not None and not set(status) <= set(STATUSES):
        raise ValueError(f"a ranker gave a status that is none of {', '.join(STATUSES)}")
