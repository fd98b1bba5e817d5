"""How a finding is worded: by its interval and not by its hopes."""

from __future__ import annotations

from collections.abc import Sequence

from trailerflow.reports.values import counted, is_missing, listed, score


def compared(low: float, high: float, below: float, above: float) -> str:
    """How an interval lies to the range of what it is compared with.

    Args:
        low: Lower bound of the system's interval, NaN where it has none.
        high: Upper bound.
        below: Lower bound of the reference; equal to ``above`` where the reference is a single figure.
        above: Upper bound of the reference.

    >>> compared(0.5, 0.7, 0.4, 0.4), compared(0.3, 0.7, 0.4, 0.4)
    ('lies above', 'cannot be told from')
    """
    if is_missing(low) or is_missing(high):
        return "has no interval to be compared with"
    if low > above:
        return "lies above"
    return "lies below" if high < below else "cannot be told from"


def beside_the_others(
    better: int, others: int, same: Sequence[str], smallest: Sequence[float], opening: str = "It is"
) -> str:
    """What the best one is worth beside the others, in sentences.

    Args:
        better: How many of them it is better than.
        others: How many there are.
        same: Names of those from which it cannot be told apart.
        smallest: The smallest differences to these that could have been seen.
        opening: How the first sentence begins.

    >>> beside_the_others(1, 2, [], [])
    'It is better than 1 of the 2 others.'
    """
    sentences = []
    if better:
        some = f"{better} of the " if better < others else "all " if others > 1 else "the "
        sentences.append(f"{opening} better than {some}{counted(others, 'other')}.")
    if same:
        reach = (
            ""
            if is_missing(max(smallest))
            else f" (a difference of {score(max(smallest))} would have been seen four times in five)"
        )
        sentences.append(f"It cannot be told apart from {listed(list(same))}{reach}.")
    return " ".join(sentences)
