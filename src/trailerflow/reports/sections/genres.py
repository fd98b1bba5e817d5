"""The genres: averages by system, scores by genre, and what figures of trained systems can and cannot say."""

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
from trailerflow.row_kinds import CONSTANT, GLOBAL, LANGUAGE_MODEL, REFERENCE, SYSTEM

if TYPE_CHECKING:
    import pandas as pd

AVERAGES: tuple[str, ...] = ("micro", "macro")
HELD_OUT = "held-out"
_ROW = ("system", "part", "operating_point", "row_kind")
"""What makes one row of a table of scores."""
_FEW = 100
"""Movies below which a finding says how few they are."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Genres(Section):
    """Averages, scores by genre, their plot, and the limits of trained systems in words."""

    identifier = "genres"
    title = "Genres"
    abouts = ("split_movies/about.json",)

    films: pd.DataFrame = table(
        "predict_genres/films/{system}.parquet", "system", "family", "part", "movie", "status",
        about="predict_genres/{system}.about.json",
    )  # fmt: skip
    metrics: pd.DataFrame = table(
        "score_genres/metrics.csv",
        "system", "row_kind", "family", "arm", "seed", "operating_point", "part", "label",
        "precision", "recall", "f1", "f1_low", "f1_high", "positives", "predicted", "movies", "note",
    )  # fmt: skip

    def findings(self) -> list[str]:
        """Micro-F1 of each system and part beside the constant row of that part."""
        metrics = self._at_own_thresholds()
        micro = metrics[metrics["label"] == "micro"]
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
        """What the averages are, and how far the figures of trained systems go."""
        return (
            "Micro-F1 pools every decision, so that frequent genres weigh most; macro-F1 is the mean over "
            "the genres, so that each weighs the same. The constant row gives every movie the same genres "
            "without reading a word. Brackets hold 95 % bootstrap intervals over the movies.",
            "A system that gives probabilities has two operating points: a threshold for each genre (per genre) "
            "and one for all (global); scores by genre and the plot show the first. The others name their genres "
            "by themselves (own).",
            *self._learnt_sentences(),
        )

    def plots(self) -> tuple[Plot, ...]:
        """F1 by genre."""
        return _plots(self._at_own_thresholds())

    def tables(self) -> tuple[Table, ...]:
        """Averages, F1 by genre, and the classification report."""
        metrics = _told_apart(in_order(self.metrics))
        return (_averages(metrics), _by_genre(self._at_own_thresholds()), _report(metrics))

    def _at_own_thresholds(self) -> pd.DataFrame:
        """The scores of each system at one operating point: a threshold for each genre, or its own decisions."""
        metrics = _told_apart(in_order(self.metrics))
        return metrics[metrics["operating_point"] != GLOBAL]

    def _learnt_sentences(self) -> list[str]:
        """On how many movies each system that learns was scored, and a warning where genres have too few for a score."""
        learnt = self.films[(self.films["family"] != LANGUAGE_MODEL) & (self.films["status"] == "ok")]
        sentences = []
        for (system,), own in groups(learnt, ("system",)):
            parts = [(part, rows["movie"].nunique()) for (part,), rows in groups(own, ("part",))]
            counts = listed([f"{counted(number, 'movie')} ({part})" for part, number in parts])
            sentences.append(f"{system} was scored on {counts}, no movie by a fit that was trained on it.")
        metrics = self._at_own_thresholds()
        held_out = metrics[(metrics["part"] == HELD_OUT) & metrics["label"].isin(GENRES)]
        for (system,), group in groups(
            of_kind(held_out[held_out["family"] != LANGUAGE_MODEL], SYSTEM), ("system",)
        ):
            unscored = int(group["f1"].isna().sum())
            if unscored:
                sentences.append(
                    f"{unscored} of {counted(len(group), 'genre')} have too few positive movies in the held-out "
                    f"fold of {system} and show a count, not a score. With so few movies its row proves the "
                    "plumbing, that the way from text to trained model is whole; it says nothing on how good "
                    "such a model can be."
                )
        return sentences


def _told_apart(metrics: pd.DataFrame) -> pd.DataFrame:
    """The scores, with systems named by text and seed too where they have several."""
    named = metrics.copy()
    words = {
        "arm": metrics["arm"].map(text),
        "seed": metrics["seed"].map(lambda seed: "" if is_missing(seed) else f"seed {whole(seed)}"),
    }
    for values in words.values():
        several = (values.groupby(metrics["system"]).transform("nunique") > 1).astype(bool)
        named.loc[several, "system"] = [
            f"{system} ({value})"
            for system, value in zip(named.loc[several, "system"], values[several], strict=True)
        ]
    return named


def _averages(metrics: pd.DataFrame) -> Table:
    rows = []
    averages = metrics[metrics["label"].isin(AVERAGES)]
    for (system, part, point, kind), group in groups(averages, _ROW):
        cells = [Cell(system), Cell(part), Cell(point)]
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
            Column("Operating point"),
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
    for (system, part, point, kind), group in groups(own, _ROW):
        for label, found in group.groupby("label", sort=False):
            figures = (_plain(found, "precision"), _plain(found, "recall"))
            counts = (Cell(whole(found["positives"].iloc[0])), Cell(whole(found["predicted"].iloc[0])))
            names = (Cell(system), Cell(part), Cell(point), Cell(str(label)))
            cells = (*names, *figures, estimate_cell(found, "f1", "f1_low", "f1_high"), *counts)
            rows.append(Row(cells, kind))
    return Table(
        caption="Classification report: every system and genre",
        columns=(
            Column("System"),
            Column("Part"),
            Column("Operating point"),
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
