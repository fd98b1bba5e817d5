"""MovieLens archives in their four layouts, and the join with the user's table."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from trailerflow.catalogue import archives, list_movies, read_archive_movies
from trailerflow.catalogue.frames import (
    archive_tables,
    duplicates_of,
    empty_archive,
    read_archive,
    select_movies,
)
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES

DATA = Path(__file__).parents[4] / "shared" / "data"
RATINGS = [("1", "2", 5.0, 881250949), ("7", "1", 3.0, 891717742)]


def item(number: int, title: str, date: str, *genres: str, unknown: bool = False) -> str:
    """A line of u.item."""
    flags = [str(int(unknown))] + [str(int(genre in genres)) for genre in GENRES]
    return "|".join([str(number), title, date, "", "http://example.org", *flags]) + "\n"


ITEMS = (
    item(1, "Toy Story (1995)", "01-Jan-1995", "Animation", "Children's", "Comedy")
    + item(2, "Misérables, Les (1995)", "4-Feb-1996", "Drama")
    + item(267, "unknown", "", unknown=True)
    + item(268, "Toy story (1995)", "", "Comedy")
)
HUNDRED_K = {
    "ml-100k/u.item": ITEMS.encode("latin-1"),
    "ml-100k/u.data": b"1\t2\t5\t881250949\n7\t1\t3\t891717742\n",
}
ONE_M = {
    "ml-1m/movies.dat": "1::Toy Story (1995)::Animation|Children's|Comedy\n"
    "2::Misérables, Les (1995)::Drama\n".encode("latin-1"),
    "ml-1m/ratings.dat": b"1::2::5::881250949\n7::1::3::891717742\n",
}
NEWER = {
    "ml-latest-small/movies.csv": "movieId,title,genres\r\n"
    "1,Toy Story (1995),Animation|Children|Comedy|IMAX\r\n"
    '2,"Misérables, Les (1995)",Drama\r\n'
    "3,Babylon 5,(no genres listed)\r\n".encode(),
    "ml-latest-small/ratings.csv": b"userId,movieId,rating,timestamp\r\n"
    b"1,2,5.0,881250949\r\n7,1,3.0,891717742\r\n",
}
_EXAMPLE = "recbole/dataset_example/ml-100k/ml-100k"
RECBOLE = {
    f"{_EXAMPLE}.item": "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
    "1\tToy Story\t1995\tAnimation Children's Comedy\n"
    "2\tMisérables, Les\t1995\tDrama\n"
    "267\tunkonwn\tunkonwn\tunknown\n"
    "1412\tLand Before Time III (1995)\tV\tAnimation Children's\n".encode(),
    f"{_EXAMPLE}.inter": b"user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
    b"1\t2\t5\t881250949\n7\t1\t3\t891717742\n",
}


def zipped(folder: Path, files: dict[str, bytes]) -> Path:
    """A zip file with these members."""
    path = folder / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def genres_of(movies: pd.DataFrame, movie: str) -> list[str]:
    """Names of a movie's genres."""
    row = movies.set_index("movie").loc[movie]
    return [genre for genre in GENRES if row[genre]]


def refusal(path: Path) -> str:
    """The error that an archive is refused with."""
    with pytest.raises(TrailerflowError) as caught:
        archive_tables(path)
    return str(caught.value)


@pytest.mark.parametrize("files", [HUNDRED_K, ONE_M, NEWER, RECBOLE], ids=["100k", "1m", "newer", "recbole"])
def test_every_layout_gives_the_same_tables(tmp_path: Path, files: dict[str, bytes]) -> None:
    movies, ratings = archive_tables(zipped(tmp_path, files))
    assert list(movies.columns) == [
        "movie", "title", "year", "release_date", "status", "duplicate_of", *GENRES
    ]  # fmt: skip
    assert movies.head(2)[["movie", "title", "year"]].values.tolist() == [
        ["1", "Toy Story", 1995],
        ["2", "Misérables, Les", 1995],
    ]
    assert genres_of(movies, "1") == ["Animation", "Children's", "Comedy"]
    assert genres_of(movies, "2") == ["Drama"]
    assert [tuple(row) for row in ratings.itertuples(index=False)] == RATINGS
    assert movies.dtypes.equals(empty_archive().movies.dtypes)
    assert ratings.dtypes.equals(empty_archive().ratings.dtypes)


