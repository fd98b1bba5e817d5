"""Texts as vectors of pre-trained sentence encoders; the vectors of texts that were read before come from a file."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing
from trailerflow.models import model_folder, model_hash
from trailerflow.text_windows import windows_of

Halves = npt.NDArray[np.float16]

TOKENS = 128
"""Longest text, in the encoder's tokens; what is longer is cut."""

BATCH = 32


class Embedder(ABC):
    """A pre-trained sentence encoder.

    Args:
        folder: Holds the files of its weights.
        threads: CPU threads that it may use.

    Attributes:
        weights: Name of its weights in the model list.
    """

    weights: ClassVar[str]

    @abstractmethod
    def __init__(self, folder: Path, threads: int) -> None: ...

    @abstractmethod
    def embed(self, texts: Sequence[str]) -> Iterable[npt.NDArray[np.float32]]:
        """The vectors of texts, one after the other, all of one shape."""


class MiniLm(Embedder):
    """all-MiniLM-L6-v2: the mean over the tokens of each of its last three layers, each of unit length, joined.

    The layers below the last one hold more of what a text is about (Jawahar, Sagot & Seddah, What Does BERT Learn about the
    Structure of Language?, ACL 2019).
    """

    weights = "all-minilm-l6-v2"

    def __init__(self, folder: Path, threads: int) -> None:
        from transformers import AutoModel, AutoTokenizer  # takes seconds
        from transformers.utils import logging

        logging.disable_progress_bar()
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._network: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval()
        except (OSError, ValueError) as error:
            raise TrailerflowError(
                f"{folder} holds no sentence encoder that can be read ({error})."
            ) from None

    def embed(self, texts: Sequence[str]) -> Iterable[npt.NDArray[np.float32]]:
        """Batches of texts of like length, so that little is filled up."""
        import torch

        for start in range(0, len(texts), BATCH):
            tokens = self._tokenizer(
                list(texts[start : start + BATCH]),
                truncation=True,
                max_length=TOKENS,
                padding=True,
                return_tensors="pt",
            )
            with torch.inference_mode():
                layers = self._network(**tokens, output_hidden_states=True).hidden_states[-3:]
                mask = tokens["attention_mask"].unsqueeze(-1)
                means = [(layer * mask).sum(1) / mask.sum(1) for layer in layers]
                joined = torch.cat([torch.nn.functional.normalize(mean) for mean in means], dim=1)
            yield from joined.numpy()


class BgeSmall(Embedder):
    """bge-small-en-v1.5 with 8-bit weights: its first token in the last layer, of unit length.

    Texts go through one by one: the steps of the 8-bit values are found on what a call is given, so a text would have
    another vector in other company.
    """

    weights = "bge-small-en-v1.5-int8"

    def __init__(self, folder: Path, threads: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options)
        except Exception as error:  # both libraries raise what they like
            raise TrailerflowError(
                f"{folder} holds no sentence encoder that can be read ({error})."
            ) from None
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.no_padding()
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._threads = threads

    def embed(self, texts: Sequence[str]) -> Iterable[npt.NDArray[np.float32]]:
        """One text a call, as many calls at a time as there are threads."""
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(self._vector, texts)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        said = self._tokenizer.encode(text)
        values = {
            "input_ids": said.ids,
            "attention_mask": said.attention_mask,
            "token_type_ids": said.type_ids,
        }
        given = {name: np.array([values[name]], dtype=np.int64) for name in self._inputs}
        first: npt.NDArray[np.float32] = self._session.run(None, given)[0][0, 0]
        unit: npt.NDArray[np.float32] = first / np.linalg.norm(first)
        return unit


EMBEDDERS: dict[str, type[Embedder]] = {"minilm": MiniLm, "bge-small": BgeSmall}
"""Name of a sentence encoder to its class."""


