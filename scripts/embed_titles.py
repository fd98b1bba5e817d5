"""Make the vectors of the titles of all films of the archive."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.embedding import TextVectors
from trailerflow.program import run
from trailerflow.recommendations.film_texts_table import titles, vectors_of_texts
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the titles, embed them, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, required=True, help="movies of the archive")
    parser.add_argument("--embedder", required=True, help="name of the sentence encoder")
    parser.add_argument("--models-folder", type=Path, required=True, help="folder of the fetched models")
    parser.add_argument("--threads", type=int, required=True, help="CPU threads")
    parser.add_argument("--vectors", type=Path, required=True, help="table of vectors to write")
    parser.add_argument("--about", type=Path, required=True, help="about.json to write: how it was made")
    arguments = parser.parse_args()
    start = time.monotonic()
    texts = titles(read_table(arguments.archive))
    vectors = TextVectors(arguments.embedder, arguments.models_folder, threads=arguments.threads)
    write_table(vectors_of_texts(texts, vectors), arguments.vectors)
    write_about(
        arguments.about,
        rule="embed_titles",
        seconds=time.monotonic() - start,
        packages=["numpy", "onnxruntime", "pandas", "tokenizers"],
        models=[vectors.model],
        notes=[f"{len(texts):,} titles."],
    )


if __name__ == "__main__":
    run(main)
