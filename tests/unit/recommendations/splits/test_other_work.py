"""The splits of other work: what is history, what is asked, and the sets of the report found again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailerflow.catalogue.frames import read_archive
from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.protocols.contract import Settings
from trailerflow.recommendations.splits.archive_folds import ArchiveFolds
from trailerflow.recommendations.splits.coding import as_released
from trailerflow.recommendations.splits.contract import TEST, TIES_BY_ID, Part, Split
from trailerflow.recommendations.splits.leave_one_out import five_core
from trailerflow.recommendations.splits.llamarec import LlamaRec
from trailerflow.recommendations.splits.llmrank import LlmRank
from trailerflow.recommendations.splits.paper import Paper
from trailerflow.recommendations.splits.report import Report
from unit.recommendations.frames import ratings_of

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[5] / "shared" / "data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="../shared/data is absent: no real archives to read"
)

NO_MOVIES = pd.DataFrame({"movie": []}, dtype=str)
Row = tuple[str, str, float, int]

PUBLISHED = {
    196: [580, 257, 13, 173, 110], 186: [288, 258, 1083, 12, 269], 22: [932, 688, 926, 405, 998],
    244: [732, 468, 235, 144, 121], 166: [294, 748, 346, 286, 687], 298: [742, 679, 275, 91, 276],
    115: [237, 69, 596, 969, 496], 62: [569, 1028, 271, 931, 924], 286: [229, 401, 325, 790, 455],
    200: [982, 48, 235, 1028, 934], 210: [230, 926, 662, 243, 763], 224: [92, 980, 715, 544, 991],
    303: [398, 145, 63, 1086, 363], 122: [214, 1268, 69, 57, 11], 194: [582, 756, 1206, 67, 228],
    234: [12, 243, 403, 557, 874], 119: [755, 916, 294, 410, 931],
}  # fmt: skip
"""Figure 4.9 of the report: by user the candidates in their true order."""


def released(rows: Iterable[Row], folds: list[int] | None = None) -> pd.DataFrame:
    """Ratings in this order, as an archive has them."""
    frame = ratings_of(list(rows))
    return as_released(frame.assign(fold=folds or 0).astype({"fold": "int8"}))


def parts_of(split: Split, ratings: pd.DataFrame, *, tie_seeds: int = 1) -> list[Part]:
    common = Settings(held_out=2, history=1, llm_users=5, seed=3, tie_seeds=tie_seeds)
    return list(split.split(ratings, NO_MOVIES, common))


def films(frame: pd.DataFrame, user: str = "u") -> list[str]:
    return frame.loc[frame["user"] == user, "movie"].astype(str).tolist()


def test_the_report_takes_the_ends_of_a_stable_order_where_there_is_no_file() -> None:
    """Films 0 to 9 are rated 5, the others 3; films of one rating stay in the archive's order, whatever their times."""
    rows = [("u", str(film), 5.0 if film < 10 else 3.0, 100 - film) for film in range(22)]
    (part,) = parts_of(Report(), released([*rows, ("v", "1", 3.0, 1)]))
    (asked,) = part.asked
    assert films(asked.truth) == ["17", "18", "19", "20", "21"]
    assert sorted(films(part.train), key=int) == [str(film) for film in range(17)]
    assert films(part.train, "v") == ["1"]
    assert asked.questions["timestamp"].tolist() == [100]  # after all that is known
    assert part.notes[0] == "Users with 20 ratings or more: 1 of 2."
    assert "gives 305 of the report's 943 sets" in part.notes[1]
    (part,) = parts_of(Report({"training": "history"}), released([*rows, ("v", "1", 3.0, 1)]))
    assert sorted(films(part.train), key=int) == [str(film) for film in range(15)]
    assert films(part.train, "v") == []


def sets_in(folder: Path, document: object) -> Report:
    path = folder / "sets.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return Report({"file": str(path)})


ROWS = [("u", str(film), 3.0, film) for film in range(25)]
HIST, CAND = list(range(15)), [20, 24, 22, 21, 23]


