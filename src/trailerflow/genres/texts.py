"""What systems read of every film: its texts by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.film_texts import TITLE, Text


def text_table(outcomes: pd.DataFrame, movies: pd.Series, text: Text) -> pd.DataFrame:
    """Find the text of each movie, or why it has none.

    Args:
        outcomes: movie, status, reason and the text's column, from the outcome documents of its rule.
        movies: Ids of the movies.
        text: Which text.

    Returns:
        movie, status, reason and text, one row per movie in their order; ``absent`` where there is no outcome.
    """
    found = outcomes[["movie", "status", "reason", text.column]].rename(columns={text.column: "text"})
    table = pd.DataFrame({"movie": movies.astype(str).to_numpy()}).merge(
        found, on="movie", how="left", validate="one_to_one"
    )
    missing = table["status"].isna()
    table.loc[missing, "status"] = "absent"
    table.loc[missing, "reason"] = f"there is no {text.name} of it"
    return table


def only_text(names: Sequence[str]) -> str:
    """The one text beside the title.

    Raises:
        TrailerflowError: There are several, or none.
    """
    texts = [name for name in names if name != TITLE]
    if len(texts) != 1:
        raise TrailerflowError(
            f"The system reads {len(texts)} texts beside the title, and this program gives it one; use the library."
        )
    return texts[0]


def arm_of(texts: Sequence[str]) -> str:
    """What a system reads, in words: the names of its texts, and whether it is told the title or has it masked.

    >>> arm_of(["title", "summary/qwen/zero_shot"])
    'summary/qwen/zero_shot, titled'
    >>> arm_of(["synopsis", "transcript"])
    'synopsis + transcript, masked'
    >>> arm_of(["title"])
    'title alone'
    """
    names = [name for name in texts if name != TITLE]
    if not names:
        return "title alone" if TITLE in texts else "no text"
    return f"{' + '.join(names)}, {'titled' if TITLE in texts else 'masked'}"


def with_year(title: str, year: Any) -> str:
    """A title with its year, where it is known.

    >>> with_year("Heat", 1995), with_year("Heat", None)
    ('Heat (1995)', 'Heat')
    """
    return title if pd.isna(year) else f"{title} ({year})"
