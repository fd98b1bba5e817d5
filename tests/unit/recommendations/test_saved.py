"""Saved rankers: what is read is what was written, and whatever was changed is refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256
from trailerflow.recommendations.questions import Question
from trailerflow.recommendations.rankers.ease import Ease, Weights
from trailerflow.recommendations.rankers.histories import NO_HISTORY
from trailerflow.recommendations.rankers.popularity import Popularity
from trailerflow.recommendations.saved import RANKER, load_ranker, save_ranker
from unit.recommendations.frames import coded_ratings, random_ratings

ABOUT = {
    "name": "mine",
    "kind": "ease",
    "settings": {"penalty": 2.0},
    "users": 12,
    "films": 10,
    "ratings": 72,
}
TRAIN = random_ratings()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "mine"
    save_ranker(Ease({"penalty": 2.0}).fit(TRAIN, TRAIN.head(0), {}), ABOUT, path)
    return path


def edited(folder: Path, **changed: object) -> None:
    document = json.loads((folder / RANKER).read_text())
    (folder / RANKER).write_text(json.dumps(document | changed))


def test_a_ranker_is_read_as_it_was_saved(folder: Path) -> None:
    kind, fitted, about = load_ranker(folder)
    assert kind is Ease and isinstance(fitted, Weights)
    assert about == ABOUT
    more = coded_ratings([("me", "m1", 5, 1), ("me", "m2", 4, 2)])
    asked = [Question(0, "me", 3, NO_HISTORY, np.arange(10))]
    (own,) = fitted.fold_in(more).score(asked)
    (expected,) = Ease({"penalty": 2.0}).fit(TRAIN, TRAIN.head(0), {}).fold_in(more).score(asked)
    np.testing.assert_array_equal(own.scores, expected.scores)


def test_saving_again_replaces_an_earlier_ranker_and_nothing_else(folder: Path) -> None:
    save_ranker(Ease().fit(TRAIN, TRAIN.head(0), {}), ABOUT | {"name": "other"}, folder)
    assert load_ranker(folder).about["name"] == "other"
    other = folder.parent / "own"
    other.mkdir()
    (other / "letter.txt").write_text("Dear")
    with pytest.raises(TrailerflowError, match="holds something else than an earlier ranker"):
        save_ranker(Ease().fit(TRAIN, TRAIN.head(0), {}), ABOUT, other)
    assert (other / "letter.txt").read_text() == "Dear"


def test_a_ranker_that_learns_of_nobody_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(TrailerflowError, match="cannot be saved"):
        save_ranker(Popularity().fit(TRAIN, TRAIN.head(0), {}), ABOUT, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_folder_without_a_ranker_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(TrailerflowError, match=r"ranker\.json is missing; .* snakemake saved_rankers"):
        load_ranker(tmp_path / "none")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"form": 99}, "holds a ranker of form 99, and this version reads form 1"),
        ({"kind": "nothing"}, "nothing is none of"),
        ({"kind": "popularity"}, "popularity is not saved"),
        ({"kind": ["ease"]}, "kind is missing or no str"),
        ({"settings": {"penalty": -1.0}}, "penalty is -1.0"),
        ({"files": {}}, "it names 0 files"),
        ({"files": {"../ease.npz": "0"}}, "is no name of a file"),
        ({"files": {"other.npz": "0"}}, "No such file"),
    ],
)
def test_a_description_that_was_changed_is_refused(
    folder: Path, changed: dict[str, object], said: str
) -> None:
    edited(folder, **changed)
    with pytest.raises(TrailerflowError, match=said):
        load_ranker(folder)


def test_a_file_that_was_changed_is_not_read(folder: Path) -> None:
    path = folder / "ease.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(TrailerflowError, match="was changed after it was saved"):
        load_ranker(folder)
    edited(folder, files={"ease.npz": file_sha256(path)})
    with pytest.raises(TrailerflowError, match="cannot be read"):
        load_ranker(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000])
def test_a_description_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / RANKER).write_text(text)
    with pytest.raises(TrailerflowError, match="cannot be used"):
        load_ranker(folder)
