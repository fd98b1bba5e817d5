"""How close the summaries come to the reference synopses, beside a floor and the published figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.row_kinds import (
    CHANCE,
    COMMON_WORDS,
    CONSTANT_SENTENCE,
    FLOOR,
    HUMAN,
    LEAD,
    REFERENCE,
    SYSTEM,
)
from trailerflow.statistics import bootstrap_interval
from trailerflow.summaries.metrics import FAITHFULNESS, FULL, REFERENCE_METRICS, ROUGE, STATISTICS, Scores
from trailerflow.text import is_said

CONSTANTS = (CONSTANT_SENTENCE, COMMON_WORDS)
"""Texts that are the same for every movie; they are their own mismatch floor."""

COMPANY = (HUMAN, *CONSTANTS, LEAD, CHANCE, FLOOR)
"""The reference rows, in the order in which they stand below the models."""

_MOVIES_NAMED = 5

_PAIRS_AT_ONCE = 2000  # keeps the token vectors of the summaries and their references below some 600 MB

_SCORES = {
    "movie": "string",
    "system": "string",
    "prompt": "string",
    "length": "string",
    "metric": "string",
    "statistic": "string",
    "value": "Float64",
}
_METRICS = {
    "system": "string",
    "row_kind": "string",
    "prompt": "string",
    "length": "string",
    "metric": "string",
    "statistic": "string",
    "value": "Float64",
    "low": "Float64",
    "high": "Float64",
    "movies": "Int64",
    "empty": "Int64",
    "scorer": "string",
}


class ScoresPairs(Protocol):
    """What is needed of `trailerflow.summaries.metrics.Scorer`."""

    def score(self, summaries: Sequence[str], references: Sequence[str]) -> Scores:
        """One value for each pair, by metric and statistic."""


class _Pair(NamedTuple):
    """A summary and a reference, its own or another movie's."""

    movie: str
    system: str
    prompt: str
    length: str
    summary: str
    reference: str


def score_summaries(
    texts: pd.DataFrame, synopses: pd.DataFrame, *, scorer: ScoresPairs, shifts: int, seed: int
) -> pd.DataFrame:
    """Score every summary against its movie's reference synopsis, and against those of other movies.

    The second gives the mismatch floor, what a summary of the right kind about the wrong film gets: for each
    movie the mean over ``shifts`` other references and over the models. Movies without a summary or a
    reference are left out.

    Args:
        texts: Summaries and baselines of `trailerflow.summaries.baselines.at_both_lengths`.
        synopses: Table of ``merge_summaries``.
        scorer: Scores pairs of texts.
        shifts: How many other references each summary is scored against (fewer where there are fewer movies).
        seed: Seed of the choice of the other references.

    Returns:
        Columns movie, system (a model or a reference row), prompt, length, metric, statistic and value.
    """
    pairs = list(_pairs(texts, texts_by_movie(synopses, "text"), shifts, seed))
    rows: list[tuple[object, ...]] = []
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        portion = pairs[start : start + _PAIRS_AT_ONCE]
        scores = scorer.score([pair.summary for pair in portion], [pair.reference for pair in portion])
        rows += [
            (*pair[:4], metric, statistic, value)
            for metric in REFERENCE_METRICS
            for statistic in STATISTICS
            for pair, value in zip(portion, scores[metric][statistic], strict=True)
        ]
    return scores_table(rows)


def _pairs(texts: pd.DataFrame, references: Mapping[str, str], shifts: int, seed: int) -> Iterator[_Pair]:
    """Every summary with its own reference, then with those of other movies."""
    for (length, prompt, model), group in texts.groupby(["length", "prompt", "model"], sort=False):
        summaries = texts_by_movie(group, "summary")
        movies = [movie for movie in summaries if movie in references]
        for movie in movies:
            yield _Pair(movie, model, prompt, length, summaries[movie], references[movie])
        for partners in floor_partners(model, len(movies), shifts=shifts, seed=seed):
            for movie, partner in zip(movies, partners, strict=True):
                yield _Pair(movie, FLOOR, prompt, length, summaries[movie], references[movies[partner]])


