"""The GroupLens trailer table: read in every form, downloaded whole or not at all, matched and never over-matched."""

from __future__ import annotations

import hashlib
import io
import json
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow import download
from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.trailers.finding import trailer_table
from trailerflow.trailers.finding.match_trailer_table import WAYS, Matches, match_trailers
from trailerflow.trailers.finding.trailer_table import (
    TableRow,
    TrailerTable,
    fetch_trailer_table,
    read_trailer_table,
)
from unit.sites import Part, head, raw_site

ROOT = Path(__file__).parents[4]
CSV = (
    "youtubeId,movieId,title\n"
    'K26_sDKnvMU,1,Toy Story (1995)\nrEzm-fHAM40,29,"City of Lost Children, The (Cité des enfants perdus, La) (1995)"\n'
    'XEH06oFfJSY/,106168,"Man Who Captured Eichmann, The (1996)"\n'
)
ROWS = [
    TableRow("K26_sDKnvMU", "Toy Story (1995)"),
    TableRow("rEzm-fHAM40", "City of Lost Children, The (Cité des enfants perdus, La) (1995)"),
]


def zipped(members: dict[str, str]) -> bytes:
    """A zip file of these texts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


OFFICIAL = zipped({"README.md": "The trailers have not all been manually verified.", "ml-youtube.csv": CSV})


DAMAGED = bytearray(zipped({"ml-youtube.csv": CSV}))
DAMAGED[50:60] = b"\xff" * 10


def written(folder: Path, name: str) -> Path:
    """The table in the form that a name's suffix tells."""
    path = folder / name
    if name.endswith(".parquet"):
        frame = pd.read_csv(io.StringIO(CSV))
        frame.columns = ["youtube_id", "ml20m_id", "title"]
        frame.to_parquet(path)
    elif name.endswith(".zip"):
        path.write_bytes(OFFICIAL)
    else:
        path.write_text("\ufeff" + CSV, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["table.zip", "table.csv", "table.parquet", "TABLE.ZIP"])
def test_the_table_is_read_in_every_form_without_bad_ids(tmp_path, name):
    path = written(tmp_path, name.lower()).rename(tmp_path / name)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert read_trailer_table(path) == TrailerTable(ROWS, 1, sha256)


