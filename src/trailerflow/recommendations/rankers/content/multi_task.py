"""The ranker ``multi_task``: one network of a film's text that learns ratings and genres together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trailerflow.recommendations.rankers.content.films import film_content, text_vectors
from trailerflow.recommendations.rankers.contract import Fitted, Ranker, Side
from trailerflow.recommendations.rankers.factors import Factors, Vectors
from trailerflow.torch_threads import use_threads

if TYPE_CHECKING:
    import torch


_BATCH = 1024
"""Ratings of a step."""


class MultiTask(Ranker):
    """A layer over the vectors of texts, with a head for each user's ratings and one for the genres.

    The genres teach the layer what films are about where few ratings do. A film without a text has the score of the bias
    alone.

    Its settings are ``width`` (of the layer), ``epochs``, ``rate`` (of Adam), ``genres`` (how much their loss counts beside
    that of the ratings), ``penalty`` (weight decay), ``dropout`` and ``seed``.
    """

    source = "Caruana, Multitask Learning, Machine Learning 1997"
    side = ("archive", "vectors")
    packages = ("torch",)
    defaults = {  # noqa: RUF012
        "width": 64,
        "epochs": 6,
        "rate": 1e-3,
        "genres": 1.0,
        "penalty": 1.0,
        "dropout": 0.2,
        "seed": 0,
    }
    limits = {  # noqa: RUF012
        "width": (1, 4096),
        "epochs": (1, 1000),
        "rate": (1e-6, 1.0),
        "genres": (0.0, 1000.0),
        "penalty": (0.0, 10.0),
        "dropout": (0.0, 0.9),
        "seed": (0, 2**32 - 1),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Train the network."""
        users, films = (train[column].cat.categories for column in ("user", "movie"))
        vectors = text_vectors(side["vectors"], films)
        if train.empty or not vectors.size:
            return Factors(users, films, _nothing(len(users)), _nothing(len(films)))
        import torch

        use_threads(self.threads)
        generator = torch.Generator().manual_seed(self.settings["seed"])
        texts = torch.tensor(vectors, dtype=torch.float32)
        genres = torch.tensor(film_content(side["archive"], films).genres, dtype=torch.float32)
        own, of = (torch.tensor(train[column].cat.codes.to_numpy(np.int64)) for column in ("user", "movie"))
        ratings = torch.tensor(train["rating"].to_numpy(np.float32))
        ratings = ratings - ratings.mean()
        network = _network(len(users), vectors.shape[1], genres.shape[1], self.settings["width"], generator)
        self._train(network, (own, of, ratings), texts, genres, generator)
        return _factors(users, films, network, texts)

    def _train(
        self,
        network: dict[str, torch.Tensor],
        rated: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
        texts: torch.Tensor,
        genres: torch.Tensor,
        generator: torch.Generator,
    ) -> None:
        """Both losses in every step: the squared error of a batch of ratings, and the genres of their films."""
        import torch
        from torch.nn import functional

        users, films, ratings = rated
        told = texts.abs().sum(dim=1) > 0
        optimizer = torch.optim.AdamW(
            network.values(), lr=self.settings["rate"], weight_decay=self.settings["penalty"]
        )
        for _ in range(self.settings["epochs"]):
            for batch in torch.randperm(len(ratings), generator=generator).split(_BATCH):
                own, of = users[batch], films[batch]
                layer = _layer(network, texts[of])
                kept = torch.rand(layer.shape, generator=generator) >= self.settings["dropout"]
                layer = layer * kept / (1 - self.settings["dropout"])
                taste = network["liked"] + network["users"][own]
                predicted = network["biases"][own] + (layer * taste).sum(dim=1)
                logits = layer @ network["genres"] + network["genre_biases"]
                of_genres = functional.binary_cross_entropy_with_logits(
                    logits[told[of]], genres[of][told[of]]
                )
                loss = functional.mse_loss(predicted, ratings[batch]) + self.settings["genres"] * of_genres
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()


def _network(
    users: int, dimensions: int, genres: int, width: int, generator: torch.Generator
) -> dict[str, torch.Tensor]:
    """The first weights; users begin alike."""
    import torch

    def drawn(rows: int, columns: int, spread: float) -> torch.Tensor:
        table: torch.Tensor = torch.randn(rows, columns, generator=generator)
        return table * spread

    weights = {
        "texts": drawn(dimensions, width, 1.0),  # the vectors are of unit length
        "hidden": torch.zeros(width),
        "liked": torch.zeros(width),
        "users": torch.zeros(users, width),
        "biases": torch.zeros(users),
        "genres": drawn(width, genres, width**-0.5),
        "genre_biases": torch.zeros(genres),
    }
    return {name: table.requires_grad_() for name, table in weights.items()}


def _layer(network: dict[str, Any], texts: Any) -> Any:
    return (texts @ network["texts"] + network["hidden"]).relu()


def _factors(
    users: pd.Index, films: pd.Index, network: dict[str, torch.Tensor], texts: torch.Tensor
) -> Factors:
    """The network as users' and films' vectors; the layer is that of the films."""
    learnt = {name: table.detach() for name, table in network.items()}
    layer = _layer(learnt, texts).double()
    return Factors(
        users,
        films,
        Vectors(learnt["biases"].double().numpy(), learnt["users"].double().numpy()),
        Vectors((layer @ learnt["liked"].double()).numpy(), layer.numpy()),
    )


def _nothing(rows: int) -> Vectors:
    return Vectors(np.zeros(rows), np.zeros((rows, 0)))
