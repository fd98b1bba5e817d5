"""Score the summaries against the reference synopses by ROUGE and BERTScore."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from trailerflow.models import model_folder, model_hash
from trailerflow.program import run
from trailerflow.summaries.metrics import Scorer, limit_threads
from trailerflow.summaries.score import metrics_table, score_summaries
from trailerflow.tables import read_table, write_about, write_table

NOTES = (
    "Precision, recall and F1 are means over the movies, with 95 % bootstrap intervals over the movies.",
    "The mismatch floor scores each summary against other movies' references: what a wrong film gets.",
    "Plots against other films' plots have ROUGE-1/2/L F1 .211/.012/.122, the published rows' floor.",
    "The published rows have another BERTScore model and other references: compare distances from a floor.",
    "BERTScore reads as many tokens of a text as its encoder takes; no baseline is subtracted.",
)


def main() -> None:
    """Read the tables, score, write the scores and their means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--summaries", type=Path, required=True, help="summaries of merge_summaries")
    parser.add_argument("--synopses", type=Path, required=True, help="synopses of merge_summaries")
    parser.add_argument("--modules", type=Path, required=True, help="folder of the evaluate modules")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--encoder", required=True, help="name of the encoder for BERTScore")
    parser.add_argument("--layer", type=int, required=True, help="layer of the encoder, counted from 1")
    parser.add_argument("--shifts", type=int, required=True, help="other references per summary in the floor")
    parser.add_argument("--seed", type=int, required=True, help="seed of the floor and of the bootstrap")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument("--scores", type=Path, required=True, help="table of the scores by movie to write")
    parser.add_argument("--metrics", type=Path, required=True, help="table of the mean scores to write")
    parser.add_argument("--about", type=Path, required=True, help="note on the tables to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    limit_threads(arguments.threads)
    summaries, synopses = read_table(arguments.summaries), read_table(arguments.synopses)
    scorer = Scorer(
        modules=arguments.modules,
        encoder=model_folder(arguments.models_folder, arguments.encoder),
        encoder_name=arguments.encoder,
        layer=arguments.layer,
    )
    scores = score_summaries(summaries, synopses, scorer=scorer, shifts=arguments.shifts, seed=arguments.seed)
    write_table(scores, arguments.scores)
    write_table(
        metrics_table(scores, summaries, synopses, scorers=scorer.names(), seed=arguments.seed),
        arguments.metrics,
    )
    write_about(
        arguments.about,
        rule="score_summaries",
        seconds=time.monotonic() - start,
        packages=["rouge-score", "bert-score", "evaluate", "transformers", "torch"],
        models=[{"name": arguments.encoder, "hash": model_hash(arguments.models_folder, arguments.encoder)}],
        notes=NOTES,
    )


if __name__ == "__main__":
    run(main)
