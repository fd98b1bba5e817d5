"""Which files belong to which movie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.outside import within
from trailerflow.trailers.finding import media
from trailerflow.trailers.finding.media import file_language, list_media, match_media, media_kind

MOVIES = [
    Movie("2", "GoldenEye", 1995),
    Movie("12", "Usual Suspects, The", 1995),
    Movie("30", "Belle de jour (1967)", 1967),
    Movie("135", "2001: A Space Odyssey", 1968),
    Movie("246", "Chasing Amy", 1997),
    Movie("268", "Chasing Amy", 1997),
    Movie("900", "Sabrina", 1954),
    Movie("901", "Sabrina", 1995),
    Movie("1984x", "Shanghai Triad (Yao a yao yao dao waipo qiao)", None),
]


def matched(*names: str) -> dict[str, list[str]]:
    return {
        movie: [path.name for path in paths]
        for movie, paths in match_media([Path(name) for name in names], MOVIES).items()
    }


@pytest.mark.parametrize(
    ("name", "movie"),
    [
        ("2.srt", "2"),
        ("2.en.vtt", "2"),
        ("GoldenEye (1995).srt", "2"),
        ("goldeneye.1995.en.vtt", "2"),
        ("Goldeneye.txt", "2"),
        ("goldeneye_1995_1080p.mp4", "2"),
        ("The Usual Suspects [1995].MP3", "12"),
        ("Usual Suspects, The (1995).srt", "12"),
        ("Belle.de.Jour.srt", "30"),
        ("2001.A.Space.Odyssey.1968.srt", "135"),
        ("2001 a space odyssey.fr.srt", "135"),
        ("Sabrina (1995).srt", "901"),
        ("Shanghai Triad (1995).srt", "1984x"),
    ],
)
def test_a_name_finds_its_movie(name, movie):
    assert matched(name) == {movie: [name]}


@pytest.mark.parametrize("name", ["GoldenEye (1996).srt", "Golden.srt", "notes.doc", "2.pdf"])
def test_what_fits_no_movie_is_left(name):
    assert matched(name) == {}


def test_a_name_that_fits_two_movies_is_refused():
    with pytest.raises(
        TrailerflowError, match=r"Sabrina\.srt fits several movies \(900, 901\); name the file"
    ):
        matched("Sabrina.srt")


def test_a_film_that_is_listed_twice_shares_its_files():
    name = "Chasing Amy (1997).srt"
    assert matched(name) == {"246": [name], "268": [name]}
    assert matched(name, "268.srt") == {"246": [name], "268": ["268.srt", name]}


def test_subtitles_come_before_sound_and_pictures():
    assert matched("2.mp4", "2.mp3", "2.txt", "2.srt") == {"2": ["2.srt", "2.txt", "2.mp3", "2.mp4"]}


def test_the_media_column_names_files_of_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = Path("media")
    files = [folder / "2.srt", folder / "a.srt", folder / "sub" / "b.mp3"]
    for path in [*files, Path("own.vtt"), folder / "c.doc"]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def match(media, folder):
        return match_media(files, [Movie("2", "GoldenEye", 1995, media=media)], folder)

    assert match("sub/b.mp3; a.srt", folder) == {"2": [folder / "a.srt", folder / "sub" / "b.mp3"]}
    assert match("own.vtt", folder) == match("own.vtt", None) == {"2": [Path("own.vtt")]}
    with pytest.raises(TrailerflowError, match=r"Movie 2: the media file media/none\.srt does not exist"):
        match("none.srt", folder)
    with pytest.raises(TrailerflowError, match=r"Movie 2: media/c.doc is no media file .* \.srt, \.vtt"):
        match("c.doc", folder)


def test_a_folder_is_listed_without_what_is_hidden(tmp_path):
    for name in ("b.srt", "sub/a.MP3", ".hidden.srt", ".git/c.srt", "readme.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert list_media(tmp_path) == [tmp_path / "b.srt", tmp_path / "sub" / "a.MP3"]
    with pytest.raises(TrailerflowError, match="does not exist"):
        list_media(tmp_path / "none")


def test_links_in_a_circle_come_to_an_end(tmp_path):
    media = tmp_path / "media"
    for name in ("one/1.srt", "two/2.srt", "zoo/3.srt"):
        (media / name).parent.mkdir(parents=True)
        (media / name).touch()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "4.srt").touch()
    links = {
        "one/two": media / "two", "two/one": media / "one", "one/up": media, "two/up": media, "up": tmp_path,
        "again": media / "zoo", "self": media / "self", "5.srt": media / "nowhere",
    }  # fmt: skip
    for name, target in links.items():
        (media / name).symlink_to(target)
    listed = within(10, lambda: list_media(media))
    assert [str(path.relative_to(media)) for path in listed] == [
        "one/1.srt", "two/2.srt", "up/outside/4.srt", "zoo/3.srt",
    ]  # fmt: skip


def test_only_files_that_can_be_read_and_named_are_listed(tmp_path):
    os.mkfifo(tmp_path / "pipe.srt")
    (tmp_path / "folder.srt").mkdir()
    for name in (b"a\nb.srt", b"\xff.srt", "می‌خواهم.srt".encode()):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).touch()
    assert [path.name for path in list_media(tmp_path)] == ["می‌خواهم.srt"]


def test_a_folder_of_everything_is_told_and_not_walked_through(tmp_path, monkeypatch):
    deep = tmp_path / "deep" / Path(*"abcdef")
    deep.mkdir(parents=True)
    (deep / "1.srt").touch()
    monkeypatch.setattr(media, "MOST_FOLDERS_DEEP", 7)
    assert list_media(tmp_path) == [deep / "1.srt"]
    monkeypatch.setattr(media, "MOST_FOLDERS_DEEP", 6)
    with pytest.raises(
        TrailerflowError, match=r"or 6 folders in one another, at .*/a/b/c/d/e/f; set trailers.media"
    ):
        list_media(tmp_path)
    wide = tmp_path / "wide"
    wide.mkdir()
    for number in range(6):
        (wide / f"{number}.srt").touch()
    monkeypatch.setattr(media, "MOST_ENTRIES", 6)
    assert len(list_media(wide)) == 6
    (wide / "notes.md").touch()
    with pytest.raises(TrailerflowError, match=r"holds more than 6 entries, or"):
        list_media(wide)


def test_a_name_without_its_year_that_fits_two_films_of_one_title_is_refused():
    both = [Movie("a", "Postman, The (Postino, Il)", 1994), Movie("b", "Postman, The", 1997)]
    with pytest.raises(TrailerflowError, match=r"fits several movies \(a, b\); .* as in a\.srt"):
        match_media([Path("The Postman.srt")], both)
    assert match_media([Path("The Postman (1997).srt")], both) == {"b": [Path("The Postman (1997).srt")]}


def test_kinds_and_languages_of_names():
    assert [media_kind(Path(name)) for name in ("a.srt", "a.WEBM", "a.mkv", "a.doc")] == [
        "subtitles",
        "audio",
        "video",
        None,
    ]
    descriptions = ("a.info.json", "a.live_chat.json", "a.INFO.JSON", "a.description.txt")
    assert [media_kind(Path(name)) for name in descriptions] == [None] * 4
    assert [file_language(Path(name)) for name in ("a.en.srt", "a.pt-BR.srt", "a.srt", "en.srt")] == [
        "en",
        "pt",
        None,
        None,
    ]
