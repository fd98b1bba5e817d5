"""Match the GroupLens trailer table with the movies of this run and write the trailers of each."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.files import write_json
from trailerflow.movies.movie import Movie
from trailerflow.program import run
from trailerflow.tables import read_table
from trailerflow.trailers.finding.match_trailer_table import WAYS, match_trailers
from trailerflow.trailers.finding.trailer_table import (
    LICENCE,
    TRAILER_TABLE_URL,
    fetch_trailer_table,
    read_trailer_table,
)


def main() -> None:
    """Read the arguments, get and read the table, match it, write the trailers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--table",
        type=Path,
        nargs="?",
        help="the user's copy of the table: .zip, .csv or .parquet; without it, it is downloaded",
    )
    parser.add_argument("--downloads", type=Path, required=True, help="folder that downloads are kept in")
    parser.add_argument("--movies", type=Path, required=True, help="movies of select_movies")
    parser.add_argument("--output", type=Path, required=True, help="JSON document to write")
    arguments = parser.parse_args()

    frame = read_table(arguments.movies)
    known = frame[frame["status"] == "ok"]  # the others bear no title that could be looked for
    movies = [
        Movie(movie, title, None if pd.isna(year) else int(year))
        for movie, title, year in zip(known["movie"], known["title"], known["year"], strict=True)
    ]
    table = read_trailer_table(arguments.table or fetch_trailer_table(arguments.downloads))
    matches = match_trailers(table.rows, movies)
    ways = Counter(found[0].match for found in matches.trailers.values())
    write_json(
        arguments.output,
        {
            "about": {
                "source": f"{arguments.table}, given by the user" if arguments.table else TRAILER_TABLE_URL,
                "licence": LICENCE,
                "sha256": table.sha256,
                "rows": len(table.rows),
                "bad_ids": table.bad_ids,
                "movies": len(frame),
                "matched": len(matches.trailers),
                "matched_by": {way: ways[way] for way in WAYS if ways[way]},
                "ambiguous": len(matches.ambiguous),
            },
            "trailers": {
                movie: [match._asdict() for match in found] for movie, found in matches.trailers.items()
            },
        },
    )
    for movie in matches.ambiguous:
        print(f"Movie {movie} fits several films and is left out.", file=sys.stderr)


if __name__ == "__main__":
    run(main)
