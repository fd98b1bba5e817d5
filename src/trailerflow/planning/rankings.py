"""Which rankers another one reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trailerflow.errors import TrailerflowError


def rankers_read(reads: Mapping[str, Sequence[str]]) -> list[str]:
    """The rankers of a run that another of its rankers reads, in their order.

    Args:
        reads: By ranker of the run, the names of those that it reads.

    Raises:
        TrailerflowError: A ranker reads one that the run does not have, or one that reads others itself.

    >>> rankers_read({"popularity": (), "ease": (), "fusion": ("ease",)})
    ['ease']
    """
    read = {other: name for name, others in reads.items() for other in others}
    for other, name in read.items():
        if other not in reads:
            raise TrailerflowError(
                f"config: recommendations.rankers has {name}, which reads {other}; add {other} to it, or remove {name}."
            )
        if reads[other]:
            raise TrailerflowError(f"The ranker {name} reads {other}, which reads others itself.")
    return [name for name in reads if name in read]
