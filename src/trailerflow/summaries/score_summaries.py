"""How close the summaries come to the reference synopses, beside a floor and the published figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.row_kinds import FLOOR, LEAD, REFERENCE, SYSTEM
from trailerflow.statistics import bootstrap_interval
from trailerflow.summaries.metrics import REFERENCE_METRICS, ROUGE, STATISTICS, Scores

_MOVIES_NAMED = 5

_SCORES = {
    "movie": "string",
    "system": "string",
    "prompt": "string",
    "metric": "string",
    "statistic": "string",
    "value": "Float64",
}
_METRICS = {
    "system": "string",
    "row_kind": "string",
    "prompt": "string",
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


def score_summaries(
    summaries: pd.DataFrame, synopses: pd.DataFrame, *, scorer: ScoresPairs, shifts: int, seed: int
) -> pd.DataFrame:
    """Score every summary against its movie's reference synopsis, and against those of other movies.

    The second gives the mismatch floor, what a summary of the right kind about the wrong film gets: for each
    movie the mean over ``shifts`` other references and over the models. Movies without a summary or a
    reference are left out.

    Args:
        summaries: Table of ``merge_summaries``, the lead baseline below it (`with_lead`).
        synopses: Table of ``merge_summaries``.
        scorer: Scores pairs of texts.
        shifts: How many other references each summary is scored against (fewer where there are fewer movies).
        seed: Seed of the choice of the other references.

    Returns:
        Columns movie, system (a model or the floor), prompt, metric, statistic and value.
    """
    references = texts_by_movie(synopses, "text")
    rows: list[tuple[object, ...]] = []
    for (prompt, model), group in summaries.groupby(["prompt", "model"], sort=False):
        texts = texts_by_movie(group, "summary")
        movies = [movie for movie in texts if movie in references]
        if not movies:
            continue
        partners = mismatches(len(movies), shifts=shifts, seed=seed)
        index = np.arange(len(movies))
        summary_of = np.concatenate([index, np.tile(index, len(partners))])
        reference_of = np.concatenate([index, partners.ravel()])
        scores = scorer.score(
            [texts[movies[number]] for number in summary_of],
            [references[movies[number]] for number in reference_of],
        )
        rows += [
            (movies[summary], model if pair < len(movies) else FLOOR, prompt, metric, statistic, value)
            for metric in REFERENCE_METRICS
            for statistic in STATISTICS
            for pair, (summary, value) in enumerate(zip(summary_of, scores[metric][statistic], strict=True))
        ]
    return scores_table(rows)


def scores_table(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Scores as a table, those of the same movie and floor averaged; what has no score has no row.

    Args:
        rows: Movie, system, prompt, metric, statistic and value of each.

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
    of_systems = scores[scores["system"] != FLOOR]
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
        scores: Table of `score_summaries` and, below it, of ``faithfulness_scores``.
        summaries: Table of ``merge_summaries``.
        synopses: Table of ``merge_summaries``.
        scorers: What each metric was computed with.
        seed: Seed of the bootstrap.
        published: Rows of published figures, by the names of these columns.

    Returns:
        Columns system, row_kind, prompt, metric, statistic, value, low, high, movies, empty and scorer: the models, the
        lead of the transcript, the mismatch floor and the published figures, which another scorer made.
        ``empty`` counts a model's movies that have a reference and no summary. A system without a scored movie
        has no rows; bounds are missing for fewer than two movies.
    """
    empty = _empty_counts(summaries, synopses)
    rows: list[dict[str, object]] = []
    for keys, values in scores.groupby(["system", "prompt", "metric", "statistic"], sort=False)["value"]:
        system, prompt, metric, statistic = keys
        low, high = bootstrap_interval(values.to_numpy(dtype=float), seed=seed)
        rows.append(
            {
                "system": system,
                "row_kind": REFERENCE if system in (FLOOR, LEAD) else SYSTEM,
                "prompt": prompt,
                "metric": metric,
                "statistic": statistic,
                "value": values.mean(),
                "low": low,
                "high": high,
                "movies": len(values),
                "empty": empty.get((system, prompt)) if metric in REFERENCE_METRICS else None,
                "scorer": scorers[metric],
            }
        )
    # Models first, what they are compared with below them; stable, so all else stays in order.
    below = {LEAD: 1, FLOOR: 2}
    rows.sort(key=lambda row: below.get(str(row["system"]), 0))
    return pd.DataFrame([*rows, *published], columns=list(_METRICS)).astype(_METRICS)


def texts_by_movie(table: pd.DataFrame, column: str) -> dict[str, str]:
    """Text by movie, where there is one to score (`is_said`)."""
    rows = table[["movie", column]].dropna()
    return {str(movie): text for movie, text in rows.itertuples(index=False) if is_said(text)}


def is_said(text: str) -> bool:
    """Whether a text holds a letter or a digit: the scorers break on less."""
    return any(character.isalnum() for character in text)


def _empty_counts(summaries: pd.DataFrame, synopses: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Movies with a reference and no summary, by model and prompt."""
    references = texts_by_movie(synopses, "text")
    counts: dict[tuple[str, str], int] = {}
    for (model, prompt), group in summaries.groupby(["model", "prompt"], sort=False):
        with_reference = group[group["movie"].isin(list(references))]
        counts[model, prompt] = len(with_reference) - len(texts_by_movie(with_reference, "summary"))
    return counts
