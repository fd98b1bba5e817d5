"""The network: transformers' DistilBERT for classification, whose lower layers may be passed once and kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from transformers import DistilBertConfig, DistilBertForSequenceClassification
from transformers.masking_utils import create_bidirectional_mask

from trailerflow.genre_names import GENRES
from trailerflow.genres.encoder.settings import MEAN


class GenreNetwork(DistilBertForSequenceClassification):  # type: ignore[misc]
    """DistilBERT with a head for the 18 genres; what a text's vector is stands in its configuration, as ``pooling``.

    With ``first`` it is `DistilBertForSequenceClassification` itself. With ``mean`` the head gets the mean over the tokens
    at the length of an average vector, as sentence-transformers' MiniLM was trained.
    """

    straight = False
    """Whether the head is one linear part, as it is while a training goes on that started from one."""

    def moved(self, place: torch.device) -> Self:
        """The network, on another device."""
        nn.Module.to(self, place)
        return self

    def ready(self) -> Self:
        """The network on the CPU, set to predict."""
        nn.Module.eval(self)
        return self.moved(torch.device("cpu"))

    def lower(self, tokens: Tensor, mask: Tensor, layers: int) -> Tensor:
        """Hidden states after the embeddings and the lowest layers, shape (n, tokens, dimensions).

        Args:
            tokens: Numbers of the tokens, shape (n, tokens).
            mask: 1 for tokens, 0 for what fills up, the same shape.
            layers: How many layers.
        """
        hidden = self.distilbert.embeddings(tokens)
        return self._through(hidden, mask, self.distilbert.transformer.layer[:layers])

    def upper(self, hidden: Tensor, mask: Tensor, layers: int) -> Tensor:
        """The texts' vectors from the hidden states that `lower` gave, shape (n, dimensions)."""
        hidden = self._through(hidden, mask, self.distilbert.transformer.layer[layers:]).float()
        if self.config.pooling != MEAN:
            first: Tensor = hidden[:, 0]
            return first
        weight = mask.unsqueeze(-1).float()
        mean = (hidden * weight).sum(dim=1) / weight.sum(dim=1).clamp(min=1)
        scaled: Tensor = normalize(mean, dim=1) * float(mean.shape[1]) ** 0.5
        return scaled

    def head(self, vectors: Tensor) -> Tensor:
        """Logits of the genres, shape (n, 18); in full precision."""
        with torch.autocast(vectors.device.type, enabled=False):
            hidden = vectors.float()
            if not self.straight:
                hidden = self.dropout(torch.relu(self.pre_classifier(hidden)))
            logits: Tensor = self.classifier(hidden)
            return logits

    def straighten(self, weights: Tensor, bias: Tensor) -> None:
        """Make the head one linear part: ``vectors @ weights.T + bias``."""
        self.straight = True
        with torch.no_grad():
            self.classifier.weight.copy_(weights)
            self.classifier.bias.copy_(bias)

    def fold(self) -> None:
        """Write a straight head as the two parts that transformers has, with the same logits.

        The first part passes the vectors on, shifted so far above zero that the ReLU between the parts cuts nothing off.
        (To train in this form would be wrong: the shift would drown all that tells texts apart.)
        """
        weights, bias = self.classifier.weight.detach(), self.classifier.bias.detach()
        norm: nn.LayerNorm = self.distilbert.transformer.layer[-1].output_layer_norm  # type: ignore[assignment]
        largest = float(weights.shape[1]) ** 0.5
        if self.config.pooling != MEAN:
            largest = largest * norm.weight.abs().max().item() + norm.bias.abs().max().item()
        self.straight = False
        self.config.seq_classif_dropout = 0.0
        self.dropout.p = 0.0
        with torch.no_grad():
            self.pre_classifier.weight.copy_(torch.eye(weights.shape[1]))
            self.pre_classifier.bias.fill_(largest)
            self.classifier.bias.copy_(bias - largest * weights.sum(dim=1))

    def linear_head(self) -> tuple[Tensor, Tensor]:
        """Weights of the shape (18, dimensions) and bias of the shape (18,) of a head that was folded."""
        shift = self.pre_classifier.bias.detach()
        weights = self.classifier.weight.detach().clone()
        return weights, self.classifier.bias.detach() + weights @ shift

    def logits(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Logits of texts, shape (n, 18)."""
        return self.head(self.upper(self.lower(tokens, mask, 0), mask, 0))

    def _through(self, hidden: Tensor, mask: Tensor, layers: Iterable[nn.Module]) -> Tensor:
        attention = create_bidirectional_mask(config=self.config, inputs_embeds=hidden, attention_mask=mask)
        for layer in layers:
            hidden = layer(hidden, attention)
        return hidden


def fresh_network(config: DistilBertConfig, weights: dict[str, Tensor], pooling: str) -> GenreNetwork:
    """A network of pre-trained weights under a new head, which is drawn by torch's seed."""
    named: dict[str, Any] = {
        "problem_type": "multi_label_classification",
        "id2label": dict(enumerate(GENRES)),
        "label2id": {genre: number for number, genre in enumerate(GENRES)},
        "architectures": ["DistilBertForSequenceClassification"],
        "pooling": pooling,
    }
    network = GenreNetwork(DistilBertConfig.from_dict(config.to_dict() | named))
    network.distilbert.load_state_dict(weights, strict=True)
    return network
