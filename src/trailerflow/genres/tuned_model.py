"""The tuned encoder on disk: a folder that transformers loads, and its thresholds beside it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder import Encoder
from trailerflow.genres.tuning import Tuned

THRESHOLDS = "thresholds.json"
_SNAKEMAKES = ".snakemake_timestamp"


def save_model(tuned: Tuned, encoder: Encoder, folder: Path) -> None:
    """Write network, tokenizer and thresholds (``thresholds.json``: genre to probability) in one step.

    Args:
        tuned: What `trailerflow.genres.tuning.tune_encoder` gave; without a network the folder stays empty.
        encoder: The encoder that it was made of.
        folder: Folder to write; the model of an earlier run in it is replaced.

    Raises:
        TrailerflowError: The folder holds something else.
    """
    _earlier_files(folder)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    try:
        if tuned.network is not None:
            tuned.network.save_pretrained(part)
            encoder.tokenizer.save_pretrained(part)
            thresholds = dict(zip(GENRES, tuned.thresholds.tolist(), strict=True))
            write_json(part / THRESHOLDS, thresholds)
        for file in _earlier_files(folder):
            file.unlink()
        os.replace(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _earlier_files(folder: Path) -> list[Path]:
    """Files of the model that an earlier run wrote into a folder.

    Raises:
        TrailerflowError: It is another folder, or a link: what is in it would be lost.
    """
    if not os.path.lexists(folder):
        return []
    if folder.is_dir() and not folder.is_symlink():
        files = list(folder.iterdir())
        names = {file.name for file in files} - {_SNAKEMAKES}
        is_ours = THRESHOLDS in names or not names
        if is_ours and all(file.is_file() and not file.is_symlink() for file in files):
            return files
    raise TrailerflowError(
        f"{folder} holds something else than an earlier model, which would be lost; name another folder."
    )