def test_the_report_takes_the_sets_of_a_file(tmp_path: Path) -> None:
    (part,) = parts_of(sets_in(tmp_path, {"hist": {"u": HIST}, "cand": {"u": CAND}}), released(ROWS))
    (asked,) = part.asked
    assert films(asked.truth) == ["20", "24", "22", "21", "23"]
    assert films(asked.candidates) == ["20", "21", "22", "23", "24"]  # shown by id
    assert films(part.train) == [str(film) for film in range(20)]
    assert part.notes[1].startswith("The candidate sets are those of sets.json, sha256 ")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "must hold hist and cand"),
        ({"hist": {"u": HIST}}, "must hold hist and cand"),
        ({"hist": {"u": HIST}, "cand": {"v": CAND}}, "for the same users"),
        ({"hist": {"u": HIST}, "cand": {"u": 5}}, "must hold hist and cand"),
        ({"hist": {"u": HIST}, "cand": {"u": CAND[:4]}}, "cand must have 5 films of each user, each once"),
        ({"hist": {"u": HIST}, "cand": {"u": [20, 20, 21, 22, 23]}}, "cand must have 5 films"),
        (
            {"hist": {"u": HIST}, "cand": {"u": [*CAND[:4], 99]}},
            "cand has the film 99 of user u, which the archive has no",
        ),
        ({"hist": {"u": HIST}, "cand": {"u": [*CAND[:4], {"a": 1}]}}, "which the archive has no"),
        (
            {"hist": {"u": HIST}, "cand": {"u": [*CAND[:4], 3]}},
            "the film 3 of user u stands in hist and in cand",
        ),
    ],
)
def test_a_faulty_file_of_sets_is_refused(tmp_path: Path, document: object, why: str) -> None:
    with pytest.raises(TrailerflowError, match=why):
        parts_of(sets_in(tmp_path, document), released(ROWS))


def test_a_file_of_sets_that_is_no_json_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sets.json"
    for content in (None, "{"):
        if content:
            path.write_text(content)
        with pytest.raises(
            TrailerflowError, match=r"sets\.json, the file of candidate sets, cannot be read: "
        ):
            parts_of(Report({"file": str(path)}), released(ROWS))


@needs_data
def test_the_reports_published_lists_are_found_again() -> None:
    ratings = as_released(read_archive(DATA / "ml-100k.zip").released)
    (part,) = parts_of(Report({"file": str(DATA / "seed_split.json")}), ratings)
    truth = part.asked[0].truth
    assert len(truth) == 943 * 5
    for user, expected in PUBLISHED.items():
        assert films(truth, str(user)) == [str(film) for film in expected]
    (stable,) = parts_of(Report(), ratings)
    sets = [
        {user: frozenset(own["movie"]) for user, own in each.asked[0].truth.groupby("user", observed=True)}
        for each in (part, stable)
    ]
    assert sum(sets[0][user] == sets[1][user] for user in sets[0]) == 305


def test_the_papers_candidates_follow_the_15_best_the_newest_first() -> None:
    """User u: film n has the time n; 15 films rated 5 are the history, and of the next five the last is rated 2."""
    rows = [("u", str(film), 5.0, film) for film in range(1, 17)]
    rows += [("u", "20", 4.0, 20), ("u", "21", 4.0, 21), ("u", "22", 3.0, 22), ("u", "23", 2.0, 23)]
    rows += [("v", film, rating, time) for _, film, rating, time in rows[:17]]  # two candidates are too few
    (part,) = parts_of(Paper(), released(rows))
    released_order, shuffled = part.asked
    assert [asked.protocol for asked in part.asked] == ["paper_as_released", "paper_shuffled"]
    assert films(released_order.truth) == ["1", "21", "20", "22"]
    assert films(released_order.candidates) == films(released_order.truth)
    assert films(shuffled.truth) == films(released_order.truth)
    assert sorted(films(shuffled.candidates)) == sorted(films(released_order.truth))
    assert len(films(part.train, "v")) == 17
    assert part.notes == ("Users with 15 best films and 3 or more of the next 5 rated 3 or more: 1 of 2.",)


def test_the_papers_candidates_are_shuffled_for_each_user() -> None:
    rows = [(f"u{user}", str(film), 4.0, film) for user in range(60) for film in range(20)]
    (part,) = parts_of(Paper(), released(rows))
    shown, true = (part.asked[1].candidates, part.asked[1].truth)
    firsts = [films(shown, f"u{user}").index(films(true, f"u{user}")[0]) for user in range(60)]
    assert {0, 1, 2, 3, 4} == set(firsts)


