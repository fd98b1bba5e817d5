"""The commonest words of plots in the order that ROUGE-L likes best: a text that says nothing, and scores high.

Words are put in one by one. At each step every common word is tried at every place. The one that raises the mean ROUGE-L F1
(Lin, Text Summarization Branches Out, 2004) against the plots most is kept. The text is done when no word raises it. Give
plots of films that no figure is measured on. The text stands in ``resources/constants/common_words.txt``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.program import run
from trailerflow.text import compared_words

Numbers = npt.NDArray[np.int32]


def greedy_words(plots: Sequence[str], *, common: int) -> tuple[list[str], float]:
    """Build the text.

    Args:
        plots: Texts, each with a word at least.
        common: How many of the commonest words are tried.

    Returns:
        The words in order, and their mean ROUGE-L F1 against the plots, of unstemmed words.
    """
    told = [compared_words(plot) for plot in plots]
    counts = Counter(word for words in told for word in words)
    tried = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:common]]
    number = {word: place for place, word in enumerate(tried)}
    lengths = np.array([len(words) for words in told])
    table = np.full((len(told), lengths.max()), -1, dtype=np.int32)  # -1: another word, or none
    for row, words in enumerate(told):
        table[row, : len(words)] = [number.get(word, -1) for word in words]
    text: list[int] = []
    best = 0.0
    while True:
        value, place, word = _best_step(text, table, lengths, len(tried))
        if value <= best:
            return [tried[one] for one in text], best
        best = value
        text.insert(place, word)


def _best_step(text: Sequence[int], table: Numbers, lengths: Numbers, tried: int) -> tuple[float, int, int]:
    """The mean F1, the place and the word of the best insertion.

    The longest common subsequence of a plot and the text with a word in it is the best of the one without the word, and
    of the plot's parts before and after each place where the word stands, with one more.
    """
    before = _prefixes(text, table)
    after = [part[:, ::-1] for part in _prefixes(text[::-1], table[:, ::-1])][::-1]
    whole = before[-1][:, -1]
    best = (0.0, 0, 0)
    for place, (left, right) in enumerate(zip(before, after, strict=True)):
        reached = left[:, :-1] + right[:, 1:] + 1
        for word in range(tried):
            common = np.maximum(np.where(table == word, reached, 0).max(axis=1), whole)
            value = float((2 * common / (len(text) + 1 + lengths)).mean())
            best = max(best, (value, -place, -word))
    return best[0], -best[1], -best[2]


def _prefixes(text: Sequence[int], table: Numbers) -> list[Numbers]:
    """For each prefix of the text its longest common subsequence with each prefix of each plot, shape (plots, words + 1)."""
    row = np.zeros((table.shape[0], table.shape[1] + 1), dtype=np.int32)
    rows = [row]
    for word in text:
        stepped = np.maximum(row[:, 1:], row[:, :-1] + (table == word))
        row = np.maximum.accumulate(np.pad(stepped, ((0, 0), (1, 0))), axis=1)
        rows.append(row)
    return rows


def main() -> None:
    """Read the plots, build the text, print it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("plots", type=Path, help="Parquet table with a column plot")
    parser.add_argument("--count", type=int, default=1000, help="plots, drawn by seed")
    parser.add_argument("--common", type=int, default=40, help="commonest words that are tried")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draw")
    arguments = parser.parse_args()
    table = pd.read_parquet(arguments.plots, columns=["plot"])
    plots = [plot for plot in table["plot"].dropna() if compared_words(plot)]
    if len(plots) < arguments.count:
        raise TrailerflowError(f"{arguments.plots} has {len(plots)} plots; ask for fewer by --count.")
    drawn = pd.Series(plots).sample(arguments.count, random_state=arguments.seed)
    words, value = greedy_words(list(drawn), common=arguments.common)
    print(f"{len(words)} words, mean ROUGE-L F1 {value:.4f} against {len(drawn)} plots:")
    print(" ".join(words))


if __name__ == "__main__":
    run(main)
