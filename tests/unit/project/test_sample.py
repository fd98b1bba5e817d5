"""The sample is what its README says it is."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from trailerflow.genre_names import GENRES
from trailerflow.text import word_count
from trailerflow.trailers.cleaning.clean import clean
from trailerflow.trailers.subtitles.subtitle_files import read_subtitles

SAMPLE = Path(__file__).parents[3] / "resources" / "sample"
WORDLESS = "56"
SILENT = "127"


def table(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


MOVIES = table("movies.csv")
MEDIA = {row["id"]: SAMPLE / row["media"] for row in MOVIES if row["media"]}
SUBTITLES = [path for path in MEDIA.values() if path.suffix != ".ogg"]


def test_the_table_has_22_movies_and_no_genres_or_ratings() -> None:
    assert list(MOVIES[0]) == ["id", "title", "year", "media"]
    assert len({row["id"] for row in MOVIES}) == len(MOVIES) == 22


def test_exactly_one_movie_has_no_media() -> None:
    assert [row["id"] for row in MOVIES if not row["media"]] == [SILENT]


def test_every_media_file_exists_and_belongs_to_one_movie() -> None:
    assert set(MEDIA.values()) == set((SAMPLE / "media").iterdir())
    assert all(path.stem == movie for movie, path in MEDIA.items())
    assert Counter(path.suffix for path in MEDIA.values()) == {".srt": 7, ".vtt": 6, ".txt": 3, ".ogg": 5}


@pytest.mark.parametrize("path", SUBTITLES, ids=lambda path: path.name)
def test_subtitles_hold_a_narration_of_120_to_180_words(path: Path) -> None:
    spoken = clean(read_subtitles(path).segments)
    assert 120 <= word_count(spoken) <= 180
    assert not set("<>[]") & set(spoken)


def test_rolling_captions_give_every_line_once() -> None:
    spoken = clean(read_subtitles(MEDIA["7"]).segments)
    assert b"<c>" in MEDIA["7"].read_bytes()
    assert spoken.count("in the year my mother died") == 1


def test_one_file_has_a_byte_order_mark_and_crlf() -> None:
    data = MEDIA["435"].read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") > 0


def test_every_clip_but_the_wordless_one_has_its_narration() -> None:
    clips = {movie for movie, path in MEDIA.items() if path.suffix == ".ogg"}
    narrations = {path.stem: path.read_text(encoding="utf-8") for path in (SAMPLE / "narrations").iterdir()}
    assert clips - narrations.keys() == {WORDLESS}
    assert narrations.keys() <= clips
    assert all(120 <= word_count(text) <= 130 for text in narrations.values())


def test_every_movie_has_a_synopsis_of_60_to_100_words() -> None:
    synopses = {row["id"]: row["synopsis"] for row in table("synopses.csv")}
    assert synopses.keys() == {row["id"] for row in MOVIES}
    assert all(60 <= word_count(text) <= 100 for text in synopses.values())


def test_the_folder_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 1_500_000


@pytest.fixture(scope="module")
def archive(shared_data: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(shared_data / "ml-100k.zip") as opened:
        yield opened


def rows(archive: zipfile.ZipFile, name: str, separator: str) -> list[list[str]]:
    return [line.split(separator) for line in archive.read(name).decode("latin-1").splitlines()]


def test_titles_and_years_are_the_archives(archive: zipfile.ZipFile) -> None:
    titles = {cells[0]: cells[1] for cells in rows(archive, "ml-100k/u.item", "|")}
    assert [titles[row["id"]] for row in MOVIES] == [f"{row['title']} ({row['year']})" for row in MOVIES]


def test_every_genre_occurs_twice_and_documentary_once(archive: zipfile.ZipFile) -> None:
    chosen = {row["id"] for row in MOVIES}
    counts = Counter(
        genre
        for cells in rows(archive, "ml-100k/u.item", "|")
        if cells[0] in chosen
        for genre, flag in zip(GENRES, cells[6:], strict=True)
        if flag == "1"
    )
    assert {genre for genre in GENRES if counts[genre] < 2} == {"Documentary"}
    assert counts["Documentary"] == 1


def test_more_than_120_users_have_rated_15_of_the_movies(archive: zipfile.ZipFile) -> None:
    chosen = {row["id"] for row in MOVIES}
    rated = Counter(user for user, movie, *_ in rows(archive, "ml-100k/u.data", "\t") if movie in chosen)
    assert sum(count >= 15 for count in rated.values()) > 120
