"""What the run was made with and what it cost: models, prompts, tokens, time, versions, configuration."""

from __future__ import annotations

from typing import Any

import pandas as pd
import yaml

from trailerflow.reports.inputs import Inputs
from trailerflow.reports.sections.metrics import groups
from trailerflow.reports.sections.outcomes import all_outcomes
from trailerflow.reports.values import duration, listed, text, whole
from trailerflow.reports.view import Cell, Column, Row, Section, Table

_TOLD_ELSEWHERE = ("name", "hash", "prompt_hash")
_ONCE_A_MODEL = ("predict_genres", "rank_llm")
_USAGE = ("requests", "cached", "prompt_tokens", "completion_tokens")


def provenance_section(inputs: Inputs) -> Section:
    """Models and prompts with their hashes, cost by stage, package versions, and the configuration."""
    configuration = yaml.safe_dump(
        inputs.config, sort_keys=False, allow_unicode=True, default_flow_style=False
    )
    return Section(
        identifier="provenance",
        title="Models, cost and versions",
        tables=(_models(inputs), _prompts(inputs), _costs(inputs), _versions(inputs), _notes(inputs)),
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
                ", ".join(f"{name} {value}" for name, value in facts.items()),
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


def _costs(inputs: Inputs) -> Table:
    rows = [*_per_movie_costs(inputs), *_once_costs(inputs.abouts)]
    sums = pd.DataFrame(rows, columns=["stage", "jobs", *_USAGE, "seconds"])
    total = [sums[column].astype(float).sum() for column in sums.columns[1:]]
    lines = [
        Row((Cell(stage), *(Cell(whole(count)) for count in counts), Cell(duration(seconds))))
        for stage, *counts, seconds in rows
    ]
    if lines:
        figures = (*(Cell(whole(count)) for count in total[:-1]), Cell(duration(total[-1])))
        lines.append(Row((Cell("all"), *figures), "total"))
    return Table(
        caption="Work and cost by stage",
        columns=(
            Column("Stage"),
            *(
                Column(name, True)
                for name in ("Outcomes", "Requests", "Cached", "Prompt tokens", "Written tokens", "Work")
            ),
        ),
        rows=tuple(lines),
        note="Work is the time of the stages' own work, summed over jobs; jobs run side by side, so the "
        "run was shorter. Cached requests were answered from earlier runs and cost nothing now.",
        nothing="No stage noted its work.",
    )


def _per_movie_costs(inputs: Inputs) -> list[tuple[Any, ...]]:
    """Stage, outcomes, usage and seconds of the rules that run once a movie; LLM usage from the summaries."""
    outcomes = all_outcomes(inputs)
    outcomes = outcomes[outcomes["rule"] != "predict_genres"]  # one job a model: told by its own about.json
    rows = []
    for (stage, rule, model, prompt), group in groups(outcomes, ("stage", "rule", "model", "prompt")):
        usage: tuple[float | None, ...] = (None,) * len(_USAGE)
        if rule == "summarise_movie":
            written = inputs.summaries
            written = written[
                (written["model"] == model) & (written["prompt"] == prompt) & written["prompt_tokens"].notna()
            ]
            usage = (len(written), None, written["prompt_tokens"].sum(), written["completion_tokens"].sum())
        rows.append((stage, len(group), *usage, group["seconds"].astype(float).sum()))
    return rows


def _once_costs(abouts: tuple[dict[str, Any], ...]) -> list[tuple[Any, ...]]:
    """The same of the rules that run once; the summaries' merge repeats what `_per_movie_costs` told."""
    rows = []
    for about in abouts:
        usage = about.get("usage") or {}
        if about["rule"] == "merge_summaries":
            usage = {"cached": usage.get("cached")}
        stage = str(about["rule"])
        if stage in _ONCE_A_MODEL:
            stage = " · ".join([stage, *(text(model.get("name")) for model in about["models"])])
        rows.append((stage, None, *(usage.get(name) for name in _USAGE), about["seconds"]))
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
            Row((Cell(str(about["rule"])), Cell(str(note))))
            for about in inputs.abouts
            for note in about.get("notes", ())
        ),
        nothing="Nothing was noted.",
    )
