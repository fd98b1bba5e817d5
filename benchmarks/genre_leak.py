"""How much of the report's genre figures is memory: its protocol beside the honest one, for the same encoder.

``python benchmarks/genre_leak.py --data ../shared/data --models-folder resources/models --arm report --output report.csv``

On the transcripts of 432 trailers, 128 tokens. Arm ``report``: trained on all and scored on the same rows, then its search.
Arm ``honest``: a fifth of the films, grouped by film, is untouched; the same training on the others; then a search that
trains a fresh network a trial, on four fifths of the training films, and is judged on the last fifth of them. A search that
was killed goes on. One split and not five folds, since a fold takes minutes.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from encoder_films import TEXT, films_of, folds_of, transcripts

from trailerflow.genres.encoder.examples import Examples
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.encoder.training import logits_of
from trailerflow.genres.films import Films, Reads, Training
from trailerflow.genres.report_protocol import (
    PROTOCOL,
    SETTINGS,
    STEP_EPOCHS,
    figures,
    search_as_report,
    train_as_report,
)
from trailerflow.genres.search.encoder_trials import EncoderTrials
from trailerflow.genres.search.spaces import space_of
from trailerflow.genres.systems.pretrained import Encoder, load_encoder
from trailerflow.program import run
from trailerflow.search.rounds import best_choices, search
from trailerflow.tables import write_table
from trailerflow.torch_threads import use_threads

ENCODER = "minilm-distilbert"
FOLDS = 5


def examples(encoder: Encoder, films: Films) -> Examples:
    """Films as the encoder takes them."""
    tokens = encoder.tokens(films.texts[TEXT], SETTINGS.tokens)
    labels = torch.tensor(films.labels, dtype=torch.float32)
    return Examples(tokens, labels, torch.ones(len(films)))


def report_arm(encoder: Encoder, table: pd.DataFrame, seed: int) -> list[dict[str, Any]]:
    """The report's protocol: its training, then its search on what it trained."""
    films, fold = films_of(table), folds_of(table, folds=FOLDS, held_out=0.0, seed=seed)
    whole = examples(encoder, films)
    settings = replace(SETTINGS, seed=seed)
    torch.manual_seed(seed)
    network = train_as_report(encoder.network("first"), whole, settings)
    rows = [row("report", "none", "the rows that it was trained on", network, whole)]
    seen = examples(encoder, films.at(fold == 0))
    rows.append(row("report", "none", "a fifth of these", network, seen))
    found = search_as_report(network, examples(encoder, films.at(fold != 0)), seen, settings)
    print(found.trials.to_string(), flush=True)
    rows.append(row("report", "report", "that fifth, which it had been trained on", found.network, seen))
    rows[-1] |= {"precision_best_trial": found.trials["value"].max()}
    return rows


def honest_arm(
    encoder: Encoder, table: pd.DataFrame, seed: int, models_folder: Path, journal: Path
) -> list[dict[str, Any]]:
    """The same training scored on films that it does not know, before and after a search that does not know them either."""
    films, fold = films_of(table), folds_of(table, folds=FOLDS - 1, held_out=1 / FOLDS, seed=seed)
    known, untouched = films.at(fold >= 0), films.at(fold < 0)
    settings = replace(SETTINGS, seed=seed)
    asked = examples(encoder, untouched)
    torch.manual_seed(seed)
    network = train_as_report(encoder.network("first"), examples(encoder, known), settings)
    rows = [row("honest", "none", "a fifth that it never saw", network, asked)]
    found = fresh_search(known, fold[fold >= 0], settings, models_folder, journal)
    print(found.to_string(), flush=True)
    chosen = replace(settings, **best_choices(found, space_of(PROTOCOL)))
    torch.manual_seed(seed)
    after = train_as_report(encoder.network("first"), examples(encoder, known), chosen)
    rows.append(row("honest", "fresh networks", "a fifth that it never saw", after, asked))
    return rows


def fresh_search(
    known: Films, fold: npt.NDArray[np.int_], settings: Settings, models_folder: Path, journal: Path
) -> pd.DataFrame:
    """The report's space searched with a fresh network a trial, judged on the first fold and trained on the others."""
    trials = EncoderTrials(
        Reads(texts=(TEXT,)),
        {"encoder": ENCODER, "epochs": space_of(PROTOCOL).epochs, "learning_rate": settings.learning_rate}
        | {"tokens": settings.tokens, "batch": settings.batch},
        models_folder,
        Training(known.at(fold != 0)),
        known.at(fold == 0),
        settings.seed,
        1,
    )
    facts = {"settings": asdict(settings), "films": known.facts}
    return search(trials, space_of(PROTOCOL), journal, facts=facts, seed=settings.seed)


def row(protocol: str, searched: str, scored_on: str, network: Any, texts: Examples) -> dict[str, Any]:
    """One row of the table."""
    told = figures(texts, logits_of(network, texts.tokens, SETTINGS.batch))
    found = {"protocol": protocol, "search": searched, "scored_on": scored_on, "films": len(texts), **told}
    print(found, flush=True)
    return found


def main() -> None:
    """Measure one arm, and write its rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with the transcripts and the archive"
    )
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--arm", choices=("report", "honest"), required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--output", type=Path, required=True, help="table to write; the search lies beside it"
    )
    arguments = parser.parse_args()
    use_threads(1)
    start = time.process_time()
    encoder, table = load_encoder(ENCODER, arguments.models_folder), transcripts(arguments.data)
    if arguments.arm == "report":
        rows = report_arm(encoder, table, arguments.seed)
    else:
        journal = arguments.output.with_suffix(".journal")
        rows = honest_arm(encoder, table, arguments.seed, arguments.models_folder, journal)
    write_table(pd.DataFrame(rows), arguments.output)
    print(f"{time.process_time() - start:.0f} s of CPU; StepLR every {STEP_EPOCHS} epochs", flush=True)


if __name__ == "__main__":
    run(main)
