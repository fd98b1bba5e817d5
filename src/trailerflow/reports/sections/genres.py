"""The genres: averages by system, scores by genre, and what the encoder's figures can and cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailerflow.genre_names import GENRES
from trailerflow.reports.findings import against
from trailerflow.reports.plots import SERIES, Mark, Series, genre_scores
from trailerflow.reports.rows import estimate_cell, groups, in_order, of_kind
from trailerflow.reports.section import Section, table
from trailerflow.reports.values import counted, estimate, is_missing, listed, score, text, whole
from trailerflow.reports.view import Cell, Column, Plot, Row, Table
from trailerflow.row_kinds import CONSTANT, REFERENCE, SYSTEM

if TYPE_CHECKING:
    import pandas as pd

AVERAGES: tuple[str, ...] = ("micro", "macro")
HELD_OUT = "held-out"
_FEW = 100
"""Movies below which a finding says how few they are."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Genres(Section):
    """Averages, scores by genre, their plot, and the encoder's limits in words."""

    identifier = "genres"
    title = "Genres"
    abouts = ("split_movies/about.json",)

    predictions: pd.DataFrame = table("predict_genres/{model}.parquet", "model")
    encoder: pd.DataFrame = table("tune_encoder/predictions.parquet", "movie", "part")
    metrics: pd.DataFrame = table(
        "score_genres/metrics.csv",
        "system", "row_kind", "part", "label", "precision", "recall", "f1", "f1_low", "f1_high",
        "positives", "predicted", "movies", "note",
    )  # fmt: skip

    def findings(self) -> list[str]:
        """Micro-F1 of each system and part beside the constant row of that part."""
        micro = self.metrics[self.metrics["label"] == "micro"]
        references = of_kind(micro, REFERENCE)
        constants = references[references["system"].str.startswith(CONSTANT, na=False)]
        sentences = []
        for (system, part), group in groups(of_kind(micro, SYSTEM), ("system", "part")):
            row = group.iloc[0]
            own = f"{system} ({part}): micro-F1 {estimate(row['f1'], row['f1_low'], row['f1_high'])}"
            if row["movies"] < _FEW:
                own += f", on only {counted(int(row['movies']), 'movie')}"
            constant = constants[constants["part"].map(text) == part]  # it saw the same movies
            columns = ("f1", "f1_low", "f1_high")
            sentences.append(own + against(row, constant, columns, "giving every movie the same genres"))
        return sentences

    def paragraphs(self) -> tuple[str, ...]:
        """What the averages are, and how far the encoder's figures go."""
        return (
            "Micro-F1 pools every decision, so that frequent genres weigh most; macro-F1 is the mean over "
            "the genres, so that each weighs the same. The constant row gives every movie the same genres "
            "without reading a word. Brackets hold 95 % bootstrap intervals over the movies.",
            *self._encoder_sentences(),
        )

    def plots(self) -> tuple[Plot, ...]:
        """F1 by genre."""
        return _plots(in_order(self.metrics))

    def tables(self) -> tuple[Table, ...]:
        """Averages, F1 by genre, and the classification report."""
        metrics = in_order(self.metrics)
        return (_averages(metrics), _by_genre(metrics), _report(metrics))

    def _encoder_sentences(self) -> list[str]:
        """How many movies the encoder was scored on, and a warning where genres have too few to be scored."""
        sentences = []
        parts = self.encoder.drop_duplicates().groupby("part", sort=False)["movie"].nunique()
        if len(parts):
            counts = listed([f"{counted(int(number), 'movie')} ({part})" for part, number in parts.items()])
            sentences.append(f"The encoder was scored on {counts}, no movie by a model that was tuned on it.")
        llms = set(self.predictions["model"])
        metrics = in_order(self.metrics)
        held_out = metrics[(metrics["part"] == HELD_OUT) & metrics["label"].isin(GENRES)]
        for (system,), group in groups(of_kind(held_out, SYSTEM), ("system",)):
            unscored = int(group["f1"].isna().sum())
            if unscored and system not in llms:
                sentences.append(
                    f"{unscored} of {counted(len(group), 'genre')} have too few positive movies in the held-out "
                    f"fold of {system} and show a count, not a score. With so few movies the encoder's row "
                    "proves the plumbing, that the way from text to trained model is whole; it says nothing on "
                    "how good an encoder can be."
                )
        return sentences


