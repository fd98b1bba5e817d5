"""Summaries whose claims people label one by one, beside the transcript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trailerflow.claims import Claim, claims_of
from trailerflow.judging.pairs import Summary, systems_and_texts


@dataclass(frozen=True)
class ClaimSheet:
    """One summary, split into claims.

    Attributes:
        id: Its name, which tells nothing of the system.
        movie: Id of the movie.
        title: Title of the movie.
        transcript: The words that the summary was written from.
        summary: The summary, with its system.
        claims: Its claims, in their order.
    """

    id: str
    movie: str
    title: str
    transcript: str
    summary: Summary
    claims: tuple[Claim, ...]


def draw_sheets(
    summaries: pd.DataFrame, transcripts: pd.DataFrame, movies: pd.DataFrame, *, count: int, seed: int
) -> list[ClaimSheet]:
    """Draw summaries of as many movies as there are, each system's equally often as far as its summaries go.

    Args:
        summaries: Table of ``merge_summaries``; a system is a model with a prompt, in the order of the table.
        transcripts: movie and text.
        movies: movie and title.
        count: How many summaries; fewer where there are fewer.
        seed: Seed of the order of the movies.

    Returns:
        The summaries in the order drawn: the first round takes each movie once, the system of the next movie being the next
        one; the second round takes each movie with the next system, and so on. One without a claim is left out.
    """
    systems, texts = systems_and_texts(summaries)
    words = dict(zip(transcripts["movie"], transcripts["text"], strict=True))
    titles = dict(zip(movies["movie"], movies["title"], strict=True))
    drawn = np.random.default_rng(seed).permutation(
        np.array([movie for movie in titles if movie in words], dtype=object)
    )
    sheets: list[ClaimSheet] = []
    for number in range(len(drawn) * len(systems)):
        if len(sheets) == count:
            break
        turn, place = divmod(number, len(drawn))
        movie, system = str(drawn[place]), systems[(place + turn) % len(systems)]
        text = texts.get((movie, *system), "")
        if claims := claims_of(text):
            sheets.append(
                ClaimSheet(
                    id=f"c{len(sheets) + 1:03d}",
                    movie=movie,
                    title=titles[movie],
                    transcript=words[movie],
                    summary=Summary(*system, text),
                    claims=claims,
                )
            )
    return sheets


def sheets_key(sheets: Sequence[ClaimSheet]) -> dict[str, Mapping[str, Any]]:
    """What the page does not tell of each summary, by its id: the movie, the system, and the claims with their sentences."""
    return {
        sheet.id: {
            "movie": sheet.movie,
            "system": f"{sheet.summary.model}/{sheet.summary.prompt}",
            "claims": [{"sentence": claim.sentence, "text": claim.text} for claim in sheet.claims],
        }
        for sheet in sheets
    }
