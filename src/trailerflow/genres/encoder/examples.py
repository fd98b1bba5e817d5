"""Texts as a network takes them: numbers of their tokens, put together in batches of about one length."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder.settings import Settings

_CHUNK = 16
"""Batches that are sorted by length together; the smaller, the more the batches differ from epoch to epoch."""


@dataclass(frozen=True)
class Examples:
    """Texts to learn from.

    Attributes:
        tokens: Numbers of each text's tokens, n tensors of the shape (length,).
        labels: In [0, 1], shape (n, 18).
        weights: How much each counts, shape (n,).
    """

    tokens: Sequence[Tensor]
    labels: Tensor
    weights: Tensor

    def __len__(self) -> int:
        return len(self.tokens)

    def key(self, settings: Settings) -> str:
        """A name of these texts with these settings: what a training on them depends on."""
        digest = hashlib.sha256(repr(settings).encode())
        for rows in (*self.tokens, self.labels, self.weights):
            digest.update(rows.numpy().tobytes() + b"|")
        return digest.hexdigest()


def together(parts: Sequence[Examples]) -> Examples:
    """Texts of several kinds below each other."""
    return Examples(
        [row for part in parts for row in part.tokens],
        torch.cat([part.labels for part in parts]),
        torch.cat([part.weights for part in parts]),
    )


def no_examples() -> Examples:
    """No text at all."""
    return Examples([], torch.zeros(0, len(GENRES)), torch.zeros(0))


def filled(rows: Sequence[Tensor], filler: int = 0) -> tuple[Tensor, Tensor]:
    """Rows of different lengths as one tensor, and its mask.

    Args:
        rows: n tensors of the shape (length, ...).
        filler: What the shorter ones are filled up with.

    Returns:
        Shape (n, longest, ...), and 1 where a row has a value, shape (n, longest).
    """
    lengths = torch.tensor([len(row) for row in rows])
    mask = (torch.arange(int(lengths.max())) < lengths.unsqueeze(1)).long()
    return pad_sequence(list(rows), batch_first=True, padding_value=filler), mask


def in_order_of_length(tokens: Sequence[Tensor], size: int) -> Iterator[Tensor]:
    """Places of the texts, the shortest first, in batches of ``size``."""
    lengths = torch.tensor([len(row) for row in tokens])
    yield from torch.argsort(lengths, stable=True).split(size) if len(tokens) else ()


def drawn_batches(tokens: Sequence[Tensor], size: int) -> list[Tensor]:
    """Places of all texts in batches of about one length, in an order drawn by torch's seed."""
    lengths = torch.tensor([len(row) for row in tokens])
    batches: list[Tensor] = []
    for chunk in torch.randperm(len(tokens)).split(_CHUNK * size):
        batches += chunk[torch.argsort(lengths[chunk], stable=True)].split(size)
    return [batches[place] for place in torch.randperm(len(batches)).tolist()]
