"""A film is appended to a table of movies, of which nothing else changes; what is no film, or there already, is refused."""

from __future__ import annotations

import csv
import io
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.catalogue import read_movie_table
from trailerflow.catalogue.movie_table import COLUMNS
from trailerflow.catalogue.new_row import append_row, is_same_film
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie

BOM = "\ufeff"
NEW = {"id": "matrix-1999", "title": "Matrix, The", "year": "1999"}

titles = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",'), min_size=1).filter(
    lambda title: title.strip() and "matrix" not in title.lower()
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table that the reader takes: any columns in any order, line ends, quoting, empty rows, a mark, no last line end."""
    optional = draw(st.lists(st.sampled_from(["genres", "trailer", "media"]), unique=True))
    header = draw(st.permutations(["id", "title", "year", *optional]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    written = io.StringIO()
    writer = csv.writer(
        written, lineterminator=end, quoting=draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    )
    writer.writerow(header)
    for number, title in enumerate(draw(st.lists(titles, min_size=1, max_size=4))):
        cells = {
            "id": f"m{number}",
            "title": title,
            "year": draw(st.sampled_from(["", "1931"])),
            "genres": draw(st.sampled_from(["", "Drama|Comedy"])),
            "trailer": draw(st.sampled_from(["", "0123456789a"])),
        }
        writer.writerow([cells.get(name, "") for name in header])
        written.write(end * draw(st.integers(0, 1)))
    text = written.getvalue()
    return (BOM if draw(st.booleans()) else "") + (text if draw(st.booleans()) else text.rstrip("\r\n"))


@given(tables())
def test_any_table_comes_back_with_one_more_row_and_nothing_else_changed(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "movies.csv")
        path.write_bytes(text.encode())
        try:
            before = read_movie_table(path)
        except TrailerflowError:  # a title that ends with a year of its own
            return
        movie = append_row(path, NEW)
        assert path.read_bytes().startswith(text.encode())
        assert read_movie_table(path) == [*before, movie]
        assert (movie.title, movie.year, movie.id) == ("Matrix, The", 1999, "matrix-1999")
        assert [file.name for file in Path(folder).iterdir()] == ["movies.csv"]


@pytest.mark.parametrize(
    ("before", "added"),
    [
        ("id,title,year\n1,A,1990\n", 'matrix-1999,"Matrix, The",1999\n'),
        ("year,id,title\r\n1990,1,A", '\r\n1999,matrix-1999,"Matrix, The"\r\n'),
        (
            f"{BOM}id,genres,title,year,media\n1,,A,1990,\n",
            'matrix-1999,,"Matrix, The",1999,\n',
        ),
    ],
)
def test_the_row_has_the_columns_and_line_ends_of_its_table(tmp_path: Path, before: str, added: str) -> None:
    path = tmp_path / "movies.csv"
    path.write_bytes(before.encode())
    append_row(path, NEW)
    assert path.read_bytes() == (before + added).encode()


def refusal(folder: Path, text: str, **cells: str) -> str:
    """The error of a film that is not added; the table stays as it is."""
    path = folder / "movies.csv"
    path.write_text(text)
    with pytest.raises(TrailerflowError) as caught:
        append_row(path, NEW | cells)
    assert path.read_text() == text
    return str(caught.value).replace(str(path), "TABLE")


@pytest.mark.parametrize(
    ("row", "cells", "told"),
    [
        ("matrix-1999,Other,1990", {}, "TABLE, row 2 has the id matrix-1999 already (Other)"),
        ("1,The Matrix,1999", {}, "TABLE, row 2 is this film already: The Matrix (1999), id 1"),
        ("1,The Matrix,", {}, "TABLE, row 2 is this film already: The Matrix (no year)"),
        (
            '1,"Postman, The (Postino, Il)",1994',
            {"title": "Il Postino", "year": "1994"},
            "TABLE, row 2 is this film already",
        ),
        (
            "1,A,1990",
            {"genres": "Comdy"},
            "The film is not added: 'Comdy' is not a genre; did you mean Comedy?.",
        ),
        ("1,A,1990", {"id": "../x"}, "The film is not added: id is '../x', and an id is 1 to 64 of"),
        (
            "1,A,1990",
            {"media": "gone.srt"},
            "The film is not added: media is 'gone.srt', and there is no file",
        ),
        (
            "1,A,1990",
            {"title": "Heat (1995)"},
            "The film is not added: year is 1999, but the title is 'Heat (1995)'",
        ),
    ],
)
def test_what_is_no_film_or_there_already_is_refused(
    tmp_path: Path, row: str, cells: dict[str, str], told: str
) -> None:
    columns = [name for name in COLUMNS if name in ("id", "title", "year") or name in cells]
    text = ",".join(columns) + "\n" + row + "," * (len(columns) - 3) + "\n"
    assert refusal(tmp_path, text, **cells).startswith(told)


def test_a_column_that_the_film_needs_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("1")
    told = refusal(tmp_path, "id,title,year\n1,A,1990\n", media="a.srt")
    assert told.startswith("TABLE has no column media, which this film needs; add it to the header")


def test_another_year_is_another_film() -> None:
    assert is_same_film(Movie("1", "M*A*S*H", 1970), Movie("2", "MASH", 1970))
    assert not is_same_film(Movie("1", "Psycho", 1960), Movie("2", "Psycho", 1998))
    assert not is_same_film(Movie("1", "?!", 1960), Movie("2", "!", 1960))


def test_the_mode_of_the_file_is_kept_and_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "movies.csv"
    real.write_text("id,title,year\n1,A,1990\n")
    real.chmod(0o640)
    link.symlink_to(real)
    append_row(link, NEW)
    assert link.is_symlink() and len(read_movie_table(real)) == 2
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_table_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_place(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("trailerflow.files.os.replace", no_place)
    told = refusal(tmp_path, "id,title,year\n1,A,1990\n")
    assert told.startswith("TABLE cannot be written (Read-only file system); make its folder yours to write")
    assert [path.name for path in tmp_path.iterdir()] == ["movies.csv"]
