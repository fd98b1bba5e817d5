"""The fine-tuned encoder beside the frozen one of the same weights, and the time of its epochs beside a bare loop.

``python benchmarks/encoder_training.py films --data ../shared/data --models-folder resources/models --output encoder``

``films``: five folds of the films with short plots or transcripts, extra texts of other films in every training. Finished
folds are kept, so a run that was killed goes on. ``pace``: one epoch on the same plots, by this project's training and by
`transformers.Trainer` (which needs the package accelerate), in turns, in CPU seconds, and the most memory of each. No
setting was chosen on these films: the penalties of the linear start on plots of MovieLens-1M's other films, the rest are
usual.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from encoder_films import TEXT, dated_titles, extra_texts, films_of, plots, transcripts

from trailerflow.film_texts import TITLE
from trailerflow.genres.comparisons import compare
from trailerflow.genres.encoder.examples import Examples, no_examples
from trailerflow.genres.encoder.fitting import Start, fitted
from trailerflow.genres.encoder.machine import device, half_precision
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.films import NO_EXTRA, NO_FILMS, ExtraFilms, Reads
from trailerflow.genres.job import Gathered, gather, learn
from trailerflow.genres.judged import judge, true_genres
from trailerflow.genres.scoring import score
from trailerflow.genres.split import split_movies
from trailerflow.genres.systems.contract import Surroundings, System
from trailerflow.genres.systems.distilled import DistilledSystem
from trailerflow.genres.systems.encoder import EncoderSystem
from trailerflow.genres.systems.linear import LinearSystem
from trailerflow.genres.systems.pretrained import Encoder, load_encoder
from trailerflow.kept_parts import KeptParts
from trailerflow.program import run
from trailerflow.tables import write_table
from trailerflow.torch_threads import use_threads

ENCODER = "minilm-distilbert"
FOLDS = 5

TABLES = {"plots": plots, "transcripts": transcripts}
"""Texts of the films by name."""

_LINEAR = Settings(
    epochs=0, learning_rate=2e-4, tokens=64, batch=16, seed=0, pooling="mean", linear_start=True, loss="plain"
)
_TUNED = replace(_LINEAR, epochs=1, extra_epochs=2, frozen_layers=3, layer_decay=0.9, warm_up=0.1)

ARMS: dict[str, Settings] = {
    "frozen": _LINEAR,
    "tuned": _TUNED,
    "tuned-averaged": replace(_TUNED, start_share=0.5),
}
"""The frozen encoder under a logistic regression; its upper three layers tuned on the extra texts and then on the films; the
same with the mean of the weights before and after the films."""

JOINED = "frozen-3-layers"
"""The frozen encoder as the system `linear` reads it: the means of its last three layers, joined."""

TEACHER = "teacher"
"""As `JOINED`, learnt from the films alone, without the genres of any extra text."""

DISTILLED = "distilled"
"""Tuned as ``tuned-averaged``, the labels of the extra texts being what `TEACHER` says of them. It names the teacher."""

PACE = Settings(epochs=1, learning_rate=5e-5, tokens=128, batch=16, seed=0, loss="plain")


def measure_films(arguments: argparse.Namespace) -> None:
    """Train every arm on every fold, and write scores and paired differences."""
    table = TABLES[arguments.texts](arguments.data)
    reads = Reads(texts=(TITLE, TEXT) if arguments.titled else (TEXT,))
    split, _ = split_movies(table, held_out=0.0, folds=FOLDS, seed=arguments.seed)
    movies = table.assign(title=dated_titles(table)) if arguments.titled else table
    gathered = gather(movies, {TEXT: table[["movie", "text"]].assign(status="ok", reason=None)}, reads)
    extra = ExtraFilms(extra_texts(arguments.data, arguments.models_folder), NO_FILMS, NO_FILMS)
    encoder = load_encoder(ENCODER, arguments.models_folder)
    surroundings = Surroundings(_no_client, arguments.models_folder)

    def made(arm: str, seed: int) -> System:
        if arm in (JOINED, TEACHER):
            return LinearSystem.from_settings(arm, reads, {"embedders": ["minilm"]}, surroundings, seed)
        if arm == DISTILLED:
            taught = replace(reads, predictions=(TEACHER,))
            return DistilledSystem(arm, taught, encoder, replace(ARMS["tuned-averaged"], seed=seed))
        return EncoderSystem(arm, reads, encoder, replace(ARMS[arm], seed=seed))

    predictions: list[pd.DataFrame] = []
    for arm in arguments.arms:
        own = gathered
        if arm == DISTILLED:
            own = replace(gathered, others={TEACHER: predictions[arguments.arms.index(TEACHER)]})
        predictions.append(_learnt(arm, partial(made, arm), own, extra, split, arguments))
    judged = judge(predictions, true_genres(table, split))
    scores, compared = score(judged, seed=0), compare(judged, seed=0)
    write_table(scores, arguments.output.with_suffix(".scores.csv"))
    write_table(compared, arguments.output.with_suffix(".compared.csv"))
    print(scores[scores["label"].isin(["micro", "macro"])].to_string())
    print(compared.to_string())


def _learnt(
    arm: str,
    make: Callable[[int], System],
    gathered: Gathered,
    extra: ExtraFilms,
    split: pd.DataFrame,
    arguments: argparse.Namespace,
) -> pd.DataFrame:
    """The out-of-fold predictions of one arm."""
    start = time.process_time()
    settings = repr(ARMS.get(arm, "linear"))
    read = sorted(gathered.films.texts)
    facts = {
        "arm": arm,
        "settings": settings,
        "read": read,
        "split": split.to_csv(),
        "extra": len(extra.train),
    }
    kept = KeptParts(arguments.output.with_suffix(".parts") / arm, facts)
    done = kept.read("all")
    if done is None:
        seeds = range(arguments.seeds)
        hidden = NO_FILMS
        if arm in (TEACHER, DISTILLED):
            hidden, extra = extra.train.without_genres(), NO_EXTRA
        done = learn(
            make,
            gathered,
            split,
            seeds=seeds,
            kept=kept,
            rule="bench",
            inner=arm == TEACHER,
            extra=extra,
            unlabelled=hidden,
        ).tables.predictions
        kept.write("all", done)
    print(f"{arm}: {time.process_time() - start:.0f} s of CPU", flush=True)
    return done


def _no_client(settings: Any) -> Any:
    raise ValueError("no language model is asked here")


def measure_pace(arguments: argparse.Namespace) -> None:
    """One epoch by each loop in turns, each in a process of its own, whose most memory is told too."""
    took: dict[str, list[float]] = {"ours": [], "trainer": []}
    memory = dict.fromkeys(took, 0.0)
    for _ in range(arguments.turns):
        for loop, times in took.items():
            command = [sys.executable, *sys.argv, f"--loop={loop}"]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            times.append(float(told[-2]))
            memory[loop] = max(memory[loop], float(told[-1]))
    least = {loop: min(times) for loop, times in took.items()}
    print(f"CPU seconds of an epoch of {arguments.films} plots, the least of {arguments.turns}: {least}")
    print(f"a ratio of {least['ours'] / least['trainer']:.2f}; most memory in MB: {memory}")


def one_epoch(arguments: argparse.Namespace) -> None:
    """One epoch by one of the loops: prints its CPU seconds and the most memory of the process in MB."""
    films = films_of(plots(arguments.data).head(arguments.films))
    encoder = load_encoder(ENCODER, arguments.models_folder)
    torch.manual_seed(0)
    start = time.process_time()
    if arguments.loop == "ours":
        labels = torch.tensor(films.labels, dtype=torch.float32)
        tokens = encoder.tokens(films.texts[TEXT], PACE.tokens)
        texts = Examples(tokens, labels, torch.ones(len(films)))
        first = Start(lambda: encoder.network(PACE.pooling), encoder.frozen)
        fitted(first, texts, no_examples(), PACE, lambda: None)
    else:
        bare_epoch(encoder, list(films.texts[TEXT]), films.labels)
    seconds = time.process_time() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def bare_epoch(encoder: Encoder, texts: list[str], labels: Any) -> None:
    """One epoch of `transformers.Trainer`, with the same optimizer, batches of the same size, and the same precision."""
    from transformers import DataCollatorWithPadding, Trainer, TrainingArguments

    tokens = encoder.tokens(texts, PACE.tokens)
    rows = [
        {"input_ids": row.tolist(), "labels": own.astype(np.float32)}
        for row, own in zip(tokens, labels, strict=True)
    ]
    trainer = Trainer(
        model=encoder.network(PACE.pooling),
        args=TrainingArguments(
            output_dir="unused",
            num_train_epochs=1,
            learning_rate=PACE.learning_rate,
            weight_decay=PACE.weight_decay,
            per_device_train_batch_size=PACE.batch,
            use_cpu=device().type == "cpu",
            bf16=half_precision(PACE.precision, device()),
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
        ),
        train_dataset=rows,
        data_collator=DataCollatorWithPadding(encoder.tokenizer),
    )
    trainer.train()


def main() -> None:
    """Measure films or pace."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("films", "pace"))
    parser.add_argument("--data", type=Path, required=True, help="folder with the plots and the archive")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--texts", choices=TABLES, default="plots", help="what is read of the films")
    parser.add_argument("--titled", action="store_true", help="read the titles too")
    parser.add_argument("--seed", type=int, default=0, help="seed of the folds")
    parser.add_argument("--seeds", type=int, default=2, help="how often each arm is trained")
    parser.add_argument(
        "--arms",
        nargs="+",
        choices=(*ARMS, JOINED, TEACHER, DISTILLED),
        default=(*ARMS, JOINED, TEACHER, DISTILLED),
    )
    parser.add_argument("--output", type=Path, default=Path("encoder"), help="beginning of what is written")
    parser.add_argument("--films", type=int, default=320, help="films of the pace")
    parser.add_argument("--turns", type=int, default=3, help="turns of the pace")
    parser.add_argument("--loop", choices=("ours", "trainer"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    use_threads(1)
    if arguments.what == "films":
        measure_films(arguments)
    elif arguments.loop:
        one_epoch(arguments)
    else:
        measure_pace(arguments)


if __name__ == "__main__":
    run(main)
