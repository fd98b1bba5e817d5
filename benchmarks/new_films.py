"""Films that are held out whole and added to a finished run as new ones: ``python benchmarks/new_films.py ../shared/data``.

The project is made of films of MovieLens-100K with real trailer transcripts as local subtitle files, and of the archive
without the new films. It is run once, with the smallest language model, whose summaries nobody reads here. Then each new
film is added by ``trailerflow add``, with the sample's language model. Printed are the page, the seconds from the line to
the page, the jobs that ran, and how far the scores of the page agree with the ratings that were held back.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from workflow.projects import MODELS, TEST_MODEL, Workflow  # noqa: E402

from trailerflow.catalogue import read_archive_movies  # noqa: E402
from trailerflow.commands.film.genres import genres_of  # noqa: E402
from trailerflow.commands.film.known import known_of  # noqa: E402
from trailerflow.commands.film.nearest import film_vectors  # noqa: E402
from trailerflow.commands.film.viewers import with_film  # noqa: E402
from trailerflow.configuration.project import project_configuration  # noqa: E402
from trailerflow.movies.movie import Movie  # noqa: E402
from trailerflow.recommendations.rankers.content.tastes import Tastes  # noqa: E402
from trailerflow.recommendations.saved import load_ranker  # noqa: E402
from trailerflow.recommendations.viewers import scores_by_user  # noqa: E402

LEAST_WORDS, LEAST_RATINGS = 60, 100
"""A film is drawn that has a transcript of so many words and so many ratings."""

EXTRA_TEXTS = 1000
TARGETS = (
    "results/score_genres/metrics.csv",
    "results/score_rankings/metrics.csv",
    "results/fit_rankers/content",
)
"""What the run before the new films makes."""

COMMAND = [sys.executable, "-c", "from trailerflow.commands import main; main()"]
_RATINGS = re.compile(r"ml-100k/u(\d|a|b)?\.(data|base|test)")


def main() -> None:
    """Make the project, run it, add the films, print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with ml-100k.zip, transcripts and plots")
    parser.add_argument("--films", type=int, default=17, help="films of the run before the new ones")
    parser.add_argument("--new", type=int, default=3, help="films that are held out and added")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draw of the films")
    parser.add_argument("--keep", type=Path, help="folder of the project to be kept; none: a temporary one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Workflow(arguments.keep or Path(folder, "project"))
        films = drawn_films(arguments.data, arguments.films + arguments.new, arguments.seed)
        old, new = films[: arguments.films], films[arguments.films :]
        make_project(project, arguments.data, old, new)
        start = time.monotonic()
        project.run(*TARGETS, timeout=3600)
        print(f"The run of {len(old)} films took {time.monotonic() - start:.0f} s.\n", flush=True)
        del project.settings["models"]["llm"]
        for movie in new:
            add(project, movie, held_back(arguments.data, movie.id))


def drawn_films(data: Path, count: int, seed: int) -> list[Movie]:
    """Films with a transcript of their trailer and enough ratings, none of them listed twice."""
    transcripts = pd.read_parquet(data / "trailer_transcripts.parquet")
    spoken = set(
        transcripts.loc[transcripts["likely_trailer"] & (transcripts["n_words"] >= LEAST_WORDS), "item_id"]
    )
    rated = all_ratings(data)["movie"].value_counts()
    movies = read_archive_movies(data / "ml-100k.zip")
    listed = pd.Series([(movie.title, movie.year) for movie in movies]).value_counts()
    fitting = [
        movie
        for movie in movies
        if int(movie.id) in spoken
        and rated.get(movie.id, 0) >= LEAST_RATINGS
        and listed[(movie.title, movie.year)] == 1
    ]
    places = np.random.default_rng(seed).permutation(len(fitting))[:count]
    return [fitting[place] for place in places]


def all_ratings(data: Path) -> pd.DataFrame:
    """user, movie and rating of the archive."""
    with zipfile.ZipFile(data / "ml-100k.zip") as archive, archive.open("ml-100k/u.data") as file:
        table = pd.read_csv(file, sep="\t", names=["user", "movie", "rating", "timestamp"], dtype=str)
    return table.assign(rating=table["rating"].astype(float))


def held_back(data: Path, movie: str) -> pd.Series:
    """Ratings of a film, by user, less the user's mean of all other films."""
    ratings = all_ratings(data)
    means = ratings[ratings["movie"] != movie].groupby("user")["rating"].mean()
    own = ratings[ratings["movie"] == movie].set_index("user")["rating"]
    return (own - means).dropna()


def make_project(project: Workflow, data: Path, old: list[Movie], new: list[Movie]) -> None:
    """Write the archive without the new films, the table of the others, transcripts, extra texts and settings."""
    mine = project.folder / "mine"
    mine.mkdir()
    without(data / "ml-100k.zip", {movie.id for movie in new}, mine / "archive.zip")
    said = pd.read_parquet(data / "trailer_transcripts.parquet").set_index("item_id")["transcript"]
    for movie in (*old, *new):
        (mine / f"{movie.id}.txt").write_text(said[int(movie.id)], encoding="utf-8")
    with (mine / "movies.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("id", "title", "year", "media"), *((m.id, m.title, m.year, f"{m.id}.txt") for m in old)]
        )
    plots = pd.read_parquet(data / "ml1m_extra_plots.parquet")
    texts = plots.rename(columns={"ml_title": "title", "plot": "text", "ml_genres": "genres"})
    texts[["title", "text", "genres"]].head(EXTRA_TEXTS).to_csv(mine / "plots.csv", index=False)
    project.settings |= settings()


def settings() -> dict[str, Any]:
    """The configuration: what differs from the sample's."""
    return {
        "catalogue": {"movies": "mine/movies.csv", "archive": "mine/archive.zip"},
        "models": {"folder": str(MODELS), "llm": [TEST_MODEL]},
        "trailers": {"words": 150},
        "synopses": {"table": None},
        "summaries": {"prompts": ["zero_shot"], "words": 60},
        "genres": {
            "text": "transcript",
            "texts": ["transcript"],
            "extra_texts": {"sources": [{"name": "mine/plots.csv"}]},
            "systems": [
                {"name": "words", "kind": "tfidf"},
                {"name": "bge-ridge", "kind": "kernel_ridge"},
                {"name": "both", "kind": "ensemble", "predictions": ["words", "bge-ridge"]},
            ],
        },
        "recommendations": {
            "splits": [{"name": "cold_items", "settings": {"blocks": 0}}],
            "rankers": ["content"],
            "saved": ["content"],
            "texts": ["transcript"],
        },
    }


def without(archive: Path, movies: set[str], output: Path) -> None:
    """An archive of MovieLens-100K without some films and their ratings."""
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as part:
        for name in whole.namelist():
            text = whole.read(name)
            if name.endswith("u.item"):
                text = b"".join(_kept(text, b"|", 0, movies))
            elif _RATINGS.fullmatch(name):
                text = b"".join(_kept(text, b"\t", 1, movies))
            part.writestr(name, text)


def _kept(text: bytes, separator: bytes, column: int, movies: set[str]) -> Iterator[bytes]:
    for line in io.BytesIO(text):
        if line.split(separator)[column].decode() not in movies:
            yield line


def add(project: Workflow, movie: Movie, ratings: pd.Series) -> None:
    """Add one film, and print the page and what it took."""
    project.command()  # writes test.yaml
    before = _written(project)
    start = time.monotonic()
    done = subprocess.run(
        [*COMMAND, "add", movie.title, "--year", str(movie.year), "--trailer", f"mine/{movie.id}.txt",
         "--cores", "2", "--configfile", "test.yaml"],
        cwd=project.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - start
    print(done.stdout if done.returncode == 0 else done.stdout + done.stderr)
    jobs = [path for path, written in _written(project).items() if before.get(path) != written]
    print(f"\n{seconds:.0f} s from the line to the page. Jobs: {', '.join(sorted(jobs))}.")
    if done.returncode == 0:
        print(f"{agreement(project, ratings)}\n", flush=True)


def _written(project: Workflow) -> Mapping[str, int]:
    """Logs, of which every job writes one, with their times."""
    logs = project.folder / "logs"
    return {
        str(path.relative_to(logs).with_suffix("")): path.stat().st_mtime_ns for path in logs.rglob("*.log")
    }


def agreement(project: Workflow, ratings: pd.Series) -> str:
    """How far the scores of the film that was added last agree with the ratings that were held back."""
    os.chdir(project.folder)
    config = project_configuration(Path(), Path("test.yaml"))
    with (project.folder / "mine/movies.csv").open(newline="", encoding="utf-8") as file:
        row = list(csv.DictReader(file))[-1]
    known = known_of(config, Movie(row["id"], row["title"], int(row["year"])), None)
    fitted = load_ranker(Path("results/fit_rankers/content")).fitted
    assert isinstance(fitted, Tastes)
    fitted, _ = with_film(fitted, known, genres_of(known), film_vectors(known))
    known_ratings = pd.read_parquet("results/fetch_catalogue/ratings.parquet")
    scores = scores_by_user(fitted, known_ratings, known.movie.id, 0).set_index("user")["score"]
    both = pd.concat([scores, ratings.rename("rating")], axis=1, join="inner")
    correlation = both["score"].corr(both["rating"], method="spearman")
    return (
        f"{len(both)} users had rated it: Spearman's correlation of score and rating less the user's mean is "
        f"{correlation:.2f}; the mean rating less the user's mean is {both['rating'].mean():+.2f}, the mean score "
        f"{both['score'].mean():+.2f}."
    )


if __name__ == "__main__":
    main()
