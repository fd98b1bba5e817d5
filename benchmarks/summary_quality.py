"""Summaries of real transcripts, measured as a run measures its own: by references, by their transcripts, by the rules.

The transcripts of real trailers with more than 25 words that have a reference in every table are drawn by seed; those of
5 to 25 words, which tell next to nothing, are asked about too, to see how often a model abstains. Titles are given
to the prompts as they are displayed. The answers are kept in the cache: a second call asks nothing again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from tqdm import tqdm

from trailerflow.embedding import MiniLm
from trailerflow.errors import TrailerflowError
from trailerflow.letters import passage
from trailerflow.llm.arguments import client_of
from trailerflow.llm.many import ask_many
from trailerflow.llm.types import Asks
from trailerflow.models import model_folder
from trailerflow.outcomes import Outcome
from trailerflow.program import run
from trailerflow.published import published_rows
from trailerflow.row_kinds import COMMON_WORDS, CONSTANT_SENTENCE
from trailerflow.summaries.baselines import human_rows, read_constant
from trailerflow.summaries.comparisons import compare
from trailerflow.summaries.compliance import SHARES, compliance_table
from trailerflow.summaries.measures import Measures
from trailerflow.summaries.metrics import (
    FAITHFULNESS,
    FOUND,
    LENGTHS,
    REFERENCE_METRICS,
    SHARE,
    STATISTICS,
    Scorer,
)
from trailerflow.summaries.score_summaries import metrics_table
from trailerflow.summaries.summarise_movie import summarise_movie
from trailerflow.summaries.ways.prompt_file import PromptFile
from trailerflow.text import word_count
from trailerflow.torch_threads import use_threads

ROOT = Path(__file__).resolve().parents[1]
PROMPTS = ROOT / "resources" / "prompts" / "summaries"
CONSTANTS = ROOT / "resources" / "constants"
LONGEST = 600
"""Words of a transcript that a model is shown, as in a run."""

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


def prepared(rows: pd.DataFrame) -> list[Outcome[Any]]:
    """The transcripts as ``prepare_transcript`` would give them: their first words."""
    texts = {str(row.item_id): passage(row.transcript, 0, LONGEST) for row in rows.itertuples()}
    return [
        Outcome.ok("prepare_transcript", movie, {"text": text, "words": word_count(text)})
        for movie, text in texts.items()
    ]


def summarise(
    outcomes: Sequence[Outcome[Any]],
    titles: Mapping[str, str],
    *,
    client: Asks,
    prompts: Sequence[str],
    length: int,
) -> pd.DataFrame:
    """Ask for the summary of each transcript by each prompt.

    Returns:
        Columns movie, model, prompt, status, reason, summary, words and finish_reason, as of ``merge_summaries``.
    """
    items = [(prompt, outcome) for prompt in prompts for outcome in outcomes]

    def ask(item: tuple[str, Outcome[Any]]) -> Outcome[Any]:
        prompt, outcome = item
        return summarise_movie(
            outcome,
            title=titles[outcome.movie],
            way=PromptFile(prompt),
            prompts={prompt: PROMPTS / f"{prompt}.txt"},
            words=length,
            client=client,
        )

    found: dict[int, Outcome[Any]] = {}
    asked = ask_many(items, ask, slots=client.model.slots)
    for number, outcome in tqdm(asked, "summaries", len(items)):
        if not isinstance(outcome, Outcome):
            raise outcome
        found[number] = outcome
    rows = [
        {
            "movie": outcome.movie,
            "model": client.model.name,
            "prompt": prompt,
            "status": found[number].status,
            "reason": "; ".join(found[number].reasons) or None,
            **(found[number].data or {}),
        }
        for number, (prompt, outcome) in enumerate(items)
    ]
    columns = ["movie", "model", "prompt", "status", "reason", "summary", "words", "finish_reason"]
    return pd.DataFrame(rows, columns=columns)


def transcripts_of(outcomes: Sequence[Outcome[Any]]) -> pd.DataFrame:
    """The prepared transcripts as of ``merge_transcripts``."""
    rows = [(outcome.movie, "ok", (outcome.data or {})["text"]) for outcome in outcomes]
    return pd.DataFrame(rows, columns=["movie", "status", "text"])


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
        summaries: Of `summarise`.
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
        parts += [f"## Against {name}", _scores(metrics, wanted), _differences(scores, measures.seed)]
    first = next(iter(references.values()))
    faithful = measures.by_transcript(summaries, first, transcripts, plots=pd.concat(plots.values()))
    metrics = metrics_table(faithful, summaries, transcripts, **told)
    parts += ["## Faithfulness to the transcript", _scores(metrics, [(FAITHFULNESS, "precision")])]
    parts += [_differences(faithful, measures.seed), "## Rules kept", _rules(compliance)]
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


def _scores(metrics: pd.DataFrame, wanted: Sequence[tuple[str, str]]) -> str:
    heads = [f"{metric} {statistic}" for metric, statistic in wanted]
    parts = []
    for length in LENGTHS:
        lines = [f"| system | prompt | movies | {' | '.join(heads)} |", "|---" * (3 + len(heads)) + "|"]
        own = metrics[metrics["length"] == length]
        for (system, prompt), group in own.groupby(["system", "prompt"], sort=False):
            rows = {(row.metric, row.statistic): row for row in group.itertuples()}
            cells = [_estimate(rows.get(one)) for one in wanted]
            lines.append(f"| {system} | {prompt} | {group['movies'].max()} | {' | '.join(cells)} |")
        parts += [f"Length: {length}", "\n".join(lines)]
    return "\n\n".join(parts)


def _differences(scores: pd.DataFrame, seed: int) -> str:
    """Every system less what it is compared with."""
    lines = ["| length | metric | system | prompt | less | difference | p (Holm) | |", "|---" * 8 + "|"]
    for row in compare(scores, seed=seed).to_dict("records"):
        figure = _figure(row["difference"], row["difference_low"], row["difference_high"])
        p_value = "" if pd.isna(row["p_corrected"]) else f"{row['p_corrected']:.3f}"
        names = f"{row['system']} | {row['prompt']} | {row['other']} {row['other_prompt']}".rstrip()
        lines.append(
            f"| {row['length']} | {row['metric']} | {names} | {figure} | {p_value} | {row['verdict']} |"
        )
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
                f"| {name}: {what} | {_figure(row[name], row[f'{name}_low'], row[f'{name}_high'])} |"
                for name, what in SHARES.items()
            ),
            f"\nNames: {row['names'] or 'none'}.\n",
        ]
    return "\n".join(lines)


def _estimate(row: Any) -> str:
    return "" if row is None else _figure(row.value, row.low, row.high)


def _figure(value: Any, low: Any, high: Any) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.3f}" if pd.isna(low) else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def model_settings(given: str, config: Mapping[str, Any]) -> str:
    """A model's settings as JSON: those given, or those that the configuration has under a name.

    Raises:
        TrailerflowError: The configuration has no model of that name.
    """
    if given.lstrip().startswith("{"):
        return given
    for settings in config["models"]["llm"]:
        if settings["name"] == given:
            return json.dumps(settings)
    raise TrailerflowError(
        f"config.yaml has no model {given!r} under models.llm; name one of it, or give JSON."
    )


def read_references(path: Path) -> pd.DataFrame:
    """A table of references as of ``merge_summaries``: movie and text."""
    table = pd.read_parquet(path)
    return pd.DataFrame({"movie": table["item_id"].astype(str), "text": table["plot"]})


def main() -> None:
    """Choose, ask, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transcripts", type=Path, required=True, help="item_id, transcript, n_words, ...")
    parser.add_argument("--movies", type=Path, required=True, help="item_id, clean_title")
    parser.add_argument("--references", type=Path, nargs="+", required=True, help="tables of item_id, plot")
    parser.add_argument("--config-model", required=True, help="name of a model in config.yaml, or JSON")
    parser.add_argument("--models-folder", type=Path, default=ROOT / "resources" / "models", help="models")
    parser.add_argument("--cache", type=Path, required=True, help="folder of the answers that are kept")
    parser.add_argument("--count", type=int, default=100, help="transcripts to summarise")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draw, the floors and the bootstrap")
    parser.add_argument("--prompts", nargs="+", default=["zero_shot", "few_shot"], help="prompts to compare")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of the server and the encoder")
    parser.add_argument(
        "--sentence", type=Path, default=CONSTANTS / "sentence.txt", help="one sentence for every film"
    )
    parser.add_argument(
        "--common-words", type=Path, default=CONSTANTS / "common_words.txt", help="commonest words of plots"
    )
    parser.add_argument("--summaries", type=Path, help="Parquet table of the summaries to write")
    arguments = parser.parse_args()
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    arguments.model = model_settings(arguments.config_model, config)
    settings = config["summaries"]
    transcripts, movies = pd.read_parquet(arguments.transcripts), pd.read_parquet(arguments.movies)
    tables = [pd.read_parquet(path) for path in arguments.references]
    drawn, short = choose(transcripts, tables, count=arguments.count, seed=arguments.seed)
    titles = dict(zip(movies["item_id"].astype(str), movies["clean_title"], strict=True))
    outcomes = prepared(drawn)
    with tempfile.TemporaryDirectory() as folder:
        arguments.run = Path(folder)
        asked = {"client": client_of(arguments), "prompts": arguments.prompts, "length": settings["words"]}
        summaries = summarise(outcomes, titles, **asked)
        near_nothing = summarise(prepared(short), titles, **asked)
    if arguments.summaries:
        pd.concat([summaries, near_nothing]).to_parquet(arguments.summaries, index=False)
    use_threads(arguments.threads)
    encoder = config["models"]["embedding"]
    scorer = Scorer(
        modules=ROOT / "resources" / "evaluate",
        encoder=model_folder(arguments.models_folder, encoder),
        encoder_name=encoder,
        layer=settings["bertscore_layer"],
        rouge_tokenizer=settings["rouge_tokenizer"],
    )
    people = (ROOT / "resources" / "film_people.txt").read_text(encoding="utf-8").splitlines()
    compliance = compliance_table(
        summaries,
        transcripts_of(outcomes),
        pd.DataFrame({"movie": titles.keys(), "title": titles.values()}),
        prompts={prompt: [PROMPTS / f"{prompt}.txt"] for prompt in arguments.prompts},
        people=people,
        words=settings["words"],
        seed=arguments.seed,
    )
    measured = report(
        summaries,
        transcripts_of(outcomes),
        {path.stem: read_references(path) for path in arguments.references},
        compliance,
        Measures(
            scorer=scorer,
            embedder=MiniLm(scorer.encoder, arguments.threads),
            constants={
                CONSTANT_SENTENCE: read_constant(arguments.sentence),
                COMMON_WORDS: read_constant(arguments.common_words),
            },
            words=settings["words"],
            shifts=settings["floor_shifts"],
            seed=arguments.seed,
        ),
    )
    print(f"# {len(outcomes)} transcripts, seed {arguments.seed}\n\n{measured}")
    print(f"## Transcripts of {SHORT[0]} to {SHORT[1]} words\n\n{abstentions(near_nothing)}")


if __name__ == "__main__":
    run(main)
