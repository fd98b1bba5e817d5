"""What a measure of support is: it reads claims beside a transcript, and says how far the transcript supports each."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.summaries.support.windows import Spoken, Window, windows
from trailerflow.text import is_said

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from trailerflow.embedding import TextVectors
    from trailerflow.llm.types import Answer, Asks
    from trailerflow.summaries.faithfulness import Supports

    PairValues = Callable[[Sequence[str], Sequence[str]], Sequence[float] | npt.NDArray[np.float64]]
    """Claims and windows, pair by pair, to the value of each pair."""

ENCODER, VECTORS, MODEL, TRANSCRIPTS = "encoder", "vectors", "model", "transcripts"
"""What a measure may need: BERTScore's encoder, sentence vectors, a language model, the transcripts of the run."""


@dataclass(frozen=True)
class Beside:
    """The claims of a film's summaries beside its transcript.

    Attributes:
        claims: Their texts.
        spoken: The transcript.
    """

    claims: tuple[str, ...]
    spoken: Spoken


@dataclass(frozen=True)
class Score:
    """How far a claim is supported.

    Attributes:
        value: The higher, the more; NaN where nothing can be said.
        window: The part of the transcript that supports it best; None where there is no value.
    """

    value: float
    window: Window | None


NOTHING = Score(float("nan"), None)


@dataclass(frozen=True)
class Surroundings:
    """What measures may need; what is heavy is made when it is asked for.

    Attributes:
        encoder: Gives what scores pairs by BERTScore.
        vectors: Gives the vectors of a sentence encoder.
        model: Gives the language model.
        transcripts: Texts of the transcripts of the run, by which words are rare.
        prompts: Prompt files by their names.
        weights: File with the weights of the combination.
    """

    encoder: Callable[[], Supports]
    vectors: Callable[[], TextVectors]
    model: Callable[[], Asks]
    transcripts: Sequence[str]
    prompts: Mapping[str, Path]
    weights: Path


class Support(ABC):
    """One measure of support.

    Attributes:
        name: What it is called in the configuration and in tables.
        needs: What of `Surroundings` it uses: some of `ENCODER`, `VECTORS`, `MODEL` and `TRANSCRIPTS`.
    """

    name: ClassVar[str]
    needs: ClassVar[frozenset[str]]

    @abstractmethod
    def __init__(self, surroundings: Surroundings) -> None: ...

    @abstractmethod
    def scores(self, films: Sequence[Beside]) -> list[list[Score]]:
        """How far each claim is supported by its film's transcript.

        A claim or a transcript without any letter or digit gets `NOTHING`. A claim has the same value in any company, but
        for rounding.

        Args:
            films: Claims beside transcripts.

        Returns:
            Of each film one score for each claim, in their order.

        Raises:
            TrailerflowError: What it needs cannot do it.
        """

    def answers(self) -> Sequence[Answer]:
        """The language model's answers so far; none where none is asked."""
        return ()

    def later(self) -> LaterError | None:
        """Why claims have no value as yet, where the language model may answer later; else None."""
        return None


def best_windows(
    films: Sequence[Beside], words: int, step: int, pair_values: PairValues
) -> list[list[Score]]:
    """The best window of each claim, and its value, as SummaC takes its own (Laban et al., TACL 2022, zero-shot).

    Args:
        films: Claims beside transcripts.
        words: Words of a window.
        step: Words from one window to the next.
        pair_values: Called once, with every claim beside every window of its film.
    """
    found = [[NOTHING for _ in film.claims] for film in films]
    parts = [windows(film.spoken, words, step) for film in films]
    asked = [
        (number, place, window)
        for number, film in enumerate(films)
        for place, claim in enumerate(film.claims)
        if is_said(claim)
        for window in parts[number]
    ]
    values = pair_values(
        [films[number].claims[place] for number, place, _ in asked], [window.text for *_, window in asked]
    )
    for (number, place, window), value in zip(asked, values, strict=True):
        best = found[number][place]
        if best.window is None or value > best.value:
            found[number][place] = Score(float(value), window)
    return found


def checked(scores: list[list[Score]], films: Sequence[Beside], name: str) -> list[list[Score]]:
    """Scores that keep to the contract.

    Raises:
        TrailerflowError: There are too few or too many, or a value has no window.
    """
    counts = [len(row) for row in scores]
    if counts != [len(film.claims) for film in films] or any(
        math.isnan(one.value) != (one.window is None) for row in scores for one in row
    ):
        raise TrailerflowError(
            f"The measure of support {name} breaks its contract; this is a fault of its class."
        )
    return scores
