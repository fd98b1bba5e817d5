"""A user's own split in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.splits import own_split
from trailerflow.recommendations.splits.contract import Part
from trailerflow.recommendations.splits.own_split import OwnSplit
from unit.recommendations.frames import coded_ratings
from unit.recommendations.splits.test_other_work import films, parts_of

RATINGS = coded_ratings(
    [("u", "1", 3, 1), ("u", "2", 4, 2), ("u", "3", 5, 3), ("v", "1", 3, 4), ("v", "2", 1, 9)], ["7", "8"]
)


def part_of(folder: Path, rows: str) -> Part:
    path = folder / "parts.csv"
    path.write_text("user,movie,part\n" + rows, encoding="utf-8")
    (part,) = parts_of(OwnSplit({"file": str(path)}), RATINGS)
    return part


def test_the_file_says_what_trains_and_what_is_the_test(tmp_path: Path) -> None:
    part = part_of(tmp_path, "u,3,train\nu,1,test\nu,2,test\nv,1,train\n")
    order, full = part.asked
    assert (films(part.train), films(part.train, "v")) == (["3"], ["1"])
    assert order.truth["rating"].tolist() == [3, 4]
    assert order.questions.astype({"user": str}).values.tolist() == [["u", 3, "listed"]]
    assert (order.protocol, full.protocol) == ("order", "full")
    assert part.notes == (
        "parts.csv: 2 ratings train, 2 of 1 users are the test.",
        "Not used, since parts.csv does not name them: 1 ratings.",
    )


def test_candidates_of_the_file_are_shown_beside_the_test(tmp_path: Path) -> None:
    part = part_of(tmp_path, "u,7,candidate\nu,1,test\nu,8,candidate\nv,7,candidate\nu,3,train\n")
    listed = part.asked[1]
    assert (listed.protocol, listed.task) == ("listed", "find")
    assert films(listed.candidates) == ["7", "1", "8"]
    assert films(listed.candidates, "v") == []  # nobody asks about v
    assert films(listed.truth) == ["1"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            "u,1,tset\n",
            r"row 2: the part is none of train, test, candidate \(user u, film 1\); correct it. 1 rows",
        ),
        ("u,1,test\nu,1,train\n", "row 3: user and film stand in an earlier row"),
        (
            "v,3,test\nw,1,test\n",
            "row 2: the archive has no rating of this film by this user.* 2 rows are so",
        ),
        ("u,1,test\nu,2,candidate\n", "row 3: a candidate is a film that the user has not rated"),
        ("u,1,test\nu,99,candidate\n", "row 3: the archive does not have this film"),
        ("u,1,train\n", "no row with the part test"),
        ("", "no row with the part test"),
        ("u,1\n", "row 2 has 2 cells"),
    ],
)
def test_a_faulty_file_is_refused_with_the_row(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(TrailerflowError, match=why):
        part_of(tmp_path, rows)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_split, "MOST_BYTES", 10)
    with pytest.raises(TrailerflowError, match="is larger than 10 bytes; take some of the users"):
        part_of(tmp_path, "u,1,test\n")


def test_a_file_is_needed() -> None:
    with pytest.raises(TrailerflowError, match="needs its setting file"):
        OwnSplit()
