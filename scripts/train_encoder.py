"""Train the encoder for genres: cross-validated on the folds, then on all of them for the held-out films and for new ones.

The outcome documents with the text that it reads are listed on the standard input. Folds that an earlier, killed run has
finished are not trained again.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.film_texts import Text
from trailerflow.genres.encoder.settings import Settings
from trailerflow.genres.films import Reads
from trailerflow.genres.job import gather, learn
from trailerflow.genres.saved import save_system
from trailerflow.genres.systems.encoder import EncoderSystem
from trailerflow.genres.systems.pretrained import load_encoder
from trailerflow.genres.texts import text_table
from trailerflow.kept_parts import FOLDER, KeptParts
from trailerflow.outcome_tables import data_of_outcomes
from trailerflow.program import run
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table
from trailerflow.torch_threads import use_threads

RULE = "train_encoder"
NOTES = (
    (
        "Cross-validation: each fold is predicted by a network that was trained on the other folds, with "
        "thresholds from the other folds' out-of-fold predictions. Held-out: by one trained on all folds."
    ),
)


def main() -> None:
    """Read the films, their split and texts, train, write predictions and the trained encoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run, with their genres")
    parser.add_argument("--split", type=Path, required=True, help="split of the films")
    parser.add_argument("--text", required=True, help="name of the text that the encoder reads")
    parser.add_argument("--encoder", required=True, help="minilm-distilbert or distilbert-base-uncased")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--epochs", type=int, required=True, help="passes over the training texts")
    parser.add_argument("--learning-rate", type=float, required=True, help="highest step size of AdamW")
    parser.add_argument("--tokens", type=int, required=True, help="longest text, in the encoder's tokens")
    parser.add_argument("--batch", type=int, required=True, help="texts in a batch")
    parser.add_argument("--seed", type=int, required=True, help="seed of the training")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument(
        "--code", required=True, help="hash of the code: folds of another version are not taken"
    )
    parser.add_argument("--model", type=Path, required=True, help="folder of the trained encoder to write")
    parser.add_argument("--output", type=Path, required=True, help="table of predictions to write")
    parser.add_argument(
        "--films", type=Path, required=True, help="table of what became of every film to write"
    )
    parser.add_argument("--about", type=Path, required=True, help="about of the tables to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    use_threads(arguments.threads)
    text = Text.from_name(arguments.text)
    movies, split = read_table(arguments.movies), read_table(arguments.split)
    encoder = load_encoder(arguments.encoder, arguments.models_folder)
    settings = Settings(
        epochs=arguments.epochs,
        learning_rate=arguments.learning_rate,
        tokens=arguments.tokens,
        batch=arguments.batch,
        seed=arguments.seed,
    )

    def make(seed: int) -> EncoderSystem:
        return EncoderSystem(encoder.name, Reads(texts=(text.name,)), encoder, replace(settings, seed=seed))

    texts = text_table(data_of_outcomes(paths_from_stdin(), [text.column]), movies["movie"], text)
    gathered = gather(movies, {text.name: texts}, make(0).reads)
    facts = {
        "code": arguments.code,
        "weights": encoder.weights_hash,
        "settings": asdict(settings),
        "threads": arguments.threads,
        "split": split.to_csv(index=False),
        "films": gathered.films.facts,
    }
    kept = KeptParts(FOLDER / RULE / encoder.name, facts)
    learnt = learn(make, gathered, split, seeds=[settings.seed], kept=kept, rule=RULE)
    for note in learnt.notes:
        print(note)
    save_system(learnt.system, learnt.points, arguments.model)
    write_table(learnt.tables.predictions, arguments.output)
    write_table(learnt.tables.films, arguments.films)
    told = make(0).told()
    write_about(
        arguments.about,
        rule=RULE,
        seconds=time.monotonic() - start,
        packages=told.packages,
        models=told.models,
        notes=[f"The encoder reads {make(0).arm}.", *NOTES, *learnt.notes],
    )
    kept.remove()


if __name__ == "__main__":
    run(main)
