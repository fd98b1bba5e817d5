"""The first sentences and tables of the section: who is best on which unseen films, and beside what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailerflow.genre_names import GENRES
from trailerflow.reports.figures import told_apart
from trailerflow.reports.findings import beside_the_others, compared
from trailerflow.reports.rows import groups
from trailerflow.reports.sections.genres.pairs import Pairs, beside_the_best
from trailerflow.reports.sections.genres.scored import FEW, MACRO, MICRO, SAMPLE, Part, Scored
from trailerflow.reports.values import counted, estimate, is_missing, number, score, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table
from trailerflow.row_kinds import PUBLISHED

if TYPE_CHECKING:
    import pandas as pd

_AP = "average_precision"

FIGURES = (
    (_AP, MICRO, "µAP"),
    (_AP, MACRO, "mAP"),
    (_AP, SAMPLE, "sAP"),
    ("f1", MICRO, "Micro F1"),
    ("f1", MACRO, "Macro F1"),
    ("f1", SAMPLE, "Sample F1"),
)
"""Columns of the first table: metric, average, heading."""

IN_SHORT = (FIGURES[0], FIGURES[1], FIGURES[3], FIGURES[4])
"""The figures that others publish."""

FURTHER = (
    ("average_precision_within_folds", MACRO, "mAP within folds"),
    ("ranking_loss", SAMPLE, "Ranking loss"),
    ("coverage_error", SAMPLE, "Coverage error"),
    ("calibration_error", MICRO, "Calibration error"),
)
"""Columns of the folded one."""


def finding(part: Part, pairs: Pairs) -> str:
    """The best system of a part, beside the constant, chance and the oracle, and whether it beats the other systems."""
    best = part.best
    several = len(part.untitled) > 1
    place = f"the best of {counted(len(part.untitled), 'system')}" if several else "the only system"
    told = "" if best.titled else f" that {'are' if several else 'is'} not told the title"
    said = (
        f"Genres on {counted(part.movies, 'film')} ({part.words}): {best.name} is {place}{told}, "
        f"µAP {_said(best, _AP)}, micro F1 {_said(best, 'f1')}"
    )
    if best.movies < FEW:
        said += f", on only {counted(best.movies, 'film')}"
    return " ".join(
        filter(None, (f"{said}; its micro F1 {_beside(part)}.", _others(part, pairs), _with_title(part)))
    )


def _beside(part: Part) -> str:
    """How the micro F1 of the best lies to the constant's, and what chance and the oracle have."""
    own = part.best.figure("f1", MICRO)
    if part.constant is None:
        return "has nothing to be compared with, so it cannot be told from chance"
    constant = part.constant.figure("f1", MICRO)
    relation = compared(
        own.low,
        own.high,
        constant.value if is_missing(constant.low) else constant.low,
        constant.value if is_missing(constant.high) else constant.high,
    )
    rest = [
        f"{name} {score(one.figure('f1', MICRO).value)}"
        for name, one in (("chance", part.chance), ("the oracle", part.oracle))
        if one is not None
    ]
    beside = f" ({', '.join(rest)})" if rest else ""
    return f"{relation} giving every film the same genres, {_said(part.constant, 'f1')}{beside}"


def _said(one: Scored, metric: str) -> str:
    figure = one.figure(metric, MICRO)
    return estimate(figure.value, figure.low, figure.high)


def _others(part: Part, pairs: Pairs) -> str:
    """Which other systems the best one beats."""
    better, same, smallest = told_apart(beside_the_best(part, pairs))
    others = len(part.untitled) - 1
    names = [part.short_name(one) for one in same]
    return beside_the_others(len(better), others, names, smallest, "In µAP it is")


def _with_title(part: Part) -> str:
    """The best system that is told the title, where others are not."""
    titled = next((one for one in part.systems if one.titled), None)
    if titled is None or part.best.titled:
        return ""
    return f"Told the title, {titled.name} has µAP {_said(titled, _AP)}, micro F1 {_said(titled, 'f1')}."


def headline(part: Part) -> Table:
    """The figures of all systems of a part, the best first, and what they are compared with."""
    return Table(
        caption=f"Genres by system ({part.title})",
        columns=_columns(FIGURES),
        rows=_rows(part, FIGURES),
        note=(
            f"These are {part.words}. F1 at one threshold for each genre, or by a system's own decisions"
            f"{_of_macro(part.best)}."
        ),
    )


