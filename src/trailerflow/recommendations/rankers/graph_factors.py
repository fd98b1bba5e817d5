"""The training of the ranker ``light_gcn``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import logsigmoid

Codes = npt.NDArray[np.int64]

_SMALL = 0.1
"""Standard deviation of the first factors before training."""

_DRAWS = 3
"""How often a film is drawn anew that the user has rated."""


def trained_layers(
    users: Codes, films: Codes, shape: tuple[int, int], settings: Mapping[str, Any]
) -> npt.NDArray[np.float32]:
    """Train the first layer by Adam on pairs of a rated film and a drawn one (BPR); what is drawn is drawn by ``seed``.

    Args:
        users: Code of each rating's user.
        films: Code of each rating's film.
        shape: Number of users and of films.
        settings: Those of `trailerflow.recommendations.rankers.light_gcn.LightGcn`.

    Returns:
        Shape (layers + 1, users + films, factors).
    """
    rng = np.random.default_rng(settings["seed"])
    graph = normalised_graph(users, films, shape)
    first = torch.from_numpy(rng.normal(0, _SMALL, (sum(shape), settings["factors"])).astype(np.float32))
    first.requires_grad_()
    optimiser = torch.optim.Adam([first], lr=settings["learning_rate"])
    rated = np.sort(users * shape[1] + films)
    for _ in range(settings["epochs"]):
        order = rng.permutation(len(users))
        for start in range(0, len(order), settings["batch"]):
            batch = order[start : start + settings["batch"]]
            others = drawn_films(users[batch], rated, shape[1], rng)
            rows = [
                torch.from_numpy(each) for each in (users[batch], shape[0] + films[batch], shape[0] + others)
            ]
            passed = torch.stack(layers_of(first, graph, settings["layers"])).mean(dim=0)
            user, liked, other = (passed[each] for each in rows)
            size = sum((first[each] ** 2).sum() for each in rows) / len(batch)
            loss = -logsigmoid((user * (liked - other)).sum(dim=1)).mean() + settings["penalty"] / 2 * size
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.inference_mode():
        return torch.stack(layers_of(first, graph, settings["layers"])).numpy()


def normalised_graph(users: Codes, films: Codes, shape: tuple[int, int]) -> torch.Tensor:
    """Who rated what, both ways, each divided by the square roots of both numbers of ratings (equation 7 of the source)."""
    counts = np.concatenate(
        [np.bincount(codes, minlength=count) for codes, count in zip((users, films), shape, strict=True)]
    )
    one, other = np.concatenate([users, shape[0] + films]), np.concatenate([shape[0] + films, users])
    weights = 1 / np.sqrt(counts[one] * counts[other])
    places = torch.from_numpy(np.stack([one, other]))
    graph = torch.sparse_coo_tensor(
        places, torch.from_numpy(weights).float(), (sum(shape), sum(shape)), check_invariants=True
    )
    return graph.coalesce()


def layers_of(first: torch.Tensor, graph: torch.Tensor, count: int) -> list[torch.Tensor]:
    """The first factors, and what becomes of them as they are passed along so often."""
    found = [first]
    for _ in range(count):
        found.append(torch.sparse.mm(graph, found[-1]))
    return found


def drawn_films(users: Codes, rated: Codes, films: int, rng: np.random.Generator) -> Codes:
    """A film for each user, one that the user has not rated as far as a few draws find it.

    Args:
        users: Codes of users.
        rated: user x films + film of every rating, in ascending order.
        films: Number of films.
        rng: Where they are drawn from.
    """
    drawn = rng.integers(films, size=len(users))
    for _ in range(_DRAWS):
        keys = users * films + drawn
        known = rated[np.minimum(np.searchsorted(rated, keys), len(rated) - 1)] == keys
        drawn = np.where(known, rng.integers(films, size=len(users)), drawn)
    return drawn
