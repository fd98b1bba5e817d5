"""The user's own table of movies and the list of a run's movies."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.catalogue import list_movies, read_movie_table
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A table called movies.csv."""
    path = folder / "movies.csv"
    path.write_bytes(text.encode(encoding))
    return path


def refusal(path: Path) -> str:
    """The error that a table is refused with."""
    with pytest.raises(TrailerflowError) as caught:
        read_movie_table(path)
    return str(caught.value)


def test_all_columns_are_read_and_typed(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "a.srt").write_text("1")
    path = write(
        tmp_path,
        "title,id,year,genres,trailer,media\n"
        '"Usual Suspects, The (1995)",12,,Thriller|Crime,https://example.org/t,clips/a.srt\n'
        "\n"
        "Amélie,a_b-C,2001,,,\n",
        encoding="utf-8-sig",
    )
    assert read_movie_table(path) == [
        Movie(
            id="12",
            title="Usual Suspects, The",
            year=1995,
            genres=("Crime", "Thriller"),
            trailer="https://example.org/t",
            media=str(tmp_path / "clips" / "a.srt"),
            row=2,
        ),
        Movie(id="a_b-C", title="Amélie", year=2001, row=4),
    ]


def test_media_paths_start_at_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "clip.wav").write_bytes(b"RIFF")
    write(tmp_path / "tables", "id,title,year,media\n1,A,1990,../clip.wav\n")
    monkeypatch.chdir(tmp_path)
    assert read_movie_table("tables/movies.csv")[0].media == "clip.wav"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("1,A,19O5,", "year is '19O5', not a number"),
        ("1,A,95,", "year is '95', not a year of four digits"),
        ("1,A (1990),1991,", "year is 1991, but the title is 'A (1990)'"),
        ("1,,1990,", "title is empty"),
        ("../x,A,1990,", "id is '../x', and an id is 1 to 64 of"),
        ("a/b,A,1990,", "id is 'a/b'"),
        ("a.b,A,1990,", "id is 'a.b'"),
        ("_a,A,1990,", "id is '_a'"),
        (",A,1990,", "id is ''"),
        (f"{'x' * 65},A,1990,", f"id is '{'x' * 65}'"),
        ("é,A,1990,", "id is 'é'"),
        ("1,A,1990,Comdy|Drama", "'Comdy' is not a genre; did you mean Comedy?"),
        ("1,A,1990,children", "'children' is not a genre; did you mean Children's?"),
        ("1,A,1990,Zzz", "'Zzz' is not a genre; choose among Action, Adventure"),
        ("1,Usual Suspects, The,1990,", "there are 5 cells for 4 columns"),
        ("1,A", "there are 2 cells for 4 columns"),
    ],
)
def test_a_faulty_row_is_refused_with_its_place(tmp_path: Path, row: str, fault: str) -> None:
    path = write(tmp_path, f"id,title,year,genres\n0,Good,1990,\n{row}\n")
    message = refusal(path)
    assert message.startswith(f"{path}, row 3: {fault}")
    assert message.endswith("Correct the row or remove it.")
    assert "\n" not in message


def test_a_media_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title,year,media\n1,A,1990,gone.srt\n")
    fault = f"media is 'gone.srt', and there is no file {tmp_path / 'gone.srt'}"
    assert refusal(path) == f"{path}, row 2: {fault}. Correct the row or remove it."


def test_two_equal_ids_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title,year\n1,A,1990\n2,B,1991\n1,C,1992\n")
    assert refusal(path) == f"{path}, row 4: id is '1', as in row 2. Correct the row or remove it."


def test_many_faulty_rows_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title,year\n" + "".join(f"{n},A,old\n" for n in range(12)))
    lines = refusal(path).splitlines()
    assert len(lines) == 6
    assert lines[4].startswith(f"{path}, row 6: year is 'old'")
    assert lines[5] == f"{path}: 7 more faulty rows."


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("id,titel,year\n", "'titel' is not a column; did you mean title?"),
        ("movieId,name,when\n", "'movieId' is not a column; choose among id, title, year,"),
        ("id;title;year\n", "'id;title;year' is not a column"),
        ("id,title\n", "column year is missing; the first row must name the columns."),
        ("", "column id is missing; the first row must name the columns."),
        ("id,title,year,title\n", "column title stands twice in the header; remove one."),
    ],
)
def test_a_faulty_header_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    path = write(tmp_path, text)
    assert refusal(path).startswith(f"{path}: {fault}")


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "gone.csv"
    assert (
        refusal(missing) == f"catalogue.movies is '{missing}', and there is no such file; correct the path."
    )
    assert refusal(tmp_path) == f"catalogue.movies is '{tmp_path}', a folder; name the CSV file."
    header_only = write(tmp_path, "id,title,year\n")
    assert refusal(header_only) == f"{header_only} lists no movie; add a row for each movie below the header."
    latin = write(tmp_path, "id,title,year\n1,Amélie,2001\n", encoding="latin-1")
    assert refusal(latin) == f"{latin}, line 2 is not UTF-8 text; save the table as UTF-8 CSV."
    wide = write(tmp_path, "id,title,year\n", encoding="utf-16")
    assert refusal(wide) == f"{wide}, line 1 is not UTF-8 text; save the table as UTF-8 CSV."
    unclosed = write(tmp_path, 'id,title,year\n1,"A,1990\n')
    assert "is not CSV (unexpected end of data); look for a stray quotation mark." in refusal(unclosed)


@given(content=st.binary(max_size=300))
def test_no_content_ends_in_anything_but_rows_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"id,title,year\n" + content)
    try:
        assert read_movie_table(path)
    except TrailerflowError as error:
        assert str(path) in str(error)


def test_the_list_of_movies_is_the_tables(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title,year\n1,A,1990\n")
    movies = list_movies(str(path), None, tmp_path)
    assert movies is not None
    assert [movie.id for movie in movies] == ["1"]


def test_the_list_of_movies_waits_for_the_download(tmp_path: Path) -> None:
    assert list_movies(None, "movielens-100k", tmp_path) is None


def test_neither_table_nor_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrailerflowError, match="are both null; give a table, an archive, or both"):
        list_movies(None, None, tmp_path)


def test_an_archive_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrailerflowError, match=r"catalogue\.archive is 'movielens-2m', and there is no such"):
        list_movies(None, "movielens-2m", tmp_path)
