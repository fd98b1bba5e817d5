"""The ranker ``sasrec``: the next film of a history, by self-attention over the films before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.contract import Fitted, Floats, Ranker, Side
from trailerflow.recommendations.rankers.histories import FromHistory
from trailerflow.recommendations.rankers.same_for_all import SameForAll
from trailerflow.torch_threads import use_threads

if TYPE_CHECKING:
    from trailerflow.recommendations.rankers.sequence_network import SequenceNetwork


class Sasrec(Ranker):
    """SASRec with the cross-entropy over all films as its loss, which makes few epochs enough.

    Its settings are ``factors`` (width), ``layers``, ``heads``, ``length`` (last films that are read), ``dropout``,
    ``epochs``, ``batch`` (histories a step), ``learning_rate`` and ``seed``. It is trained on the CPU.
    """

    source = (
        "Kang & McAuley, Self-Attentive Sequential Recommendation, ICDM 2018; the loss: Klenitskiy & Vasilev, Turning Dross "
        "Into Gold Loss: is BERT4Rec really better than SASRec?, RecSys 2023"
    )
    packages = ("torch",)
    defaults = {  # noqa: RUF012
        "factors": 32,
        "layers": 1,
        "heads": 2,
        "length": 20,
        "dropout": 0.2,
        "epochs": 10,
        "batch": 64,
        "learning_rate": 0.005,
        "seed": 0,
    }
    limits = {  # noqa: RUF012
        "factors": (2, 1024),
        "layers": (1, 12),
        "heads": (1, 16),
        "length": (2, 1000),
        "dropout": (0.0, 0.9),
        "epochs": (1, 1000),
        "batch": (1, 10_000),
        "learning_rate": (1e-6, 1.0),
        "seed": (0, 2**32 - 1),
    }

    def fit(self, train: pd.DataFrame, validation: pd.DataFrame, side: Side) -> Fitted:
        """Train the network on all histories, cut into pieces of ``length`` films."""
        films = train["movie"].cat.categories
        if train.empty:
            return SameForAll(np.zeros(len(films)))
        from trailerflow.recommendations.rankers.sequence_network import trained_network

        use_threads(self.threads)
        return Sequences(
            films, trained_network(pieces(train, self.settings["length"]), len(films), self.settings)
        )


def pieces(train: pd.DataFrame, length: int) -> npt.NDArray[np.int64]:
    """Histories in pieces: rows of up to ``length`` films and the one that follows them, by their codes.

    Pieces are counted from a history's end, and share one film with the next; places that are left free at the end hold -1.

    Returns:
        Shape (pieces, length + 1).
    """
    codes = train["movie"].cat.codes.to_numpy().astype(np.int64)
    found = []
    for rows in train.groupby("user", observed=True).indices.values():
        history = codes[np.sort(rows)]
        for end in range(len(history), 1, -length):
            piece = history[max(end - length - 1, 0) : end]
            found.append(np.pad(piece, (0, length + 1 - piece.size), constant_values=-1))
    return np.stack(found) if found else np.empty((0, length + 1), np.int64)


class Sequences(FromHistory):
    """A trained network.

    Args:
        films: Ids of all films, by their codes.
        network: The network.
    """

    def __init__(self, films: pd.Index, network: SequenceNetwork) -> None:
        super().__init__(films)
        self._network = network

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """How likely each film is the next; without a history how likely it is at all."""
        return self._network.next_films(history.movies)[candidates]