def test_hundred_k_has_dates_an_unknown_film_and_duplicates(tmp_path: Path) -> None:
    movies, _ = archive_tables(zipped(tmp_path, HUNDRED_K))
    movies = movies.set_index("movie")
    assert movies.loc["2", "release_date"] == pd.Timestamp("1996-02-04")
    assert pd.isna(movies.loc["267", "release_date"])
    assert movies["status"].to_dict() == {"1": "ok", "2": "ok", "267": "unknown", "268": "ok"}
    assert movies.loc["268", "duplicate_of"] == "1"
    assert movies["duplicate_of"].count() == 1


def test_newer_releases_have_titles_without_year_and_genres_outside_the_18(tmp_path: Path) -> None:
    movies, _ = archive_tables(zipped(tmp_path, NEWER))
    assert movies.loc[2, "title"] == "Babylon 5"
    assert pd.isna(movies.loc[2, "year"])
    assert genres_of(movies, "3") == []


def test_the_wheel_spells_two_items_in_its_own_way(tmp_path: Path) -> None:
    movies, _ = archive_tables(zipped(tmp_path, RECBOLE))
    movies = movies.set_index("movie")
    assert movies.loc["267", ["title", "status"]].tolist() == ["unknown", "unknown"]
    assert movies.loc["1412", ["title", "year"]].tolist() == ["Land Before Time III", 1995]
    assert movies["release_date"].isna().all()


@pytest.mark.parametrize(
    "line",
    ["1\t2\tx\t3", "1\t2\t3", "1\t2\t3\t4\t5", "1\t\t3\t4", ""],
)
def test_a_rating_that_does_not_parse_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = zipped(tmp_path, HUNDRED_K | {"ml-100k/u.data": f"1\t2\t5\t3\n{line}\n1\t1\t5\t4\n".encode()})
    place = f"{path}: ml-100k/u.data, line 2 does not parse ({line!r}); correct it or download again."
    assert refusal(path) == place


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (
            "1\t2\t6\t3",
            "the rating 6 is not above 0 and up to 5; correct it, or bring all ratings to that scale.",
        ),
        ("1\t2\t0\t3", "the rating 0 is not above 0"),
        ("1\t2\tnan\t3", "the rating nan is not above 0"),
        (
            "1\t2\t3\t881250949000",
            "the timestamp 881250949000 is no time in seconds since 1970; divide milliseconds",
        ),
        ("1\t2\t3\t-1", "the timestamp -1 is no time in seconds"),
    ],
)
def test_a_rating_out_of_range_is_refused_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    path = zipped(tmp_path, HUNDRED_K | {"ml-100k/u.data": f"1\t2\t5\t3\n{line}\n1\t1\t5\t4\n".encode()})
    assert refusal(path).startswith(f"{path}: ml-100k/u.data, line 2: {why}")


def test_lines_are_counted_with_the_header(tmp_path: Path) -> None:
    ratings = b"userId,movieId,rating,timestamp\n1,2,5.0,4\n1,2,five,4\n"
    path = zipped(tmp_path, NEWER | {"ml-latest-small/ratings.csv": ratings})
    assert "ml-latest-small/ratings.csv, line 3 does not parse ('1,2,five,4')" in refusal(path)


