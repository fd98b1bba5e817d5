"""Whether the summaries keep to the rules that every prompt sets: length, no cast, no meta talk, abstention, own words.

The measures are of form alone. They are taken of the summary as it is kept: where the model was cut off, without the
sentence that was not finished. Names are found coarsely (see ``cast``). Words are compared without case, accents and
punctuation; in scripts that write no blanks between words, a letter counts as one (see ``trailerflow.letters``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.statistics import bootstrap_interval
from trailerflow.summaries.cast import cast_names
from trailerflow.summaries.echoes import OwnText
from trailerflow.summaries.invented_names import invented_names
from trailerflow.summaries.overlap import coverage, longest_shared_run
from trailerflow.summaries.score_summaries import texts_by_movie
from trailerflow.summaries.support.coverage import Rarity
from trailerflow.summaries.talk import ABOUT_A_FILM
from trailerflow.text import compared_words, word_count

SHORTEST_PERCENT, LONGEST_PERCENT = 70, 130
"""Length that counts as kept, in percent of the words asked for."""

ECHO_WORDS = 8
"""A run of so many words of the prompt's own text is an echo of it."""

COPY_WORDS = 12
"""A run of so many words of the transcript is a copy of it."""

SHARES: dict[str, str] = {
    "abstention": "answered by nothing to summarise, of the movies that were answered",
    "within": "70-130 % of the words asked for",
    "shorter": "less than 70 %",
    "longer": "more than 130 %",
    "cut": "cut off at the most tokens allowed",
    "cast": "names cast or crew, by pattern or list",
    "cast_pattern": "names cast or crew, by pattern",
    "cast_list": "names cast or crew, by list",
    "invented_name": "has a name that is neither in the transcript nor in the title",
    "meta": "talks of a trailer, clip or transcript, or of being about a film",
    "echo": f"has {ECHO_WORDS} or more words in a row of the prompt's own text, or distinctive words of its examples",
    "copied": f"has {COPY_WORDS} or more words in a row of the transcript",
    "coverage": "of its words, those that are in the transcript (mean)",
}
"""Columns with a share and an interval; all but the first are of the summaries written."""

_COUNTS = ("movies", "ok", "abstained", "failed", "later")
_COLUMNS: dict[str, str] = {
    "model": "string",
    "prompt": "string",
    **dict.fromkeys(_COUNTS, "Int64"),
    "words_asked": "Int64",
    "words_mean": "Float64",
    "words_median": "Float64",
    **{f"{name}{end}": "Float64" for name in SHARES for end in ("", "_low", "_high")},
    "names": "string",
    "invented_names": "string",
    "echoed_words": "string",
}

_META = re.compile(
    r"\btrailers?\b(?! parks?\b| homes?\b| trucks?\b)|\bclips?\b|\btranscripts?\b"
    r"|\bis an? (?:\w+ ){0,2}(?:film|movie) about\b"
    r"|\b(?:plot|story|summary)\b[^.]{0,80}\bas follows\b"
    rf"|{ABOUT_A_FILM}",
    re.IGNORECASE,
)


