"""Ways of asking for a summary, and their company, on every real transcript that has a short plot.

    python benchmarks/summary_systems.py ask --ways zero_shot short --cache run/answers --output run/summaries [films]
    python benchmarks/summary_systems.py table run/summaries/*.parquet --long plots_long.parquet --output run/table [films]

where [films] is ``--transcripts trailer_transcripts.parquet --plots plots_short.parquet --movies movie_ids.parquet --without
summary_sentences.csv``, the last being the films that systems were developed on.

``ask`` writes the summaries of each way as a table, and prints what a film costs. With ``--check short`` it writes
``short+check``, what the check of their claims leaves as in a run, and the claims themselves in the folder claims.
Answers are kept: a second call asks nothing again.

``table`` scores all systems beside the constant texts, the mismatch floor, the transcripts' first words and the plots that
people wrote. A system may abstain, so all figures that it prints are of the films of which every system has a summary; its
metrics.csv has each system on its own films too.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
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
    read_references,
    read_titles,
    score_tables,
    summarise,
    transcripts_of,
)

from trailerflow.outcomes import Outcome
from trailerflow.planning.summary_check import check_settings
from trailerflow.program import run
from trailerflow.summaries.baselines import human_rows
from trailerflow.summaries.comparisons import compare
from trailerflow.summaries.invented_names import invented_names
from trailerflow.summaries.kept_claims import SHARES, kept_table
from trailerflow.summaries.measures import Measures
from trailerflow.summaries.merge_summaries import claims_table, summaries_table
from trailerflow.summaries.metrics import FAITHFULNESS, FOUND, FULL, REFERENCE_METRICS, SHARE, STATISTICS
from trailerflow.summaries.score_summaries import metrics_table, scores_table, texts_by_movie
from trailerflow.summaries.support.kept_thresholds import read_thresholds
from trailerflow.tables import read_table, write_table
from trailerflow.text import word_count
from trailerflow.torch_threads import use_threads

ORDER_SEED = 25
"""Seed of the order in which films are asked about, so that the first ones are a sample of all."""

MODEL = (
    '{"name": "measured", "kind": "embedded", "model": "qwen2.5-coder-1.5b-instruct", "context": 4096, "slots": 1, '
    '"threads": 1, "frequency_penalty": 0.5}'
)

COMMON, OWN = "of every system", "of its own"
"""The films that a figure is of."""

WRITTEN = {
    ("words", "mean"): "words of a summary",
    ("invented_name", SHARE): "summaries with a name that is neither in the transcript nor in the title",
}
"""Metrics and statistics of a summary by itself, and what they are."""

SECTIONS = {
    "Against the short plots": [(name, one) for name in REFERENCE_METRICS for one in STATISTICS],
    "Own plot found among 20": [(FOUND, SHARE)],
    "Faithfulness to the transcript": [(FAITHFULNESS, "precision")],
    "Words, and summaries with an invented name": list(WRITTEN),
}
"""Heading to the metrics and statistics below it."""


def chosen_films(transcripts: pd.DataFrame, plots: pd.DataFrame, without: Iterable[int]) -> pd.DataFrame:
    """The transcripts of films that have a plot and are none of those to leave out, in the order of asking.

    Args:
        transcripts: Columns item_id and transcript.
        plots: Column item_id.
        without: Films to leave out.
    """
    has_plot = transcripts["item_id"].isin(plots["item_id"])
    known = transcripts[has_plot & ~transcripts["item_id"].isin(list(without))].sort_values("item_id")
    return known.iloc[np.random.default_rng(ORDER_SEED).permutation(len(known))]


def cost_line(name: str, summaries: pd.DataFrame) -> str:
    """What became of the films of a system, and what one cost."""
    counts = ", ".join(f"{count} {status}" for status, count in summaries["status"].value_counts().items())
    read, written, seconds = (
        summaries[column].astype(float).fillna(0).mean()
        for column in ("prompt_tokens", "completion_tokens", "seconds")
    )
    return (
        f"{name}: {len(summaries)} films ({counts}); a film: {seconds:.1f} s, {read:.0f} tokens read, "
        f"{written:.0f} written"
    )


def films_of_all(summaries: pd.DataFrame) -> list[str]:
    """The films of which every model and prompt has a summary."""
    films = [set(texts_by_movie(own, "summary")) for _, own in summaries.groupby(["model", "prompt"])]
    return sorted(set.intersection(*films))


def counts_table(summaries: pd.DataFrame) -> str:
    """A Markdown table: what became of the films of each system."""
    lines = ["| system | prompt | films | summaries | absent | failed or later |", "|---" * 6 + "|"]
    for (model, prompt), own in summaries.groupby(["model", "prompt"], sort=False):
        counts = own["status"].value_counts()
        ok, absent = int(counts.get("ok", 0)), int(counts.get("absent", 0))
        lines.append(f"| {model} | {prompt} | {len(own)} | {ok} | {absent} | {len(own) - ok - absent} |")
    return "\n".join(lines)


def scores_of_writing(
    texts: pd.DataFrame, transcripts: Mapping[str, str], titles: Mapping[str, str]
) -> pd.DataFrame:
    """Words of each text, and whether it has an invented name, as scores by movie.

    Args:
        texts: movie, model, prompt and summary.
        transcripts: Text by movie.
        titles: Title by movie.
    """
    rows: list[tuple[object, ...]] = []
    for row in texts.dropna(subset=["summary"]).itertuples():
        invents = bool(invented_names(row.summary, transcripts[row.movie], titles[row.movie]))
        for (metric, statistic), value in zip(WRITTEN, (word_count(row.summary), invents), strict=True):
            rows.append((row.movie, row.model, row.prompt, FULL, metric, statistic, float(value)))
    return scores_table(rows)


def all_scores(
    summaries: pd.DataFrame,
    outcomes: Sequence[Outcome[Any]],
    references: Mapping[str, pd.DataFrame],
    titles: Mapping[str, str],
    measures: Measures,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The scores of all systems and their company by movie.

    Args:
        summaries: Tables of `ask`, one below the other.
        outcomes: The prepared transcripts.
        references: Columns movie and text, by name; the first are scored against, the others are the human plots.
        titles: Title by movie.
        measures: What scores.

    Returns:
        What systems are compared by, and `scores_of_writing`.
    """
    transcripts = transcripts_of(outcomes)
    plots = [human_rows(summaries, table, name=name) for name, table in references.items()]
    synopses, *_ = references.values()
    others = pd.concat(plots[1:]) if len(plots) > 1 else None
    compared = [
        measures.by_reference(summaries, synopses, transcripts, plots=others),
        measures.by_transcript(summaries, synopses, transcripts, plots=pd.concat(plots)),
    ]
    texts = pd.concat([summaries, *plots])
    spoken = dict(zip(transcripts["movie"], transcripts["text"], strict=True))
    return pd.concat(compared, ignore_index=True), scores_of_writing(texts, spoken, titles)


