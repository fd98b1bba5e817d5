"""Gather the texts of this run's films that rankers read, and make their vectors.

The outcome documents with the texts are listed on the standard input.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.embedding import TextVectors
from trailerflow.program import run
from trailerflow.recommendations.film_texts_table import film_texts, vectors_of_texts
from trailerflow.tables import paths_from_stdin, read_table, write_about, write_table


def main() -> None:
    """Read the texts, embed them, write the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--names", nargs="*", default=[], help="names of the texts")
    parser.add_argument("--embedder", required=True, help="name of the sentence encoder")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument("--texts", type=Path, required=True, help="table of texts to write")
    parser.add_argument("--vectors", type=Path, required=True, help="table of their vectors to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    movies = read_table(arguments.movies)
    texts = film_texts(movies["movie"], paths_from_stdin(), arguments.names)
    vectors = (
        TextVectors(arguments.embedder, arguments.models_folder, threads=arguments.threads)
        if arguments.names
        else None
    )
    write_table(texts, arguments.texts)
    write_table(vectors_of_texts(texts, vectors), arguments.vectors)
    write_about(
        arguments.about,
        rule="gather_film_texts",
        seconds=time.monotonic() - start,
        packages=["numpy", "onnxruntime", "pandas", "tokenizers"],
        models=[vectors.model] if vectors else [],
        notes=[f"{len(texts)} of {len(movies)} films have a text for rankers that read texts."],
    )


if __name__ == "__main__":
    run(main)
