"""What became of every movie, stage by stage."""

from __future__ import annotations

import pandas as pd

from trailerflow.movies.titles import display_title
from trailerflow.outcomes import STATUSES
from trailerflow.redaction import redact
from trailerflow.register import PREDICT_GENRES, in_order_of_data
from trailerflow.reports.inputs import Inputs
from trailerflow.reports.values import counted, is_missing, text
from trailerflow.reports.view import Cell, Column, Row, Section, Table

_ALTERNATIVES = ("fetch_captions", "fetch_audio")
"""One of the two suffices, so that the other's absence is no fault."""

_FOLD_FROM = 60
"""Movies from which the long table is folded away."""


def all_outcomes(inputs: Inputs) -> pd.DataFrame:
    """The outcomes of all rules below each other, in the order of the data.

    Returns:
        Columns movie, rule, model, prompt, status, reason, stage; the stage names the rule, the
        prompt and, where the run has several, the model.
    """
    predictions = inputs.genre_predictions.assign(rule=PREDICT_GENRES.name, prompt="")
    types = dict.fromkeys(("movie", "rule", "model", "prompt", "status", "reason"), object)
    parts = [
        part[list(types)].astype(types)
        for part in (inputs.transcript_outcomes, inputs.summary_outcomes, predictions)
        if not part.empty
    ]
    if not parts:
        return pd.DataFrame(columns=[*types, "stage"])
    outcomes = pd.concat(parts, ignore_index=True)
    outcomes["movie"] = outcomes["movie"].astype(str)
    order = outcomes["rule"].map(in_order_of_data)
    outcomes = outcomes.assign(order=order).sort_values("order", kind="stable").drop(columns="order")
    several_models = outcomes["model"].map(text).replace("", pd.NA).nunique() > 1
    outcomes["stage"] = [
        " · ".join(filter(None, (rule, text(model) if several_models else "", text(prompt))))
        for rule, model, prompt in zip(outcomes["rule"], outcomes["model"], outcomes["prompt"], strict=True)
    ]
    return outcomes


def outcomes_section(inputs: Inputs) -> Section:
    """Movies by outcome for each stage, and every movie's outcomes."""
    outcomes = all_outcomes(inputs)
    return Section(
        identifier="outcomes",
        title="What became of every movie",
        paragraphs=(
            "Every movie has an outcome at every stage: ok; absent (there is nothing, and asking again "
            "will not help); failed (the input cannot be worked on); later (it may succeed later, and the "
            "next run asks again). What is not ok is passed on to the stages below without any work.",
        ),
        tables=(_by_stage(outcomes), _by_movie(inputs, outcomes)),
    )


def _by_stage(outcomes: pd.DataFrame) -> Table:
    rows = []
    for stage, group in outcomes.groupby("stage", sort=False):
        found = group["status"].value_counts()
        cells = (Cell(f"{found[status]:,}" if status in found else "0") for status in STATUSES)
        rows.append(Row((Cell(str(stage)), *cells, Cell(f"{len(group):,}"))))
    return Table(
        caption="Movies by outcome at each stage",
        columns=(Column("Stage"), *(Column(status, True) for status in STATUSES), Column("all", True)),
        rows=tuple(rows),
        note="Captions and audio are alternatives: fetch_audio is absent wherever captions were found, "
        "and that is no fault.",
        nothing="No stage has worked on a movie.",
    )


def _by_movie(inputs: Inputs, outcomes: pd.DataFrame) -> Table:
    stages = list(dict.fromkeys(outcomes["stage"]))
    by_movie = {
        str(movie): group.drop_duplicates("stage", keep="last").set_index("stage")
        for movie, group in outcomes.groupby("movie", sort=False)
    }
    rows = []
    for movie, title, year in inputs.movies[["movie", "title", "year"]].itertuples(index=False):
        own = by_movie.get(str(movie))
        statuses = [own["status"].get(stage, "") if own is not None else "" for stage in stages]
        rows.append(
            Row(
                (
                    Cell(movie_name(title, year), str(movie)),
                    *(Cell(status, status=status) for status in statuses),
                    Cell(first_reason(own) if own is not None else ""),
                )
            )
        )
    long = len(rows) > _FOLD_FROM
    return Table(
        caption="The outcome of every movie",
        columns=(
            Column("Movie"),
            *(Column(stage.replace("_", " ")) for stage in stages),
            Column("What stopped it"),
        ),
        rows=tuple(rows),
        folded=f"Show the outcomes of {counted(len(rows), 'movie')}" if long else "",
        nothing="The run has no movies.",
    )


def first_reason(own: pd.DataFrame) -> str:
    """The stage and reason that first stopped a movie, or the empty text where nothing did.

    Args:
        own: The movie's outcomes in the order of the data: stage as index, columns rule, status and reason.
    """
    stopped = own[(own["status"] != "ok") & ~own["rule"].isin(_ALTERNATIVES)]
    if stopped.empty:
        return ""
    status, reason = stopped["status"].iloc[0], text(stopped["reason"].iloc[0])
    # A stage passes a reason on: the first to have it is the one to name.
    source = own[(own["status"] == status) & (own["reason"].map(text) == reason)].index[0]
    return redact(f"{source}: {reason}") if reason else f"{source}: {status}"


def movie_name(title: object, year: object) -> str:
    """A title as people say it, with the year where it is known."""
    name = display_title(text(title)) or "(no title)"
    return name if is_missing(year) else f"{name} ({int(float(str(year)))})"


def later_sentences(inputs: Inputs) -> list[str]:
    """What could not be answered yet, in words; empty where everything was."""
    outcomes = all_outcomes(inputs)
    sentences = []
    movies = outcomes.loc[outcomes["status"] == "later", "movie"].nunique()
    if movies:
        sentences.append(
            f"{counted(movies, 'movie')} could not be answered yet (later): the next run asks again."
        )
    rankings = inputs.llm_rankings
    users = rankings.loc[rankings["status"] == "later", "user"].nunique()
    if users:
        sentences.append(
            f"For {counted(users, 'user')} the LLM could not rank yet (later): the next run asks again."
        )
    return sentences
