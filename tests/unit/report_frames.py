"""A small run, made by hand, for the tests of the report: 12 movies, one model, two prompts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from trailerflow import claim_labels
from trailerflow.costs.account import account_costs, paid_this_run
from trailerflow.files import write_json, write_text
from trailerflow.genre_names import GENRES
from trailerflow.judging.pairs import AS_DRAWN, CRITERIA, SWAPPED, Pair, Summary, rating_rows, ratings_table
from trailerflow.judging.score_ratings import agreement_table, mean_ratings
from trailerflow.llm.model import Prices
from trailerflow.register import CHAIN, STAGES
from trailerflow.reports.pages import build_page
from trailerflow.reports.register import READERS, SECTIONS
from trailerflow.reports.section import Run, Section, about_of, empty_table
from trailerflow.reports.view import Page, Table
from trailerflow.reports.wanted import filled
from trailerflow.row_kinds import CONSTANT, REFERENCE, SYSTEM
from trailerflow.tables import write_table
from unit.report_genres import TABLES as GENRE_TABLES
from unit.report_genres import genre_tables, said_of
from unit.report_rankings import (
    ranking_breakdowns,
    ranking_by_place,
    ranking_comparisons,
    ranking_diagnosis,
    ranking_later_ratings,
    ranking_metrics,
    ranking_unranked,
)
from unit.report_scores import (
    MODEL,
    PROMPTS,
    compliance,
    kept_claims,
    summary_comparisons,
    summary_metrics,
    support_worth,
)

FILMS: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("1", "Toy Story", 1995, ("Animation", "Children's", "Comedy")),
    ("2", "GoldenEye", 1995, ("Action", "Adventure", "Thriller")),
    ("12", "Usual Suspects, The", 1995, ("Crime", "Thriller")),
    ("50", "Star Wars", 1977, ("Action", "Adventure", "Romance", "Sci-Fi", "War")),
    ("56", "Pulp Fiction", 1994, ("Crime", "Drama")),
    ("69", "Forrest Gump", 1994, ("Comedy", "Romance", "War")),
    ("89", "Blade Runner", 1982, ("Film-Noir", "Sci-Fi")),
    ("98", "Silence of the Lambs, The", 1991, ("Drama", "Thriller")),
    ("127", "Godfather, The", 1972, ("Action", "Crime", "Drama")),
    ("132", "Wizard of Oz, The", 1939, ("Adventure", "Children's", "Drama", "Musical")),
    ("185", "Psycho", 1960, ("Horror", "Romance", "Thriller")),
    ("200", "Shining, The", 1980, ("Horror",)),
)
STOPPED = {"185": ("later", "the model server asks for a pause"), "200": ("absent", "no speech was heard")}
_TRAILER_RULES = tuple(rule for rule in CHAIN if rule in STAGES["trailers"])
_NARRATION = (
    "In a town where nothing is what it seems, one stranger opens a door that was meant to stay shut. "
    "They told him to forget. They told him to run. This summer the past comes back to collect. "
)


MOVIES = "select_movies/movies.parquet"
TRANSCRIPTS = "merge_transcripts/transcripts.parquet"
TRAILER_OUTCOMES = "merge_transcripts/outcomes.parquet"
SUMMARIES = "merge_summaries/summaries.parquet"
CLAIMS = "merge_summaries/claims.parquet"
SYNOPSES = "merge_summaries/synopses.parquet"
SUMMARY_OUTCOMES = "merge_summaries/outcomes.parquet"
SUMMARY_SCORES = "score_summaries/scores.parquet"
SUMMARY_METRICS = "score_summaries/metrics.csv"
SUMMARY_COMPARISONS = "score_summaries/comparisons.csv"
COMPLIANCE = "score_summaries/compliance.csv"
SUPPORT_WORTH = "score_summaries/support_worth.csv"
KEPT_CLAIMS = "score_summaries/kept_claims.csv"
RATINGS = "score_ratings/ratings.csv"
AGREEMENT = "score_ratings/agreement.csv"
PREDICTIONS = "predict_genres/{model}/{way}.parquet"
ASKED_FILMS = "predict_genres/films/{model}/{way}.parquet"
PROBE = "probe_memory/{probed}.csv"
GENRE_METRICS = "score_genres/metrics.csv"
RANKING_METRICS = "score_rankings/metrics.csv"
COMPARED_RANKERS = "score_rankings/comparisons.csv"
RANKING_BREAKDOWNS = "score_rankings/breakdowns.csv"
LATER_RATINGS = "score_rankings/later_ratings.csv"
UNRANKED = "score_rankings/unranked.csv"
DIAGNOSIS = "diagnose_rankers/diagnosis.csv"
BY_PLACE = "diagnose_rankers/by_place.csv"
AUDIT = "audit_splits/audit.csv"
COSTS = "account_costs/costs.csv"

COLUMNS: dict[str, list[str]] = {}
"""Columns that any part of the page reads, by the table's place below ``results/``."""
for _reads in (reads for reader in READERS for reads in reader.reads().values()):
    COLUMNS[_reads.path] = list(dict.fromkeys([*COLUMNS.get(_reads.path, []), *_reads.columns]))

