"""The network of the ranker ``sasrec``, and its training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from trailerflow.recommendations.questions import Codes
from trailerflow.recommendations.rankers.contract import Floats

_NONE = -1
"""A place of a piece that holds no film."""

_SMALL = 0.02
"""Standard deviation of the first factors."""


class SequenceNetwork(nn.Module):
    """Self-attention over films, each seeing those before it; the output speaks of the film that follows.

    Args:
        films: Number of films.
        settings: Those of `trailerflow.recommendations.rankers.sasrec.Sasrec`.
    """

    mask: torch.Tensor

    def __init__(self, films: int, settings: Mapping[str, Any]) -> None:
        super().__init__()
        width, length = settings["factors"], settings["length"]
        self.films = nn.Embedding(films, width)
        self.places = nn.Embedding(length, width)
        self.biases = nn.Parameter(torch.zeros(films))
        self.dropout = nn.Dropout(settings["dropout"])
        layer = nn.TransformerEncoderLayer(
            width,
            settings["heads"],
            dim_feedforward=width,
            dropout=settings["dropout"],
            batch_first=True,
            norm_first=True,
        )
        self.layers = nn.TransformerEncoder(
            layer, settings["layers"], nn.LayerNorm(width), enable_nested_tensor=False
        )
        for table in (self.films, self.places):
            nn.init.normal_(table.weight, std=_SMALL)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(length), persistent=False)

    def forward(self, films: torch.Tensor) -> torch.Tensor:
        """What follows each film.

        Args:
            films: Codes, shape (pieces, places), from the first place on.

        Returns:
            Shape (pieces, places, width).
        """
        count = films.shape[1]
        seen = self.dropout(self.films(films) + self.places.weight[:count])
        states: torch.Tensor = self.layers(seen, mask=self.mask[:count, :count], is_causal=True)
        return states

    def logits(self, states: torch.Tensor) -> torch.Tensor:
        """Logit of each film after each state: from shape (n, width) to (n, films)."""
        return states @ self.films.weight.T + self.biases

    @torch.inference_mode()
    def next_films(self, history: Codes) -> Floats:
        """Logit of each film as the next one of a history; shape (films,)."""
        last = torch.from_numpy(history[-len(self.mask) :].astype(np.int64))
        if not len(last):
            return self.biases.numpy().astype(float)
        return self.logits(self(last[None])[0, -1:])[0].numpy().astype(float)


def trained_network(
    pieces: npt.NDArray[np.int64], films: int, settings: Mapping[str, Any]
) -> SequenceNetwork:
    """Train a network by AdamW; all that is drawn is drawn by the setting ``seed``.

    Args:
        pieces: Codes of films, shape (pieces, length + 1); see `trailerflow.recommendations.rankers.sasrec.pieces`.
        films: Number of films.
        settings: Those of the ranker.
    """
    rows = torch.from_numpy(pieces)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings["seed"])
        network = SequenceNetwork(films, settings)
        optimiser = torch.optim.AdamW(network.parameters(), lr=settings["learning_rate"], weight_decay=0.01)
        steps = max(settings["epochs"] * -(-len(rows) // settings["batch"]), 1)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, settings["learning_rate"], total_steps=steps + 1
        )
        for _ in range(settings["epochs"]):
            for batch in torch.randperm(len(rows)).split(settings["batch"]):
                wanted = rows[batch, 1:]
                known = wanted != _NONE
                states = network(rows[batch, :-1].clamp(min=0))
                loss = nn.functional.cross_entropy(network.logits(states[known]), wanted[known])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
    return network.eval()