class TextVectors:
    """The vectors of texts by one sentence encoder; its weights are loaded where a text is met for the first time.

    Values are kept to 16 bits, in the file and out of it, so that a text has one vector wherever it comes from.

    Args:
        name: Of the sentence encoder, one of `EMBEDDERS`.
        models_folder: Where fetched models lie.
        known: File of `write_vectors`, or None.
        threads: CPU threads for texts that are new.

    Raises:
        TrailerflowError: There is no such sentence encoder, its weights were not fetched, or the file is damaged.
    """

    def __init__(self, name: str, models_folder: Path, known: Path | None = None, threads: int = 1) -> None:
        if name not in EMBEDDERS:
            raise TrailerflowError(f"{name!r} is no sentence encoder; choose one of {', '.join(EMBEDDERS)}.")
        self.name = name
        self._class = EMBEDDERS[name]
        self.weights_hash = model_hash(models_folder, self._class.weights)
        self._folder = model_folder(models_folder, self._class.weights)
        self._threads = threads
        self._embedder: Embedder | None = None
        self._vectors = {} if known is None else _read_vectors(known, self.weights_hash)

    @property
    def model(self) -> dict[str, str]:
        """Which weights they are from, for an about."""
        return {"name": self.name, "weights": self._class.weights, "hash": self.weights_hash}

    def of(self, texts: Sequence[str], advance: Callable[[], None] | None = None) -> npt.NDArray[np.float32]:
        """The vectors of n texts, one or more; ``advance`` is called after every one that is new.

        Returns:
            Shape (n, dimensions).
        """
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if new:
            self._embedder = self._embedder or self._class(self._folder, self._threads)
            by_length = sorted(new, key=lambda key: len(new[key]))
            found = self._embedder.embed([new[key] for key in by_length])
            for key, vector in zip(by_length, found, strict=True):
                self._vectors[key] = vector.astype(np.float16)
                if advance is not None:
                    advance()
        return np.stack([self._vectors[key] for key in keys]).astype(np.float32)

    def pooled(self, texts: Sequence[str], window: int | None) -> npt.NDArray[np.float32]:
        """The vectors of n texts, that of a long one being the mean of its windows', of unit length.

        Args:
            texts: One or more.
            window: Most words of a window (`trailerflow.text_windows.windows_of`); None: a text is cut.

        Returns:
            Shape (n, dimensions).
        """
        parts = [windows(text, window) for text in texts]
        found = self.of([one for part in parts for one in part])
        starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
        sums: npt.NDArray[np.float32] = np.add.reduceat(found, starts, axis=0)
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        return sums

    def count_new(self, texts: Iterable[str]) -> int:
        """How many different texts have no vector yet."""
        return len({_key(text) for text in texts} - self._vectors.keys())


def windows(text: str, window: int | None) -> tuple[str, ...]:
    """What of a text is embedded: its windows, or the whole where none are wanted."""
    return (text,) if window is None else windows_of(text, window)


def write_vectors(
    vectors: TextVectors, texts: Sequence[str], path: Path, advance: Callable[[], None] | None = None
) -> None:
    """Write the vectors of texts into a file that `TextVectors` takes.

    Args:
        vectors: Of which sentence encoder.
        texts: The texts; equal ones are written once.
        path: File to write, ``{sentence encoder}.npz``.
        advance: Called after every text that is new.
    """
    different = list(dict.fromkeys(texts))
    table = vectors.of(different, advance).astype(np.float16)
    keys = np.array([_key(text) for text in different], dtype="S64")
    with replacing(path) as part, part.open("wb") as file:
        np.savez(file, sha256=keys, vectors=table, weights=np.array(vectors.weights_hash))


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).hexdigest().encode()


def _read_vectors(path: Path, weights_hash: str) -> dict[bytes, Halves]:
    try:
        with np.load(path, allow_pickle=False) as file:
            keys, vectors, weights = file["sha256"], file["vectors"], str(file["weights"])
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise TrailerflowError(
            f"{path} cannot be read ({error}); delete it and run snakemake again."
        ) from None
    if weights != weights_hash or vectors.shape[:1] != keys.shape:
        raise TrailerflowError(f"{path} is of other weights; delete it and run snakemake again.")
    return dict(zip(keys.tolist(), vectors.astype(np.float16), strict=True))
