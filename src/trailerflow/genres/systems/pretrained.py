"""Pre-trained encoders in DistilBERT form, from a folder: no hub is asked, none stands in for another."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from transformers import (
    AutoTokenizer,
    DistilBertConfig,
    DistilBertModel,
)
from transformers.utils import logging

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json
from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder.fitting import Fitted
from trailerflow.genres.encoder.frozen import Frozen
from trailerflow.genres.encoder.network import GenreNetwork, fresh_network
from trailerflow.models import model_folder, model_hash

logging.set_verbosity_error()
logging.disable_progress_bar()

Weights = dict[str, Tensor]

_BERT_LAYER = re.compile(r"^encoder\.layer\.(\d+)\.(.+)\.(weight|bias)$")
_PARTS = {
    "attention.self.query": "attention.q_lin",
    "attention.self.key": "attention.k_lin",
    "attention.self.value": "attention.v_lin",
    "attention.output.dense": "attention.out_lin",
    "attention.output.LayerNorm": "sa_layer_norm",
    "intermediate.dense": "ffn.lin1",
    "output.dense": "ffn.lin2",
    "output.LayerNorm": "output_layer_norm",
}
"""Part of a BERT layer to the same part of a DistilBERT layer."""

_NEEDED = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
    "position_embedding_type": "absolute",
}
"""What DistilBERT takes for granted: a BERT's configuration must say it or leave it at its default."""


_ORIGIN = "pretrained.json"


@dataclass(frozen=True)
class Encoder:
    """Pre-trained weights, and how texts become their input.

    Attributes:
        name: What the configuration calls it.
        weights_name: Name of the weights in the model list.
        weights_hash: Hash of their files.
        config: Shape of the network.
        weights: The encoder's parameters, without a head.
        tokenizer: Splits texts into the encoder's tokens.
        numbers: Of the tokens of texts, by text and length; kept from fit to fit.
        frozen: What these weights made of texts, kept from fit to fit.
        tuned: What trainings on extra texts alone came to, by all that they depend on; kept from fit to fit, too.
    """

    name: str
    weights_name: str
    weights_hash: str
    config: DistilBertConfig
    weights: Weights
    tokenizer: Any
    numbers: dict[tuple[str, int], Tensor] = field(default_factory=dict, compare=False, repr=False)
    frozen: Frozen = field(default_factory=Frozen, compare=False, repr=False)
    tuned: dict[str, Fitted] = field(default_factory=dict, compare=False, repr=False)

    def tokens(self, texts: Sequence[str], longest: int) -> list[Tensor]:
        """Numbers of the tokens of each text, cut to ``longest``; a text is split once.

        Raises:
            TrailerflowError: The network has no place for so many.
        """
        if longest > self.config.max_position_embeddings:
            raise TrailerflowError(
                f"{self.name} reads {self.config.max_position_embeddings} tokens at most, and {longest} are asked for; "
                "lower tokens."
            )
        new = [text for text in dict.fromkeys(texts) if (text, longest) not in self.numbers]
        if new:
            rows = self.tokenizer(new, truncation=True, max_length=longest)["input_ids"]
            for text, row in zip(new, rows, strict=True):
                self.numbers[text, longest] = torch.tensor(row, dtype=torch.long)
        return [self.numbers[text, longest] for text in texts]

    def network(self, pooling: str) -> GenreNetwork:
        """A fresh network for the 18 genres: the pre-trained encoder, a new head drawn by torch's seed."""
        return fresh_network(self.config, self.weights, pooling)


def load_encoder(name: str, models_folder: Path) -> Encoder:
    """Load a pre-trained encoder.

    Args:
        name: ``minilm-distilbert`` (all-minilm-l6-v2's weights in DistilBERT form) or
            ``distilbert-base-uncased``.
        models_folder: Where fetched models lie.

    Returns:
        The encoder of that name and never another one.

    Raises:
        TrailerflowError: The name is not known, or the weights were not fetched or do not fit.
    """
    if name not in ENCODERS:
        raise TrailerflowError(
            f"genres.encoder.model is {name!r}, which is no encoder; choose one of {', '.join(ENCODERS)}."
        )
    weights_name, _ = ENCODERS[name]
    return _encoder(name, model_folder(models_folder, weights_name), model_hash(models_folder, weights_name))


