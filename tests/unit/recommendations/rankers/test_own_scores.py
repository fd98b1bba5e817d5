"""Scores from a user's file, and the candidates as they are shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.protocols.contract import CATALOGUE
from trailerflow.recommendations.rankers import own_scores
from trailerflow.recommendations.rankers.contract import Ranker
from trailerflow.recommendations.rankers.echo import Echo
from trailerflow.recommendations.rankers.own_scores import OwnScores
from unit.recommendations.rankers.contract_suite import (
    FILMS,
    KNOWN,
    NEW_USER,
    RankerContract,
    answers,
    questions,
    values,
)


def ranker_of(folder: Path, rows: str, missing: str = "absent") -> OwnScores:
    path = folder / "mine.csv"
    path.write_text("user,movie,score\n" + rows, encoding="utf-8")
    return OwnScores({"file": str(path), "missing": missing})


def test_a_question_with_a_film_without_a_score_is_absent_and_never_zero(tmp_path: Path) -> None:
    whole = "".join(f"u0,{film},{place}\n" for place, film in enumerate(FILMS))
    ranker = ranker_of(tmp_path, f"{whole}u1,m1,2.5\nu1,m2,nan\nu1,m3,\nu1,another,9\n")
    asked = questions(users=["u0", "u1", "u2", NEW_USER])
    complete, *lacking = answers(ranker.fit(KNOWN, KNOWN.head(0), {}), asked).values()
    assert complete.scores.tolist() == list(range(len(FILMS)))
    assert set(complete.told["status"]) == {"ok"}
    for scores in lacking:
        assert np.isnan(scores.scores).all()
        assert set(scores.told["status"]) == {"absent"}
    assert ranker.about()["notes"] == [
        "mine.csv has no score of 2 users, the first u2.",
        "mine.csv has no score, or NaN, of some films of 1 questions, the first film m0 of user u1; these questions are in no "
        "figure. The setting missing: last puts such films last.",
    ]


def test_films_without_a_score_may_stand_last(tmp_path: Path) -> None:
    ranker = ranker_of(tmp_path, "u1,m1,2.5\nu1,m2,nan\nu1,m3,1\nu2,m1,\n", missing="last")
    asked = questions(users=["u1", "u2", NEW_USER])
    own, *others = answers(ranker.fit(KNOWN, KNOWN.head(0), {}), asked).values()
    scores = dict(zip(FILMS, own.scores, strict=True))
    assert [scores[film] for film in ("m1", "m3", "m2", "m4")] == [2.5, 1, 0, 0]
    assert all(np.isnan(each.scores).all() for each in others)


def test_a_file_with_all_scores_has_nothing_to_tell(tmp_path: Path) -> None:
    ranker = ranker_of(tmp_path, "".join(f"u0,{film},1\n" for film in FILMS))
    list(ranker.fit(KNOWN, KNOWN.head(0), {}).score(questions(users=["u0"])))
    assert ranker.about() == {"notes": []}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("u1,m1,good\n", r"mine\.csv, row 2: the score 'good' is no finite number"),
        ("u1,m1,1\nu1,m2,inf\n", r"row 3: the score 'inf' is no finite number"),
        (
            "u1,m1,1\nu1,m2,1\nu1,m1,2\n",
            "1 scores of a film by a user that stand there twice, the first of user u1 and film m1",
        ),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    with pytest.raises(TrailerflowError, match=why):
        ranker_of(tmp_path, rows).fit(KNOWN, KNOWN.head(0), {})


def test_a_file_that_is_missing_unnamed_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TrailerflowError, match="needs its setting file"):
        OwnScores()
    with pytest.raises(TrailerflowError, match=r"gone\.csv is missing"):
        OwnScores({"file": str(tmp_path / "gone.csv")}).fit(KNOWN, KNOWN, {})
    monkeypatch.setattr(own_scores, "MOST_BYTES", 5)
    with pytest.raises(
        TrailerflowError, match="is larger than 5 bytes; take the best films of each user alone"
    ):
        ranker_of(tmp_path, "u1,m1,1\n").fit(KNOWN, KNOWN, {})


class TestOwnScores(RankerContract):
    @pytest.fixture
    def ranker(self, tmp_path: Path) -> Ranker:
        rows = (
            f"u{user},{film},{user * place % 7}\n"
            for user in range(11)
            for place, film in enumerate(FILMS[1:])
        )
        return ranker_of(tmp_path, "".join(rows))


class TestEcho(RankerContract):
    @pytest.fixture
    def ranker(self) -> Ranker:
        return Echo()

    def test_a_film_has_one_score_whether_listed_or_of_the_catalogue(self, fitted):
        """Not here: its place is its score, so that the films of a catalogue are in a falling order."""
        for scores in values(fitted, questions(rule=CATALOGUE)).values():
            assert (np.diff(scores) == -1).all()
