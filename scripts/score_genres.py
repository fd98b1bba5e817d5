"""Score the genres of every system against the catalogue's, and compare the systems."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.genres.breakdowns import by_text, calibration, stand_ins, worst_films
from trailerflow.genres.comparisons import compare
from trailerflow.genres.described import DescribedFilms
from trailerflow.genres.genre_sets import genre_sets
from trailerflow.genres.judged import judge, true_genres
from trailerflow.genres.predictions import read_predictions
from trailerflow.genres.scoring import NOTES, published_scores, score
from trailerflow.program import run
from trailerflow.tables import read_table, write_about, write_table


def main() -> None:
    """Read the predictions and the true genres, score, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run, with their genres")
    parser.add_argument("--transcripts", type=Path, required=True, help="transcripts of the movies")
    parser.add_argument("--synopses", type=Path, required=True, help="synopses of the movies")
    parser.add_argument("--split", type=Path, required=True, help="split of the films")
    parser.add_argument("--extra", type=Path, help="extra texts, with their genres and parts")
    parser.add_argument(
        "--predictions", type=Path, required=True, nargs="+", help="a table of predictions per system"
    )
    parser.add_argument("--published", type=Path, required=True, help="table of published figures")
    parser.add_argument("--seed", type=int, required=True, help="seed of the bootstrap")
    parser.add_argument("--metrics", type=Path, required=True, help="table of scores to write")
    parser.add_argument("--comparisons", type=Path, required=True, help="systems in pairs, to write")
    parser.add_argument("--conformal", type=Path, required=True, help="conformal sets, to write")
    parser.add_argument("--calibration", type=Path, required=True, help="calibration curves, to write")
    parser.add_argument("--by-text", type=Path, required=True, help="scores by kind of text, to write")
    parser.add_argument("--stand-ins", type=Path, required=True, help="genres named for others, to write")
    parser.add_argument("--worst", type=Path, required=True, help="films with the worst errors, to write")
    parser.add_argument("--about", type=Path, required=True, help="about of the tables, to write")
    arguments = parser.parse_args()
    start = time.monotonic()
    movies = read_table(arguments.movies)
    extra = read_table(arguments.extra) if arguments.extra else None
    truth = true_genres(movies, read_table(arguments.split), extra)
    judged = judge([read_predictions(path) for path in arguments.predictions], truth)
    films = DescribedFilms(movies, read_table(arguments.transcripts), read_table(arguments.synopses), extra)
    write_table(score(judged, arguments.seed, published_scores(arguments.published)), arguments.metrics)
    write_table(compare(judged, arguments.seed), arguments.comparisons)
    write_table(genre_sets(judged, arguments.seed), arguments.conformal)
    write_table(calibration(judged), arguments.calibration)
    write_table(by_text(judged, films, arguments.seed), arguments.by_text)
    write_table(stand_ins(judged), arguments.stand_ins)
    write_table(worst_films(judged, films), arguments.worst)
    write_about(
        arguments.about,
        rule="score_genres",
        seconds=time.monotonic() - start,
        packages=["numpy", "pandas", "scipy"],
        notes=NOTES,
    )


if __name__ == "__main__":
    run(main)
