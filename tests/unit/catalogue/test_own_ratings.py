"""A user's CSV of ratings, the people of an archive, and the ratings as they were released."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.catalogue import list_movies, ratings
from trailerflow.catalogue.frames import Archive, empty_archive, read_archive
from trailerflow.catalogue.people import read_people
from trailerflow.errors import TrailerflowError
from unit.catalogue.test_archives import HUNDRED_K, NEWER, ONE_M, RECBOLE, zipped

FILMS = "id,title,year,genres\na,Alien,1979,Horror\nb,Heat,1995,\nc,Alien,1979,\n"


def own(folder: Path, text: str, films: str = FILMS) -> Archive:
    """The archive of a CSV with this text."""
    (folder / "mine.csv").write_text(text, encoding="utf-8")
    (folder / "movies.csv").write_text(films, encoding="utf-8")
    return read_archive(folder / "mine.csv", folder / "movies.csv")


def test_a_csv_of_ratings_is_an_archive_with_the_films_of_the_table(tmp_path: Path) -> None:
    archive = own(
        tmp_path,
        "\ufeffrating,userId,movie_id,timestamp,comment\r\n"
        '4.5,Ada,a,10,"good, really"\r\n3,Ada,zzz,20,\r\n2,7,b,5,\r\n1,Ada,c,15,\r\n5,7,b,6,\r\n',
    )
    assert archive.ratings.values.tolist() == [["Ada", "zzz", 3, 20], ["Ada", "c", 1, 15], ["7", "b", 5, 6]]
    assert archive.released["rating"].tolist() == [4.5, 3, 2, 1, 5]
    assert archive.movies.set_index("movie")["status"].to_dict() == {
        "a": "ok", "b": "ok", "c": "ok", "zzz": "unknown"
    }  # fmt: skip
    assert archive.movies.set_index("movie").loc["a", "Horror"]
    assert archive.people.empty
    assert archive.notes == (
        f"Known by their ids alone: 1 rated films that {tmp_path / 'movies.csv'} does not name.",
        "Left out: 2 older ratings of a film by a user who rated it again, 1 of them under another id of the film.",
    )
    for table, empty in zip(archive[:4], empty_archive()[:4], strict=True):
        assert table.dtypes.equals(empty.dtypes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "user,film,rating,timestamp\n",
            ", line 1: the columns user, movie, rating and timestamp must stand there",
        ),
        ("user,movie,rating,timestamp,userId\n", ", line 1: .* correct user."),
        ("user;movie;rating;timestamp\n1;2;3;4\n", ", line 1: the columns"),
        ("", ", line 1: the columns"),
        (
            "user,movie,rating,timestamp\n1,a,5,1\n1,b,good,2\n",
            r", line 3 does not parse \('1,b,good,2'\); correct it.",
        ),
        ("user,movie,rating,timestamp\n1,a,5\n", ", line 2 does not parse"),
        ("user,movie,rating,timestamp\n1,a,10,1\n", ", line 2: the rating 10 is not above 0 and up to 5"),
        (
            "user,movie,rating,timestamp\n1,a,1,1700000000000\n",
            ", line 2: the timestamp .* divide milliseconds by 1000",
        ),
        (
            "user,movie,rating,timestamp\n1,a,1,1\n,a,1,1\n",
            ", line 3: an id of a user has 1 to 64 characters",
        ),
        ("user,movie,rating,timestamp\n1,a\x1b,1,1\n", ", line 2: an id of a movie has 1 to 64 characters"),
        (f"user,movie,rating,timestamp\n1,{'a' * 65},1,1\n", ", line 2: an id of a movie has"),
    ],
)
def test_a_faulty_csv_is_refused_with_the_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(TrailerflowError, match=rf"^{tmp_path / 'mine.csv'}{why}"):
        own(tmp_path, text)


def test_a_csv_that_is_no_text_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.csv").write_bytes(b"user,movie,rating,timestamp\n1,\xff\xfe,5,1\n")
    (tmp_path / "movies.csv").write_text(FILMS, encoding="utf-8")
    with pytest.raises(TrailerflowError, match=r"mine\.csv.* does not parse .*; correct it\.$"):
        read_archive(tmp_path / "mine.csv", tmp_path / "movies.csv")
    monkeypatch.setattr(ratings, "MOST_RATING_BYTES", 10)
    with pytest.raises(TrailerflowError, match="is larger than 10 bytes; take a part of it"):
        read_archive(tmp_path / "mine.csv", tmp_path / "movies.csv")


def test_a_csv_alone_names_no_films(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("user,movie,rating,timestamp\n1,a,5,1\n")
    for refused in (lambda: read_archive(path), lambda: list_movies(None, str(path), tmp_path)):
        with pytest.raises(
            TrailerflowError, match=r"names no films; name a table of them in catalogue\.movies"
        ):
            refused()


PEOPLE = [["1", 24, "M", "technician"], ["2", 53, "F", "other"]]


@pytest.mark.parametrize(
    "files",
    [
        HUNDRED_K | {"ml-100k/u.user": b"1|24|M|technician|85711\n2|53|F|other|94043\n"},
        ONE_M | {"ml-1m/users.dat": b"1::M::24::17::85711\n2::F::53::0::94043\n"},
        RECBOLE
        | {
            "recbole/dataset_example/ml-100k/ml-100k.user": b"user_id:token\tage:token\tgender:token\toccupation:token\tz\n"
            b"1\t24\tM\ttechnician\t85711\n2\t53\tF\tother\t94043\n"
        },
    ],
    ids=["100k", "1m", "recbole"],
)
def test_the_people_of_an_archive(tmp_path: Path, files: dict[str, bytes]) -> None:
    expected = [[*person[:3], person[3].replace("technician", "technician/engineer")] for person in PEOPLE]
    found = read_people(zipped(tmp_path, files))
    assert found.values.tolist() == (expected if "ml-1m/users.dat" in files else PEOPLE)
    assert found.dtypes.equals(empty_archive().people.dtypes)


def test_an_archive_without_people_gives_an_empty_table(tmp_path: Path) -> None:
    assert read_people(zipped(tmp_path, NEWER)).empty


@pytest.mark.parametrize(
    "line", ["1|24|M", "1|old|M|writer|1", "1|24|X|writer|1", "1|24|M||1", "1|24|M|21|1", "1|130|M|a|1"]
)
def test_a_person_who_does_not_parse_is_refused_with_the_line(tmp_path: Path, line: str) -> None:
    path = zipped(tmp_path, HUNDRED_K | {"u.user": f"9|24|M|writer|1\n{line}\n".encode()})
    with pytest.raises(TrailerflowError, match=r"u\.user, line 2 does not parse"):
        read_people(path)


def test_the_released_ratings_have_the_archives_own_folds(tmp_path: Path) -> None:
    data = [(1, 2, 5, 30), (1, 1, 4, 20), (1, 268, 4, 10), (2, 1, 3, 5), (2, 99, 3, 5)]
    lines = ["\t".join(map(str, row)) + "\n" for row in data]
    folds = {f"ml-100k/u{number}.test": lines[number - 1].encode() for number in range(1, 5)}
    files = HUNDRED_K | {"ml-100k/u.data": "".join(lines).encode()} | folds
    archive = read_archive(zipped(tmp_path, files))
    assert archive.released["fold"].tolist() == [0, 0, 0, 0]  # not without all five
    archive = read_archive(zipped(tmp_path, files | {"ml-100k/u5.test": lines[4].encode()}))
    assert archive.released["fold"].tolist() == [1, 2, 3, 4]  # film 99 is not listed
    assert archive.released[["movie", "timestamp"]].values.tolist() == [
        ["2", 30],
        ["1", 20],
        ["268", 10],
        ["1", 5],
    ]
    assert archive.ratings[["movie", "timestamp"]].values.tolist() == [["2", 30], ["1", 20], ["1", 5]]
    assert "fold" not in archive.ratings
