"""The summaries: their scores against the references, their lengths, and some of them to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.genre_names import GENRES
from trailerflow.reports.rows import estimate_cell, groups, in_order
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import (
    NOTHING,
    clock,
    counted,
    is_missing,
    listed,
    movie_name,
    score,
    text,
    whole,
)
from trailerflow.reports.view import Cell, Column, Fact, Row, Sample, SampleClaim, SampleSummary, Table
from trailerflow.row_kinds import PUBLISHED

if TYPE_CHECKING:
    import pandas as pd

METRICS: dict[str, str] = {
    "rouge1": "ROUGE-1",
    "rouge2": "ROUGE-2",
    "rougeL": "ROUGE-L",
    "bertscore": "BERTScore",
}

_STATISTICS = {"precision": "Precision", "recall": "Recall", "f1": "F1"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Summaries(Section):
    """Scores against the references, lengths and samples."""

    identifier = "summaries"
    title = "Summaries"

    movies: pd.DataFrame = table("select_movies/movies.parquet", "movie", "title", "year", *GENRES)
    transcripts: pd.DataFrame = table(
        "merge_transcripts/transcripts.parquet", "movie", "status", "text", "words", "origin"
    )
    summaries: pd.DataFrame = table(
        "merge_summaries/summaries.parquet",
        "movie", "model", "prompt", "status", "summary", "words", "finish_reason",
    )  # fmt: skip
    claims: pd.DataFrame = table(
        "merge_summaries/claims.parquet",
        "movie", "model", "prompt", "text", "kept", "invented_names", "window", "start", "end",
    )  # fmt: skip
    synopses: pd.DataFrame = table("merge_summaries/synopses.parquet", "movie", "status", "text", "words")
    scores: pd.DataFrame = table(
        "score_summaries/scores.parquet",
        "movie", "system", "prompt", "length", "metric", "statistic", "value",
    )  # fmt: skip
    metrics: pd.DataFrame = table(
        "score_summaries/metrics.csv",
        "system", "row_kind", "prompt", "length", "metric", "statistic", "value", "low", "high", "movies", "empty",
        "scorer",
    )  # fmt: skip
    genres: pd.DataFrame = table(
        "predict_genres/{model}/{way}.parquet",
        "system",
        "arm",
        "movie",
        "genre",
        "score",
        "predicted_per_genre",
    )

    def facts(self) -> tuple[Fact, ...]:
        """Number of the summaries."""
        return (Fact(f"{len(self._written()):,}", "summaries"),)

    def paragraphs(self) -> tuple[str, ...]:
        """What the rows to compare with are, and which programs scored."""
        return (
            "Each summary is scored against the movie's reference synopsis. The mismatch floor scores the "
            "same summaries against the synopses of other movies: what a summary gets for being of the "
            "right kind. The lead of the transcript, its first words, as many as are asked of a summary, is "
            "scored as if it were one; it has no prompt, and a floor of its own. The constant sentence and the "
            "common words are the same for every film: where they have as much as a system, the metric gives "
            "its figure to a text that tells nothing. Empty summaries are counted and left out of the means. "
            "Brackets hold 95 % bootstrap intervals over the movies.",
            *_scorer_sentences(self._compared()),
        )

    def tables(self) -> tuple[Table, ...]:
        """Scores and lengths."""
        metrics = self._compared()
        return (_f1_table(metrics), _full_table(metrics), _length_table(self._written(), self._references()))

    def samples(self) -> tuple[Sample, ...]:
        """The first movies that have a transcript and a summary, with all their texts."""
        transcripts = self.transcripts[self.transcripts["status"] == "ok"].set_index("movie")
        written = self._written()
        readable = set(transcripts.index) & set(written["movie"])
        most = self.run.config["reports"]["examples"] if readable else 0
        shown = [movie for movie in self.movies["movie"] if movie in readable][:most]
        references = self._references().set_index("movie")
        movies = self.movies.drop_duplicates("movie").set_index("movie")
        return tuple(
            self._sample(
                movie, movies.loc[movie], transcripts.loc[movie], text(references["text"].get(movie))
            )
            for movie in shown
        )

    def _compared(self) -> pd.DataFrame:
        """The scores against references, systems first."""
        metrics = in_order(self.metrics)
        return metrics[metrics["metric"].isin(list(METRICS)) & (metrics["length"] == "full")]

    def _written(self) -> pd.DataFrame:
        return self.summaries[self.summaries["status"] == "ok"]

    def _references(self) -> pd.DataFrame:
        return self.synopses[self.synopses["status"] == "ok"]

    def _sample(self, movie: str, row: pd.Series, transcript: pd.Series, synopsis: str) -> Sample:
        words = counted(int(transcript["words"]), "word")
        return Sample(
            title=movie_name(row["title"], row["year"]),
            genres=listed([genre for genre in GENRES if row[genre] is True or row[genre] == 1]),
            predicted=_predicted(self.genres, movie),
            transcript=text(transcript["text"]),
            transcript_label=f"{words}, from {text(transcript['origin'])}",
            synopsis=synopsis,
            summaries=tuple(self._sample_summaries(movie)),
        )

    def _sample_summaries(self, movie: str) -> Iterator[SampleSummary]:
        """A movie's summaries, those of which the check left nothing among them."""
        own = self.summaries.loc[self.summaries["movie"] == movie, ["model", "prompt", "summary"]]
        for model, prompt, summary in own.itertuples(index=False):
            claims = _claims(self.claims, movie, model, prompt)
            if text(summary) or claims:
                yield SampleSummary(
                    label=f"{model} · {prompt}",
                    text=text(summary) or "Nothing is left: the trailer does not tell.",
                    scores=_scores(self.scores, movie, model, prompt),
                    claims=claims,
                )


