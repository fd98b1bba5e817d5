"""Whether a summary tells of its own film: is the film's own plot the nearest to it among those of other films?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.embedding import Embedder
from trailerflow.row_kinds import CHANCE
from trailerflow.summaries.metrics import FOUND, LENGTHS, SHARE
from trailerflow.summaries.score_summaries import mismatches, scores_table, texts_by_movie

AMONG = 20
"""Plots to choose from, the own one among them."""

_EQUAL_COSINES = 1e-6
"""Cosines no further apart are those of equal texts."""


def found_scores(
    texts: pd.DataFrame, synopses: pd.DataFrame, *, embedder: Embedder, seed: int
) -> pd.DataFrame:
    """How often the reference of a summary's own film is nearer to it than those of other films.

    Near is the cosine of the texts' vectors. All systems meet the same other films. Plots that are equally near share the
    point. A text that is the same for every film gets what chance gets, so no length and no style helps.

    Args:
        texts: Summaries and baselines of `trailerflow.summaries.baselines.at_both_lengths`.
        synopses: Table of ``merge_summaries``.
        embedder: Makes the vectors.
        seed: Seed of the choice of the other films.

    Returns:
        The columns of ``score_summaries``, with the metric `FOUND` and values from 0 to 1; the row of chance is one over
        `AMONG`, or over the number of films with a reference where they are fewer. No rows for fewer than two of
        these, nor where there is no summary.
    """
    references = texts_by_movie(synopses, "text")
    if len(references) < 2:
        return scores_table([])
    place = {movie: number for number, movie in enumerate(references)}
    others = mismatches(len(references), shifts=AMONG - 1, seed=seed)
    plots = _vectors(list(references.values()), embedder)
    rows: list[tuple[object, ...]] = []
    for (length, prompt, model), group in texts.groupby(["length", "prompt", "model"], sort=False):
        own = {movie: text for movie, text in texts_by_movie(group, "summary").items() if movie in place}
        if not own:
            continue
        at = np.array([place[movie] for movie in own])
        vectors = _vectors(list(own.values()), embedder)
        shares = _shares(vectors, plots, np.vstack([at, others[:, at]]))
        rows += [
            (movie, model, prompt, length, FOUND, SHARE, share)
            for movie, share in zip(own, shares, strict=True)
        ]
    if rows:
        chance = 1 / (1 + len(others))
        rows += [
            (movie, CHANCE, "", length, FOUND, SHARE, chance) for length in LENGTHS for movie in references
        ]
    return scores_table(rows)


def _vectors(texts: Sequence[str], embedder: Embedder) -> npt.NDArray[np.float32]:
    """The vectors of texts, of unit length; equal texts are embedded once."""
    different = sorted(set(texts), key=len)
    found = dict(zip(different, embedder.embed(different), strict=True))
    vectors = np.stack([found[text] for text in texts])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _shares(
    vectors: npt.NDArray[np.float32], plots: npt.NDArray[np.float32], candidates: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """Each summary's point: 1 where its own plot is the nearest, a share where others are as near, else 0.

    Args:
        vectors: Of the summaries, shape (summaries, dimensions).
        plots: Of all plots, shape (plots, dimensions).
        candidates: The plots that each is compared with, its own in the first row, shape (candidates, summaries).
    """
    cosines = np.stack([np.einsum("sd,sd->s", vectors, plots[row]) for row in candidates])
    nearest = cosines >= cosines.max(axis=0) - _EQUAL_COSINES
    shares: npt.NDArray[np.float64] = nearest[0] / nearest.sum(axis=0)
    return shares