@cache
def _encoder(name: str, folder: Path, weights_hash: str) -> Encoder:
    """Read an encoder once a process: its fits share what its frozen layers made of texts."""
    weights_name, read = ENCODERS[name]
    config, weights = read(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return fitting(Encoder(name, weights_name, weights_hash, config, weights, tokenizer), folder)


def fitting(encoder: Encoder, folder: Path) -> Encoder:
    """The encoder, when its tokenizer numbers no token that its network does not know.

    Raises:
        TrailerflowError: They do not belong together.
    """
    if len(encoder.tokenizer) > encoder.config.vocab_size:
        raise TrailerflowError(
            f"The tokenizer in {folder} has {len(encoder.tokenizer)} tokens and the network knows "
            f"{encoder.config.vocab_size}: they do not belong together; fetch or train the encoder again."
        )
    return encoder


def save_encoder(encoder: Encoder, folder: Path) -> None:
    """Write what a network was made of into the folder that holds it: tokenizer, and the names of the weights."""
    encoder.tokenizer.save_pretrained(folder)
    origin = {"name": encoder.name, "weights": encoder.weights_name, "hash": encoder.weights_hash}
    write_json(folder / _ORIGIN, origin)


def load_saved_encoder(folder: Path) -> tuple[Encoder, GenreNetwork]:
    """Read a fine-tuned network, and the encoder that it is now.

    Args:
        folder: Holds what ``save_pretrained`` and `save_encoder` wrote.

    Raises:
        TrailerflowError: A file is missing or damaged, or the network is not for our genres.
    """
    try:
        origin = json.loads((folder / _ORIGIN).read_text(encoding="utf-8"))
        loaded: Any = GenreNetwork.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
        )
        network, report = loaded
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        names = origin["name"], origin["weights"], origin["hash"]
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise TrailerflowError(
            f"{folder} holds no fine-tuned encoder that can be read ({error}); train it again."
        ) from None
    if report["missing_keys"]:
        raise TrailerflowError(
            f"{folder} holds no whole network: it lacks {sorted(report['missing_keys'])[0]}; train it again."
        )
    if tuple(network.config.id2label[number] for number in range(network.config.num_labels)) != GENRES:
        raise TrailerflowError(
            f"The network in {folder} is not for the 18 genres of MovieLens; train it again."
        )
    encoder = Encoder(*names, network.config, network.distilbert.state_dict(), tokenizer)
    return fitting(encoder, folder), network.eval()


def minilm_as_distilbert(folder: Path) -> tuple[DistilBertConfig, Weights]:
    """Read a BERT encoder of DistilBERT's kind, such as all-MiniLM-L6-v2, as a DistilBERT.

    DistilBERT (Sanh et al., arXiv:1910.01108) is a BERT without token types and pooler. With one segment
    only, the embedding of token type 0 is added to every position's: it goes into the position embeddings,
    and all other weights keep their values under another name. The hidden states are the same but for
    rounding.

    Args:
        folder: Holds config.json and model.safetensors.

    Returns:
        The configuration, and the weights of a ``DistilBertModel`` of it.

    Raises:
        TrailerflowError: A file is missing or damaged, or the network differs in more than names.
    """
    settings = _bert_settings(folder)
    config = DistilBertConfig(
        vocab_size=settings["vocab_size"],
        max_position_embeddings=settings["max_position_embeddings"],
        n_layers=settings["num_hidden_layers"],
        n_heads=settings["num_attention_heads"],
        dim=settings["hidden_size"],
        hidden_dim=settings["intermediate_size"],
        dropout=settings["hidden_dropout_prob"],
        attention_dropout=settings["attention_probs_dropout_prob"],
        initializer_range=settings["initializer_range"],
        pad_token_id=settings["pad_token_id"],
        activation="gelu",
        sinusoidal_pos_embds=False,
    )
    bert = _read_weights(folder)
    try:
        weights = {
            "embeddings.word_embeddings.weight": bert["embeddings.word_embeddings.weight"],
            "embeddings.position_embeddings.weight": bert["embeddings.position_embeddings.weight"]
            + bert["embeddings.token_type_embeddings.weight"][0],
            "embeddings.LayerNorm.weight": bert["embeddings.LayerNorm.weight"],
            "embeddings.LayerNorm.bias": bert["embeddings.LayerNorm.bias"],
        }
    except KeyError as error:
        raise TrailerflowError(
            f"{folder / 'model.safetensors'} has no {error}; it is no BERT encoder."
        ) from None
    for name, value in bert.items():
        if found := _BERT_LAYER.match(name):
            number, part, kind = found.groups()
            if part not in _PARTS:
                raise TrailerflowError(
                    f"{folder / 'model.safetensors'} has {name}, which DistilBERT has no place for."
                )
            weights[f"transformer.layer.{number}.{_PARTS[part]}.{kind}"] = value
    return config, weights


def _read_distilbert(folder: Path) -> tuple[DistilBertConfig, Weights]:
    """Read a DistilBERT as published; its head for language modelling is left out."""
    try:
        loaded: Any = DistilBertModel.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise TrailerflowError(f"{folder} holds no DistilBERT that can be read ({error}).") from None
    network, report = loaded
    if report["missing_keys"]:
        raise TrailerflowError(
            f"{folder} is no whole DistilBERT: it lacks {sorted(report['missing_keys'])[0]}."
        )
    return network.config, network.state_dict()


def _bert_settings(folder: Path) -> dict[str, Any]:
    try:
        settings: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrailerflowError(f"{folder / 'config.json'} cannot be read ({error}).") from None
    for key, needed in _NEEDED.items():
        if settings.get(key, needed) != needed:
            raise TrailerflowError(
                f"{folder / 'config.json'} has {key} {settings[key]!r}; DistilBERT form needs {needed!r}."
            )
    return settings


def _read_weights(folder: Path) -> Weights:
    try:
        return load_file(folder / "model.safetensors")
    except (OSError, SafetensorError) as error:
        raise TrailerflowError(f"{folder / 'model.safetensors'} cannot be read ({error}).") from None


ENCODERS: dict[str, tuple[str, Callable[[Path], tuple[DistilBertConfig, Weights]]]] = {
    "minilm-distilbert": ("all-minilm-l6-v2", minilm_as_distilbert),
    "distilbert-base-uncased": ("distilbert-base-uncased", _read_distilbert),
}
"""Name of an encoder to the name of its weights in the model list, and what reads them."""