def scores_table(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Scores as a table, those of the same movie and floor averaged; what has no score has no row.

    Args:
        rows: Movie, system, prompt, length, metric, statistic and value of each.

    Returns:
        The columns of the same names.
    """
    every = pd.DataFrame(rows, columns=list(_SCORES)).astype(_SCORES)
    keys = [column for column in _SCORES if column != "value"]
    return every.dropna(subset="value").groupby(keys, sort=False, as_index=False)["value"].mean()


def notes_on_rouge(scores: pd.DataFrame, tokenizer: str) -> list[str]:
    """A sentence on the summaries that have no ROUGE, because of its tokenizer; none where all have it.

    Args:
        scores: Table of `score_summaries`.
        tokenizer: Name of the tokenizer.
    """
    of_systems = scores[~scores["system"].isin(list(COMPANY)) & (scores["length"] == FULL)]
    scored = of_systems.groupby(["movie", "system", "prompt"], sort=False)["metric"].agg(set)
    without = scored[[names.isdisjoint(ROUGE) for names in scored]]
    if without.empty:
        return []
    movies = without.index.unique("movie")
    named = ", ".join(movies[:_MOVIES_NAMED]) + (", …" if len(movies) > _MOVIES_NAMED else "")
    return [
        f"{len(without)} of {len(scored)} summaries have no ROUGE: the tokenizer {tokenizer} finds no word in them or in "
        f"their reference (movies {named})."
    ]


def mismatches(movies: int, *, shifts: int, seed: int) -> npt.NDArray[np.intp]:
    """For each movie some other movies, drawn by seed.

    The movies are put in a random circle; the partners are the next one, the one after it, and so on, so that
    nobody meets himself or the same partner twice.

    Args:
        movies: How many there are.
        shifts: Partners wanted.
        seed: Seed of the circle.

    Returns:
        Partner of each movie, shape (shifts or movies - 1 if that is less, movies).
    """
    circle = np.random.default_rng(seed).permutation(movies)
    partners = np.empty((max(0, min(shifts, movies - 1)), movies), dtype=np.intp)
    for row in range(len(partners)):
        partners[row, circle] = np.roll(circle, -(row + 1))
    return partners


def floor_partners(system: str, movies: int, *, shifts: int, seed: int) -> npt.NDArray[np.intp]:
    """The movies that a system's floor is scored with, as of `mismatches`; none for a text that is always the same."""
    return mismatches(movies, shifts=0 if system in CONSTANTS else shifts, seed=seed)


def metrics_table(
    scores: pd.DataFrame,
    summaries: pd.DataFrame,
    synopses: pd.DataFrame,
    *,
    scorers: Mapping[str, str],
    seed: int,
    published: Sequence[dict[str, object]] = (),
) -> pd.DataFrame:
    """Mean scores of each system and prompt, with 95 % bootstrap intervals over the movies.

    Args:
        scores: Table of `score_summaries` and, below it, of ``faithfulness_scores`` and ``found_scores``.
        summaries: Table of ``merge_summaries``.
        synopses: Table of ``merge_summaries``.
        scorers: What each metric was computed with.
        seed: Seed of the bootstrap.
        published: Rows of published figures, by the names of these columns.

    Returns:
        Columns system, row_kind, prompt, length, metric, statistic, value, low, high, movies, empty and scorer: the
        models, the rows of `COMPANY` and the published figures, which another scorer made. ``empty`` counts a model's
        movies that have a reference and no summary. A system without a scored movie has no rows; bounds are missing for
        fewer than two movies.
    """
    empty = _empty_counts(summaries, synopses)
    rows: list[dict[str, object]] = []
    keys = ["system", "prompt", "length", "metric", "statistic"]
    for (system, prompt, length, metric, statistic), values in scores.groupby(keys, sort=False)["value"]:
        low, high = bootstrap_interval(values.to_numpy(dtype=float), seed=seed)
        rows.append(
            {
                "system": system,
                "row_kind": REFERENCE if system in COMPANY else SYSTEM,
                "prompt": prompt,
                "length": length,
                "metric": metric,
                "statistic": statistic,
                "value": values.mean(),
                "low": low,
                "high": high,
                "movies": len(values),
                "empty": empty.get((system, prompt)) if metric != FAITHFULNESS else None,
                "scorer": scorers[metric],
            }
        )
    # Models first, what they are compared with below them; stable, so all else stays in order.
    below = {name: place for place, name in enumerate(COMPANY, start=1)}
    rows.sort(key=lambda row: below.get(str(row["system"]), 0))
    rows += [{"length": FULL} | row for row in published]
    return pd.DataFrame(rows, columns=list(_METRICS)).astype(_METRICS)


def texts_by_movie(table: pd.DataFrame, column: str) -> dict[str, str]:
    """Text by movie, where there is one to score (`is_said`)."""
    rows = table[["movie", column]].dropna()
    return {str(movie): text for movie, text in rows.itertuples(index=False) if is_said(text)}


def _empty_counts(summaries: pd.DataFrame, synopses: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Movies with a reference and no summary, by model and prompt."""
    references = texts_by_movie(synopses, "text")
    counts: dict[tuple[str, str], int] = {}
    for (model, prompt), group in summaries.groupby(["model", "prompt"], sort=False):
        with_reference = group[group["movie"].isin(list(references))]
        counts[model, prompt] = len(with_reference) - len(texts_by_movie(with_reference, "summary"))
    return counts
