"""The sample is what its README says."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from trailerflow.catalogue import read_movie_table
from trailerflow.genre_names import GENRES
from trailerflow.text import word_count
from trailerflow.trailers.cleaning import clean
from trailerflow.trailers.subtitles import read_subtitles

SAMPLE = Path(__file__).parents[2] / "resources" / "sample"
MOVIES = read_movie_table(SAMPLE / "movies.csv")


def media(suffixes: set[str]) -> list[Path]:
    return [Path(movie.media) for movie in MOVIES if movie.media and Path(movie.media).suffix in suffixes]


def test_the_media_are_of_the_kinds_that_people_have():
    kinds = Counter(Path(movie.media).suffix if movie.media else "none" for movie in MOVIES)
    assert len(MOVIES) == 23
    assert kinds == {".srt": 7, ".vtt": 7, ".txt": 3, ".ogg": 5, "none": 1}


@pytest.mark.parametrize("path", media({".srt", ".vtt", ".txt"}), ids=lambda path: path.name)
def test_a_narration_has_a_trailers_length(path):
    assert 120 <= word_count(clean(read_subtitles(path).segments)) <= 180


def test_the_clips_are_small_and_have_their_texts_beside_them():
    clips = media({".ogg"})
    narrated = {path.stem for path in (SAMPLE / "narrations").glob("*.txt")}
    assert {clip.stem for clip in clips} - narrated == {"48"}
    assert len(narrated) == 4
    assert all(clip.stat().st_size < 200_000 for clip in clips)
    for path in (SAMPLE / "narrations").glob("*.txt"):
        assert 120 <= word_count(path.read_text()) <= 180


def test_every_movie_has_a_reference_synopsis():
    with open(SAMPLE / "synopses.csv", newline="", encoding="utf-8") as file:
        synopses = {row["id"]: row["synopsis"] for row in csv.DictReader(file)}
    assert set(synopses) == {movie.id for movie in MOVIES}
    assert all(55 <= word_count(text) <= 100 for text in synopses.values())


def test_genres_and_users_are_enough(shared_data):
    chosen = {movie.id for movie in MOVIES}
    with zipfile.ZipFile(shared_data / "ml-100k.zip") as archive:
        items = archive.read("ml-100k/u.item").decode("latin-1").splitlines()
        ratings = archive.read("ml-100k/u.data").decode().splitlines()
    genres: Counter[str] = Counter()
    for cells in csv.reader(io.StringIO("\n".join(items)), delimiter="|"):
        if cells[0] in chosen:
            genres.update(genre for genre, flag in zip(GENRES, cells[6:], strict=True) if flag == "1")
    assert {genre for genre in GENRES if genres[genre] >= 2} >= set(GENRES) - {"Documentary"}
    assert genres["Documentary"] == 1
    users = Counter(user for user, movie, *_ in (row.split("\t") for row in ratings) if movie in chosen)
    assert sum(count >= 15 for count in users.values()) > 120
