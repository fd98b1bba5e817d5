"""What became of every movie, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.outcomes import STATUSES
from trailerflow.redaction import redact
from trailerflow.register import PREDICT_GENRES, in_order_of_data
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import counted, movie_name, text
from trailerflow.reports.view import Cell, Column, Fact, Row, Table

if TYPE_CHECKING:
    import pandas as pd

_ALTERNATIVES = ("fetch_captions", "fetch_audio")
"""One of the two suffices, so that the other's absence is no fault."""

_FOLD_FROM = 60
"""Movies from which the long table is folded away."""


_OUTCOME = ("movie", "rule", "model", "prompt", "status", "reason")


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcomes(Section):
    """Movies by outcome for each stage, and every movie's outcomes."""

    identifier = "outcomes"
    title = "What became of every movie"
    abouts = ("fetch_catalogue/about.json",)

    movies: pd.DataFrame = table("select_movies/movies.parquet", "movie", "title", "year")
    trailers: pd.DataFrame = table("merge_transcripts/outcomes.parquet", *_OUTCOME)
    summaries: pd.DataFrame = table("merge_summaries/outcomes.parquet", *_OUTCOME)
    genres: pd.DataFrame = table(
        "predict_genres/films/{model}/{way}.parquet", "movie", "model", "way", "arm", "status", "reason",
        about="predict_genres/{model}/{way}.about.json",
    )  # fmt: skip

    def outcomes(self) -> pd.DataFrame:
        """The outcomes of all stages; see `all_outcomes`."""
        several_arms = self.genres["arm"].nunique() > 1
        ways = [
            f"{way}, {arm}" if several_arms else way
            for way, arm in zip(self.genres["way"], self.genres["arm"], strict=True)
        ]
        predictions = self.genres.assign(rule=PREDICT_GENRES.name, prompt=ways)
        return all_outcomes((self.trailers, self.summaries, predictions))

    def facts(self) -> tuple[Fact, ...]:
        """Number of the movies."""
        return (Fact(f"{len(self.movies):,}", "movies"),)

    def warnings(self) -> tuple[str, ...]:
        """How many movies wait for an answer."""
        outcomes = self.outcomes()
        movies = outcomes.loc[outcomes["status"] == "later", "movie"].nunique()
        waiting = f"{counted(movies, 'movie')} could not be answered yet (later): the next run asks again."
        return (waiting,) if movies else ()

    def paragraphs(self) -> tuple[str, ...]:
        """What the outcomes mean."""
        return (
            "Every movie has an outcome at every stage: ok; absent (there is nothing, and asking again "
            "will not help); failed (the input cannot be worked on); later (it may succeed later, and the "
            "next run asks again). What is not ok is passed on to the stages below without any work.",
        )

    def tables(self) -> tuple[Table, ...]:
        """Counts by stage, and every movie."""
        outcomes = self.outcomes()
        return (_by_stage(outcomes), _by_movie(self.movies, outcomes))


def all_outcomes(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The outcomes of all rules below each other, in the order of the data.

    Args:
        tables: Outcomes of some rules: movie, rule, model, prompt, status and reason.

    Returns:
        These columns, and stage: it names the rule, the prompt and, where the run has several, the model.
    """
    import pandas as pd

    types = dict.fromkeys(_OUTCOME, object)
    parts = [part[list(types)].astype(types) for part in tables if not part.empty]
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


def _by_movie(movies: pd.DataFrame, outcomes: pd.DataFrame) -> Table:
    stages = list(dict.fromkeys(outcomes["stage"]))
    by_movie = {
        str(movie): group.drop_duplicates("stage", keep="last").set_index("stage")
        for movie, group in outcomes.groupby("movie", sort=False)
    }
    rows = []
    for movie, title, year in movies[["movie", "title", "year"]].itertuples(index=False):
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