def further(part: Part) -> Table:
    """More figures of the same systems, folded."""
    return Table(
        caption=f"Further figures by system ({part.title})",
        columns=_columns(FURTHER),
        rows=_rows(part, FURTHER),
        note=(
            "Lower is better but in the first column. Ranking loss: share of the pairs of a right and a wrong genre that "
            "are in the wrong order. Coverage error: genres that must be named, from the likeliest down, until none of a "
            "film's is missing. Calibration error: how far probabilities lie from the share that is right."
        ),
        folded=f"Show ranking loss, coverage and calibration error ({part.name})",
    )


def published(metrics: pd.DataFrame) -> Table:
    """Published figures, none of them on these films."""
    rows = []
    for (system, part), group in groups(metrics[metrics["row_kind"] == PUBLISHED], ("system", "part")):
        by_label = {str(row["label"]): row for row in group.to_dict("records")}
        cells = [Cell(score(by_label.get(label, {}).get(metric))) for metric, label, _ in IN_SHORT]
        first = group.iloc[0]
        told = (Cell(whole(first["movies"])), Cell(text(first["note"])))
        rows.append(Row((Cell(system), Cell(part), *cells, *told), PUBLISHED))
    return Table(
        caption="Published figures, on other data or by other rules",
        columns=(
            Column("System"),
            Column("On"),
            *(Column(heading, True) for _, _, heading in IN_SHORT),
            Column("Films", True),
            Column("Note"),
        ),
        rows=tuple(rows),
        nothing="There are no published figures.",
    )


def by_genre(part: Part, folded: bool) -> Table:
    """The best untitled system of a part, genre by genre."""
    best = part.best
    rows = []
    for genre in GENRES:
        if genre not in best.rows:
            continue
        shown = not is_missing(number(best.value("f1", genre)))
        figures = [best.figure(metric, genre).cell for metric in (_AP, "f1")]
        rows.append(
            Row(
                (
                    Cell(genre),
                    *figures,
                    *(Cell(score(best.value(metric, genre))) for metric in ("precision", "recall")),
                    *(Cell(whole(best.value(count, genre))) for count in ("positives", "predicted")),
                    Cell("" if shown else "too few films for a score"),
                )
            )
        )
    return Table(
        caption=f"{best.name}, genre by genre ({part.title})",
        columns=(
            Column("Genre"),
            *(
                Column(name, True)
                for name in ("Average precision", "F1", "Precision", "Recall", "Films", "Named")
            ),
            Column(""),
        ),
        rows=tuple(rows),
        folded=f"Show {best.name} genre by genre ({part.name})" if folded else "",
    )


def every_system_by_genre(part: Part) -> Table:
    """The average precision of every system, genre by genre, folded."""
    genres = [genre for genre in GENRES if genre in part.best.rows]
    rows = [
        Row((*_names(one), *(Cell(score(one.figure(_AP, genre).value)) for genre in genres)), one.kind)
        for one in (*part.systems, *part.references)
    ]
    return Table(
        caption=f"Average precision by genre ({part.title})",
        columns=(Column("System"), Column("Reads"), *(Column(genre, True) for genre in genres)),
        rows=tuple(rows),
        note="Scores of every system, genre and operating point, with intervals and counts, stand in metrics.csv.",
        folded=f"Show the average precision of every system by genre ({part.name})",
    )


def _columns(figures: tuple[tuple[str, str, str], ...]) -> tuple[Column, ...]:
    headings = (Column(heading, True) for _, _, heading in figures)
    return (Column("System"), Column("Reads"), *headings, Column("Films", True), Column("Note"))


def _rows(part: Part, figures: tuple[tuple[str, str, str], ...]) -> tuple[Row, ...]:
    """The figures of all systems and rows to compare with."""
    return tuple(
        Row((*_names(one), *(one.figure(*figure[:2]).cell for figure in figures), *_counts(one)), one.kind)
        for one in (*part.systems, *part.references)
    )


def _names(one: Scored) -> tuple[Cell, Cell]:
    return Cell(one.system), Cell(one.arm)


def _counts(one: Scored) -> tuple[Cell, Cell]:
    return Cell(whole(one.movies)), Cell(text(one.value("note", MICRO)))


def _of_macro(one: Scored) -> str:
    """Over which genres macro F1 is the mean, where these are not all."""
    note = text(one.value("note", MACRO))
    return f"; {note}" if note else ""