def _averages(metrics: pd.DataFrame) -> Table:
    rows = []
    averages = metrics[metrics["label"].isin(AVERAGES)]
    for (system, part, kind), group in groups(averages, ("system", "part", "row_kind")):
        cells = [Cell(system), Cell(part)]
        for label in AVERAGES:
            own = group[group["label"] == label]
            cells += [_plain(own, "precision"), _plain(own, "recall")]
            cells.append(estimate_cell(own, "f1", "f1_low", "f1_high"))
        notes = "; ".join(dict.fromkeys(filter(None, group["note"].map(text))))
        rows.append(Row((*cells, Cell(whole(group["movies"].max())), Cell(notes)), kind))
    return Table(
        caption="Micro and macro averages by system",
        columns=(
            Column("System"),
            Column("Part"),
            *(
                Column(f"{label} {figure}", True)
                for label in ("Micro", "Macro")
                for figure in ("precision", "recall", "F1")
            ),
            Column("Movies", True),
            Column("Note"),
        ),
        rows=tuple(rows),
        nothing="No system's genres could be scored.",
    )


def _by_genre(metrics: pd.DataFrame) -> Table:
    systems = groups(of_kind(metrics[metrics["label"].isin(GENRES)], SYSTEM), ("system", "part"))
    rows = []
    for genre in GENRES:
        cells = []
        for _, group in systems:
            found = group[group["label"] == genre]
            cells.append(_score_or_count(found))
        if systems:
            rows.append(Row((Cell(genre), *cells)))
    return Table(
        caption="F1 by genre",
        columns=(Column("Genre"), *(Column(f"{system}, {part}", True) for (system, part), _ in systems)),
        rows=tuple(rows),
        note="A genre with too few positive movies shows their number and no score. The rows to compare "
        "with are below.",
        nothing="No genre could be scored.",
    )


def _report(metrics: pd.DataFrame) -> Table:
    own = metrics[metrics["label"].isin(GENRES)]
    rows = []
    for (system, part, kind), group in groups(own, ("system", "part", "row_kind")):
        for label, found in group.groupby("label", sort=False):
            figures = (_plain(found, "precision"), _plain(found, "recall"))
            counts = (Cell(whole(found["positives"].iloc[0])), Cell(whole(found["predicted"].iloc[0])))
            names = (Cell(system), Cell(part), Cell(str(label)))
            cells = (*names, *figures, estimate_cell(found, "f1", "f1_low", "f1_high"), *counts)
            rows.append(Row(cells, kind))
    return Table(
        caption="Classification report: every system and genre",
        columns=(
            Column("System"),
            Column("Part"),
            Column("Genre"),
            *(Column(name, True) for name in ("Precision", "Recall", "F1", "Positives", "Predicted")),
        ),
        rows=tuple(rows),
        folded="Show precision, recall and counts of every system and genre",
        nothing="No genre could be scored.",
    )


def _plain(rows: pd.DataFrame, column: str) -> Cell:
    return Cell(score(None if rows.empty else rows[column].iloc[0]))


def _score_or_count(rows: pd.DataFrame) -> Cell:
    """The genre's F1, or the number of its positive movies where there are too few for a score."""
    if rows.empty or not is_missing(rows["f1"].iloc[0]):
        return estimate_cell(rows, "f1", "f1_low", "f1_high")
    positives = rows["positives"].iloc[0]
    return Cell(score(None)) if is_missing(positives) else Cell(f"{whole(positives)} positive")


def _plots(metrics: pd.DataFrame) -> tuple[Plot, ...]:
    """As many plots as the systems need, of as many as one plot can tell apart."""
    drawn = of_kind(metrics[metrics["f1"].notna()], SYSTEM)
    labels = [label for label in (*AVERAGES, *GENRES) if (drawn["label"] == label).any()]
    series = [
        Series(
            f"{system}, {part}",
            tuple(
                Mark(str(label), float(f1), float(low), float(high))
                for label, f1, low, high in group.loc[
                    group["label"].isin(labels), ["label", "f1", "f1_low", "f1_high"]
                ].itertuples(index=False)
            ),
        )
        for (system, part), group in groups(drawn, ("system", "part"))
    ]
    starts = range(0, len(series), len(SERIES)) if labels else ()
    return tuple(
        _plot(series[start : start + len(SERIES)], labels, f"genre-scores-{start}") for start in starts
    )


def _plot(series: Sequence[Series], labels: Sequence[str], identifier: str) -> Plot:
    said = "; ".join(
        f"{one.name}: " + ", ".join(f"{mark.label} {score(mark.value)}" for mark in one.marks[:2])
        for one in series
    )
    left_out = len(GENRES) - sum(label in GENRES for label in labels)
    without = f" {counted(left_out, 'genre')} without any score left out." if left_out else ""
    description = f"Dot plot of F1. {said}."
    return Plot(
        svg=genre_scores(series, labels, identifier=identifier, description=description),
        caption=f"F1 by genre with 95 % intervals, higher is better.{without}",
    )
