"""What `trailerflow add` refuses before it touches the table, and the id that it gives a film."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.commands.add import checked_title, checked_year, film_id, own_table, trailer_cells
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.places import CODE
from trailerflow.planning.film import film_targets

MATRIX = Movie("", "The Matrix", 1999)


@pytest.mark.parametrize(
    "title", ["", "  ", "a\nb", "a\x00b", "a\x1b[31mb", "a\u2028b", "a\ud800b", "x" * 301]
)
def test_a_title_that_no_line_holds_is_refused(title: str) -> None:
    with pytest.raises(TrailerflowError, match=r"^The title .*; write .*\.$"):
        checked_title(title)


def test_a_title_has_single_blanks() -> None:
    assert checked_title("  City of  Lost Children, The ") == "City of Lost Children, The"


@pytest.mark.parametrize("year", [-1, 0, 99, 1887, 2037, 19999])
def test_an_impossible_year_is_refused(year: int) -> None:
    with pytest.raises(
        TrailerflowError, match=f"The year {year} is none of a film; give one from 1888 to 2036"
    ):
        checked_year(year, present=2026)


def test_the_oldest_film_and_one_that_is_to_come_have_possible_years() -> None:
    assert [checked_year(year, present=2026) for year in (1888, 2036)] == [1888, 2036]


def refused(trailer: str, folder: Path, sources: list[str]) -> str:
    with pytest.raises(TrailerflowError) as caught:
        trailer_cells(trailer, folder / "movies.csv", sources)
    return str(caught.value)


def test_a_trailer_is_a_file_or_a_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "clip.vtt").write_text("WEBVTT")
    monkeypatch.chdir(tmp_path)
    assert trailer_cells("clip.vtt", Path("mine/movies.csv"), ["table"]) == {"media": "../clip.vtt"}
    address = "https://www.youtube.com/watch?v=0123456789a"
    assert trailer_cells(address, Path("mine/movies.csv"), ["table"]) == {"trailer": "0123456789a"}


def test_what_is_no_trailer_is_refused(tmp_path: Path) -> None:
    for name in ("notes.pdf", "{movie}.srt"):
        (tmp_path / name).write_text("1")
    assert "is no subtitles, sound or video by its name" in refused(
        f"{tmp_path}/notes.pdf", tmp_path, ["table"]
    )
    assert "braces for a wildcard" in refused(f"{tmp_path}/{{movie}}.srt", tmp_path, ["table"])
    assert "is a folder; name the file" in refused(str(tmp_path), tmp_path, ["table"])
    assert (
        refused("gone.srt", tmp_path, ["table"])
        == "There is no file gone.srt; correct the path of the trailer."
    )
    assert "'0123456789' is no file and no id of a YouTube video" in refused(
        "0123456789", tmp_path, ["table"]
    )
    told = refused("0123456789a", tmp_path, ["search"])
    assert told.startswith("trailers.sources is search, so that no trailer of the table is asked for")


def test_the_id_is_the_archives_or_one_of_title_and_year() -> None:
    archive = {"2571": Movie("2571", "Matrix, The", 1999), "5": Movie("5", "Copycat", 1995)}
    assert film_id(None, MATRIX, archive) == "2571"
    assert film_id(None, Movie("", "The Matrix", 1998), archive) == "the-matrix-1998"
    assert film_id(None, Movie("", "Amélie (Le fabuleux destin)", 2001), archive) == "amelie-2001"
    assert film_id(None, Movie("", "x" * 300, 2001), {}) == f"{'x' * 50}-2001"
    assert film_id("mine", MATRIX, archive) == "mine"
    assert film_id("2571", MATRIX, archive) == "2571"


def test_an_id_that_would_bring_another_films_ratings_is_refused() -> None:
    with pytest.raises(TrailerflowError, match=r"The id 5 is Copycat \(1995\) in the archive, whose ratings"):
        film_id("5", MATRIX, {"5": Movie("5", "Copycat", 1995)})
    with pytest.raises(TrailerflowError, match="No id can be made of the title '我爱你'; give one by --id"):
        film_id(None, Movie("", "我爱你", 2001), {})


def test_the_samples_table_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TrailerflowError, match="is the sample of trailerflow itself; copy the folder"):
        own_table(str(CODE / "resources/sample/movies.csv"))
    with pytest.raises(TrailerflowError, match=r"catalogue\.movies is null"):
        own_table(None)
    assert own_table(str(tmp_path / "mine.csv")) == tmp_path / "mine.csv"


def test_only_the_films_own_documents_are_asked_for() -> None:
    config = {
        "models": {"llm": [{"name": "small"}, {"name": "large"}]},
        "summaries": {"prompts": ["zero_shot"]},
        "trailers": {"sources": ["table"], "audio": {"keep": False}},
    }
    own = ["results/prepare_transcript/x.json", "results/fetch_synopsis/x.json"]
    summaries = [f"results/summarise_movie/{model}/zero_shot/x.json" for model in ("small", "large")]
    assert film_targets(config, Movie("x")) == [*own, *summaries]
    video = Movie("x", trailer="0123456789a")
    assert film_targets(config, video) == [*own, "results/remove_audio/x.json", *summaries]
