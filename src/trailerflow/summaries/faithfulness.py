"""How far a summary is supported by its own transcript: a faithfulness score on the encoder at hand.

The score is BERTScore's precision (Zhang et al., ICLR 2020) of the summary against its source. Of the metrics that
FRANK compared with human judgements of factual errors (Pagnoni, Balachandran, Tsvetkov, NAACL 2021) it has the highest
Pearson correlation overall in the authors' corrected results. A transcript is longer than the encoder reads well, so
the score is taken as SummaC takes its own (Laban et al., TACL 2022, the zero-shot form): each sentence of the summary
against each part of the source, the maximum over the parts, the mean over the sentences. Trailers' transcripts have no
sentences to go by; the parts are windows of words, half of each shared with the next.

What it does not see: who does what to whom, negation, order and cause (FRANK: it finds content that is not in the
source, and little of wrong roles and links). A true fact about the film that is not spoken counts as unsupported, a
false one in the transcript's words as supported. A copied transcript scores highest. Only the distance from the
mismatch floor, the same summaries against other movies' transcripts, tells anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import pandas as pd

from trailerflow.row_kinds import FLOOR
from trailerflow.sentences import sentences_of
from trailerflow.summaries.metrics import FAITHFULNESS
from trailerflow.summaries.score_summaries import floor_partners, scores_table, texts_by_movie
from trailerflow.summaries.support.windows import Spoken
from trailerflow.summaries.support.windows import windows as spoken_windows
from trailerflow.text import is_said

WINDOW = 100
"""Words of a window: some 130 tokens, which the encoder reads whole."""

STEP = 50

_PAIRS_AT_ONCE = 300  # summaries with transcripts; keeps the token vectors below some 300 MB


class Supports(Protocol):
    """What is needed of `trailerflow.summaries.metrics.Scorer`."""

    def support(self, sentences: Sequence[str], sources: Sequence[str]) -> list[float]:
        """One value for each pair of a sentence and a source."""


class _Pair(NamedTuple):
    """A summary and a transcript, its own or another movie's."""

    source: str
    movie: str
    system: str
    prompt: str
    length: str
    sentences: tuple[str, ...]


def faithfulness_scores(
    texts: pd.DataFrame, transcripts: pd.DataFrame, *, scorer: Supports, shifts: int, seed: int
) -> pd.DataFrame:
    """Score every summary against its movie's transcript, and against those of other movies.

    Args:
        texts: Summaries and baselines of `trailerflow.summaries.baselines.at_both_lengths`.
        transcripts: Table of ``merge_transcripts``.
        scorer: Scores pairs of texts.
        shifts: How many other transcripts each summary is scored against, for the floor (`mismatches`).
        seed: Seed of the choice of the other transcripts.

    Returns:
        The columns of ``score_summaries``, with the metric faithfulness and the statistic precision.
    """
    sources = {movie: windows(text) for movie, text in texts_by_movie(transcripts, "text").items()}
    pairs = list(_pairs(texts, sources, shifts, seed))
    order = sorted(range(len(pairs)), key=lambda number: pairs[number].source)  # a transcript is encoded once
    values: dict[int, float] = {}
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        portion = order[start : start + _PAIRS_AT_ONCE]
        support = _supported([pairs[number] for number in portion], sources, scorer)
        values |= zip(portion, support, strict=True)
    return scores_table(
        (pair.movie, pair.system, pair.prompt, pair.length, FAITHFULNESS, "precision", values[number])
        for number, pair in enumerate(pairs)
    )


def windows(text: str) -> list[str]:
    """A text in windows of `WINDOW` words, a new one every `STEP` words; the last may be shorter.

    >>> [len(window.split()) for window in windows("word " * 170)]
    [100, 100, 70]
    """
    return [window.text for window in spoken_windows(Spoken(text), WINDOW, STEP)]


def _pairs(texts: pd.DataFrame, sources: dict[str, list[str]], shifts: int, seed: int) -> Iterator[_Pair]:
    """Every summary with its own transcript, then with those of other movies."""
    for (length, prompt, model), group in texts.groupby(["length", "prompt", "model"], sort=False):
        summaries = texts_by_movie(group, "summary")
        movies = [movie for movie in summaries if movie in sources]
        partners = floor_partners(model, len(movies), shifts=shifts, seed=seed)
        for place, movie in enumerate(movies):
            told = tuple(sentence for sentence in sentences_of(summaries[movie]) if is_said(sentence))
            yield _Pair(movie, movie, model, prompt, length, told)
            for partner in partners[:, place]:
                yield _Pair(movies[partner], movie, FLOOR, prompt, length, told)


def _supported(pairs: Sequence[_Pair], sources: dict[str, list[str]], scorer: Supports) -> list[float]:
    """Mean over a summary's sentences of the best window's support, for each pair; all in one call."""
    asked = [
        (number, place, sentence, window)
        for number, pair in enumerate(pairs)
        for place, sentence in enumerate(pair.sentences)
        for window in sources[pair.source]
    ]
    table = pd.DataFrame(asked, columns=["pair", "place", "sentence", "window"])
    table["support"] = scorer.support(table["sentence"].tolist(), table["window"].tolist())
    best = table.groupby(["pair", "place"])["support"].max()
    return list(best.groupby("pair").mean())