def ask(arguments: argparse.Namespace, config: Mapping[str, Any]) -> None:
    """Ask for the summaries by each way, and check those that are to be checked."""
    settings = config["summaries"]
    outcomes, titles = prepared(read_films(arguments).head(arguments.films)), read_titles(arguments.movies)
    kept = read_thresholds(ROOT / "resources/support/thresholds.json")
    with model_client(arguments, config) as client:
        for way, ways in [(way, []) for way in arguments.ways] + [(way, [way]) for way in arguments.check]:
            by = json.loads(check_settings({**settings["check"], "ways": ways}, way, client.model, kept))
            name = way if by is None else f"{way}+check"
            made = summarise(outcomes, titles, client=client, way=way, length=settings["words"], check=by)
            summaries = summaries_table(made).assign(prompt=name)
            write_table(summaries, arguments.output / f"{name}.parquet")
            print(cost_line(name, summaries), flush=True)
            if by is not None:
                claims = claims_table(made).assign(prompt=name)
                write_table(claims, arguments.output / "claims" / f"{name}.parquet")
                print(claims_line(claims), flush=True)


def claims_line(claims: pd.DataFrame) -> str:
    """What a check kept; the empty text where no claim was checked."""
    return "\n".join(
        f"  {row['claims']} claims, {row['kept_a_film']:.2f} kept a film; "
        + "; ".join(
            f"{what}: {figure(row[name], row[f'{name}_low'], row[f'{name}_high'])}"
            for name, what in SHARES.items()
        )
        for row in kept_table(claims, seed=0).to_dict("records")
    )


