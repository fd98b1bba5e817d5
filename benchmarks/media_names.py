"""How rightly names of media files find their movies: a large table's films, named in the usual ways, for a small catalogue.

Needs an archive of MovieLens-100K and the GroupLens trailer table, whose films are named as people, players, yt-dlp and
release groups name files. Most of them are in no catalogue of MovieLens-100K: a file that is given to a movie then is given
to a wrong one. Which are the same film is what `match_trailers` says.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from trailerflow.catalogue import read_archive_movies
from trailerflow.movies.titles import split_title, title_names
from trailerflow.program import run
from trailerflow.trailers.finding.match_trailer_table import match_trailers
from trailerflow.trailers.finding.media import NamedMovies
from trailerflow.trailers.finding.trailer_table import read_trailer_table

SHARED = Path("../shared/data")


def dotted(title: str) -> str:
    """A title as release groups write it."""
    return re.sub(r"\W+", ".", title).strip(".")


WAYS: dict[str, Callable[[str, int], str]] = {
    "by title and year": lambda title, year: f"{title} ({year}).srt",
    "by a release group": lambda title, year: f"{dotted(title)}.{year}.1080p.BluRay.x264-GROUP.en.srt",
    "by yt-dlp, with the year": lambda title, year: (
        f"{title} ({year}) Official Trailer #1 - Some Actor Movie HD [lcOqUE0r0b8].en.vtt"
    ),
    "by a site": lambda title, year: f"www.site.org - {dotted(title)}.{year}.srt",
    "by title alone": lambda title, year: f"{title}-trailer.mp4",
}


def main() -> None:
    """Name every film of the table in each way, match the names, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, default=SHARED / "ml-100k.zip", help="MovieLens-100K")
    parser.add_argument(
        "--table", type=Path, default=SHARED / "ml20m_youtube_trailers.parquet", help="the trailer table"
    )
    parser.add_argument("--examples", type=int, default=5, help="most wrong ones to list of each way")
    arguments = parser.parse_args()
    movies = [movie for movie in read_archive_movies(arguments.archive) if movie.year is not None]
    rows = read_trailer_table(arguments.table).rows
    named = NamedMovies(movies)
    same: dict[str, set[str]] = defaultdict(set)
    for movie, matches in match_trailers(rows, movies).trailers.items():
        for match in matches:
            same[match.title].add(movie)
    for way, name_of in WAYS.items():
        right, wrong = 0, []
        for row in rows:
            title, year = split_title(row.title)
            if year is None:
                continue
            name = name_of(title_names(title)[0].replace("/", " "), year)
            found = set(named.owners(Path(name), []))
            right += bool(found & same[row.title])
            wrong += [(name, found)] if found - same[row.title] else []
        print(f"{way}: {right} right, {len(wrong)} given to another film")
        for name, found in wrong[: arguments.examples]:
            print(f"  {name}: {', '.join(movie.title for movie in movies if movie.id in found)}")


if __name__ == "__main__":
    run(main)
