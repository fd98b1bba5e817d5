"""The ranker ``listwise_shuffled``: ordered lists over several shuffled orders, and the order that they agree on most."""

from __future__ import annotations

from collections.abc import Sequence

from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.llm.ordered import Ordered
from trailerflow.recommendations.rankers.llm.orders import agreed
from trailerflow.recommendations.rankers.llm.ranker import Asked
from trailerflow.recommendations.rankers.llm.settings import DEFAULTS, ORDERS_LIMITS


class ListwiseShuffled(Ordered):
    """Permutation self-consistency: what hangs on the place at which a film is shown is averaged out."""

    source = "Tang et al., Found in the Middle: Permutation Self-Consistency, NAACL 2024"
    defaults = {**DEFAULTS, "orders": 5}  # noqa: RUF012
    limits = ORDERS_LIMITS

    def together(self, scores: Floats, asked: Sequence[Asked]) -> Floats:
        """The order with the fewest pairs that the lists put the other way round."""
        return agreed(scores)