def test_five_core_is_repeated_until_it_holds() -> None:
    """Film x has five ratings until user w, who has four films, is gone."""
    rows = [(user, film, 3.0, 1) for user in "abcde" for film in "12345"]
    rows += [("w", film, 3.0, 1) for film in "123x"] + [(user, "x", 3.0, 1) for user in "abcd"]
    left = five_core(released(rows))
    assert sorted(left["movie"].cat.categories) == list("12345")
    assert sorted(left["user"].cat.categories) == list("abcde")
    assert len(left) == 25


def test_leave_one_out_over_the_catalogue_and_among_20() -> None:
    rows = [(f"u{user}", str(film), 3.0, film) for user in range(5) for film in range(6)]
    rows += [("u0", "rare", 3.0, 9)]
    parts = parts_of(LlamaRec({"blocks": 1, "tie_seeds": 2, "ties_by_id": True}), released(rows))
    assert [(part.part, part.seed) for part in parts] == [
        (name, seed) for seed in (0, 1, TIES_BY_ID) for name in ("block_1", TEST)
    ]
    block, test = parts[:2]
    assert set(block.asked[0].truth["movie"]) == {"4"}
    assert set(test.asked[0].truth["movie"]) == {"5"}
    assert set(test.validation["movie"]) == {"4"}
    assert test.asked[0].candidates["movie"].tolist() == ["0", "1", "2", "3", "4", "5"]
    assert test.notes == ("Users, films and ratings with 5 ratings or more each: 5, 6 and 30.",)
    (listed,) = parts_of(LlmRank({"blocks": 0}), released(rows))
    assert films(listed.asked[0].candidates, "u1") == ["5"]  # nothing else is unrated here


@needs_data
def test_the_five_core_of_llamarec_is_the_published_one() -> None:
    core = five_core(as_released(read_archive(DATA / "ml-latest-small.zip").released))
    assert (core["user"].nunique(), core["movie"].nunique(), len(core)) == (610, 3650, 90_274)


def test_the_archives_own_folds() -> None:
    rows = [("u", "1", 3.0, 1), ("u", "2", 4.0, 2), ("u", "3", 5.0, 3), ("v", "1", 3.0, 4)]
    parts = parts_of(ArchiveFolds(), released(rows, [1, 1, 2, 2]))
    assert [(part.fold, films(part.train), films(part.train, "v")) for part in parts] == [
        (1, ["3"], ["1"]),
        (2, ["1", "2"], []),
    ]
    order, full = parts[0].asked
    assert (order.protocol, full.protocol) == ("order", "full")
    assert order.questions["timestamp"].tolist() == [3]  # the history is known, though it came later
    assert parts[1].asked[0].questions["timestamp"].tolist() == [2, 4]
    assert parts[0].notes == ("u1: 2 ratings train, 2 of 1 users are the test.",)
    with pytest.raises(TrailerflowError, match="needs an archive with its own folds u1 to u5"):
        parts_of(ArchiveFolds(), released(rows))


def test_released_ratings_keep_their_order_and_ids() -> None:
    rows = [("2", "10", 3.0, 9), ("1", "9", 4.0, 1), ("2", "9", 1.0, 3), ("2", "10", 5.0, 9)]
    ratings = released(rows, [1, 2, 3, 4])
    assert ratings.astype({"user": str, "movie": str}).values.tolist() == [
        ["1", "9", 4, 1, 2], ["2", "9", 1, 3, 3], ["2", "10", 5, 9, 4],
    ]  # fmt: skip
    assert list(ratings["movie"].cat.categories) == ["9", "10"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.integers(1, 30).map(str),
            st.integers(1, 5).map(float),
            st.integers(1, 4),
        ),
        min_size=30,
        unique_by=lambda row: row[:2],
    )
)
@settings(max_examples=8, deadline=None)
def test_no_rating_is_on_both_sides(rows: list[Row]) -> None:
    folds = [number % 5 + 1 for number in range(len(rows))]
    for split in (Report(), Paper(), LlamaRec(), LlmRank(), ArchiveFolds()):
        for part in parts_of(split, released(rows, folds)):
            known = set(zip(part.train["user"], part.train["movie"], strict=True))
            for asked in part.asked:
                truth = set(zip(asked.truth["user"], asked.truth["movie"], strict=True))
                assert not truth & known
                assert len(truth) == len(asked.truth)
                assert truth <= {row[:2] for row in rows}
                assert set(asked.truth["user"]) == set(asked.questions["user"])
