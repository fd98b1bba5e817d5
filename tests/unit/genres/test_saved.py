"""A saved system replaces an earlier one and removes nothing else; one that cannot be used is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.calibration import Calibration
from trailerflow.genres.decisions import OperatingPoints
from trailerflow.genres.films import NO_FILMS, Films, Reads, Training
from trailerflow.genres.job import gather
from trailerflow.genres.predictions import NEW, as_matrix
from trailerflow.genres.saved import load_system, predict_films, save_system
from trailerflow.genres.systems import SYSTEMS
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.thresholds import Thresholds
from unit.genres.made_up_system import MadeUpSystem

POINTS = OperatingPoints(None, Thresholds(0.55, np.full(len(GENRES), 0.5)))
NOBODY = Surroundings(lambda settings: pytest.fail("a model was asked"))


class FullDisk(MadeUpSystem):
    def save(self, folder: Path) -> None:
        super().save(folder)
        raise OSError("full")


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SYSTEMS, "made_up", "unit.genres.made_up_system:MadeUpSystem")


def system(kind: type[MadeUpSystem] = MadeUpSystem) -> MadeUpSystem:
    made = kind("mine", Reads(texts=("transcript",)))
    films = Films(["1", "2"], {"transcript": ["a", "b"]}, np.array([[True] * 18, [False] * 17 + [True]]))
    made.fit(Training(films), NO_FILMS)
    return made


def save(
    folder: Path, *, fitted: bool = True, full_disk: bool = False, points: OperatingPoints = POINTS
) -> None:
    made = system(FullDisk if full_disk else MadeUpSystem) if fitted else None
    save_system(made, points, folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


WHOLE = ["frequency.npz", "system.json"]


def test_a_model_replaces_an_earlier_one(tmp_path):
    folder = tmp_path / "results/model"
    save(folder)
    assert names(folder) == WHOLE
    (folder / "old.txt").touch()
    (folder / ".snakemake_timestamp").touch()
    save(folder)
    assert names(folder) == WHOLE
    save(folder, fitted=False)
    assert names(folder) == []
    (folder / ".snakemake_timestamp").touch()
    save(folder)
    assert names(folder) == WHOLE
    assert names(folder.parent) == ["model"]


def test_a_fault_keeps_the_earlier_model(tmp_path):
    save(tmp_path / "model")
    (tmp_path / "model/system.json").write_text("old")
    with pytest.raises(OSError, match="full"):
        save(tmp_path / "model", full_disk=True)
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model/system.json").read_text() == "old"


def a_file(folder: Path) -> None:
    folder.write_text("mine")


def another_folder(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")


def a_model_and_a_folder(folder: Path) -> None:
    save(folder)
    (folder / "mine").mkdir()


def a_model_and_a_link(folder: Path) -> None:
    save(folder)
    (folder / "mine").symlink_to("/etc/passwd")


def a_link_to_a_model(folder: Path) -> None:
    save(folder.with_name("other"))
    folder.symlink_to("other")


def a_link_to_nothing(folder: Path) -> None:
    folder.symlink_to("nowhere")


@pytest.mark.parametrize(
    "make",
    [a_file, another_folder, a_model_and_a_folder, a_model_and_a_link, a_link_to_a_model, a_link_to_nothing],
)
def test_what_no_earlier_run_wrote_stays_and_is_told(tmp_path, make):
    folder = tmp_path / "model"
    make(folder)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TrailerflowError) as caught:
        save(folder)
    assert str(caught.value) == (
        f"{folder} holds something else than an earlier system, which would be lost; name another folder."
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_new_films_are_predicted_at_both_saved_operating_points(tmp_path):
    save(tmp_path / "saved")
    loaded = load_system(tmp_path / "saved", NOBODY)
    movies = pd.DataFrame({"movie": ["8", "9"], "title": ["A", "B"]})
    texts = pd.DataFrame(
        {"movie": ["8", "9"], "status": ["ok", "absent"], "reason": [None, "silent"], "text": ["x", None]}
    )
    gathered = gather(movies, {"transcript": texts}, loaded.system.reads)
    tables = predict_films(loaded, gathered, ["8", "9"], NEW)
    rows = tables.predictions
    assert set(rows["part"]) == {NEW}
    assert list(tables.films["status"]) == ["ok", "absent"]
    # Half of the two films have each genre but the last, which both have: the logistic of .5 and of 1.
    own = rows[rows["movie"] == "8"]
    assert own["probability"].round(3).tolist() == [0.622] * 17 + [0.731]
    assert own["predicted_global"].all() and own["predicted_per_genre"].all()
    assert rows.loc[rows["movie"] == "9", "predicted_global"].isna().all()
    higher = json.loads((tmp_path / "saved/system.json").read_text())
    higher["points"]["global"] = 0.7
    (tmp_path / "saved/system.json").write_text(json.dumps(higher))
    again = predict_films(load_system(tmp_path / "saved", NOBODY), gathered, ["8", "9"], NEW).predictions
    assert as_matrix(again[again["movie"] == "8"], "predicted_global").loc["8"].tolist() == [False] * 17 + [
        True
    ]


def test_the_curves_of_a_calibration_are_saved(tmp_path):
    slopes, offsets = np.linspace(1, 2, len(GENRES)), np.linspace(-3, 0, len(GENRES))
    save(tmp_path / "saved", points=OperatingPoints(Calibration(slopes, offsets), POINTS.thresholds))
    loaded = load_system(tmp_path / "saved", NOBODY).points.calibration
    np.testing.assert_array_equal(loaded.slopes, slopes)
    np.testing.assert_array_equal(loaded.offsets, offsets)


def damaged(folder: Path, **changes: object) -> str:
    """The sentence about a saved system of which some facts are others; None takes a fact away."""
    save(folder)
    document = json.loads((folder / "system.json").read_text())
    for name, value in changes.items():
        document.pop(name)
        if value is not None:
            document[name] = value
    (folder / "system.json").write_text(json.dumps(document))
    with pytest.raises(TrailerflowError) as caught:
        load_system(folder, NOBODY)
    return str(caught.value)


def test_a_system_of_another_version_or_kind_is_told(tmp_path):
    folder = tmp_path / "saved"
    assert damaged(folder, form=1) == (
        f"{folder} holds a genre system of form 1, and this version reads form 2; train it again."
    )
    assert f"kind 'forest', which is none of {', '.join(SYSTEMS)}" in damaged(folder, kind="forest")


@pytest.mark.parametrize(
    "changes",
    [
        {"form": None},
        {"name": None},
        {"reads": {}},
        {"reads": 3},
        {"points": {"calibration": None, "global": 0.5}},
        {"points": "x"},
    ],
)
def test_a_damaged_system_is_told(tmp_path, changes):
    assert "system.json is damaged (" in damaged(tmp_path / "saved", **changes)


def test_what_is_no_saved_system_is_told(tmp_path):
    with pytest.raises(
        TrailerflowError, match=r"holds no saved genre system: system\.json is missing; train one first"
    ):
        load_system(tmp_path, NOBODY)
    (tmp_path / "system.json").write_text("{")
    with pytest.raises(TrailerflowError, match="is damaged"):
        load_system(tmp_path, NOBODY)