def table(arguments: argparse.Namespace, config: Mapping[str, Any]) -> None:
    """Score the summaries, write the tables, print them."""
    use_threads(arguments.threads)
    summaries = pd.concat([read_table(path) for path in arguments.summaries], ignore_index=True)
    films = read_films(arguments)
    outcomes = prepared(films[films["item_id"].astype(str).isin(summaries["movie"])])
    summaries = summaries[summaries["movie"].isin([outcome.movie for outcome in outcomes])]
    given = [arguments.plots, *([arguments.long] if arguments.long else [])]
    references = {path.stem: read_references(path) for path in given}
    references = {name: plots[plots["movie"].isin(summaries["movie"])] for name, plots in references.items()}
    measures = measures_of(arguments, config)
    compared, written = all_scores(summaries, outcomes, references, read_titles(arguments.movies), measures)
    common = films_of_all(summaries)
    scores = pd.concat([compared, written], ignore_index=True)
    metrics = {
        name: metrics_table(
            rows,
            summaries,
            references[arguments.plots.stem],
            scorers=measures.scorer.names() | {metric: what for (metric, _), what in WRITTEN.items()},
            seed=arguments.seed,
        )
        for name, rows in ((COMMON, scores[scores["movie"].isin(common)]), (OWN, scores))
    }
    comparisons = compare(compared[compared["movie"].isin(common)], seed=arguments.seed)
    write_table(scores, arguments.output / "scores.parquet")
    write_table(comparisons, arguments.output / "comparisons.csv")
    write_table(
        pd.concat([rows.assign(films=name) for name, rows in metrics.items()]),
        arguments.output / "metrics.csv",
    )
    print(f"# {len(outcomes)} films, seed {arguments.seed}\n\n{counts_table(summaries)}\n")
    print(f"All that follows is of the {len(common)} films of which every system has a summary.\n")
    for heading, wanted in SECTIONS.items():
        print(f"## {heading}\n\n{score_tables(metrics[COMMON], wanted)}\n")
    print(f"## Paired differences\n\n{difference_table(comparisons)}")


def read_films(arguments: argparse.Namespace) -> pd.DataFrame:
    """The films that the arguments name, in the order of asking."""
    without = read_table(arguments.without)["item_id"] if arguments.without else ()
    return chosen_films(read_table(arguments.transcripts), read_table(arguments.plots), without)


def main() -> None:
    """Read the arguments, ask or score."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films = argparse.ArgumentParser(add_help=False)
    films.add_argument("--transcripts", type=Path, required=True, help="item_id, transcript")
    films.add_argument("--plots", type=Path, required=True, help="short plots: item_id, plot")
    films.add_argument("--movies", type=Path, required=True, help="item_id, clean_title")
    films.add_argument("--without", type=Path, help="table with the item_id of films to leave out")
    films.add_argument("--output", type=Path, required=True, help="folder to write into")
    commands = parser.add_subparsers(required=True)
    asking = commands.add_parser("ask", parents=[films], help="ask for the summaries")
    asking.add_argument("--ways", nargs="+", default=[], help="ways of asking")
    asking.add_argument(
        "--check", nargs="+", default=[], help="ways whose summaries are checked as the configuration says"
    )
    asking.add_argument("--config-model", default=MODEL, help="name of a model in config.yaml, or JSON")
    asking.add_argument("--models-folder", type=Path, default=ROOT / "resources" / "models", help="models")
    asking.add_argument("--cache", type=Path, required=True, help="folder of the answers that are kept")
    asking.add_argument("--threads", type=int, default=1, help="CPU threads of the server")
    asking.add_argument("--films", type=int, help="most films to ask about; all where it is not given")
    asking.set_defaults(do=ask)
    scoring = commands.add_parser("table", parents=[films], help="score them beside their company")
    scoring.add_argument("summaries", type=Path, nargs="+", help="tables that ask wrote")
    scoring.add_argument("--long", type=Path, help="long plots by other people: item_id, plot")
    add_measure_arguments(scoring)
    scoring.set_defaults(do=table)
    arguments = parser.parse_args()
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    arguments.do(arguments, config)


if __name__ == "__main__":
    run(main)
