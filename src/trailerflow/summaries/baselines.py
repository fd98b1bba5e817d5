"""What summaries are compared with: a transcript's first words, texts that are the same for every film, human plots.

A score of a summary says little without them. ROUGE and BERTScore reward any text of the right kind and length: a sentence
that is the same for every film can have more than the summaries of a small model. A human plot is true of its film, so a
measure of truth should give it more than a model's summaries.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.letters import passage
from trailerflow.row_kinds import HUMAN, LEAD
from trailerflow.summaries.metrics import EQUAL, FULL
from trailerflow.summaries.score_summaries import texts_by_movie
from trailerflow.text import is_said, word_count

_COLUMNS = ["movie", "model", "prompt", "summary"]


def read_constant(path: Path) -> str:
    """A text that is the same for every film.

    Raises:
        TrailerflowError: The file is missing, no text, or without a word.
    """
    try:
        text = " ".join(path.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as error:
        raise TrailerflowError(
            f"{path} cannot be read ({error}); give a text file with one sentence."
        ) from None
    if not is_said(text):
        raise TrailerflowError(f"{path} holds no word; write one sentence into it.")
    return text


def lead_rows(summaries: pd.DataFrame, transcripts: pd.DataFrame, *, length: int) -> pd.DataFrame:
    """The lead of each summarised movie's transcript, as if a system had written it.

    The first words of a text are the usual baseline of summarisation, and a strong one where a text tells the most
    important first, as news do (Grusky, Naaman, Artzi, NAACL 2018). A trailer does not: what it gets is the score of
    the spoken words themselves, and a summary that is not above it adds nothing that the measure sees.

    Args:
        summaries: Table of ``merge_summaries``.
        transcripts: Table of ``merge_transcripts``.
        length: Words of the lead: as many as are asked of a summary.

    Returns:
        Columns movie, model, prompt (the empty text) and summary, for the movies that have a summary by any model.
    """
    spoken = texts_by_movie(transcripts[transcripts["status"] == "ok"], "text")
    return _rows(
        LEAD, "", {movie: passage(spoken[movie], 0, length) for movie in _summarised(summaries, spoken)}
    )


def constant_rows(summaries: pd.DataFrame, constants: Mapping[str, str]) -> pd.DataFrame:
    """Each constant text as the summary of every summarised movie.

    Args:
        summaries: Table of ``merge_summaries``.
        constants: Text by the name of its row.

    Returns:
        As `lead_rows`.
    """
    movies = texts_by_movie(summaries, "summary")
    return pd.concat([_rows(name, "", dict.fromkeys(movies, text)) for name, text in constants.items()])


def human_rows(summaries: pd.DataFrame, plots: pd.DataFrame, *, name: str = "") -> pd.DataFrame:
    """The plots that people wrote of the summarised movies, as if a system had written them: the oracle of a measure.

    Args:
        summaries: Table of ``merge_summaries``.
        plots: Columns movie and text.
        name: Which plots, for the column of the prompt, where there are several tables of them.

    Returns:
        As `lead_rows`.
    """
    texts = texts_by_movie(plots, "text")
    return _rows(HUMAN, name, {movie: texts[movie] for movie in _summarised(summaries, texts)})


def at_both_lengths(texts: pd.DataFrame, synopses: pd.DataFrame) -> pd.DataFrame:
    """All texts as they are and, below them, cut to as many words as their movie's reference has.

    ROUGE depends on length: of two texts with the same share of right words the one whose length is nearer to the
    reference's has the higher F1. Cut texts are told apart by their words alone.

    Args:
        texts: Rows of summaries and baselines: movie, model, prompt and summary.
        synopses: Table of ``merge_summaries``; a movie without a reference has no cut text.

    Returns:
        Columns movie, model, prompt, summary and length, which is `FULL` or `EQUAL`. A shorter text stays as it is.
    """
    words = {movie: word_count(text) for movie, text in texts_by_movie(synopses, "text").items()}
    known = texts[texts["movie"].isin(list(words)) & texts["summary"].notna()]
    cut = [
        passage(text, 0, words[movie]) for movie, text in zip(known["movie"], known["summary"], strict=True)
    ]
    both = [texts[_COLUMNS].assign(length=FULL), known[_COLUMNS].assign(summary=cut, length=EQUAL)]
    return pd.concat(both, ignore_index=True).astype("string")


def _summarised(summaries: pd.DataFrame, texts: Mapping[str, str]) -> list[str]:
    """The movies with a summary that have one of these texts, in the order of the texts."""
    movies = texts_by_movie(summaries, "summary")
    return [movie for movie in texts if movie in movies]


def _rows(model: str, prompt: str, texts: Mapping[str, str]) -> pd.DataFrame:
    rows = [(movie, model, prompt, text) for movie, text in texts.items()]
    return pd.DataFrame(rows, columns=_COLUMNS)
