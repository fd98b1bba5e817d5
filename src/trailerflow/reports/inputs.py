"""The tables that the report is made of, read and checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.llm.prompts import prompt_hash
from trailerflow.tables import read_about, read_table

_OUTCOMES = ("movie", "rule", "model", "prompt", "status", "reason")

COLUMNS: dict[str, tuple[str, ...]] = {
    "movies": ("movie", "title", "year", *GENRES),
    "transcripts": ("movie", "status", "reason", "text", "words", "words_before_trim", "language", "origin"),
    "transcript_outcomes": _OUTCOMES,
    "summaries": (
        "movie",
        "model",
        "prompt",
        "status",
        "reason",
        "summary",
        "words",
        "finish_reason",
        "prompt_tokens",
        "completion_tokens",
        "seconds",
    ),
    "synopses": ("movie", "status", "reason", "text", "words"),
    "summary_outcomes": _OUTCOMES,
    "summary_scores": ("movie", "system", "prompt", "metric", "statistic", "value"),
    "summary_metrics": (
        "system",
        "row_kind",
        "prompt",
        "metric",
        "statistic",
        "value",
        "low",
        "high",
        "movies",
        "empty",
        "scorer",
    ),
    "summary_compliance": (
        "model",
        "prompt",
        "movies",
        "abstained",
        "failed",
        "words_asked",
        *(
            f"{share}{end}"
            for share in ("within", "shorter", "longer", "cut", "cast", "meta", "echo", "copied", "coverage")
            for end in ("", "_low", "_high")
        ),
        "names",
    ),
    "ratings": ("kind", "model", "prompt", "criterion", "mean", "low", "high", "movies", "raters"),
    "agreement": ("who", "criterion", "measure", "value", "low", "high", "units", "raters", "note"),
    "genre_predictions": ("model", "movie", "status", "reason", "genres"),
    "genre_metrics": (
        "system",
        "row_kind",
        "part",
        "label",
        "precision",
        "recall",
        "f1",
        "f1_low",
        "f1_high",
        "positives",
        "predicted",
        "movies",
        "note",
    ),
    "encoder_predictions": ("movie", "part"),
    "costs": (
        "stage",
        "model",
        "prompt",
        "movies",
        "requests",
        "estimated",
        "prompt_tokens",
        "completion_tokens",
        "seconds",
        "usd",
        "price_date",
        "watt_hours",
        "seconds_per_1000_movies",
        "usd_per_1000_movies",
        "watt_hours_per_1000_movies",
    ),
    "llm_rankings": ("ranker", "user", "movie", "status"),
    "ranking_metrics": (
        "ranker",
        "row_kind",
        "users_set",
        "metric",
        "k",
        "value",
        "low",
        "high",
        "difference",
        "difference_low",
        "difference_high",
        "users",
        "note",
    ),
}
"""Columns that the report reads, by table."""


@dataclass(frozen=True)
class Inputs:
    """All that the report is made of.

    Attributes:
        config: The configuration of the run.
        examples: Movies whose texts are shown side by side.
        movies: The movies of this run, in the order in which they are shown.
        transcripts: One row a movie.
        transcript_outcomes: Outcome of every movie and trailer rule.
        summaries: One row a movie, model and prompt.
        synopses: The references, one row a movie.
        summary_outcomes: Outcome of every movie in ``fetch_synopsis`` and ``summarise_movie``.
        summary_scores: Scores of single summaries.
        summary_metrics: Scores by system and prompt.
        summary_compliance: How the summaries kept to the prompts' rules, one row a model and prompt.
        ratings: Mean ratings of pairs of summaries by the judge and by people.
        agreement: How far the raters agree.
        genre_predictions: The LLMs' genres, one row a model and movie.
        genre_metrics: Genre scores by system, part and label.
        encoder_predictions: Which movies the encoder was scored on.
        llm_rankings: The LLMs' scores, one row a ranker, user and movie.
        ranking_metrics: Ranking scores by ranker and set of users.
        costs: What the answers cost, by stage, model and prompt, and in all.
        abouts: How each table was made.
        prompts: Name and hash of each prompt file.
    """

    config: dict[str, Any]
    examples: int
    movies: pd.DataFrame
    transcripts: pd.DataFrame
    transcript_outcomes: pd.DataFrame
    summaries: pd.DataFrame
    synopses: pd.DataFrame
    summary_outcomes: pd.DataFrame
    summary_scores: pd.DataFrame
    summary_metrics: pd.DataFrame
    summary_compliance: pd.DataFrame
    ratings: pd.DataFrame
    agreement: pd.DataFrame
    genre_predictions: pd.DataFrame
    genre_metrics: pd.DataFrame
    encoder_predictions: pd.DataFrame
    llm_rankings: pd.DataFrame
    ranking_metrics: pd.DataFrame
    costs: pd.DataFrame
    abouts: tuple[dict[str, Any], ...]
    prompts: tuple[tuple[str, str], ...]


def load_inputs(
    *,
    config: dict[str, Any],
    examples: int,
    tables: dict[str, Path],
    genre_predictions: Sequence[Path],
    llm_rankings: Sequence[Path],
    abouts: Sequence[Path],
    prompts: Sequence[Path],
) -> Inputs:
    """Read every input of the report.

    Args:
        config: The configuration of the run.
        examples: Movies whose texts are to be shown side by side.
        tables: Path of each table of `Inputs` that is one file, by the attribute's name.
        genre_predictions: One table a model; the file's stem is the model's name.
        llm_rankings: One table a model.
        abouts: The notes on how the tables were made (``about.json``).
        prompts: The prompt files that the models were given.

    Raises:
        TrailerflowError: A file is missing or damaged, or a table lacks a column.
    """
    frames = {name: checked(name, read_table(path), path) for name, path in tables.items()}
    predictions = [read_table(path).assign(model=path.stem) for path in genre_predictions]
    frames["genre_predictions"] = _together("genre_predictions", predictions, genre_predictions)
    rankings = [read_table(path) for path in llm_rankings]
    frames["llm_rankings"] = _together("llm_rankings", rankings, llm_rankings)
    return Inputs(
        config=config,
        examples=examples,
        abouts=tuple(read_about(path) for path in abouts),
        prompts=tuple((f"{path.parent.name}/{path.stem}", prompt_hash(path)) for path in prompts),
        **frames,
    )


def checked(name: str, frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The columns that the report reads; an empty table may lack them.

    Raises:
        TrailerflowError: A table with rows lacks a column.
    """
    missing = [column for column in COLUMNS[name] if column not in frame.columns]
    if missing and len(frame):
        raise TrailerflowError(f"{path} lacks the column {missing[0]}; delete it and run snakemake again.")
    return frame.reindex(columns=list(COLUMNS[name]))


def _together(name: str, frames: Sequence[pd.DataFrame], paths: Sequence[Path]) -> pd.DataFrame:
    """The tables of all models below each other; empty ones are left out, as their columns have no type."""
    filled = [
        checked(name, frame, path) for frame, path in zip(frames, paths, strict=True) if not frame.empty
    ]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS[name]))
