"""What the run was made with: models, prompts, time, versions, configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from trailerflow.redaction import redact
from trailerflow.register import RULES
from trailerflow.reports.abouts import model_rows, versions
from trailerflow.reports.section import Run, Section
from trailerflow.reports.shown_configuration import shown_configuration
from trailerflow.reports.values import duration, text, whole
from trailerflow.reports.view import Cell, Column, Row, Table

_ONCE_A_MODEL = tuple(rule.name for rule in RULES if rule.per == ("model",))


@dataclass(frozen=True, kw_only=True, eq=False)
class Provenance(Section):
    """Models and prompts with their hashes, work by stage, package versions, and the configuration."""

    identifier = "provenance"
    title = "Models, work and versions"

    def tables(self) -> tuple[Table, ...]:
        """Models, prompts, work, versions and notes."""
        run = self.run
        return (_models(run), _prompts(run), _work(run), _versions(run), _notes(run))

    def verbatim(self) -> tuple[tuple[str, str], ...]:
        """The configuration, without secrets."""
        shown = yaml.safe_dump(
            shown_configuration(self.run.config),
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=False,
        )
        return (("The configuration of this run", shown),)


def _models(run: Run) -> Table:
    return Table(
        caption="Models",
        columns=(Column("Model"), Column("Hash"), Column("More"), Column("Used by")),
        rows=tuple(
            Row((Cell(name), Cell(digest[:16]), Cell(more), Cell(rules)))
            for name, digest, more, rules in model_rows(run.abouts)
        ),
        note="The hash stands for the model and every setting that can change an answer.",
        nothing="No stage named a model.",
    )


def _prompts(run: Run) -> Table:
    return Table(
        caption="Prompts",
        columns=(Column("Prompt"), Column("Hash of the file")),
        rows=tuple(Row((Cell(name), Cell(digest))) for name, digest in run.prompts),
        nothing="The run had no prompts.",
    )


def _work(run: Run) -> Table:
    rows = [*_per_movie_work(run.abouts), *_once_work(run.abouts)]
    lines = [Row((Cell(stage), Cell(whole(jobs)), Cell(duration(seconds)))) for stage, jobs, seconds in rows]
    if lines:
        jobs = sum(count for _, count, _ in rows if count is not None)
        total = sum(seconds for _, _, seconds in rows)
        lines.append(Row((Cell("all"), Cell(whole(jobs)), Cell(duration(total))), "total"))
    return Table(
        caption="Work by stage",
        columns=(Column("Stage"), Column("Outcomes", True), Column("Work", True)),
        rows=tuple(lines),
        note="Work is the time of the stages' own work, summed over jobs; jobs run side by side, so the "
        "run was shorter.",
        nothing="No stage noted its work.",
    )


def _per_movie_work(abouts: tuple[dict[str, Any], ...]) -> list[tuple[str, int | None, float]]:
    """Stage, outcomes and seconds of the rules that run once a movie."""
    rows = [row for about in abouts for row in about["work"]]
    several = len({row["model"] for row in rows if row["model"]}) > 1
    return [
        (
            " · ".join(filter(None, (row["rule"], row["model"] if several else "", row["prompt"]))),
            row["outcomes"],
            row["seconds"],
        )
        for row in rows
    ]


def _once_work(abouts: tuple[dict[str, Any], ...]) -> list[tuple[str, int | None, float]]:
    """The same of the rules that run once."""
    rows: list[tuple[str, int | None, float]] = []
    for about in abouts:
        stage = str(about["rule"])
        names = about.get("of", ())
        if stage in _ONCE_A_MODEL:
            names = [text(model.get("name")) for model in about["models"]]
        stage = " · ".join([stage, *names])
        rows.append((stage, None, float(about["seconds"])))
    return rows


def _versions(run: Run) -> Table:
    return Table(
        caption="Versions",
        columns=(Column("Package"), Column("Version")),
        rows=tuple(Row((Cell(name), Cell(number))) for name, number in sorted(versions(run.abouts).items())),
        folded="Show the versions of the packages",
        nothing="No stage named its packages.",
    )


def _notes(run: Run) -> Table:
    return Table(
        caption="What the stages noted",
        columns=(Column("Stage"), Column("Note")),
        rows=tuple(
            Row((Cell(str(about["rule"])), Cell(redact(str(note)))))
            for about in run.abouts
            for note in about.get("notes", ())
        ),
        nothing="Nothing was noted.",
    )