@pytest.mark.parametrize(
    ("files", "name", "line"),
    [
        (HUNDRED_K, "ml-100k/u.item", "3|Short (1990)|01-Jan-1990"),
        (HUNDRED_K, "ml-100k/u.item", ITEMS.splitlines()[0]),
        (ONE_M, "ml-1m/movies.dat", "x::A (1990)::Drama"),
        (ONE_M, "ml-1m/movies.dat", ""),
        (NEWER, "ml-latest-small/movies.csv", "3,No genres (1990)"),
    ],
)
def test_a_movie_that_does_not_parse_is_refused_with_its_line(
    tmp_path: Path, files: dict[str, bytes], name: str, line: str
) -> None:
    content = files[name].rstrip(b"\r\n") + f"\n{line}\n".encode()
    path = zipped(tmp_path, files | {name: content})
    assert f"{path}: {name}, line {len(content.splitlines())} does not parse" in refusal(path)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('1,"Toy Story (1995),Drama\r\n2,Heat (1995),Drama\r\n', 2),  # never closed
        ('1,Toy Story (1995),Drama\r\n2,"Heat" (1995),Drama\r\n', 3),  # closed too early
        ('1,Toy Story (1995),Drama\r\n2,"Heat (1995),Drama\r\n' + "3,Alien (1979),Drama\r\n" * 9000, 3),
    ],
)
def test_a_stray_quotation_mark_is_told_with_its_line(tmp_path: Path, rows: str, line: int) -> None:
    files = NEWER | {"ml-latest-small/movies.csv": f"movieId,title,genres\r\n{rows}".encode()}
    with pytest.raises(
        TrailerflowError, match=rf"movies\.csv, line {line} is not CSV .*stray quotation mark"
    ):
        read_archive_movies(zipped(tmp_path, files))


def test_an_archive_packed_in_another_way_or_encrypted_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path, HUNDRED_K)
    data = path.read_bytes()
    for name, place_in_local, place_in_central, value, words in (
        ("deflate64", 8, 10, 9, "is neither stored nor deflated"),
        ("implode", 8, 10, 6, "is neither stored nor deflated"),
        ("encrypted", 6, 8, 1, "it is encrypted"),
        ("strongly", 6, 8, 0x41, "it is encrypted"),
        ("patched", 6, 8, 0x20, "cannot be read"),
    ):
        changed = bytearray(data)
        for signature, place in ((b"PK\x03\x04", place_in_local), (b"PK\x01\x02", place_in_central)):
            at = -1
            while (at := data.find(signature, at + 1)) >= 0:
                changed[at + place] = value & 0xFF
        path.with_name(f"{name}.zip").write_bytes(changed)
        with pytest.raises(
            TrailerflowError, match=rf"{name}\.zip cannot be used: .*{words}.*; download it again, or pack"
        ):
            archive_tables(path.with_name(f"{name}.zip"))


def test_of_the_ratings_of_one_film_by_one_user_the_newest_counts_and_the_others_are_told(
    tmp_path: Path,
) -> None:
    lines = [
        (1, 2, 5, 30), (1, 2, 1, 10),  # again, earlier in time and later in the file
        (2, 2, 3, 20), (2, 2, 3, 20),  # the same line twice
        (3, 2, 2, 20), (3, 2, 4, 20),  # in the same second: the last line counts
        (4, 1, 5, 10), (4, 268, 4, 20),  # one film under two ids
        (5, 268, 5, 30), (5, 1, 4, 20), (5, 1, 3, 25),  # both
        (6, 1, 4, 10), (7, 268, 2, 10),  # two users: both count
    ]  # fmt: skip
    data = "".join("\t".join(map(str, line)) + "\n" for line in lines).encode()
    archive = read_archive(zipped(tmp_path, HUNDRED_K | {"ml-100k/u.data": data}))
    assert archive.ratings.values.tolist() == [
        ["1", "2", 5, 30], ["2", "2", 3, 20], ["3", "2", 4, 20], ["4", "268", 4, 20], ["5", "268", 5, 30],
        ["6", "1", 4, 10], ["7", "268", 2, 10],
    ]  # fmt: skip
    assert archive.notes == (
        "Left out: 6 older ratings of a film by a user who rated it again, 2 of them under another id of the film.",
    )


def test_ratings_of_movies_that_the_archive_does_not_list_are_left_out_and_told(tmp_path: Path) -> None:
    data = b"1\t2\t5\t1\n1\t9\t4\t2\n7\t8\t3\t3\n8\t9\t3\t3\n"
    archive = read_archive(zipped(tmp_path, HUNDRED_K | {"ml-100k/u.data": data}))
    assert archive.ratings.values.tolist() == [["1", "2", 5, 1]]
    assert archive.notes == ("Left out: 3 ratings of 2 movies that the archive does not list.",)


