"""Summaries of real transcripts, measured as a run measures its own: by references, by their transcripts, by the rules.

The transcripts of real trailers with more than 25 words that have a reference in every table are drawn by seed; those of
5 to 25 words, which tell next to nothing, are asked about too, to see how often a model abstains. Titles are given
to the prompts as they are displayed. The answers are kept in the cache: a second call asks nothing again.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from summary_tables import (
    ROOT,
    add_measure_arguments,
    difference_table,
    figure,
    measures_of,
    model_client,
    prepared,
    prompt_files,
    read_references,
    read_titles,
    score_tables,
    summarise,
    transcripts_of,
)

from trailerflow.errors import TrailerflowError
from trailerflow.llm.types import Asks
from trailerflow.outcomes import Outcome
from trailerflow.program import run
from trailerflow.published import published_rows
from trailerflow.summaries.baselines import human_rows
from trailerflow.summaries.comparisons import compare
from trailerflow.summaries.compliance import SHARES, compliance_table
from trailerflow.summaries.measures import Measures
from trailerflow.summaries.merge_summaries import summaries_table
from trailerflow.summaries.metrics import FAITHFULNESS, FOUND, REFERENCE_METRICS, SHARE, STATISTICS
from trailerflow.summaries.score_summaries import metrics_table
from trailerflow.torch_threads import use_threads

SHORT = (5, 25)
"""Fewest and most words of a transcript that tells next to nothing."""


def choose(
    transcripts: pd.DataFrame, references: Iterable[pd.DataFrame], *, count: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The transcripts to summarise, and the short ones to abstain from.

    Args:
        transcripts: Columns item_id, transcript, n_words and likely_trailer.
        references: Tables with item_id; a movie to summarise is in all of them.
        count: How many to summarise.
        seed: Seed of the draw.

    Raises:
        TrailerflowError: There are fewer than ``count``.
    """
    told = transcripts[transcripts["likely_trailer"] & (transcripts["n_words"] > SHORT[1])]
    for table in references:
        told = told[told["item_id"].isin(list(table["item_id"]))]
    if len(told) < count:
        raise TrailerflowError(
            f"Only {len(told)} transcripts have every reference; ask for fewer by --count."
        )
    drawn = told.sort_values("item_id").sample(count, random_state=seed).sort_values("item_id")
    return drawn, transcripts[transcripts["n_words"].between(*SHORT)].sort_values("item_id")


def summarise_by(
    prompts: Sequence[str],
    outcomes: Sequence[Outcome[Any]],
    titles: Mapping[str, str],
    *,
    client: Asks,
    length: int,
) -> pd.DataFrame:
    """Ask for the summary of each transcript by each prompt: the table of ``merge_summaries``."""
    return summaries_table(
        summary
        for prompt in prompts
        for summary in summarise(outcomes, titles, client=client, way=prompt, length=length)
    )


def report(
    summaries: pd.DataFrame,
    transcripts: pd.DataFrame,
    references: Mapping[str, pd.DataFrame],
    compliance: pd.DataFrame,
    measures: Measures,
) -> str:
    """Markdown tables: the scores against each table of references, the faithfulness, the differences, the rules kept.

    Where there are several tables of references, the plots of the others are scored like summaries. The first table gives
    the equal length for the faithfulness.

    Args:
        summaries: Of `summarise_by`.
        transcripts: Of `transcripts_of`.
        references: Columns movie and text, by name.
        compliance: Of ``compliance_table``.
        measures: What scores, and what the summaries are compared with.
    """
    told: dict[str, Any] = {"scorers": measures.scorer.names(), "seed": measures.seed}
    published = published_rows(
        ROOT / "resources/published_figures.csv", "summaries", {"cases": "movies", "note": "scorer"}
    )
    plots = {name: human_rows(summaries, table, name=name) for name, table in references.items()}
    wanted = [(metric, statistic) for metric in REFERENCE_METRICS for statistic in STATISTICS]
    wanted.append((FOUND, SHARE))
    parts = []
    for name, synopses in references.items():
        others = [rows for other, rows in plots.items() if other != name]
        scores = measures.by_reference(
            summaries, synopses, transcripts, plots=pd.concat(others) if others else None
        )
        metrics = metrics_table(scores, summaries, synopses, published=published, **told)
        parts += [
            f"## Against {name}",
            score_tables(metrics, wanted),
            difference_table(compare(scores, seed=measures.seed)),
        ]
    first = next(iter(references.values()))
    faithful = measures.by_transcript(summaries, first, transcripts, plots=pd.concat(plots.values()))
    metrics = metrics_table(faithful, summaries, transcripts, **told)
    parts += ["## Faithfulness to the transcript", score_tables(metrics, [(FAITHFULNESS, "precision")])]
    parts += [difference_table(compare(faithful, seed=measures.seed)), "## Rules kept", _rules(compliance)]
    return "\n\n".join(parts)