_VALUES = [
    {"model": MODEL},
    {"system": "minilm-distilbert"},
    {"model": MODEL, "way": "zero_shot"},
    {"probed": MODEL},
    {"split": "this_run"},
    {"split": "this_run", "ranker": MODEL},
]
"""What the wildcards of places stand for."""

_CHECKED: dict[str, dict[str, Any]] = {
    "A stranger opens a door.": {},
    "He was told to run.": {"copied": True},
    "Rosa follows.": {"kept": False, "invented_names": "Rosa"},
    "She sings.": {"kept": False, "window": None, "start": None, "end": None},
}
"""Claims of the first movie's zero-shot summary, and what is not as in the first of them."""

Tables = Mapping[str, pd.DataFrame]


@cache
def full_tables(title: str = "Toy Story") -> Tables:
    """All tables of a run in which one movie is later and one absent, by place; ``title`` is the first movie's.

    They are made once, a second's work, and shared: a test that wants others puts others in their place.
    """
    synopsis = {"status": "ok", "text": "A synopsis of eight words, made up here.", "words": 9}
    score = {"system": MODEL, "prompt": "zero_shot", "length": "full", "metric": "rouge1"}
    score |= {"statistic": "f1", "value": 0.31}
    synopsis_outcomes = [
        _outcome("fetch_synopsis", film[0]) | {"status": "ok", "reason": None} for film in FILMS
    ]
    summary_outcomes = [
        _outcome("summarise_movie", film[0]) | {"model": MODEL, "prompt": prompt}
        for film in FILMS
        for prompt in PROMPTS
    ]
    rows = {
        MOVIES: [_movie(film, title) for film in FILMS],
        TRANSCRIPTS: [_transcript(place, film[0]) for place, film in enumerate(FILMS)],
        TRAILER_OUTCOMES: [_outcome(rule, film[0]) for film in FILMS for rule in _TRAILER_RULES],
        SUMMARIES: [_summary(film[0], prompt) for film in FILMS for prompt in PROMPTS],
        CLAIMS: [_claim(text) | more for text, more in _CHECKED.items()],
        SYNOPSES: [synopsis | {"movie": film[0]} for film in FILMS],
        SUMMARY_OUTCOMES: [*synopsis_outcomes, *summary_outcomes],
        SUMMARY_SCORES: [score | {"movie": film[0]} for film in FILMS],
        SUMMARY_METRICS: summary_metrics(),
        SUMMARY_COMPARISONS: summary_comparisons(),
        COMPLIANCE: [compliance(prompt) for prompt in PROMPTS],
        SUPPORT_WORTH: support_worth(),
        KEPT_CLAIMS: kept_claims(),
        PREDICTIONS: [row for film in FILMS for row in _predictions(film)],
        ASKED_FILMS: [
            {"model": MODEL, "way": "zero_shot", "arm": "transcript, titled"} | _status(film[0])
            for film in FILMS
        ],
        PROBE: _probe(),
        RANKING_METRICS: ranking_metrics(),
        COMPARED_RANKERS: ranking_comparisons(),
        RANKING_BREAKDOWNS: ranking_breakdowns(),
        LATER_RATINGS: ranking_later_ratings(),
        UNRANKED: ranking_unranked(),
        DIAGNOSIS: ranking_diagnosis(),
        BY_PLACE: ranking_by_place(),
        AUDIT: _audit(),
    }
    tables = {place: _frame(place, own) for place, own in rows.items()}
    return (
        tables
        | _genre_tables(tables)
        | {
            RATINGS: mean_ratings(_ratings(), seed=0),
            AGREEMENT: agreement_table(_ratings(), _labels(), seed=0),
            COSTS: account_costs(_abouts(), prices=_PRICES, joules_per_second={}),
        }
    )


