"""Blinded pairs of summaries, to be rated by a language model or by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trailerflow.text import word_count

CRITERIA = ("relevance", "fluency", "consistency", "storyline_recall")
"""What summaries are rated by, after the human evaluation of Raj et al. (IEEE Access, 2024)."""

RATINGS = range(1, 6)
POSITIONS = ("first", "second")
AS_DRAWN, SWAPPED = "as drawn", "swapped"

RATING_TYPES = {
    "rater": "string",
    "kind": "string",
    "movie": "string",
    "pair": "string",
    "model": "string",
    "prompt": "string",
    "position": "string",
    "order": "string",
    "words": "Int64",
    "criterion": "string",
    "rating": "Int64",
}
"""Columns of a table of ratings; ``kind`` is ``judge`` or ``person``, ``words`` the number of words of the summary."""


@dataclass(frozen=True)
class Summary:
    """One summary of a pair.

    Attributes:
        model: Name of the model that wrote it.
        prompt: Name of the prompt that it was given.
        text: The summary.
    """

    model: str
    prompt: str
    text: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return word_count(self.text)


def systems_and_texts(
    summaries: pd.DataFrame,
) -> tuple[list[tuple[str, str]], dict[tuple[str, str, str], str]]:
    """What of a table of summaries is read by people or a judge.

    Args:
        summaries: Table of ``merge_summaries``.

    Returns:
        The systems, each a model with a prompt, in the order of the table; and movie, model and prompt to the summary, of
        those that were written.
    """
    done = summaries[summaries["status"] == "ok"]
    systems = list(dict.fromkeys(zip(summaries["model"], summaries["prompt"], strict=True)))
    return systems, {(row.movie, row.model, row.prompt): row.summary for row in done.itertuples()}


@dataclass(frozen=True)
class Pair:
    """Two summaries of one movie, in the order drawn.

    Attributes:
        id: Its name, which tells nothing of the systems.
        movie: Id of the movie.
        title: Title of the movie.
        transcript: The words that the summaries were written from.
        reference: The reference synopsis, or None.
        summaries: The two.
    """

    id: str
    movie: str
    title: str
    transcript: str
    reference: str | None
    summaries: tuple[Summary, Summary]

    def swapped(self) -> Pair:
        """The same pair the other way round."""
        first, second = self.summaries
        return Pair(self.id, self.movie, self.title, self.transcript, self.reference, (second, first))


def draw_pairs(
    summaries: pd.DataFrame,
    transcripts: pd.DataFrame,
    synopses: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    count: int,
    seed: int,
) -> list[Pair]:
    """Draw movies, and pair the first system's summary of each with every other system's.

    Args:
        summaries: Table of ``merge_summaries``; a system is a model with a prompt, in the order of the table.
        transcripts: movie, status and text.
        synopses: movie and text.
        movies: movie and title.
        count: How many movies; fewer where fewer have a summary by every system.
        seed: Seed of the movies and of the order within each pair.

    Returns:
        The pairs, movie by movie in the order of the catalogue. A pair's id hangs on its movie and systems alone: draws of
        another size name it alike.
    """
    systems, texts = systems_and_texts(summaries)
    words = dict(zip(transcripts["movie"], transcripts["text"], strict=True))
    references = dict(zip(synopses["movie"], synopses["text"], strict=True))
    titles = dict(zip(movies["movie"], movies["title"], strict=True))
    whole = [
        movie for movie in titles if all((movie, *system) in texts for system in systems) and movie in words
    ]
    draw = np.random.default_rng(seed)
    chosen = sorted(draw.permutation(len(whole))[:count]) if len(systems) > 1 else []
    pairs: list[Pair] = []
    for place in chosen:
        movie = whole[place]
        for number, other in enumerate(systems[1:], 1):
            two = [Summary(*system, texts[movie, *system]) for system in (systems[0], other)]
            if draw.integers(2):
                two.reverse()
            reference = references.get(movie)
            pairs.append(
                Pair(
                    id=f"{place * (len(systems) - 1) + number:04d}",
                    movie=movie,
                    title=titles[movie],
                    transcript=words[movie],
                    reference=None if pd.isna(reference) else str(reference),
                    summaries=(two[0], two[1]),
                )
            )
    return pairs


def shuffled(pairs: Sequence[Pair], seed: int) -> list[Pair]:
    """Pairs in a drawn order, so that a place tells nothing of the systems.

    Args:
        pairs: From `draw_pairs`.
        seed: Seed of the order.
    """
    return [pairs[number] for number in np.random.default_rng(seed).permutation(len(pairs))]


def rating_rows(
    pair: Pair, ratings: Sequence[dict[str, int]], *, rater: str, kind: str, order: str
) -> list[dict[str, object]]:
    """Rows of a table of ratings from one rater's ratings of a pair.

    Args:
        pair: The pair as it was shown.
        ratings: By criterion, of the first and of the second summary.
        rater: Who rated.
        kind: ``judge`` or ``person``.
        order: Whether the pair was shown as drawn or swapped.
    """
    return [
        {
            "rater": rater, "kind": kind, "movie": pair.movie, "pair": pair.id, "model": summary.model,
            "prompt": summary.prompt, "position": position, "order": order, "words": summary.words,
            "criterion": criterion, "rating": given[criterion],
        }
        for summary, position, given in zip(pair.summaries, POSITIONS, ratings, strict=True)
        for criterion in CRITERIA
    ]  # fmt: skip


def ratings_table(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    """A table of ratings, also where there are none."""
    return pd.DataFrame(rows, columns=list(RATING_TYPES)).astype(RATING_TYPES)