@pytest.mark.parametrize("bad", ["", "short", "K26_sDKnvMU1", "K26_sDKnvM!", "K26_sDKnv U", "K26_sDKnvMÜ"])
def test_what_is_no_youtube_id_is_left_out_and_counted(tmp_path, bad):
    path = tmp_path / "table.csv"
    path.write_text(f"youtubeId,movieId,title\n{bad},1,Toy Story (1995)\n", encoding="utf-8")
    table = read_trailer_table(path)
    assert (table.rows, table.bad_ids) == ([], 1)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("t.csv", b"movieId,title\n1,Toy Story (1995)\n", "no column youtubeId or youtube_id"),
        ("t.csv", b"youtubeId,movieId\nK26_sDKnvMU,1\n", "no column title"),
        ("t.csv", b"youtubeId,movieId,title\n", "it has no rows"),
        ("t.csv", b"youtubeId,title\nK26_sDKnvMU,Ast\xe9rix (1999)\n", "can't decode byte"),
        ("t.zip", OFFICIAL[:-30], "File is not a zip file"),
        ("t.zip", DAMAGED, "Error -3 while decompressing"),
        ("t.zip", zipped({"README.md": "nothing else"}), "it holds 0 .csv files"),
        ("t.zip", zipped({"a.csv": CSV, "b.csv": CSV}), "it holds 2 .csv files"),
        ("t.parquet", b"PAR1", "Parquet"),
        ("t.json", b"{}", "its name ends in .json"),
    ],
)
def test_what_is_not_the_table_is_refused_in_one_sentence(tmp_path, name, content, why):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TrailerflowError) as caught:
        read_trailer_table(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path} is not the GroupLens trailer table (")
    assert why in sentence
    assert sentence.endswith("in its place, or a .csv or .parquet with the columns youtubeId and title.")


def test_a_zip_file_from_a_mac_is_read(tmp_path):
    path = tmp_path / "t.zip"
    path.write_bytes(zipped({"ml/ml-youtube.csv": CSV, "__MACOSX/ml/._ml-youtube.csv": "\0"}))
    assert read_trailer_table(path).rows == ROWS


def test_a_missing_file_is_told_by_its_setting(tmp_path):
    with pytest.raises(
        TrailerflowError, match=r"^trailers\.grouplens_table is '.*none\.csv', and there is no"
    ):
        read_trailer_table(tmp_path / "none.csv")


@pytest.fixture
def server() -> Iterator[str]:
    """A server with /good, /cut and /html, each with ml.zip below; everything else is gone."""
    pages: dict[str, list[Part]] = {
        "/good/ml.zip": [head(OFFICIAL)],
        "/cut/ml.zip": [head(OFFICIAL[:100], length=len(OFFICIAL))],
        "/html/ml.zip": [head(b"<html>")],
    }
    with raw_site(pages) as address:
        yield address


def test_a_download_is_kept_and_used_again(tmp_path, server):
    path = fetch_trailer_table(tmp_path / "downloads", f"{server}/good/ml.zip")
    assert path.read_bytes() == OFFICIAL
    assert fetch_trailer_table(tmp_path / "downloads", "http://127.0.0.1:1/ml.zip") == path


@pytest.mark.parametrize(
    ("place", "why"),
    [("cut", "it broke off after 100 of "), ("html", "File is not a zip file"), ("gone", "Not Found")],
)
def test_a_download_that_fails_is_one_sentence_and_leaves_nothing(tmp_path, server, place, why):
    with pytest.raises(TrailerflowError) as caught:
        fetch_trailer_table(tmp_path, f"{server}/{place}/ml.zip")
    sentence = str(caught.value)
    assert sentence.startswith(
        f"The GroupLens trailer table could not be downloaded ({server}/{place}/ml.zip: "
    )
    assert why in sentence
    assert sentence.endswith("or fetch it elsewhere and set trailers.grouplens_table to its path.")
    assert list(tmp_path.iterdir()) == []


def test_a_larger_file_than_the_table_is_refused_packed_and_unpacked(tmp_path, server, monkeypatch):
    monkeypatch.setattr(trailer_table, "MOST_BYTES", len(OFFICIAL) - 1)
    with pytest.raises(TrailerflowError, match=r"bytes, more than the .* expected"):
        fetch_trailer_table(tmp_path, f"{server}/good/ml.zip")
    (tmp_path / "t.zip").write_bytes(OFFICIAL)
    monkeypatch.setattr(trailer_table, "MOST_CSV_BYTES", len(CSV.encode()) - 1)
    with pytest.raises(TrailerflowError, match=r"its member 'ml-youtube\.csv' is larger than "):
        read_trailer_table(tmp_path / "t.zip")


def test_a_silent_server_is_left_after_the_time_out(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(TrailerflowError, match="timed out"),
    ):
        fetch_trailer_table(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}/ml.zip")


def row(number: int, title: str) -> TableRow:
    """A row with an id of its own."""
    return TableRow(f"trailer{number:04}", title)


def matched(titles: list[str], *movies: tuple[str, int | None]) -> Matches:
    """Match a table of titles with movies whose ids count from 1."""
    rows = [row(number, title) for number, title in enumerate(titles)]
    return match_trailers(rows, [Movie(str(number), *movie) for number, movie in enumerate(movies, start=1)])


@pytest.mark.parametrize(
    ("movie", "title", "way"),
    [
        (("Toy Story", 1995), "Toy Story (1995)", "title and year"),
        (("usual suspects!", 1995), "Usual Suspects, The (1995)", "spelling and year"),
        (("The Usual Suspects", 1995), "Usual Suspects, The (1995)", "title and year"),
        (("Convento, O", 1995), "O Convento (1995)", "title and year"),
        (("L'Ennui", 1998), "Ennui, L’ (1998)", "title and year"),
        (("William Shakespeare's Romeo and Juliet", 1996), "William Shakespeare's Romeo + Juliet (1996)", "title and year"),
        (("To Have, or Not", 1995), "To Have, or Not (En avoir (ou pas)) (1995)", "title and year"),
        (("Fawlty Towers", 1975), "Fawlty Towers (1975-1979)", "title and year"),
        (("Shanghai Triad", 1995), "Shanghai Triad (Yao a yao yao dao waipo qiao) (1995)", "title and year"),
        (("Se7en", 1995), "Seven (a.k.a. Se7en) (1995)", "alternative title and year"),
        (("Cité des enfants perdus, La", 1995), ROWS[1].title, "alternative title and year"),
        (("La cite des enfants perdus", 1995), ROWS[1].title, "alternative title and year"),
        (("Postino, Il (The Postman)", 1994), "Postman, The (Postino, Il) (1994)", "alternative title and year"),
        (("? (Dollars)", 1971), "$ (Dollars) (1971)", "alternative title and year"),
        (("Underneath, The", 1995), "Underneath (1995)", "spelling and year"),
        (("Duoluo tianshi", 1995), "Fallen Angels (Duo luo tian shi) (1995)", "spelling and year"),
        (("Conan the Barbarian", 1981), "Conan the Barbarian (1982)", "title, a year apart"),
        (("Se7en", 1996), "Seven (a.k.a. Se7en) (1995)", "alternative title, a year apart"),
        (("Return of the Jedi", 1983), "Star Wars: Episode VI - Return of the Jedi (1983)", "part of the title and year"),
        (("Interview with the Vampire: The Chronicles", 1994), "Interview with the Vampire (1994)", "part of the title and year"),
        (("Stephen King's The Langoliers", 1995), "Langoliers, The (1995)", "part of the title and year"),
        (("Star Trek: The Wrath of Khan", 1982), "Star Trek II: The Wrath of Khan (1982)", "part of the title and year"),
        (("Toy Story", None), "Toy Story (1995)", "title alone"),
        (("Slaying the Badger", None), "Slaying the Badger", "title alone"),
    ],
)  # fmt: skip
def test_each_way_of_matching(movie, title, way):
    found = matched(["Another Film (1995)", title], movie)
    assert found == Matches({"1": [("trailer0001", title, way)]}, [])


@pytest.mark.parametrize(
    ("movie", "title"),
    [
        (("Magnificent Seven, The", 1954), "Magnificent Seven, The (1960)"),
        (("Toy Story", 1997), "Toy Story (1995)"),
        (("Toy Story", 1995), "Toy Story 2 (1995)"),
        (("Toy Story", 2014), "Toy Story"),  # nobody knows the row's year
        (("Seven", None), "Se7en (Seven) (1995)"),  # without a year an alternative title is too little
        (("Fear", 1996), "Fear, The (1995)"),  # another spelling and another year are too little
        (("Air Bud", 1997), "Air Bud: Golden Receiver (1998)"),  # and so is a part
        (("Game", 1997), "Geri's Game (1997)"),  # one word names many films
        (("Blue", 1993), "Three Colors: Blue (1993)"),
        (("The Apartment", 1996), "Joe's Apartment (1996)"),
        (("Star Trek: First Contact", 1996), "Star Trek: Generations (1996)"),
        (("?", 1995), "! (1995)"),  # nothing is left of either
        (("", 1995), "(1995)"),
    ],
)
def test_what_must_not_match(movie, title):
    assert matched([title], movie) == Matches({}, [])


def test_the_exact_year_comes_before_a_year_apart():
    found = matched(["Titanic (1996)", "Titanic (1997)", "Titanic (1998)"], ("Titanic", 1997))
    assert [match.youtube for match in found.trailers["1"]] == ["trailer0001"]


def test_the_title_comes_before_an_alternative_title_and_that_before_a_part():
    titles = ["Sing: Shut Up (2006)", "Sing (Shut Up) (2006)", "Shut Up (2006)"]
    for number, youtube in ((3, "trailer0002"), (2, "trailer0001"), (1, "trailer0000")):
        found = matched(titles[:number], ("Shut Up", 2006))
        assert [match.youtube for match in found.trailers["1"]] == [youtube]


def test_films_of_one_title_and_year_are_all_given_in_the_tables_order():
    found = matched(["Emma (1996)", "Aladdin (1992)", "Emma (1996)"], ("Emma", 1996))
    assert [match.youtube for match in found.trailers["1"]] == ["trailer0000", "trailer0002"]


def test_of_one_title_and_year_the_same_alternative_titles_decide():
    titles = ["Black Rain (Kuroi ame) (1989)", "Black Rain (1989)"]
    found = matched(titles, ("Black Rain", 1989), ("Black Rain (Kuroi ame)", 1989))
    assert [found.trailers[movie][0].youtube for movie in "12"] == ["trailer0001", "trailer0000"]
    assert all(len(matches) == 1 for matches in found.trailers.values())


@pytest.mark.parametrize(
    ("titles", "movie"),
    [
        (["Carmen (1983)", "Carmen (1985)"], ("Carmen", 1984)),
        (["Wedding Weekend (Sing) (2006)", "Another Weekend (Sing) (2006)"], ("Sing", 2006)),
        (["Secret, A (2007)", "Secret, The (2007)"], ("Secret", 2007)),
        (["Hamlet (1996)", "Hamlet (2000)"], ("Hamlet", None)),
    ],
)
def test_a_movie_that_fits_several_films_by_less_is_ambiguous(titles, movie):
    assert matched(titles, movie) == Matches({}, ["1"])


def test_a_row_between_two_films_of_the_catalogue_is_ambiguous():
    assert matched(["Carmen (1984)"], ("Carmen", 1983), ("Carmen", 1985)) == Matches({}, ["1", "2"])


def test_several_films_with_one_trailer_are_not_ambiguous():
    rows = [TableRow("K26_sDKnvMU", "Carmen (1983)"), TableRow("K26_sDKnvMU", "Carmen (1985)")]
    found = match_trailers(rows, [Movie("7", "Carmen", 1984)])
    assert [match.youtube for match in found.trailers["7"]] == ["K26_sDKnvMU"]
    assert found.ambiguous == []


def test_a_row_that_is_a_movies_own_is_nobody_elses_by_less():
    movies = [("Titanic", 1997), ("Titanic", 1996), ("Kung Fu Panda", 1997), ("Kung Fu Panda: Secrets", 1997)]
    found = matched(["Titanic (1997)", "Kung Fu Panda: Secrets (1997)"], *movies)
    assert list(found.trailers) == ["1", "4"]
    assert found.ambiguous == []


def test_a_row_that_a_movie_does_not_need_is_free_for_others():
    found = matched(["Milk (2008)", "Sut (Milk) (2008)"], ("Milk", 2008), ("Sut", 2007))
    assert [found.trailers[movie][0].youtube for movie in "12"] == ["trailer0000", "trailer0001"]


def test_two_ids_of_one_film_share_its_trailer():
    found = matched(["Hugo Pool (1998)"], ("Hugo Pool", 1997), ("Hugo pool", 1997))
    assert list(found.trailers) == ["1", "2"]


TITLES = st.lists(
    st.sampled_from(
        ["Blue", "The", "Blue Moon", ": ", " - ", ", The", " (Moon)", " (a.k.a. Blue Moon)", "'s ", " II"]
    ),
    min_size=1,
    max_size=4,
).map("".join)
YEARS = st.integers(1990, 1996)


@given(
    table=st.lists(st.tuples(TITLES, st.none() | YEARS), max_size=8),
    movies=st.lists(st.tuples(TITLES, st.none() | YEARS), max_size=5),
)
def test_no_row_matches_a_movie_whose_year_is_further_than_one_away(table, movies):
    years = {f"trailer{number:04}": year for number, (_, year) in enumerate(table)}
    titles = [title if year is None else f"{title} ({year})" for title, year in table]
    found = matched(titles, *movies)
    assert not found.trailers.keys() & set(found.ambiguous)
    for movie, matches in found.trailers.items():
        year = movies[int(movie) - 1][1]
        for match in matches:
            assert match.match in WAYS
            if year is None:
                assert match.match == "title alone"
            else:
                own_year = years[match.youtube]
                assert own_year is not None
                assert abs(year - own_year) == int("a year apart" in match.match)


def test_the_script_writes_what_find_trailer_reads(tmp_path):
    movies = pd.DataFrame(
        {
            "movie": ["a", "b", "267", "c"],
            "title": ["Toy Story", "The City of Lost Children", "unknown", "Nobody's Film"],
            "year": pd.array([1995, None, None, 1995], dtype="Int64"),
            "status": ["ok", "ok", "unknown", "ok"],
        }
    )
    movies.to_parquet(tmp_path / "movies.parquet")
    table = tmp_path / "table.csv"
    table.write_text(CSV + "AAAAAAAAAAA,2,Unknown (2011)\n", encoding="utf-8")
    output = tmp_path / "results" / "trailers.json"
    command = [sys.executable, "scripts/match_trailer_table.py", "--movies", str(tmp_path / "movies.parquet")]
    options = ["--downloads", str(tmp_path), "--output", str(output), "--table", str(table)]
    subprocess.run([*command, *options], cwd=ROOT, check=True)
    document = json.loads(output.read_text(encoding="utf-8"))
    assert document["trailers"] == {
        "a": [{"youtube": "K26_sDKnvMU", "title": "Toy Story (1995)", "match": "title and year"}],
        "b": [{"youtube": "rEzm-fHAM40", "title": ROWS[1].title, "match": "title alone"}],
    }
    about = document["about"]
    assert about.pop("licence").startswith("CC BY 4.0; cite ")
    assert about == {
        "source": f"{table}, given by the user",
        "sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
        "rows": 3,
        "bad_ids": 1,
        "movies": 4,
        "matched": 2,
        "matched_by": {"title and year": 1, "title alone": 1},
        "ambiguous": 0,
    }


def test_the_real_table_serves_nearly_all_of_movielens_100k(shared_data):
    """Figures of benchmarks/trailer_table.py; a join that finds fewer or errs more is worse."""
    items = pd.read_parquet(shared_data / "movie_ids.parquet")
    known = dict(zip(items["item_id"].astype(str), items["youtube_id"], strict=True))
    movies = [
        Movie(str(item.item_id), item.title.rpartition(" (")[0], int(item.year))
        for item in items.dropna(subset="year").itertuples()
    ]
    table = read_trailer_table(shared_data / "ml20m_youtube_trailers.parquet")
    trailers = match_trailers(table.rows, movies).trailers
    same = sum(found[0].youtube == known[movie] for movie, found in trailers.items())
    other = sum(found[0].youtube != known[movie] for movie, found in trailers.items() if known[movie])
    assert len(trailers) >= 1626
    assert same >= 1617
    assert other <= 1
