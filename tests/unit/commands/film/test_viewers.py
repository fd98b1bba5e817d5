"""Who would like a new film, by a ranker that was really fitted and saved before the film came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trailerflow.commands.film import viewers
from trailerflow.commands.film.genres import Genres
from trailerflow.commands.film.known import Known
from trailerflow.commands.film.viewers import viewer_part
from trailerflow.movies.movie import Movie
from trailerflow.outcomes import Outcome
from trailerflow.recommendations.rankers.content.content import Content
from trailerflow.recommendations.saved import save_ranker
from trailerflow.tables import write_table
from unit.recommendations.frames import movie_table

pytestmark = pytest.mark.slow

ARCHIVE = movie_table(
    [(f"h{n}", f"Scream {n}", 1990 + n, ["Horror"]) for n in range(8)]
    + [(f"r{n}", f"Kiss {n}", 1990 + n, ["Romance"]) for n in range(8)]
)
PEOPLE = pd.DataFrame(
    {
        "user": [f"{kind}{n}" for kind in ("fan", "foe") for n in range(6)],
        "age": pd.array([20] * 6 + [60] * 6, dtype="Int64"),
        "sex": ["F", "M"] * 6,
        "occupation": "artist",
    }
)
CONFIG: dict[str, Any] = {
    "catalogue": {"archive": "mine.zip"},
    "models": {"folder": "models"},
    "recommendations": {
        "rankers": [], "saved": [{"name": "new_films", "kind": "content"}], "texts": [], "seed": 0,
    },
}  # fmt: skip


class NoVectors:
    """A sentence encoder that finds all titles alike."""

    def __init__(self, *_: object) -> None: ...

    def of(self, texts: Sequence[str]) -> np.ndarray:
        return np.ones((len(texts), 2))


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project with ratings: fans rate horror high and romance low, foes the other way."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(viewers, "TextVectors", NoVectors)
    rows = [
        (user, movie, 5.0 if user.startswith("fan") == movie.startswith("h") else 1.0, number)
        for user in PEOPLE["user"]
        for number, movie in enumerate(ARCHIVE["movie"])
    ]
    ratings = pd.DataFrame(rows, columns=["user", "movie", "rating", "timestamp"])
    train = ratings.assign(user=ratings["user"].astype("category"), movie=ratings["movie"].astype("category"))
    titles = pd.DataFrame({"movie": ARCHIVE["movie"], "vector": [[1.0, 1.0]] * len(ARCHIVE)})
    side = {"archive": ARCHIVE, "vectors": titles.head(0), "title_vectors": titles}
    about = {
        "name": "new_films",
        "kind": "content",
        "settings": {},
        "users": 12,
        "films": 16,
        "ratings": len(rows),
    }
    save_ranker(Content().fit(train, train.head(0), side), about, Path("results/fit_rankers/new_films"))
    write_table(ratings, "results/fetch_catalogue/ratings.parquet")
    write_table(PEOPLE, "results/fetch_catalogue/people.parquet")


def lines(
    movie: Movie,
    predicted: Sequence[Genres] = (),
    outcomes: Mapping[str, Outcome[Any]] | None = None,
    **recommendations: Any,
) -> list[str]:
    config = CONFIG | {"recommendations": CONFIG["recommendations"] | recommendations}
    return list(viewer_part(Known(config, movie, outcomes or {}, None), list(predicted), None).lines)


def test_those_who_like_such_films_come_first():
    told = lines(Movie("new", "The Cellar", 1995, genres=("Horror",)))
    assert (
        told[0]
        == "It is scored by its title, its year, its genres and no text (recommendations.texts names none)."
    )
    assert told[2].startswith("12 users who have not rated it: mean ")
    best = [line.split() for line in told[3:8]]
    assert all(row[1].startswith("fan") and float(row[2]) > 0.5 for row in best)
    assert best[0][3:] == ["20", best[0][4], "artist"]
    kinds = {tuple(line.split()[:-3]): float(line.split()[-3]) for line in told[9:]}
    assert kinds["age", "18", "to", "24"] > 0.5 > -0.5 > kinds["age", "56", "or", "more"]


def test_genres_that_nobody_knows_are_those_of_the_last_system_that_names_any():
    rows = pd.DataFrame({"genre": ["Horror", "Romance"], "predicted_global": [False, True]})
    said = [
        Genres("words", "", "ok", "", rows),
        Genres("both", "", "absent", "no text"),
    ]
    told = lines(Movie("new", "The Cellar", 1995), said)
    assert "its year, the genres that words names (Romance) and no text" in told[0]
    assert told[3].split()[1].startswith("foe")


def test_a_film_that_the_archive_has_is_scored_for_the_others_alone():
    ratings = pd.read_parquet("results/fetch_catalogue/ratings.parquet")
    rated = ratings[(ratings["movie"] != "h0") | (ratings["user"] == "fan0")]
    write_table(rated, "results/fetch_catalogue/ratings.parquet")
    told = lines(Movie("h0", "Scream 0", 1990))
    assert told[0].startswith("The film is in the archive with 1 ratings,")
    assert told[2].startswith("11 users who have not rated it")


def test_a_film_without_words_is_scored_by_title_year_and_genres():
    film = Movie("new", "The Cellar", 1995, genres=("Horror",))
    assert lines(film, texts=["transcript"])[0].endswith(
        "its genres and no text, since it has no transcript."
    )
    silent = Outcome.absent("prepare_transcript", "new", "no words were heard")
    told = lines(film, texts=["transcript"], outcomes={"results/prepare_transcript/new.json": silent})
    assert told[0].endswith("its genres and no text, since the story cannot be told from the trailer.")
    assert told[3].split()[1].startswith("fan")


def test_what_is_missing_is_told():
    film = Movie("new", "The Cellar", 1995)
    assert lines(film, saved=[]) == [
        "recommendations.saved names no ranker of the kind content, which scores new films; add it."
    ]
    told = "not run yet; snakemake --cores 2 results/fit_rankers/other makes it."
    assert lines(film, saved=[{"name": "other", "kind": "content"}]) == [told]
