"""The network: transformers' DistilBERT for classification, whose lower layers may be passed once and kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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

    def moved(self, place: torch.device) -> GenreNetwork:
        """The network, on another device."""
        nn.Module.to(self, place)
        return self

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
        """Logits of the genres, shape (n, 18); in full precision, since a linear start has large numbers in it."""
        with torch.autocast(vectors.device.type, enabled=False):
            hidden = torch.relu(self.pre_classifier(vectors.float()))
            logits: Tensor = self.classifier(self.dropout(hidden))
            return logits

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


def set_linear_head(network: GenreNetwork, weights: Tensor, bias: Tensor, largest: float) -> None:
    """Make the head compute ``vectors @ weights.T + bias``.

    Its first part passes the vectors on, shifted so far above zero that the ReLU between the parts cuts nothing off. Dropout
    would drown them in the shift, so it is switched off.

    Args:
        network: The network to change.
        weights: Shape (18, dimensions).
        bias: Shape (18,).
        largest: Largest absolute value in a vector.
    """
    shift = 2 * largest
    network.config.seq_classif_dropout = 0.0
    network.dropout.p = 0.0
    with torch.no_grad():
        network.pre_classifier.weight.copy_(torch.eye(weights.shape[1]))
        network.pre_classifier.bias.fill_(shift)
        network.classifier.weight.copy_(weights)
        network.classifier.bias.copy_(bias - shift * weights.sum(dim=1))
