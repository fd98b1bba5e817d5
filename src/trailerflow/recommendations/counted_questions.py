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
from trailerflow.recommendations.splits.contract import Part


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

    def ask(self, request: Request) -> Answer:
        """Keep the request.

        Raises:
            RefusedError: Always.
        """
        self.requests.append(request)
        raise RefusedError("it is counted, and not asked")


def make_requests(ranker: Ranker, tables: SplitTables, side: Side, films: int = 0) -> None:
    """Let a ranker ask its model all that it will ask on a split.

    Args:
        ranker: A ranker whose client is a `CountingModel`.
        tables: The split.
        side: The tables that it needs beside it.
        films: Films of a catalogue that it will rank for each user. Which ones is not known before other rankers have
            ranked; the first ones stand for them. 0: it is asked about no catalogue.
    """
    for key in tables.keys:
        part = tables.part(key)
        asked = tuple(_with_first(part, one, films) if films else one for one in part.asked)
        rank_part(ranker, replace(part, asked=asked), key, side)


def _with_first(part: Part, asked: Asked, films: int) -> Asked:
    """A question about a catalogue as one about its first films."""
    if not (asked.questions["rule"] == CATALOGUE).all():
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
