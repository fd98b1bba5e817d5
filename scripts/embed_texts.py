"""Make the vectors of all texts that the configured systems read by one sentence encoder, each text once.

The outcome documents with the texts are listed on the standard input.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.embedding import TextVectors, write_vectors
from trailerflow.genres.configured import ConfiguredSystem
from trailerflow.genres.training import Readings, embedded_texts
from trailerflow.program import run
from trailerflow.progress import Progress
from trailerflow.tables import paths_from_stdin, read_table, write_about

RULE = "embed_texts"


def main() -> None:
    """Read the texts, embed those that are new, write the vectors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--extra", type=Path, help="table of extra labelled texts")
    parser.add_argument(
        "--systems", type=json.loads, required=True, help="entries of genres.systems that read them, as JSON"
    )
    parser.add_argument("--embedder", required=True, help="name of the sentence encoder")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument("--output", type=Path, required=True, help="file of vectors to write")
    parser.add_argument("--about", type=Path, required=True, help="about of the vectors to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    movies = read_table(arguments.movies)
    readings = Readings(
        movies, movies, paths_from_stdin(), read_table(arguments.extra) if arguments.extra else None
    )
    entries = [ConfiguredSystem.from_entry(entry) for entry in arguments.systems]
    texts = embedded_texts(entries, readings)
    vectors = TextVectors(arguments.embedder, arguments.models_folder, threads=arguments.threads)
    progress = Progress(RULE, vectors.count_new(texts), "texts")
    try:
        write_vectors(vectors, texts, arguments.output, progress.advance)
    finally:
        progress.close()
    write_about(
        arguments.about,
        rule=RULE,
        seconds=time.monotonic() - start,
        packages=["numpy", "onnxruntime", "tokenizers", "torch", "transformers"],
        models=[vectors.model],
        notes=[f"{len(texts):,} different texts."],
    )


if __name__ == "__main__":
    run(main)