def full_run() -> Run:
    """What the page knows of that run beside its tables."""
    return Run(
        config={
            "summaries": {
                "prompts": ["zero_shot", "few_shot"],
                "words": 100,
                "check": {"ways": ["zero_shot"], "measure": "yes_no"},
            },
            "reports": {"examples": 3},
        },
        abouts=_abouts(),
        prompts=(("summaries/zero_shot", "0123456789abcdef"), ("summaries/few_shot", "fedcba9876543210")),
    )


def empty_tables() -> Tables:
    """The tables of a run without a movie, a model or a figure."""
    return {place: empty_table(columns) for place, columns in COLUMNS.items()}


S = TypeVar("S", bound=Section)


def section_of(section: type[S], tables: Tables | None = None, run: Run | None = None) -> S:
    """A section of the full run, with some tables in place of its own."""
    return section.of({**full_tables(), **(tables or {})}, run or full_run())


def texts(tables: Iterable[Table], caption: str) -> list[list[str]]:
    """The cells of the table whose caption begins with these words, details behind their figures."""
    rows = next(table.rows for table in tables if table.caption.startswith(caption))
    return [[f"{cell.text} {cell.detail}".strip() for cell in row.cells] for row in rows]


def page_of(tables: Tables | None = None, run: Run | None = None) -> Page:
    """The page of the full run, with some tables in place of its own."""
    return build_page(SECTIONS, {**full_tables(), **(tables or {})}, run or full_run())


def _genre_tables(tables: Tables) -> Tables:
    """The model on all films that it was asked about; the encoder on every third film, and on the others by folds."""
    movies = tables[MOVIES]
    held_out = movies.index % 3 == 0
    encoder = [
        said_of(movies[held_out], "minilm-distilbert", "held-out", noise=0.4, learns=True),
        said_of(movies[~held_out], "minilm-distilbert", "cross-validation", noise=0.4, learns=True),
    ]
    asked = movies[~movies["movie"].isin(STOPPED)]
    made = genre_tables(
        movies, tables[TRANSCRIPTS], tables[SYNOPSES],
        [said_of(asked, MODEL, "all", noise=0.3, learns=False), pd.concat(encoder)],
    )  # fmt: skip
    places = {name: f"score_genres/{name}.csv" for name in GENRE_TABLES}
    return {place: made[name].reindex(columns=COLUMNS[place]) for name, place in places.items()}


_PRICES = {MODEL: Prices(0.1, 0.4, "2026-11-01")}


def _frame(place: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows).reindex(columns=COLUMNS[place])


def _movie(film: tuple[str, str, int, tuple[str, ...]], first_title: str) -> dict[str, Any]:
    movie, title, year, genres = film
    return {"movie": movie, "title": first_title if movie == "1" else title, "year": year} | {
        genre: genre in genres for genre in GENRES
    }


