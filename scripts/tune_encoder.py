"""Tune the encoder for genres: cross-validated on the folds, then on all of them for the held-out films.

The outcome files of summarise_movie by one model and prompt are listed on the standard input.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.genres.encoder import load_encoder
from trailerflow.genres.texts import summaries_of
from trailerflow.genres.tuned_model import save_model
from trailerflow.genres.tuning import Settings, films_with_texts, tune_encoder
from trailerflow.program import run
from trailerflow.tables import outcomes_table, paths_from_stdin, read_table, write_about, write_table
from trailerflow.torch_threads import use_threads

NOTES = (
    "The encoder reads the summary alone, without the title.",
    (
        "Cross-validation: each fold is predicted by a network that was trained on the other folds, with "
        "thresholds from the other folds' out-of-fold predictions. Held-out: by one trained on all folds."
    ),
)


def main() -> None:
    """Read the films, their split and texts, tune, write predictions and model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run, with their genres")
    parser.add_argument("--split", type=Path, required=True, help="split of the films")
    parser.add_argument("--encoder", required=True, help="minilm-distilbert or distilbert-base-uncased")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--epochs", type=int, required=True, help="passes over the training texts")
    parser.add_argument("--learning-rate", type=float, required=True, help="highest step size of AdamW")
    parser.add_argument("--tokens", type=int, required=True, help="longest text, in the encoder's tokens")
    parser.add_argument("--batch", type=int, required=True, help="texts in a batch")
    parser.add_argument("--seed", type=int, required=True, help="seed of the training")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument("--output", type=Path, required=True, help="table of predictions to write")
    parser.add_argument("--model", type=Path, required=True, help="folder of the tuned model to write")
    parser.add_argument("--about", type=Path, required=True, help="note on the table to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    use_threads(arguments.threads)
    movies = read_table(arguments.movies)
    texts = summaries_of(outcomes_table(paths_from_stdin(), ["summary"]), movies["movie"])
    encoder = load_encoder(arguments.encoder, arguments.models_folder)
    settings = Settings(
        epochs=arguments.epochs,
        learning_rate=arguments.learning_rate,
        tokens=arguments.tokens,
        batch=arguments.batch,
        seed=arguments.seed,
    )
    tuned = tune_encoder(encoder, films_with_texts(movies, read_table(arguments.split), texts), settings)
    for note in tuned.notes:
        print(note)
    save_model(tuned, encoder, arguments.model)
    write_table(tuned.predictions, arguments.output)
    write_about(
        arguments.about,
        rule="tune_encoder",
        seconds=time.monotonic() - start,
        packages=["torch", "transformers", "pandas"],
        models=[{"name": encoder.name, "weights": encoder.weights_name, "hash": encoder.weights_hash}],
        notes=[*NOTES, *tuned.notes],
    )


if __name__ == "__main__":
    run(main)
