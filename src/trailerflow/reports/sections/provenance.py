"""What the run was made with: models, prompts, time, versions, configuration."""

from __future__ import annotations

from typing import Any

import yaml

from trailerflow.redaction import redact, redact_document
from trailerflow.register import RULES
from trailerflow.reports.inputs import Inputs
from trailerflow.reports.shown_configuration import shown_configuration
from trailerflow.reports.values import duration, listed, text, whole
from trailerflow.reports.view import Cell, Column, Row, Section, Table

_TOLD_ELSEWHERE = ("name", "hash", "prompt_hash")
_ONCE_A_MODEL = tuple(rule.name for rule in RULES if rule.per == ("model",))


def provenance_section(inputs: Inputs) -> Section:
    """Models and prompts with their hashes, work by stage, package versions, and the configuration."""
    configuration = yaml.safe_dump(
        shown_configuration(inputs.config), sort_keys=False, allow_unicode=True, default_flow_style=False
    )
    return Section(
        identifier="provenance",
        title="Models, work and versions",
        tables=(_models(inputs), _prompts(inputs), _work(inputs), _versions(inputs), _notes(inputs)),
        verbatim=(("The configuration of this run", configuration),),
    )


def methods_section(inputs: Inputs) -> Section:
    """A paragraph ready for a paper, with the names and versions of this run."""
    found = versions(inputs)
    tools = listed([f"{name} {found[name]}" for name in sorted(found)])
    models = listed(sorted({name for name, _, _, _ in _model_rows(inputs)}))
    return Section(
        identifier="methods",
        title="Methods, ready to adapt",
        paragraphs=(
            f"Trailer transcripts of {len(inputs.movies):,} movies were taken from captions or, where there "
            f"were none, from speech recognition, and summarised by language models. Models: {models}. "
            "Summaries were scored against reference synopses by ROUGE-1/2/L and BERTScore with the floor "
            "of mismatched synopses; genres by precision, recall and F1, micro and macro averaged; "
            "rankings of each user's last films by MAP, MRR and NDCG beside chance and an oracle. All "
            "intervals are 95 % percentile bootstrap intervals over movies or users. Software: trailerflow "
            f"and Snakemake; {tools}.",
        ),
    )


def versions(inputs: Inputs) -> dict[str, str]:
    """Version of every package that a stage named, and of Python."""
    return {name: str(number) for about in inputs.abouts for name, number in about["packages"].items()}


def _model_rows(inputs: Inputs) -> list[tuple[str, str, str, str]]:
    """Name, hash, further facts and the rules that used it, of each model."""
    used: dict[tuple[str, str, str], list[str]] = {}
    for about in inputs.abouts:
        for model in about["models"]:
            facts = {key: value for key, value in model.items() if key not in _TOLD_ELSEWHERE}
            key = (
                text(model.get("name")),
                text(model.get("hash")),
                ", ".join(f"{name} {value}" for name, value in redact_document(facts).items()),
            )
            used.setdefault(key, []).append(str(about["rule"]))
    return [(*key, listed(list(dict.fromkeys(rules)))) for key, rules in used.items()]


def _models(inputs: Inputs) -> Table:
    return Table(
        caption="Models",
        columns=(Column("Model"), Column("Hash"), Column("More"), Column("Used by")),
        rows=tuple(
            Row((Cell(name), Cell(digest[:16]), Cell(more), Cell(rules)))
            for name, digest, more, rules in _model_rows(inputs)
        ),
        note="The hash stands for the model and every setting that can change an answer.",
        nothing="No stage named a model.",
    )


def _prompts(inputs: Inputs) -> Table:
    return Table(
        caption="Prompts",
        columns=(Column("Prompt"), Column("Hash of the file")),
        rows=tuple(Row((Cell(name), Cell(digest))) for name, digest in inputs.prompts),
        nothing="The run had no prompts.",
    )


def _work(inputs: Inputs) -> Table:
    rows = [*_per_movie_work(inputs.abouts), *_once_work(inputs.abouts)]
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
        if stage in _ONCE_A_MODEL:
            stage = " · ".join([stage, *(text(model.get("name")) for model in about["models"])])
        rows.append((stage, None, float(about["seconds"])))
    return rows


def _versions(inputs: Inputs) -> Table:
    return Table(
        caption="Versions",
        columns=(Column("Package"), Column("Version")),
        rows=tuple(Row((Cell(name), Cell(number))) for name, number in sorted(versions(inputs).items())),
        folded="Show the versions of the packages",
        nothing="No stage named its packages.",
    )


def _notes(inputs: Inputs) -> Table:
    return Table(
        caption="What the stages noted",
        columns=(Column("Stage"), Column("Note")),
        rows=tuple(
            Row((Cell(str(about["rule"])), Cell(redact(str(note)))))
            for about in inputs.abouts
            for note in about.get("notes", ())
        ),
        nothing="Nothing was noted.",
    )
