"""Where fetched models lie, and what they are: read by the lean programs, so nothing but the standard library."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from trailerflow.errors import TrailerflowError


def manifest_path(models_folder: Path, name: str) -> Path:
    """The note that a model is there whole: its files with sizes and sha256."""
    return models_folder / f"{name}.json"


def read_manifest(models_folder: Path, name: str) -> dict[str, dict[str, object]]:
    """Files of a fetched model: name to ``{"sha256": str, "size": int}``.

    Raises:
        TrailerflowError: The model was not fetched, or a file has gone or changed its size since.
    """
    path = manifest_path(models_folder, name)
    try:
        files: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        raise TrailerflowError(
            f"Model {name} is not in {models_folder}; run `make models` or snakemake to fetch it."
        ) from None
    except (ValueError, KeyError):
        raise TrailerflowError(f"{path} is damaged; delete it and run `make models`.") from None
    for file, facts in files.items():
        place = models_folder / name / file
        if not place.is_file() or place.stat().st_size != facts["size"]:
            raise TrailerflowError(f"{place} is missing or cut; delete {path} and run `make models`.")
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
