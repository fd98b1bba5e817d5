"""The texts that rankers of benchmarks/rankings.py read: plots of a table and the archive's titles, with their vectors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from trailerflow.embedding import TextVectors
from trailerflow.genres.configured import DEFAULT_EMBEDDER
from trailerflow.recommendations.film_texts_table import titles, vectors_of_texts
from trailerflow.tables import read_table, write_table

NAMES = ("texts", "vectors", "title_vectors")
"""The tables, as `trailerflow.recommendations.rankers.contract.Side` names them."""


@dataclass(frozen=True)
class TextSource:
    """Where the texts come from.

    Attributes:
        table: Parquet with the films' numbers in ``item_id``, or ``movie`` as in a table of summaries, and a column of text,
            where some may be missing; None for no texts.
        column: Its name.
        models_folder: Folder of the fetched models; None where no ranker reads vectors.
    """

    table: Path | None
    column: str
    models_folder: Path | None


def write_texts(source: TextSource, archive: Path, folder: Path) -> None:
    """Write the tables of `NAMES` that are not there.

    Args:
        source: The texts.
        archive: Movies of the archive.
        folder: Where the tables go.
    """
    paths = {name: folder / f"{name}.parquet" for name in NAMES}
    if all(path.exists() for path in paths.values()):
        return
    vectors = TextVectors(DEFAULT_EMBEDDER, source.models_folder) if source.models_folder else None
    texts = pd.DataFrame(columns=["movie", "text"], dtype=str)
    if source.table:
        rows = (
            pd.read_parquet(source.table).rename(columns={"item_id": "movie"}).dropna(subset=[source.column])
        )
        texts = pd.DataFrame({"movie": rows["movie"].astype(str), "text": rows[source.column].astype(str)})
        texts = texts.drop_duplicates("movie", ignore_index=True)
    said = titles(read_table(archive)).head(None if vectors else 0)
    write_table(texts, paths["texts"])
    write_table(vectors_of_texts(texts, vectors), paths["vectors"])
    write_table(vectors_of_texts(said, vectors), paths["title_vectors"])