def _transcript(place: int, movie: str) -> dict[str, Any]:
    if movie in STOPPED:
        status, reason = STOPPED[movie]
        return {"movie": movie, "status": status, "reason": reason}
    return {
        "movie": movie,
        "status": "ok",
        "text": _NARRATION * 4,
        "words": 118 + 7 * place,
        "words_before_trim": 118 + 7 * place + (40 if place == 3 else 0),
        "language": "en",
        "origin": "speech" if place % 3 == 0 else "captions",
    }


def _outcome(rule: str, movie: str) -> dict[str, Any]:
    row: dict[str, Any] = {"movie": movie, "rule": rule, "status": "ok"}
    if rule == "fetch_audio" and movie not in STOPPED:
        row |= {"status": "absent", "reason": "captions were found, so no audio is needed"}
    if movie in STOPPED and rule not in ("find_trailer", "fetch_captions", "fetch_audio"):
        status, reason = STOPPED[movie]
        row |= {"status": status, "reason": reason}
    return row


def _summary(movie: str, prompt: str) -> dict[str, Any]:
    row: dict[str, Any] = {"movie": movie, "model": MODEL, "prompt": prompt}
    if movie in STOPPED:
        status, reason = STOPPED[movie]
        return row | {"status": status, "reason": reason}
    return row | {
        "status": "ok",
        "summary": "A stranger opens a door that was meant to stay shut, and a small town's past comes back.",
        "words": 19,
        "finish_reason": "length" if movie == "56" else "stop",
        "prompt_tokens": 310,
        "completion_tokens": 96,
        "seconds": 7.5,
    }


def _claim(text: str) -> dict[str, Any]:
    place = {"movie": FILMS[0][0], "model": MODEL, "prompt": "zero_shot", "text": text}
    said = {"kept": True, "copied": False, "invented_names": ""}
    return place | said | {"window": "one stranger opens a door", "start": 61.0, "end": 75.6}


def _status(movie: str) -> dict[str, Any]:
    status, reason = STOPPED.get(movie, ("ok", None))
    return {"movie": movie, "status": status, "reason": reason}


def _predictions(film: tuple[str, str, int, tuple[str, ...]]) -> list[dict[str, Any]]:
    """The model names the first two genres of a film, the second one as the best fit."""
    common = {"system": f"{MODEL}/zero_shot", "arm": "transcript, titled", "movie": film[0]}
    named = (
        {} if film[0] in STOPPED else {genre: 0.8 + 0.2 * place for place, genre in enumerate(film[3][:2])}
    )
    return [
        common | {"genre": genre, "score": named.get(genre, 0.0), "predicted_per_genre": genre in named}
        for genre in GENRES
    ]


def _probe() -> list[dict[str, Any]]:
    """The model knows the year of four films of ten, and the constant answer gets one."""
    common = {
        "model": MODEL,
        "question": "year",
        "measure": "share with the very year",
        "movies": 10,
        "left_out": 0,
    }
    own = {"answer": "title alone", "row_kind": SYSTEM, "value": 0.4, "low": 0.1, "high": 0.7}
    constant = {"answer": CONSTANT, "row_kind": REFERENCE, "value": 0.1, "low": 0.0, "high": 0.3}
    return [
        common | own,
        common | constant | {"difference": 0.3, "difference_low": 0.1, "difference_high": 0.5},
    ]


def _audit() -> list[dict[str, Any]]:
    """Two splits, of which one knows the future, and has ties at the cut."""
    future = {
        "check": "future",
        "counted": "earlier ratings",
        "unit": "users",
        "amber_above": 0.0,
        "red_above": 0.05,
    }
    ties = {
        "check": "tie_at_cut",
        "counted": "tied users",
        "unit": "users",
        "amber_above": 0.01,
        "red_above": None,
    }
    this_run, past = (
        {"split": split, "protocol": "temporal", "of": 120, "reason": "It tells."}
        for split in ("this_run", "global_time")
    )
    return [
        this_run | future | {"share": 0.97, "light": "red"},
        this_run | ties | {"share": 0.255, "light": "amber"},
        past | future | {"share": 0.0, "light": "green"},
    ]


