"""What the benches of summaries share: transcripts as a run has them, asking for summaries, scoring, tables in Markdown."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from trailerflow.documents import PreparedTranscript
from trailerflow.embedding import MiniLm
from trailerflow.errors import TrailerflowError
from trailerflow.letters import passage
from trailerflow.llm.arguments import client_for
from trailerflow.llm.client import Client
from trailerflow.llm.many import ask_many
from trailerflow.llm.types import Asks
from trailerflow.models import model_folder
from trailerflow.outcomes import Outcome
from trailerflow.row_kinds import COMMON_WORDS, CONSTANT_SENTENCE
from trailerflow.summaries.baselines import read_constant
from trailerflow.summaries.check import Check, check_of
from trailerflow.summaries.measures import Measures
from trailerflow.summaries.metrics import LENGTHS, Scorer
from trailerflow.summaries.summarise_movie import summarise_movie
from trailerflow.summaries.ways import way_of
from trailerflow.text import word_count

ROOT = Path(__file__).resolve().parents[1]
PROMPTS = ROOT / "resources" / "prompts"
SUPPORTED = PROMPTS / "support" / "supported.txt"
CONSTANTS = ROOT / "resources" / "constants"
LONGEST = 600
"""Words of a transcript that a model is shown, as in a run."""


def prepared(rows: pd.DataFrame) -> list[Outcome[Any]]:
    """The transcripts as ``prepare_transcript`` would give them: their first words.

    Args:
        rows: Columns item_id and transcript, in English, as a recogniser heard it.
    """
    return [
        Outcome.ok("prepare_transcript", str(row.item_id), prepared_transcript(str(row.transcript)))
        for row in rows.itertuples()
    ]


def prepared_transcript(transcript: str) -> PreparedTranscript:
    """A transcript in English as ``prepare_transcript`` gives it, as a recogniser heard it."""
    text = passage(transcript, 0, LONGEST)
    return {
        "text": text,
        "words": word_count(text),
        "words_before_trim": word_count(transcript),
        "language": "en",
        "origin": "speech",
        "translated": False,
    }


def transcripts_of(outcomes: Sequence[Outcome[Any]]) -> pd.DataFrame:
    """The prepared transcripts as of ``merge_transcripts``."""
    rows = [(outcome.movie, "ok", (outcome.data or {})["text"]) for outcome in outcomes]
    return pd.DataFrame(rows, columns=["movie", "status", "text"])


def read_titles(path: Path) -> dict[str, str]:
    """Title by movie, of a table with item_id and clean_title."""
    table = pd.read_parquet(path)
    return dict(zip(table["item_id"].astype(str), table["clean_title"], strict=True))


def read_references(path: Path) -> pd.DataFrame:
    """A table of references as of ``merge_summaries``: movie and text."""
    table = pd.read_parquet(path)
    return pd.DataFrame({"movie": table["item_id"].astype(str), "text": table["plot"]})


def prompt_files(way: str) -> list[Path]:
    """The prompt files of a way of asking."""
    return [PROMPTS / f"{place}.txt" for place in way_of(way).prompt_places()]


def model_settings(given: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """A model's settings: those given as JSON, or those that the configuration has under a name.

    Raises:
        TrailerflowError: The configuration has no model of that name.
    """
    if given.lstrip().startswith("{"):
        return dict(json.loads(given))
    for settings in config["models"]["llm"]:
        if settings["name"] == given:
            return dict(settings)
    raise TrailerflowError(
        f"config.yaml has no model {given!r} under models.llm; name one of it, or give JSON."
    )


@contextmanager
def model_client(arguments: argparse.Namespace, config: Mapping[str, Any]) -> Iterator[Client]:
    """The client of the model that ``--config-model`` names; its server lives as long as the block.

    Args:
        arguments: config_model, cache, models_folder and threads.
        config: The configuration.
    """
    with tempfile.TemporaryDirectory() as folder:
        arguments.run = Path(folder)
        yield client_for(model_settings(arguments.config_model, config), arguments)


def summarise(
    outcomes: Sequence[Outcome[Any]],
    titles: Mapping[str, str],
    *,
    client: Asks,
    way: str,
    length: int,
    check: Mapping[str, Any] | None = None,
) -> list[Outcome[Any]]:
    """Ask for the summary of each transcript by one way of asking.

    Args:
        outcomes: Of `prepared`.
        titles: Title by movie.
        client: The way to the model.
        way: Name of the way.
        length: Words asked for.
        check: How summaries are checked, as of `trailerflow.summaries.check.check_of`; None where they are not.

    Returns:
        The outcomes of ``summarise_movie``, in the order of the transcripts.
    """
    asked = way_of(way)
    prompts = {path.stem: path for path in prompt_files(way)}

    def check_beside(outcome: Outcome[Any]) -> Check | None:
        if check is None or outcome.data is None:
            return None
        return check_of(check, outcome.data["text"], {SUPPORTED.stem: SUPPORTED}, client)

    def ask(outcome: Outcome[Any]) -> Outcome[Any]:
        return summarise_movie(
            outcome,
            title=titles[outcome.movie],
            way=asked,
            prompts=prompts,
            words=length,
            client=client,
            check=check_beside(outcome),
        )

    found: dict[int, Outcome[Any]] = {}
    answers = ask_many(outcomes, ask, workers=client.model.workers)
    for number, outcome in tqdm(answers, way, len(outcomes)):
        if not isinstance(outcome, Outcome):
            raise outcome
        found[number] = outcome
    return [found[number] for number in range(len(outcomes))]


def add_measure_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `measures_of` reads."""
    parser.add_argument("--models-folder", type=Path, default=ROOT / "resources" / "models", help="models")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws, the floors and the bootstrap")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of the server and the encoder")
    parser.add_argument(
        "--sentence", type=Path, default=CONSTANTS / "sentence.txt", help="one sentence for every film"
    )
    parser.add_argument(
        "--common-words", type=Path, default=CONSTANTS / "common_words.txt", help="commonest words of plots"
    )


