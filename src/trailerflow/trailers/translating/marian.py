"""Translation by a Marian model in CTranslate2's form: OPUS-MT's and what was made alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.files import file_sha256
from trailerflow.models.translating import MARIAN_FILES
from trailerflow.text import sentences

MOST_PIECES = 200
"""Sentencepiece pieces of one input: the models see 512 at most and know sentences, while a recogniser that writes no
full stops gives one of any length."""

_BEAM = 4
_END = "</s>"


def translate(text: str, folder: Path) -> str:
    """Translate a text sentence by sentence, on one thread of the CPU.

    Args:
        text: Cleaned text in the language that the model reads.
        folder: `MARIAN_FILES`, as ``ct2-opus-mt-converter`` or ``ct2-transformers-converter --copy_files source.spm
            target.spm`` make it.

    Raises:
        TrailerflowError: sentencepiece is not installed, or the model cannot be loaded.
    """
    reader, writer, model = _load(folder)
    end = [] if _adds_end(folder) else [_END]
    inputs = [[*pieces, *end] for pieces in _inputs(text, reader)]
    results = model.translate_batch(
        inputs, beam_size=_BEAM, max_decoding_length=2 * MOST_PIECES, max_batch_size=8
    )
    return " ".join(writer.decode(result.hypotheses[0]) for result in results)


def about(folder: Path) -> dict[str, str]:
    """What a translation by a folder's model was made by: its name and hash, and the packages."""
    return {
        "model": folder.name,
        "model_hash": file_sha256(folder / "model.bin")[:16],
        "ctranslate2": version("ctranslate2"),
        "sentencepiece": version("sentencepiece"),
    }


def _load(folder: Path) -> tuple[Any, Any, Any]:
    """The sentencepiece processors of both sides, and the ``ctranslate2.Translator``."""
    try:
        from sentencepiece import SentencePieceProcessor
    except ImportError:
        raise TrailerflowError(
            "Translation by ctranslate2 needs the package sentencepiece; run `pip install sentencepiece` "
            "in the environment of the run."
        ) from None
    import ctranslate2

    try:
        reader, writer = (SentencePieceProcessor(model_file=str(folder / name)) for name in MARIAN_FILES[1:])
        return reader, writer, ctranslate2.Translator(str(folder), device="cpu", intra_threads=1)
    except (RuntimeError, ValueError, OSError) as error:
        raise TrailerflowError(f"CTranslate2 cannot load the translation model {folder}: {error}.") from None


def _adds_end(folder: Path) -> bool:
    """Whether the model ends each input itself: so says the converter for Marian's form, not the one for Transformers'."""
    return bool(json.loads((folder / "config.json").read_text(encoding="utf-8")).get("add_source_eos"))


def _inputs(text: str, reader: Any) -> Iterator[list[str]]:
    """The pieces of each sentence; a long one in parts."""
    for sentence in sentences(text):
        pieces = reader.encode(sentence, out_type=str)
        for start in range(0, len(pieces), MOST_PIECES):
            yield pieces[start : start + MOST_PIECES]