def _f1_table(metrics: pd.DataFrame) -> Table:
    rows = []
    for (system, prompt, kind), group in groups(metrics, ("system", "prompt", "row_kind")):
        f1 = group[group["statistic"] == "f1"]
        figures = (estimate_cell(f1[f1["metric"] == metric]) for metric in METRICS)
        counts = (Cell(whole(group["movies"].max())), Cell(whole(group["empty"].max())))
        names = (Cell(system), Cell(prompt or NOTHING))
        rows.append(Row((*names, *figures, *counts), kind))
    return Table(
        caption="F1 of the summaries against the reference synopses",
        columns=(
            Column("System"),
            Column("Prompt"),
            *(Column(name, True) for name in METRICS.values()),
            Column("Movies", True),
            Column("Empty", True),
        ),
        rows=tuple(rows),
        nothing="No summary could be scored.",
    )


def _full_table(metrics: pd.DataFrame) -> Table:
    rows = []
    columns = ("system", "prompt", "metric", "row_kind")
    for (system, prompt, metric, kind), group in groups(metrics, columns):
        figures = (estimate_cell(group[group["statistic"] == statistic]) for statistic in _STATISTICS)
        names = (Cell(system), Cell(prompt or NOTHING), Cell(METRICS[metric]))
        rows.append(Row((*names, *figures), kind))
    return Table(
        caption="Precision, recall and F1 of the summaries",
        columns=(
            Column("System"),
            Column("Prompt"),
            Column("Metric"),
            *(Column(name, True) for name in _STATISTICS.values()),
        ),
        rows=tuple(rows),
        folded="Show precision, recall and F1",
        nothing="No summary could be scored.",
    )


def _scorer_sentences(metrics: pd.DataFrame) -> list[str]:
    """Which programs scored this run, and that other ones scored the published figures."""
    published = metrics["row_kind"] == PUBLISHED
    own, others = (
        list(dict.fromkeys(filter(None, metrics.loc[rows, "scorer"].map(text))))
        for rows in (~published, published)
    )
    sentences = [f"Scored with {'; '.join(own)}."] if own else []
    if others:
        sentences.append(
            f"The published figures come from other movies, references or scorers ({'; '.join(others)}): "
            "they show the order of size, not a contest."
        )
    return sentences


def _length_table(written: pd.DataFrame, references: pd.DataFrame) -> Table:
    rows = [
        _length_row(f"{model} · {prompt}", group, cut=whole((group["finish_reason"] == "length").sum()))
        for (model, prompt), group in groups(written, ("model", "prompt"))
    ]
    if not references.empty:
        rows.append(_length_row("reference synopses", references, kind="reference"))
    return Table(
        caption="Lengths in words",
        columns=(
            Column("Texts"),
            Column("Number", True),
            Column("Median", True),
            Column("Shortest", True),
            Column("Longest", True),
            Column("Cut off", True),
        ),
        rows=tuple(rows),
        note="Cut off: the model reached the most tokens that it may write before it was done.",
        nothing="No summary was written.",
    )


def _length_row(name: str, texts: pd.DataFrame, cut: str = "", kind: str = "system") -> Row:
    words = texts["words"].astype(float)
    figures = (f"{len(texts):,}", whole(words.median()), whole(words.min()), whole(words.max()), cut)
    return Row((Cell(name), *map(Cell, figures)), kind)


def _predicted(predictions: pd.DataFrame, movie: str) -> tuple[str, ...]:
    """What each language model named in each way, the best fit first; with the arm where there are several."""
    named = predictions[
        (predictions["movie"] == movie) & predictions["predicted_per_genre"].fillna(False).astype(bool)
    ]
    best_first = named.sort_values("score", ascending=False, kind="stable")
    several_arms = predictions["arm"].nunique() > 1
    return tuple(
        f"{system}{f' ({arm})' if several_arms else ''}: {listed(list(rows['genre']))}"
        for (system, arm), rows in groups(best_first, ("system", "arm"))
    )


def _claims(claims: pd.DataFrame, movie: str, model: str, prompt: str) -> tuple[SampleClaim, ...]:
    """The claims of a summary that was checked, those that are not kept with why."""
    own = claims[(claims["movie"] == movie) & (claims["model"] == model) & (claims["prompt"] == prompt)]
    return tuple(
        SampleClaim(text(row["text"]), "" if row["kept"] else _fault(row), _window(row))
        for _, row in own.iterrows()
    )


def _fault(claim: pd.Series) -> str:
    names = text(claim["invented_names"])
    return f"nobody says {names}" if names else "not supported"


def _window(claim: pd.Series) -> str:
    if is_missing(claim["start"]) or is_missing(claim["end"]):
        return text(claim["window"])
    return f"{clock(claim['start'])} to {clock(claim['end'])}: {text(claim['window'])}"


def _scores(scores: pd.DataFrame, movie: str, system: str, prompt: str) -> str:
    own = scores[
        (scores["movie"] == movie)
        & (scores["system"] == system)
        & (scores["prompt"] == prompt)
        & (scores["length"] == "full")
        & (scores["statistic"] == "f1")
    ]
    values = dict(zip(own["metric"], own["value"], strict=True))
    parts = [f"{name} {score(values[metric])}" for metric, name in METRICS.items() if metric in values]
    return f"F1: {', '.join(parts)}" if parts else ""
