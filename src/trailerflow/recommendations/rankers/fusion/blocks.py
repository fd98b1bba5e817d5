"""What a fusion learns from: the questions of the blocks before the test, with their scores and truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trailerflow.recommendations.protocols.contract import LISTED, Task
from trailerflow.recommendations.questions import Questions, codes_of
from trailerflow.recommendations.rankers.contract import Floats, Side
from trailerflow.recommendations.rankers.fusion.features import features
from trailerflow.recommendations.rankers.fusion.film_facts import FilmFacts
from trailerflow.recommendations.rankers.fusion.read_scores import ReadScores

SIDE = ("scores", "block_scores", "block_truth", "block_train", "block_questions")
"""Tables of `trailerflow.recommendations.rankers.contract.Side` that a ranker which reads others gets."""


@dataclass(frozen=True)
class Rows:
    """Films of questions whose truth is known.

    Attributes:
        features: Shape (films, features).
        ratings: What the user gave, NaN for a film that was not rated in the block, shape (films,).
        groups: Films of each question, which stand one after another.
    """

    features: Floats
    ratings: Floats
    groups: list[int]


def rows_of_blocks(
    side: Side, train: pd.DataFrame, tasks: Sequence[Task], rankers: Sequence[str], groups: Sequence[str]
) -> Rows:
    """Rows of all blocks: of every question whose truth is among the films that were scored.

    Args:
        side: The tables of `SIDE`, and ``archive``.
        train: The training ratings of the part, for the categories of users and films.
        tasks: Tasks of the questions that are learnt from.
        rankers: Rankers that are read.
        groups: Groups of features.
    """
    found: list[tuple[Floats, Floats]] = []
    for part, own in side["block_train"].groupby("part", sort=False, observed=True):
        tables = {name: side[name][side[name]["part"] == part] for name in SIDE[1:]}
        questions = tables["block_questions"]
        questions = questions[questions["task"].isin(tasks)]
        ids = {column: train[column].dtype for column in ("user", "movie")}
        known = own.astype(ids)
        facts = FilmFacts.of(known, side["archive"])
        for protocol, asked in questions.groupby("protocol", sort=False, observed=True):
            scores, truth = (
                frame[frame["protocol"] == protocol]
                for frame in (tables["block_scores"], tables["block_truth"])
            )
            found += _rows(asked, scores, truth.astype(ids), known, facts, rankers, groups)
    if not found:
        return Rows(np.empty((0, 0)), np.empty(0), [])
    return Rows(
        features=np.vstack([rows for rows, _ in found]).astype(np.float32),
        ratings=np.concatenate([ratings for _, ratings in found]),
        groups=[len(ratings) for _, ratings in found],
    )


def _rows(
    asked: pd.DataFrame,
    scores: pd.DataFrame,
    truth: pd.DataFrame,
    known: pd.DataFrame,
    facts: FilmFacts,
    rankers: Sequence[str],
    groups: Sequence[str],
) -> Iterator[tuple[Floats, Floats]]:
    """The features of each question's films, and their ratings."""
    films = scores[["user", "movie"]].drop_duplicates()
    # What was asked about a catalogue was scored on the films that were retrieved from it.
    questions = Questions(asked.assign(rule=LISTED).reset_index(drop=True), films, known)
    read = ReadScores(scores, rankers, questions.users, questions.movies)
    rated: dict[str, dict[int, float]] = {}
    films_of_truth = codes_of(truth["movie"], questions.movies)
    for user, film, rating in zip(truth["user"], films_of_truth, truth["rating"], strict=True):
        rated.setdefault(str(user), {})[int(film)] = float(rating)
    for question in questions:
        own = rated.get(question.user, {})
        ratings = np.array([own.get(int(film), np.nan) for film in question.candidates])
        if np.isfinite(ratings).any():
            yield features(question, read.of(question), facts, groups), ratings