def _ratings() -> pd.DataFrame:
    """Two pairs, judged in both orders and rated by one person."""
    rows: list[dict[str, object]] = []
    for number, film in enumerate(FILMS[:2]):
        two = tuple(Summary(MODEL, prompt, "A summary.") for prompt in PROMPTS)
        pair = Pair(f"000{number}", film[0], film[1], "words", None, (two[0], two[1]))
        given = [dict.fromkeys(CRITERIA, 4 - number), dict.fromkeys(CRITERIA, 2)]
        rows += rating_rows(pair, given, rater=MODEL, kind="judge", order=AS_DRAWN)
        rows += rating_rows(pair.swapped(), given, rater=MODEL, kind="judge", order=SWAPPED)
        rows += rating_rows(pair, given, rater="Ada", kind="person", order=AS_DRAWN)
    return ratings_table(rows)


def _labels() -> pd.DataFrame:
    """Two people's labels of the same two claims."""
    rows = [
        (FILMS[0][0], f"{MODEL}/zero_shot", number, number, f"Claim {number}.", label, reader)
        for reader, labels in (("Ada", "SN"), ("Ben", "SP"))
        for number, label in enumerate(labels)
    ]
    return pd.DataFrame(rows, columns=list(claim_labels.COLUMNS))


def _abouts() -> tuple[dict[str, Any], ...]:
    usage = [
        {
            "model": MODEL, "prompt": "zero_shot", "movies": 20, "requests": 20, "cached": 4, "estimated": 0,
            "prompt_tokens": 6200, "completion_tokens": 1900, "new_prompt_tokens": 5000, "new_completion_tokens": 1500,
            "seconds": 150.0,
        }
    ]  # fmt: skip
    model = {"name": MODEL, "hash": "9f8e7d6c5b4a3928"}
    work = {"rule": "summarise_movie", "model": MODEL, "prompt": "zero_shot", "outcomes": 12, "seconds": 90.0}
    asked = (
        _about("merge_summaries", 0.5, models=[model], usage=usage, work=[work]),
        _about("predict_genres", 21.0, models=[model], usage=usage),
    )
    return (
        _about("select_movies", 0.3),
        *asked,
        _about("train_encoder", 95.0, models=[{"name": "minilm-distilbert"}], notes=["Three folds."]),
        _about("split_ratings", 1.0, notes=["Users who have 15 ratings: 120 of 943."], of=["this_run"]),
        _about("rank_films", 3.0, models=[model], of=["this_run", MODEL]),
        _about("account_costs", 0.1, paid=paid_this_run(asked, _PRICES)),
    )


def _about(rule: str, seconds: float, **more: Any) -> dict[str, Any]:
    empty = {"packages": {"pandas": "2.3.3"}, "models": [], "usage": [], "work": [], "paid": [], "notes": []}
    return {"rule": rule, "seconds": seconds, **empty, **more}


def write_run(folder: Path) -> tuple[str, list[str]]:
    """Write the full run into a folder; give the standard input and the options of the script that read it."""
    files: dict[str, Path] = {}
    for place, frame in full_tables().items():
        (name,) = filled(place, _VALUES)
        files[name] = folder / name
        write_table(frame, folder / name)
    run = full_run()
    for about, place in zip(run.abouts, full_tables(), strict=False):
        (name,) = filled(about_of(place), _VALUES)
        files[name] = folder / name
        write_json(folder / name, about)
    prompt = folder / "summaries" / "zero_shot.txt"
    write_text(prompt, "### user\n{transcript}\n")
    lines = "".join(f"{name}={path}\n" for name, path in files.items())
    return lines, ["--prompts", str(prompt), "--config", json.dumps(run.config)]