def test_two_items_of_which_nobody_knows_the_film_are_not_one_film(tmp_path: Path) -> None:
    unknown = (ITEMS + item(300, "unknown", "", unknown=True)).encode("latin-1")
    data = b"1\t267\t5\t1\n1\t300\t4\t2\n"
    archive = read_archive(zipped(tmp_path, {"u.item": unknown, "u.data": data}))
    assert archive.movies.set_index("movie")["duplicate_of"].dropna().to_dict() == {"268": "1"}
    assert (len(archive.ratings), archive.notes) == (2, ())


def test_a_release_date_that_is_none_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, HUNDRED_K | {"ml-100k/u.item": item(9, "A (1990)", "1990", "Drama").encode()})
    assert f"{path}: the release date of movie 9 is '1990', not a date" in refusal(path)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    gone = tmp_path / "gone.zip"
    assert refusal(gone) == f"The archive {gone} is missing; correct catalogue.archive."
    assert refusal(tmp_path) == f"The archive {tmp_path} is a folder; give its .zip file."
    other = zipped(tmp_path, {"readme.txt": b"hello"})
    assert refusal(other).startswith(
        f"The archive {other} is no MovieLens release: it must hold u.item with u.data"
    )
    text = tmp_path / "text.zip"
    text.write_bytes(b"<html>not found</html>")
    assert refusal(text).startswith(f"The archive {text} cannot be used: it is not a whole zip file")


def test_a_truncated_archive_is_refused_wherever_it_breaks_off(tmp_path: Path) -> None:
    whole = zipped(tmp_path, HUNDRED_K).read_bytes()
    path = tmp_path / "cut.zip"
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert refusal(path).startswith(f"The archive {path} cannot be used: it is not a whole zip file")


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, HUNDRED_K)
    content = bytearray(path.read_bytes())
    content[60:70] = b"\0" * 10
    path.write_bytes(bytes(content))
    assert refusal(path).startswith(f"The archive {path} cannot be used: it is not a whole zip file")


@pytest.mark.parametrize(
    ("bound", "name"), [("MOST_MOVIE_BYTES", "ml-100k/u.item"), ("MOST_RATING_BYTES", "ml-100k/u.data")]
)
def test_a_table_larger_than_any_release_has_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, name: str
) -> None:
    path = zipped(tmp_path, HUNDRED_K)
    monkeypatch.setattr(archives, bound, len(HUNDRED_K[name]))
    archive_tables(path)
    monkeypatch.setattr(archives, bound, len(HUNDRED_K[name]) - 1)
    assert refusal(path).startswith(f"The archive {path} cannot be used: its member {name!r} is larger than ")


def test_the_list_of_movies_is_the_archives_where_there_is_no_table(tmp_path: Path) -> None:
    path = zipped(tmp_path, HUNDRED_K)
    expected = [(movie.id, movie.title, movie.year) for movie in read_archive_movies(path)]
    listed = list_movies(None, str(path), tmp_path)
    assert listed is not None
    assert [(movie.id, movie.title, movie.year) for movie in listed] == expected
    path.rename(tmp_path / "ml-100k.zip")
    assert list_movies(None, "movielens-100k", tmp_path) == listed


def test_duplicates_are_linked_to_the_smallest_number() -> None:
    titles = ["Ice Storm, The", "The Ice Storm", "Ice Storm", "!!!", "???", "The ice storm"]
    years = [1997, 1997, 1997, 1990, 1990, 1998]
    assert duplicates_of(["10", "9", "x", "a", "b", "c"], titles, years) == [
        "9",
        None,
        None,
        None,
        None,
        None,
    ]


def table_of(folder: Path, rows: str) -> Path:
    """A user's table."""
    path = folder / "movies.csv"
    path.write_text("id,title,year,genres\n" + rows, encoding="utf-8")
    return path