def measures_of(arguments: argparse.Namespace, config: Mapping[str, Any]) -> Measures:
    """What scores summaries as a run of this configuration does.

    Args:
        arguments: From `add_measure_arguments`.
        config: The configuration.
    """
    settings, encoder = config["summaries"], config["models"]["embedding"]
    scorer = Scorer(
        modules=ROOT / "resources" / "evaluate",
        encoder=model_folder(arguments.models_folder, encoder),
        encoder_name=encoder,
        layer=settings["bertscore_layer"],
        rouge_tokenizer=settings["rouge_tokenizer"],
    )
    return Measures(
        scorer=scorer,
        embedder=MiniLm(scorer.encoder, arguments.threads),
        constants={
            CONSTANT_SENTENCE: read_constant(arguments.sentence),
            COMMON_WORDS: read_constant(arguments.common_words),
        },
        words=settings["words"],
        shifts=settings["floor_shifts"],
        seed=arguments.seed,
    )


def score_tables(metrics: pd.DataFrame, wanted: Sequence[tuple[str, str]]) -> str:
    """A Markdown table for each length: a row a system, a column a metric and statistic.

    Args:
        metrics: Of ``metrics_table``.
        wanted: Metrics and statistics, in the order of the columns. A length that has none of them has no table.
    """
    known = metrics[metrics["metric"].isin([metric for metric, _ in wanted])]
    parts = []
    for length in LENGTHS:
        own = known[known["length"] == length]
        if len(own):
            parts += [f"Length: {length}", "\n".join(_score_lines(own, wanted))]
    return "\n\n".join(parts)


def _score_lines(metrics: pd.DataFrame, wanted: Sequence[tuple[str, str]]) -> Iterator[str]:
    heads = [f"{metric} {statistic}" for metric, statistic in wanted]
    yield f"| system | prompt | movies | {' | '.join(heads)} |"
    yield "|---" * (3 + len(heads)) + "|"
    for (system, prompt), group in metrics.groupby(["system", "prompt"], sort=False):
        rows = {(row.metric, row.statistic): row for row in group.itertuples()}
        cells = [_estimate(rows.get(one)) for one in wanted]
        yield f"| {system} | {prompt} | {group['movies'].max()} | {' | '.join(cells)} |"


def difference_table(comparisons: pd.DataFrame) -> str:
    """A Markdown table of every system less what it is compared with.

    Args:
        comparisons: Of `trailerflow.summaries.comparisons.compare`.
    """
    lines = ["| length | metric | system | prompt | less | difference | p (Holm) | |", "|---" * 8 + "|"]
    for row in comparisons.to_dict("records"):
        difference = figure(row["difference"], row["difference_low"], row["difference_high"])
        p_value = "" if pd.isna(row["p_corrected"]) else f"{row['p_corrected']:.3f}"
        names = f"{row['system']} | {row['prompt']} | {row['other']} {row['other_prompt']}".rstrip()
        lines.append(
            f"| {row['length']} | {row['metric']} | {names} | {difference} | {p_value} | {row['verdict']} |"
        )
    return "\n".join(lines)


def _estimate(row: Any) -> str:
    return "" if row is None else figure(row.value, row.low, row.high)


def figure(value: Any, low: Any, high: Any) -> str:
    """A figure with its interval, where it has one; the empty text where there is no figure."""
    if pd.isna(value):
        return ""
    return f"{value:.3f}" if pd.isna(low) else f"{value:.3f} [{low:.3f}, {high:.3f}]"
