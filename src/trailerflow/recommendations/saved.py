"""Rankers on disk: fitted once on all ratings, read again by `recommend` and by the page of a new film."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256, write_json
from trailerflow.outside import OutsideError, parse_json
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, SavedFit
from trailerflow.registers import chosen_class
from trailerflow.saved_folders import replacing_folder

RANKER = "ranker.json"
"""What a saved ranker is, beside the files that its class wrote."""

FORM = 1
"""Form of a saved ranker; one of another form is refused."""

REGISTER = "trailerflow.recommendations.register:RANKERS"

MOST_FILES = 20
MOST_BYTES = 20_000_000_000
"""Largest file that is read; EASE of 62,000 films has 15 billion."""

_FILE_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\.(npz|json|safetensors|txt)")
_MOST_ABOUT = 1_000_000


class SavedRanker(NamedTuple):
    """A ranker that was saved.

    Attributes:
        kind: Its class.
        fitted: Ready to score, and to learn of users.
        about: What `save_ranker` was told of it: name, kind, settings, users, films and ratings.
    """

    kind: type[Ranker]
    fitted: SavedFit
    about: Mapping[str, Any]


def save_ranker(fitted: Fitted, about: Mapping[str, Any], folder: Path) -> None:
    """Write a fitted ranker in one step; one that was saved into the folder before is replaced.

    Args:
        fitted: The ranker.
        about: Its name, kind and settings, and what it was fitted on: users, films and ratings.
        folder: Folder to write.

    Raises:
        TrailerflowError: The ranker cannot be saved, or the folder holds something else.
    """
    if not isinstance(fitted, SavedFit):
        raise TrailerflowError(
            f"{about['name']} is a ranker of the kind {about['kind']}, which cannot be saved; take another."
        )
    with replacing_folder(folder, RANKER, "ranker") as part:
        fitted.save(part)
        hashes = {path.name: file_sha256(path) for path in sorted(part.iterdir())}
        write_json(part / RANKER, {"form": FORM, **about, "files": hashes})


def load_ranker(folder: Path) -> SavedRanker:
    """Read a saved ranker; what was changed since it was saved is not read.

    Raises:
        TrailerflowError: There is none, it was saved by another version, or a file is missing, changed or too large.
    """
    about = _about(folder)
    _check_files(folder, about.pop("files"))
    kind: type[Ranker] = chosen_class(REGISTER, about["kind"])
    saved = kind.saved()
    if saved is None:
        raise _damaged(folder / RANKER, f"{about['kind']} is not saved")
    kind.checked(about["settings"])
    try:
        return SavedRanker(kind, saved.load(folder), about)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, str(error)) from None


def _about(folder: Path) -> dict[str, Any]:
    """What the folder says that it holds."""
    path = folder / RANKER
    try:
        if path.stat().st_size > _MOST_ABOUT:
            raise _damaged(path, f"it is larger than {_MOST_ABOUT:,} bytes")
        about = parse_json(path.read_bytes())
        form = about["form"]
    except FileNotFoundError:
        raise TrailerflowError(
            f"{folder} holds no saved ranker: {RANKER} is missing; name the ranker in recommendations.saved and run "
            "snakemake saved_rankers."
        ) from None
    except (OSError, OutsideError, TypeError, KeyError) as error:
        raise _damaged(path, str(error)) from None
    if form != FORM:
        raise TrailerflowError(
            f"{folder} holds a ranker of form {form}, and this version reads form {FORM}; run snakemake saved_rankers again."
        )
    lacking = {"name": str, "kind": str, "settings": dict, "files": dict}
    for key, form_of_key in lacking.items():
        if not isinstance(about.get(key), form_of_key):
            raise _damaged(path, f"{key} is missing or no {form_of_key.__name__}")
    del about["form"]
    return dict(about)


def _check_files(folder: Path, hashes: Mapping[str, Any]) -> None:
    """Refuse what is not as it was saved, before anything is read of it."""
    if not 0 < len(hashes) <= MOST_FILES:
        raise _damaged(folder / RANKER, f"it names {len(hashes)} files")
    for name, expected in hashes.items():
        path = folder / name
        if not _FILE_NAME.fullmatch(name):
            raise _damaged(folder / RANKER, f"{name!r} is no name of a file")
        try:
            if path.stat().st_size > MOST_BYTES:
                raise _damaged(path, f"it is larger than {MOST_BYTES:,} bytes")
            found = file_sha256(path)
        except OSError as error:
            raise _damaged(path, str(error.strerror)) from None
        if found != expected:
            raise _damaged(path, "it was changed after it was saved")


def _damaged(path: Path, why: str) -> TrailerflowError:
    return TrailerflowError(
        f"{path} cannot be used ({why}); delete the folder and run snakemake saved_rankers."
    )
