"""A sentence encoder of MiniLM's kind, small enough to be trained in a test."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from trailerflow.files import file_sha256
from trailerflow.genre_names import GENRES
from trailerflow.models.store import manifest_path

WORDS = ["[PAD]", "[UNK]", "war", "song", "gun", "love", "ghost", "the", "a", "of"]


def save_bert(folder: Path, noise: float = 0.3, **settings: object) -> BertModel:
    """A random BERT of MiniLM's kind, small; noise keeps any bias or norm from being 0 or 1."""
    torch.manual_seed(3)
    shape = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 40}
    config = BertConfig(vocab_size=len(WORDS), max_position_embeddings=16, **(shape | settings))
    bert = BertModel(config).eval()
    with torch.no_grad():
        for parameter in bert.parameters():
            parameter.add_(noise * torch.randn_like(parameter))
    bert.save_pretrained(folder)
    return bert


def save_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.WordLevel(dict(zip(WORDS, range(len(WORDS)), strict=True)), "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")
    fast.save_pretrained(folder)
    return fast


def fetched(models_folder: Path, name: str) -> None:
    """The manifest that says that a model is there."""
    files = {
        path.name: {"sha256": file_sha256(path), "size": path.stat().st_size}
        for path in (models_folder / name).iterdir()
    }
    manifest_path(models_folder, name).write_text(json.dumps({"files": files}))


def fetched_minilm(models_folder: Path) -> None:
    """A MiniLM that learns, as if it had been fetched."""
    learns = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "initializer_range": 0.2}
    save_bert(models_folder / "all-minilm-l6-v2", noise=0.0, **learns)
    save_tokenizer(models_folder / "all-minilm-l6-v2")
    fetched(models_folder, "all-minilm-l6-v2")


def told_films(films: int = 16) -> pd.DataFrame:
    """Films whose genre is their one telling word: movie, title, text and the genres."""
    words = [("war", "song", "ghost", "love")[number % 4] for number in range(films)]
    table = pd.DataFrame({"movie": [str(number) for number in range(films)]})
    table["title"] = [f"Film {number}" for number in range(films)]
    table["text"] = [f"{word} of the {word}" for word in words]
    for genre, word in {"War": "war", "Musical": "song", "Horror": "ghost", "Romance": "love"}.items():
        table[genre] = [word == own for own in words]
    table[[genre for genre in GENRES if genre not in table]] = False
    return table


def split_of(films: pd.DataFrame, folds: int = 3, held_out: int = 4) -> pd.DataFrame:
    """Folds of four films each, and the last films held out."""
    learnt = len(films) - held_out
    fold = [number * folds // learnt if number < learnt else -1 for number in range(len(films))]
    return pd.DataFrame({"movie": films["movie"], "group": films["movie"], "fold": fold}).assign(
        held_out=[number >= learnt for number in range(len(films))]
    )