def test_rows_are_joined_with_the_archive_by_id(tmp_path: Path) -> None:
    catalogue, _ = archive_tables(zipped(tmp_path, HUNDRED_K))
    table = table_of(tmp_path, "268,Toy Story,,\n2,Les Miserables,1998,War\nmine,My Film,2020,Horror\n")
    selected = select_movies(catalogue, table)
    assert selected.dtypes.equals(catalogue.dtypes)
    assert selected["movie"].tolist() == ["2", "268", "mine"]  # in the order of ids, not of the rows
    assert selected["year"].tolist() == [1998, 1995, 2020]
    assert [genres_of(selected, movie) for movie in ("268", "2", "mine")] == [["Comedy"], ["War"], ["Horror"]]
    assert selected.loc[0, "release_date"] == pd.Timestamp("1996-02-04")
    assert selected["duplicate_of"].count() == 0  # its twin is not in this table


def test_a_table_alone_needs_no_archive(tmp_path: Path) -> None:
    catalogue = empty_archive().movies
    selected = select_movies(catalogue, table_of(tmp_path, "a,A,1990,Drama\nb,a!,1990,\nc,C,,\n"))
    assert selected.dtypes.equals(catalogue.dtypes)
    assert selected["duplicate_of"].fillna("").tolist() == ["", "a", ""]
    assert genres_of(selected, "b") == []


def test_without_a_table_the_whole_archive_is_selected(tmp_path: Path) -> None:
    catalogue, _ = archive_tables(zipped(tmp_path, HUNDRED_K))
    pd.testing.assert_frame_equal(select_movies(catalogue, None), catalogue)


def test_an_id_that_is_another_film_in_the_archive_is_refused(tmp_path: Path) -> None:
    catalogue, _ = archive_tables(zipped(tmp_path, HUNDRED_K))
    table = table_of(tmp_path, "2,Les Misérables,1995,\n1,Heat,1996,\n267,Heat,1995,\n")
    with pytest.raises(TrailerflowError) as caught:
        select_movies(catalogue, table)
    way_out = "Correct the id or the title, or set catalogue.archive: null if the table has ids of its own."
    assert str(caught.value).splitlines() == [
        f"{table}, row 3: id 1 is 'Heat (1996)' here and 'Toy Story (1995)' in the archive. {way_out}",
        f"{table}, row 4: id 267 is 'Heat (1995)' here and 'unknown' in the archive. {way_out}",
    ]


def test_another_writing_of_a_title_is_no_other_film(tmp_path: Path) -> None:
    catalogue, _ = archive_tables(zipped(tmp_path, HUNDRED_K))
    catalogue["title"] = catalogue["title"].replace("Toy Story", "Twelve Monkeys")
    selected = select_movies(catalogue, table_of(tmp_path, "1,12 Monkeys,1996,\n"))
    assert selected["title"].tolist() == ["12 Monkeys"]
    with pytest.raises(TrailerflowError, match=r"id 1 is '13 Monkeys \(1996\)' here"):
        select_movies(catalogue, table_of(tmp_path, "1,13 Monkeys,1996,\n"))


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent: no real archives to read")
def test_the_real_hundred_k() -> None:
    movies, ratings, released, people, _ = read_archive(DATA / "ml-100k.zip")
    assert released["fold"].value_counts().to_dict() == dict.fromkeys(range(1, 6), 20_000)
    assert people["sex"].value_counts().to_dict() == {"M": 670, "F": 273}
    assert (len(movies), len(ratings), ratings["user"].nunique()) == (
        1682,
        99_693,
        943,
    )  # 307 of 100,000 are older ones of a film under two ids
    assert movies["duplicate_of"].count() == 18
    assert movies.loc[movies["status"] == "unknown", "movie"].tolist() == ["267"]
    assert movies["release_date"].isna().sum() == movies["year"].isna().sum() == 1
    assert movies[["Action", "Drama", "Documentary", "Fantasy"]].sum().tolist() == [251, 725, 50, 22]
    assert ratings["rating"].value_counts().loc[[1.0, 5.0]].tolist() == [6086, 21141]


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent: no real archives to read")
def test_the_real_latest_small() -> None:
    movies, ratings = archive_tables(DATA / "ml-latest-small.zip")
    assert (len(movies), len(ratings), ratings["user"].nunique()) == (9742, 100_832, 610)
    assert movies["Children's"].sum() == 664
    assert movies["duplicate_of"].count() == 5
