"""What a pre-trained network makes of texts while its weights stay as they are: computed once, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from trailerflow.genres.encoder.examples import filled, in_order_of_length
from trailerflow.genres.encoder.network import GenreNetwork

_AT_ONCE = 32


class Frozen:
    """Outputs of one pre-trained encoder, by text.

    The fits of a job read the same texts, so each passes the frozen layers once. A text's hidden states take its tokens
    times the network's dimensions times 2 bytes (bf16) or 4.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], Tensor] = {}

    @torch.no_grad()
    def states(
        self, network: GenreNetwork, tokens: Sequence[Tensor], layers: int, *, half: bool
    ) -> list[Tensor]:
        """Hidden states of texts after the lowest layers, n tensors of the shape (length, dimensions).

        Args:
            network: Its lowest layers are the pre-trained ones.
            tokens: Of the texts.
            layers: How many layers.
            half: Whether they are computed and kept in bf16.
        """

        def passed(numbers: Tensor, mask: Tensor) -> list[Tensor]:
            hidden = network.lower(numbers, mask, layers)
            hidden = hidden.bfloat16() if half else hidden.float()
            lengths = mask.sum(dim=1).tolist()
            return [row[:length].clone() for row, length in zip(hidden.cpu(), lengths, strict=True)]

        return self._of(("states", layers, half), network, tokens, half, passed)

    @torch.no_grad()
    def vectors(self, network: GenreNetwork, tokens: Sequence[Tensor], *, half: bool) -> Tensor:
        """Vectors of texts by the pre-trained network, shape (n, dimensions)."""

        def passed(numbers: Tensor, mask: Tensor) -> list[Tensor]:
            vectors = network.upper(network.lower(numbers, mask, 0), mask, 0)
            return [row.clone() for row in vectors.float().cpu()]

        return torch.stack(self._of(("vectors", network.config.pooling, half), network, tokens, half, passed))

    def _of(
        self,
        what: tuple[Any, ...],
        network: GenreNetwork,
        tokens: Sequence[Tensor],
        half: bool,
        passed: Callable[[Tensor, Tensor], list[Tensor]],
    ) -> list[Tensor]:
        """What is kept of the texts; those that are new are passed through the network first."""
        keys = [(*what, row.numpy().tobytes()) for row in tokens]
        new = [place for place, key in enumerate(keys) if key not in self._kept]
        missing = [tokens[place] for place in new]
        training = network.training
        network.eval()
        with torch.autocast(network.device.type, dtype=torch.bfloat16, enabled=half):
            for batch in in_order_of_length(missing, _AT_ONCE):
                rows = batch.tolist()
                numbers, mask = filled([missing[row] for row in rows])
                made = passed(numbers.to(network.device), mask.to(network.device))
                self._kept |= {keys[new[row]]: value for row, value in zip(rows, made, strict=True)}
        network.train(training)
        return [self._kept[key] for key in keys]
