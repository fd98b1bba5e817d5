"""The summaries: their scores against the references, their lengths, and some of them to read."""

from __future__ import annotations

import pandas as pd

from trailerflow.genre_names import GENRES
from trailerflow.reports.inputs import Inputs
from trailerflow.reports.sections.metrics import estimate_cell, groups, in_order
from trailerflow.reports.sections.outcomes import movie_name
from trailerflow.reports.values import NOTHING, counted, listed, score, text, whole
from trailerflow.reports.view import Cell, Column, Row, Sample, SampleSummary, Section, Table
from trailerflow.row_kinds import PUBLISHED

METRICS: dict[str, str] = {
    "rouge1": "ROUGE-1",
    "rouge2": "ROUGE-2",
    "rougeL": "ROUGE-L",
    "bertscore": "BERTScore",
}

_STATISTICS = {"precision": "Precision", "recall": "Recall", "f1": "F1"}


def summaries_section(inputs: Inputs) -> Section:
    """Scores, lengths and sample summaries."""
    metrics = in_order(inputs.summary_metrics)
    metrics = metrics[metrics["metric"].isin(list(METRICS))]
    return Section(
        identifier="summaries",
        title="Summaries",
        paragraphs=(
            "Each summary is scored against the movie's reference synopsis. The mismatch floor scores the "
            "same summaries against the synopses of other movies: what a summary gets for being of the "
            "right kind. The lead of the transcript, its first words, as many as are asked of a summary, is "
            "scored as if it were one; it has no prompt, and a floor of its own. Empty summaries are counted "
            "and left out of the means. Brackets hold 95 % bootstrap intervals over the movies.",
            *_scorer_sentences(metrics),
        ),
        tables=(_f1_table(metrics), _full_table(metrics), _length_table(inputs)),
        samples=_samples(inputs),
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


def _length_table(inputs: Inputs) -> Table:
    written = inputs.summaries[inputs.summaries["status"] == "ok"]
    rows = [
        _length_row(f"{model} · {prompt}", group, cut=whole((group["finish_reason"] == "length").sum()))
        for (model, prompt), group in groups(written, ("model", "prompt"))
    ]
    references = inputs.synopses[inputs.synopses["status"] == "ok"]
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


def _samples(inputs: Inputs) -> tuple[Sample, ...]:
    """The first movies that have a transcript and a summary, with all their texts."""
    transcripts = inputs.transcripts[inputs.transcripts["status"] == "ok"].set_index("movie")
    written = inputs.summaries[inputs.summaries["status"] == "ok"]
    readable = set(transcripts.index) & set(written["movie"])
    shown = [movie for movie in inputs.movies["movie"] if movie in readable][: inputs.examples]
    references = inputs.synopses[inputs.synopses["status"] == "ok"].set_index("movie")
    movies = inputs.movies.drop_duplicates("movie").set_index("movie")
    samples = []
    for movie in shown:
        row, transcript = movies.loc[movie], transcripts.loc[movie]
        words = counted(int(transcript["words"]), "word")
        samples.append(
            Sample(
                title=movie_name(row["title"], row["year"]),
                genres=listed([genre for genre in GENRES if row[genre] is True or row[genre] == 1]),
                predicted=_predicted(inputs.genre_predictions, movie),
                transcript=text(transcript["text"]),
                transcript_label=f"{words}, from {text(transcript['origin'])}",
                synopsis=text(references["text"].get(movie)),
                summaries=tuple(
                    SampleSummary(
                        label=f"{model} · {prompt}",
                        text=text(summary),
                        scores=_scores(inputs.summary_scores, movie, model, prompt),
                    )
                    for model, prompt, summary in written.loc[
                        written["movie"] == movie, ["model", "prompt", "summary"]
                    ].itertuples(index=False)
                ),
            )
        )
    return tuple(samples)


def _predicted(predictions: pd.DataFrame, movie: str) -> tuple[str, ...]:
    own = predictions[(predictions["movie"] == movie) & (predictions["status"] == "ok")]
    return tuple(
        f"{model}: {listed(list(genres))}" for model, genres in zip(own["model"], own["genres"], strict=True)
    )


def _scores(scores: pd.DataFrame, movie: str, system: str, prompt: str) -> str:
    own = scores[
        (scores["movie"] == movie)
        & (scores["system"] == system)
        & (scores["prompt"] == prompt)
        & (scores["statistic"] == "f1")
    ]
    values = dict(zip(own["metric"], own["value"], strict=True))
    parts = [f"{name} {score(values[metric])}" for metric, name in METRICS.items() if metric in values]
    return f"F1: {', '.join(parts)}" if parts else ""
