"""What a language model that ranks will be asked: its questions are made, counted, and not sent."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from trailerflow.errors import RefusedError
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Answer, Request
from trailerflow.recommendations.protocols.contract import CATALOGUE, LISTED, Asked
from trailerflow.recommendations.rank_films import asked_questions, rank_part
from trailerflow.recommendations.rankers.contract import Ranker, Side
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.recommendations.splits.contract import TEST, Part


class CountingModel:
    """Stands for the client of a model, keeps every request, and answers none.

    Args:
        model: The model.

    Attributes:
        requests: What it was asked.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self.requests: list[Request] = []

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def ask(self, request: Request) -> Answer:
        """Keep the request.

        Raises:
            RefusedError: Always.
        """
        self.requests.append(request)
        raise RefusedError("it is counted, and not asked")


def make_requests(
    ranker: Ranker, tables: SplitTables, side: Side, *, pooled: int = 0, test_alone: bool = False
) -> None:
    """Let a ranker ask its model all that it will ask on a split.

    Which films of a catalogue it will rank is not known before other rankers have ranked; the first ones stand for them.

    Args:
        ranker: A ranker whose client is a `CountingModel`.
        tables: The split.
        side: The tables that it needs beside it.
        pooled: Films of a catalogue that it will rank for each user, where it does not rerank; 0: it is asked about none.
        test_alone: Whether it is asked about the test alone.
    """
    ranked = ranker.settings["rerank_films"] if ranker.settings.get("rerank") else 0
    for key in tables.keys:
        if test_alone and key.part != TEST:
            continue
        part = tables.part(key)
        asked = [_shortened(part, one, ranked or pooled, lists=bool(ranked)) for one in part.asked]
        given = {"scores": pd.DataFrame(columns=["ranker", "user", "movie", "score"])} if ranked else {}
        rank_part(ranker, replace(part, asked=tuple(asked)), key, {**side, **given})


def _shortened(part: Part, asked: Asked, films: int, *, lists: bool) -> Asked:
    """What is asked about a catalogue as questions about its first films; and of longer lists, where ``lists`` says so."""
    if not films or not (lists or (asked.questions["rule"] == CATALOGUE).all()):
        return asked
    questions = asked_questions(part, asked, drawn_users_only=True)
    rows = [
        (question.user, questions.movies[film])
        for question in questions
        for film in question.candidates[:films]
    ]
    ids = {column: part.train[column].dtype for column in ("user", "movie")}
    candidates = pd.DataFrame(rows, columns=list(ids)).astype(ids)
    return replace(asked, questions=asked.questions.assign(rule=LISTED), candidates=candidates)