def abstentions(summaries: pd.DataFrame) -> str:
    """A Markdown table of what became of the short transcripts, by prompt."""
    lines = ["| model | prompt | transcripts | abstained | summarised | other |", "|---|---|---|---|---|---|"]
    for (model, prompt), group in summaries.groupby(["model", "prompt"], sort=False):
        counts = group["status"].value_counts()
        abstained, ok = int(counts.get("absent", 0)), int(counts.get("ok", 0))
        rest = len(group) - abstained - ok
        lines.append(f"| {model} | {prompt} | {len(group)} | {abstained} | {ok} | {rest} |")
    return "\n".join(lines)


def _rules(compliance: pd.DataFrame) -> str:
    lines = []
    for row in compliance.to_dict("records"):
        counts = ", ".join(f"{row[name]} {name}" for name in ("movies", "ok", "abstained", "failed", "later"))
        lines += [
            f"{row['model']}, {row['prompt']}: {counts}; words: mean {row['words_mean']:.1f}, median "
            f"{row['words_median']:.0f}.\n",
            "| share | value |",
            "|---|---|",
            *(
                f"| {name}: {what} | {figure(row[name], row[f'{name}_low'], row[f'{name}_high'])} |"
                for name, what in SHARES.items()
            ),
            f"\nNames: {row['names'] or 'none'}.\n",
        ]
    return "\n".join(lines)


def main() -> None:
    """Choose, ask, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", type=Path, required=True, help="item_id, transcript, n_words, ...")
    parser.add_argument("--movies", type=Path, required=True, help="item_id, clean_title")
    parser.add_argument("--references", type=Path, nargs="+", required=True, help="tables of item_id, plot")
    parser.add_argument("--config-model", required=True, help="name of a model in config.yaml, or JSON")
    parser.add_argument("--cache", type=Path, required=True, help="folder of the answers that are kept")
    parser.add_argument("--count", type=int, default=100, help="transcripts to summarise")
    parser.add_argument("--prompts", nargs="+", default=["zero_shot", "few_shot"], help="prompts to compare")
    parser.add_argument("--summaries", type=Path, help="Parquet table of the summaries to write")
    add_measure_arguments(parser)
    arguments = parser.parse_args()
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    settings = config["summaries"]
    transcripts = pd.read_parquet(arguments.transcripts)
    tables = [pd.read_parquet(path) for path in arguments.references]
    drawn, short = choose(transcripts, tables, count=arguments.count, seed=arguments.seed)
    titles, outcomes = read_titles(arguments.movies), prepared(drawn)
    with model_client(arguments, config) as client:
        summaries, near_nothing = (
            summarise_by(arguments.prompts, asked, titles, client=client, length=settings["words"])
            for asked in (outcomes, prepared(short))
        )
    if arguments.summaries:
        pd.concat([summaries, near_nothing]).to_parquet(arguments.summaries, index=False)
    use_threads(arguments.threads)
    people = (ROOT / "resources" / "film_people.txt").read_text(encoding="utf-8").splitlines()
    compliance = compliance_table(
        summaries,
        transcripts_of(outcomes),
        pd.DataFrame({"movie": titles.keys(), "title": titles.values()}),
        prompts={prompt: prompt_files(prompt) for prompt in arguments.prompts},
        people=people,
        words=settings["words"],
        seed=arguments.seed,
    )
    measured = report(
        summaries,
        transcripts_of(outcomes),
        {path.stem: read_references(path) for path in arguments.references},
        compliance,
        measures_of(arguments, config),
    )
    print(f"# {len(outcomes)} transcripts, seed {arguments.seed}\n\n{measured}")
    print(f"## Transcripts of {SHORT[0]} to {SHORT[1]} words\n\n{abstentions(near_nothing)}")


if __name__ == "__main__":
    run(main)
