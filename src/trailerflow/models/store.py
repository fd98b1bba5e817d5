"""Where fetched models lie, and what they are; lean programs read it, so it imports the standard library alone.

Every path of a model is made here, and only of names that match a pattern.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.outside import parse_json

_PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}"

MODEL_NAME = re.compile(_PART)
FILE_NAME = re.compile(rf"{_PART}(?:/{_PART}){{0,9}}")
"""Name of a model's file below the model's folder, with the folders between them."""


def manifest_path(models_folder: Path, name: str) -> Path:
    """The manifest of a model, which is written when the model is there whole: its files with sizes and sha256.

    Raises:
        TrailerflowError: No model can have such a name.
    """
    return models_folder / f"{_checked(MODEL_NAME, name)}.json"


def file_place(models_folder: Path, name: str, file: str) -> Path:
    """Where a file of a model lies, or is to lie.

    Raises:
        TrailerflowError: No model or no file can have such a name.
    """
    return models_folder / _checked(MODEL_NAME, name) / _checked(FILE_NAME, file)


def _checked(pattern: re.Pattern[str], name: str) -> str:
    if pattern.fullmatch(name) is None:
        raise TrailerflowError(
            f"{name!r} names no model or file of a model; correct it (letters, digits, dots, hyphens and underscores, "
            "a letter or a digit first)."
        )
    return name


def read_manifest(models_folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """Files of a fetched model: name to ``{"sha256": str, "size": int}``.

    Raises:
        TrailerflowError: The model was not fetched, or a file has gone or changed its size since.
    """
    path = manifest_path(models_folder, name)
    try:
        files = _files(path.read_bytes())
    except FileNotFoundError:
        raise TrailerflowError(
            f"Model {name} is not in {models_folder}; run `make models` or snakemake to fetch it."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise TrailerflowError(f"{path} is damaged; delete it and run `make models`.") from None
    for file, facts in files.items():
        place = file_place(models_folder, name, file)
        if not place.is_file() or place.stat().st_size != facts["size"]:
            raise TrailerflowError(f"{place} is missing or cut; delete {path} and run `make models`.")
    return files


def _files(data: bytes) -> dict[str, dict[str, Any]]:
    """The files of a manifest; what is not as `trailerflow.models.fetch` writes it raises."""
    files: dict[str, dict[str, Any]] = dict(parse_json(data)["files"])
    for file, facts in files.items():
        if not (
            FILE_NAME.fullmatch(file) and isinstance(facts["sha256"], str) and type(facts["size"]) is int
        ):
            raise ValueError(file)
    return files


def model_folder(models_folder: Path, name: str) -> Path:
    """Folder with the files of a fetched model.

    Raises:
        TrailerflowError: See `read_manifest`.
    """
    read_manifest(models_folder, name)
    return models_folder / name


def model_file(models_folder: Path, name: str) -> Path:
    """The one file of a single-file model, such as a GGUF.

    Raises:
        TrailerflowError: The model has several files, or see `read_manifest`.
    """
    files = read_manifest(models_folder, name)
    if len(files) != 1:
        raise TrailerflowError(f"Model {name} has {len(files)} files, where a single file (GGUF) is needed.")
    return models_folder / name / next(iter(files))


def model_hash(models_folder: Path, name: str) -> str:
    """Hash of a fetched model, made of the hashes of its files."""
    files = read_manifest(models_folder, name)
    listing = "".join(f"{file} {files[file]['sha256']}\n" for file in sorted(files))
    return hashlib.sha256(listing.encode()).hexdigest()[:16]
