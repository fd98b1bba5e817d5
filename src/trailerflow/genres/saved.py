"""A fitted system on disk: what it reads, its operating points, and what its class wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json
from trailerflow.genre_names import GENRES
from trailerflow.genres.calibration import Calibration
from trailerflow.genres.decisions import OperatingPoints, decide_new
from trailerflow.genres.films import Floats, Reads
from trailerflow.genres.job import Gathered, ask
from trailerflow.genres.predictions import Tables
from trailerflow.genres.systems import REGISTER, SYSTEMS
from trailerflow.genres.systems.contract import Surroundings, System
from trailerflow.genres.thresholds import Thresholds
from trailerflow.registers import chosen_class
from trailerflow.saved_folders import replacing_folder

SYSTEM = "system.json"
FORM = 2
"""Form of a saved system; one of another form is refused."""


@dataclass(frozen=True)
class Saved:
    """A system that was saved.

    Attributes:
        system: Ready to predict.
        points: Its operating points; None where it decides by itself.
    """

    system: System
    points: OperatingPoints | None


def save_system(system: System | None, points: OperatingPoints | None, folder: Path) -> None:
    """Write a fitted system in one step; a system that was saved into the folder before is replaced.

    Args:
        system: What to save; None leaves the folder empty, for a job that had too little to learn from.
        points: Its operating points; None where it decides by itself.
        folder: Folder to write.

    Raises:
        TrailerflowError: The folder holds something else.
    """
    with replacing_folder(folder, SYSTEM, "system") as part:
        if system is not None:
            system.save(part)
            write_json(part / SYSTEM, _document(system, points))


def load_system(folder: Path, surroundings: Surroundings) -> Saved:
    """Read a saved system.

    Raises:
        TrailerflowError: There is none, it is damaged, or it was saved by another version.
    """
    path = folder / SYSTEM
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        form = document["form"]
    except FileNotFoundError:
        raise TrailerflowError(
            f"{folder} holds no saved genre system: {SYSTEM} is missing; train one first."
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise TrailerflowError(f"{path} is damaged ({error}); train the system again.") from None
    if form != FORM:
        raise TrailerflowError(
            f"{folder} holds a genre system of form {form}, and this version reads form {FORM}; train it again."
        )
    try:
        kind, name = document["kind"], str(document["name"])
        said = document["reads"]
        reads = Reads(
            tuple(said["texts"]), tuple(said["vectors"]), tuple(said["predictions"]), bool(said["validation"])
        )
        points = _points(document["points"])
    except (TypeError, ValueError, KeyError) as error:
        raise TrailerflowError(f"{path} is damaged ({error}); train the system again.") from None
    if kind not in SYSTEMS:
        raise TrailerflowError(
            f"{folder} holds a genre system of kind {kind!r}, which is none of {', '.join(SYSTEMS)}; train one of these."
        )
    return Saved(chosen_class(REGISTER, kind).load(folder, name, reads, surroundings), points)


def predict_films(saved: Saved, gathered: Gathered, movies: Sequence[str], part: str) -> Tables:
    """Predict films by a system that is ready to.

    Args:
        saved: The system, with its operating points.
        gathered: What there is to read of the films.
        movies: Ids of all films, in the order of the tables.
        part: What the predictions are of: `trailerflow.genres.predictions.NEW` or ``ALL``.
    """
    tables = ask(saved.system, gathered, movies, part)
    if saved.points is None:
        return tables
    return Tables(decide_new(tables.predictions, saved.points), tables.films)


def _document(system: System, points: OperatingPoints | None) -> dict[str, Any]:
    return {
        "form": FORM,
        "kind": system.kind,
        "name": system.name,
        "reads": asdict(system.reads),
        "points": points and _points_document(points),
    }


def _points_document(points: OperatingPoints) -> dict[str, Any]:
    calibration, thresholds = points.calibration, points.thresholds
    return {
        "calibration": calibration
        and {"slopes": _by_genre(calibration.slopes), "offsets": _by_genre(calibration.offsets)},
        "global": thresholds.shared,
        "per_genre": _by_genre(thresholds.per_genre),
    }


def _points(document: dict[str, Any] | None) -> OperatingPoints | None:
    if document is None:
        return None
    curves = document["calibration"]
    calibration = curves and Calibration(_of_genres(curves["slopes"]), _of_genres(curves["offsets"]))
    return OperatingPoints(
        calibration, Thresholds(float(document["global"]), _of_genres(document["per_genre"]))
    )


def _by_genre(values: Floats) -> dict[str, float]:
    return dict(zip(GENRES, values.tolist(), strict=True))


def _of_genres(values: dict[str, float]) -> Floats:
    return np.array([float(values[genre]) for genre in GENRES])
