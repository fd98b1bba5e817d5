"""How many movies of MovieLens-100K the GroupLens trailer table serves, how rightly, and beside joining by exact title.

Needs an archive of MovieLens-100K, the table, and a Parquet table of the ids that each movie has elsewhere: item_id,
youtube_id (the trailer that the table gives for the movie's MovieLens-25M number) and id_confidence (ok, doubtful,
wrong: how sure that number is). For false matches, the films of the catalogue are taken out of the table altogether:
whatever is matched then is another film.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from trailerflow.catalogue import read_archive_movies
from trailerflow.catalogue.archives import UNKNOWN_TITLE
from trailerflow.movies.movie import Movie
from trailerflow.program import run
from trailerflow.tables import read_table
from trailerflow.trailers.finding.match_trailer_table import WAYS, Match, match_trailers
from trailerflow.trailers.finding.trailer_table import TableRow, read_trailer_table

SHARED = Path("../shared/data")
NO_ID = "only we have an id"
NOT_FOUND = "only they have an id"
OTHER = "another id than theirs"
SAME = "the same id"
NEITHER = "neither has an id"


class Comparison(NamedTuple):
    """One movie, ours and theirs."""

    movie: Movie
    kind: str
    ours: Sequence[Match]
    theirs: str | None
    confidence: str


def compared(
    movies: Iterable[Movie], found: Mapping[str, Sequence[Match]], known: pd.DataFrame
) -> list[Comparison]:
    """Each movie's trailers beside the id that is known; the first of ours counts."""
    known = known.assign(item_id=known["item_id"].astype(str)).set_index("item_id")
    comparisons = []
    for movie in movies:
        ours = found.get(movie.id, [])
        theirs, confidence = known.loc[movie.id, ["youtube_id", "id_confidence"]]
        theirs = None if pd.isna(theirs) else theirs
        if ours and theirs:
            kind = SAME if ours[0].youtube == theirs else OTHER
        else:
            kind = NO_ID if ours else NOT_FOUND if theirs else NEITHER
        comparisons.append(Comparison(movie, kind, ours, theirs, confidence))
    return comparisons


def by_exact_title(rows: Iterable[TableRow], movies: Iterable[Movie]) -> int:
    """How many movies have their title and year, letter by letter, in the table."""
    titles = {row.title for row in rows}
    return sum(f"{movie.title} ({movie.year})" in titles for movie in movies)


def ways_table(comparisons: Sequence[Comparison], false: Mapping[str, Sequence[Match]]) -> str:
    """A Markdown table: how movies were matched, how rightly, and what is matched when the right film is not there."""
    counts = Counter((one.ours[0].match, one.kind) for one in comparisons if one.ours)
    missed = Counter(found[0].match for found in false.values())
    lines = [
        f"| matched by | movies | {SAME} | {OTHER} | {NO_ID} | false, were the film not in the table |",
        "|---|---|---|---|---|---|",
    ]
    for way in WAYS:
        kinds = [counts[way, kind] for kind in (SAME, OTHER, NO_ID)]
        lines.append(f"| {way} | {sum(kinds)} | " + " | ".join(map(str, kinds)) + f" | {missed[way]} |")
    kinds = [sum(one.kind == kind for one in comparisons) for kind in (SAME, OTHER, NO_ID)]
    lines.append(f"| all | {sum(kinds)} | " + " | ".join(map(str, kinds)) + f" | {len(false)} |")
    return "\n".join(lines)


def examples(
    comparisons: Sequence[Comparison],
    kind: str,
    titles: Mapping[str, str],
    ambiguous: Iterable[str],
    most: int,
) -> str:
    """The first movies of a kind, with the table's titles of both ids."""
    group = [one for one in comparisons if one.kind == kind]
    lines = [f"{kind}: {len(group)}"]
    for one in group[:most]:
        ours = "; ".join(f"{match.title} by {match.match}" for match in one.ours)
        ours = ours or ("ambiguous" if one.movie.id in ambiguous else "nothing")
        theirs = titles.get(one.theirs or "", "nothing")
        lines.append(
            f"- {one.movie.id} {one.movie.title} ({one.movie.year}): ours {ours}; theirs {theirs} ({one.confidence})"
        )
    return "\n".join(lines)


def main() -> None:
    """Read the three files, match, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--archive", type=Path, default=SHARED / "ml-100k.zip", help="archive of MovieLens-100K"
    )
    parser.add_argument(
        "--table",
        type=Path,
        default=SHARED / "ml20m_youtube_trailers.parquet",
        help="the trailer table: .zip, .csv or .parquet",
    )
    parser.add_argument("--ids", type=Path, default=SHARED / "movie_ids.parquet", help="ids known elsewhere")
    parser.add_argument("--examples", type=int, default=20, help="most movies to list of each kind")
    arguments = parser.parse_args()
    movies = read_archive_movies(arguments.archive)
    named = [movie for movie in movies if movie.title != UNKNOWN_TITLE]
    table = read_trailer_table(arguments.table)
    known = read_table(arguments.ids)
    matches = match_trailers(table.rows, named)
    comparisons = compared(movies, matches.trailers, known)
    of_catalogue = set(known["youtube_id"].dropna())
    others = [row for row in table.rows if row.youtube not in of_catalogue]
    false = match_trailers(others, [one.movie for one in comparisons if one.theirs])
    several = sum(len(found) > 1 for found in matches.trailers.values())
    print(
        f"{len(table.rows)} rows, {table.bad_ids} left out for their id; sha256 {table.sha256[:12]}…\n"
        f"{len(matches.trailers)} of {len(movies)} movies have a trailer, {several} of them several; "
        f"{len(matches.ambiguous)} left out as ambiguous; {known['youtube_id'].count()} ids are known elsewhere.\n"
        f"By exact title and year alone: {by_exact_title(table.rows, named)} of {len(movies)}.\n\n"
        f"{ways_table(comparisons, false.trailers)}\n"
    )
    titles = {row.youtube: row.title for row in table.rows}
    for kind in (OTHER, NOT_FOUND, NO_ID):
        print(examples(comparisons, kind, titles, matches.ambiguous, arguments.examples) + "\n")
    for movie, found in list(false.trailers.items())[: arguments.examples]:
        title = next(one.title for one in movies if one.id == movie)
        print(f"- false, were {title} not in the table: {found[0].title} by {found[0].match}")


if __name__ == "__main__":
    run(main)
