"""A split that was written is read as it was, a part at a time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_up.half_users import HalfUsers

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.split_tables import SCHEMAS, Key, SplitTables, stored_splits, write_split
from trailerflow.recommendations.splits.contract import TABLES
from unit.recommendations.frames import SETTINGS, asked_about, coded_ratings, part_of, random_ratings, stored


def test_every_part_comes_back_as_it_was(tmp_path: Path) -> None:
    parts = list(HalfUsers().split(random_ratings(), pd.DataFrame(), SETTINGS))
    tables = stored(tmp_path, *parts)
    assert tables.keys == [Key(part, fold, -1) for part in ("block", "test") for fold in (0, 1)]
    for key, part in zip(tables.keys, parts, strict=True):
        found = tables.part(key)
        for name in ("train", "validation", "known"):
            pd.testing.assert_frame_equal(getattr(found, name), getattr(part, name))
        for one, other in zip(found.asked, part.asked, strict=True):
            assert (one.protocol, one.task) == (other.protocol, other.task)
            words = {"user": object, "movie": object}
            pd.testing.assert_frame_equal(
                one.candidates.astype(words).fillna(""),
                other.candidates.astype(words).fillna(""),
                check_index_type=False,
            )
            assert one.questions["rule"].tolist() == other.questions["rule"].tolist()
            assert one.users["set"].tolist() == other.users["set"].tolist()


def test_the_number_of_candidates_is_told(tmp_path: Path) -> None:
    ratings = coded_ratings(
        [("1", film, 3, time) for time, film in enumerate("abcd")]
        + [("2", film, 3, time) for time, film in enumerate("abe")]
    )
    tables = stored(tmp_path, *HalfUsers().split(ratings, pd.DataFrame(), SETTINGS))
    questions = tables.read("questions", part="test")
    films = {(row.protocol, row.user): row.films for row in questions.itertuples()}
    # Of five films user 1 is known by two, user 2 by one.
    assert films == {("temporal", "1"): 2, ("whole", "1"): 3, ("temporal", "2"): 2, ("whole", "2"): 4}


def test_ids_are_dictionary_coded_and_each_part_is_a_row_group(tmp_path: Path) -> None:
    stored(tmp_path, *HalfUsers().split(random_ratings(), pd.DataFrame(), SETTINGS))
    assert set(SCHEMAS) == set(TABLES)
    for name in TABLES:
        file = pq.ParquetFile(tmp_path / f"{name}.parquet")
        assert str(file.schema_arrow.field("user").type).startswith("dictionary<values=string")
    assert pq.ParquetFile(tmp_path / "train.parquet").num_row_groups == 4


def test_splits_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    part = part_of(random_ratings(), asked_about(coded_ratings([("u1", "m1", 3, 1)])))
    for name in ("one", "two"):
        stored(tmp_path / name, part)
    assert list(stored_splits(sorted(tmp_path.rglob("*.parquet")))) == ["one", "two"]


def test_a_missing_and_a_damaged_table_are_told(tmp_path: Path) -> None:
    files = {name: tmp_path / f"{name}.parquet" for name in TABLES}
    write_split([part_of(random_ratings(), asked_about(coded_ratings([("u1", "m1", 3, 1)])))], files)
    files["questions"].write_bytes(b"PAR1 half")
    with pytest.raises(TrailerflowError, match=r"questions\.parquet cannot be read as a table"):
        SplitTables(files.values())
    files["questions"].unlink()
    with pytest.raises(TrailerflowError, match=r"questions\.parquet is missing; run snakemake"):
        SplitTables(files.values())


def test_a_split_without_parts_leaves_tables_without_rows(tmp_path: Path) -> None:
    assert stored(tmp_path).keys == []
