"""The tuned encoder on disk: a folder that transformers loads, and its thresholds beside it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from trailerflow.files import write_json
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder import Encoder
from trailerflow.genres.tuning import Tuned


def save_model(tuned: Tuned, encoder: Encoder, folder: Path) -> None:
    """Write network, tokenizer and thresholds (``thresholds.json``: genre to probability) in one step.

    Args:
        tuned: What `trailerflow.genres.tuning.tune_encoder` gave; without a network the folder stays empty.
        encoder: The encoder that it was made of.
        folder: Folder to write; what it held is replaced.
    """
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    try:
        if tuned.network is not None:
            tuned.network.save_pretrained(part)
            encoder.tokenizer.save_pretrained(part)
            thresholds = dict(zip(GENRES, tuned.thresholds.tolist(), strict=True))
            write_json(part / "thresholds.json", thresholds)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
