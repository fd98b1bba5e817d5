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

        keys = [("states", layers, half, row.numpy().tobytes()) for row in tokens]
        return self._of(keys, network, tokens, half, passed)

    def vectors(self, network: GenreNetwork, tokens: Sequence[Tensor], layers: int, *, half: bool) -> Tensor:
        """Vectors of texts by the pre-trained network, shape (n, dimensions); see `states`.

        With ``layers`` they are made from the hidden states after these, which are kept as well.
        """
        pooling = network.config.pooling
        keys = [("vectors", pooling, layers, half, row.numpy().tobytes()) for row in tokens]
        inputs = self.states(network, tokens, layers, half=half) if layers else tokens

        def passed(rows: Tensor, mask: Tensor) -> list[Tensor]:
            hidden = rows if layers else network.lower(rows, mask, 0)
            return [row.clone() for row in network.upper(hidden, mask, layers).float().cpu()]

        return torch.stack(self._of(keys, network, inputs, half, passed))

    @torch.no_grad()
    def _of(
        self,
        keys: Sequence[tuple[Any, ...]],
        network: GenreNetwork,
        inputs: Sequence[Tensor],
        half: bool,
        passed: Callable[[Tensor, Tensor], list[Tensor]],
    ) -> list[Tensor]:
        """What is kept by these keys; what is new is passed through the network first."""
        new = [place for place, key in enumerate(keys) if key not in self._kept]
        missing = [inputs[place] for place in new]
        training = network.training
        network.eval()
        with torch.autocast(network.device.type, dtype=torch.bfloat16, enabled=half):
            for batch in in_order_of_length(missing, _AT_ONCE):
                rows = batch.tolist()
                filled_up, mask = filled([missing[row] for row in rows])
                made = passed(filled_up.to(network.device), mask.to(network.device))
                self._kept |= {keys[new[row]]: value for row, value in zip(rows, made, strict=True)}
        network.train(training)
        return [self._kept[key] for key in keys]