def compliance_table(
    summaries: pd.DataFrame,
    transcripts: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    prompts: Mapping[str, Sequence[Path]],
    people: Sequence[str],
    words: int,
    seed: int,
) -> pd.DataFrame:
    """How often each model with each prompt kept to the rules.

    Args:
        summaries: Table of ``merge_summaries``.
        transcripts: Table of ``merge_transcripts``: a model was asked about the movies whose transcript is ok.
        movies: Table of ``select_movies``, with the titles.
        prompts: Prompt files of each way of asking, by its name.
        people: Full names of film people.
        words: Words asked for.
        seed: Seed of the bootstrap.

    Returns:
        One row a model and prompt: movies (asked), ok, abstained, failed and later, counted; words_asked,
        words_mean and words_median; each of `SHARES` with the bounds of a 95 % bootstrap interval over the
        movies (missing for fewer than two); names (of cast and crew), invented_names and echoed_words (of the
        prompt's examples), each once, after semicolons.

    Raises:
        TrailerflowError: The files of a way are not given, missing or not sound.
    """
    spoken = texts_by_movie(transcripts[transcripts["status"] == "ok"], "text")
    asked = summaries[summaries["movie"].isin(list(spoken))].merge(movies[["movie", "title"]], on="movie")
    rarity = Rarity(spoken.values())
    rows = []
    for (model, prompt), group in asked.groupby(["model", "prompt"], sort=False):
        if prompt not in prompts:
            raise TrailerflowError(f"The file of the prompt {prompt} is not given; name it with --prompts.")
        own_text = OwnText(prompts[prompt], rarity)
        facts = pd.DataFrame(_facts(group, spoken, own_text, people, words))
        rows.append({"model": model, "prompt": prompt, "words_asked": words} | _row(group, facts, seed))
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _facts(
    group: pd.DataFrame,
    spoken: Mapping[str, str],
    own_text: OwnText,
    people: Sequence[str],
    words: int,
) -> Iterator[dict[str, Any]]:
    """What is true of each summary that was written."""
    written = group[group["status"] == "ok"]
    columns = written[["movie", "title", "summary", "finish_reason"]]
    for movie, title, summary, finish_reason in columns.itertuples(index=False):
        length, own_words, said = word_count(summary), compared_words(summary), compared_words(spoken[movie])
        names = cast_names(summary, title, people)
        invented = invented_names(summary, spoken[movie], title)
        echoed = own_text.echoed(summary, spoken[movie], title)
        yield {
            "words": length,
            "shorter": 100 * length < SHORTEST_PERCENT * words,
            "within": SHORTEST_PERCENT * words <= 100 * length <= LONGEST_PERCENT * words,
            "longer": 100 * length > LONGEST_PERCENT * words,
            "cut": finish_reason == "length",
            "cast": bool(names.by_pattern or names.by_list),
            "cast_pattern": bool(names.by_pattern),
            "cast_list": bool(names.by_list),
            "invented_name": bool(invented),
            "meta": bool(_META.search(summary)),
            "echo": bool(echoed) or own_text.longest_run(own_words) >= ECHO_WORDS,
            "copied": longest_shared_run(own_words, said) >= COPY_WORDS,
            "coverage": coverage(own_words, said) if own_words else 0.0,
            "names": [*names.by_pattern, *names.by_list],
            "invented_names": invented,
            "echoed_words": echoed,
        }


def _row(group: pd.DataFrame, facts: pd.DataFrame, seed: int) -> dict[str, Any]:
    statuses = group["status"].value_counts()
    ok, abstained = int(statuses.get("ok", 0)), int(statuses.get("absent", 0))
    row: dict[str, Any] = {
        "movies": len(group),
        "ok": ok,
        # A model is asked where there is a transcript; what is absent then is its abstention.
        "abstained": abstained,
        "failed": int(statuses.get("failed", 0)),
        "later": int(statuses.get("later", 0)),
        **{column: _listed(facts, column) for column in ("names", "invented_names", "echoed_words")},
    }
    measured = {name: facts[name].astype(float) for name in SHARES if name in facts}
    measured["abstention"] = pd.Series([1.0] * abstained + [0.0] * ok)
    if ok:
        row |= {"words_mean": facts["words"].mean(), "words_median": facts["words"].median()}
    for name, values in measured.items():
        if len(values):
            low, high = bootstrap_interval(values.to_numpy(), seed=seed)
            row |= {name: values.mean(), f"{name}_low": low, f"{name}_high": high}
    return row


def _listed(facts: pd.DataFrame, column: str) -> str:
    """The names or words of all summaries, each once."""
    return "; ".join(sorted({name for names in facts.get(column, []) for name in names}))
