"""How figures are written in the report: three digits, intervals in brackets, counts with their noun."""

from __future__ import annotations

from typing import Any

from trailerflow.movies.titles import display_title

NOTHING = "–"


def is_missing(value: Any) -> bool:
    """True for None, NaN, NaT and pandas' NA; a list or a text is never missing."""
    import pandas as pd

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def number(value: Any) -> float:
    """A value as a float, NaN where it is missing."""
    return float("nan") if is_missing(value) else float(value)


def text(value: Any) -> str:
    """A value as text, the empty text where it is missing."""
    return "" if is_missing(value) else str(value)


def score(value: Any) -> str:
    """A score with three digits and no leading zero.

    >>> score(0.1234), score(1.0), score(-0.05), score(float("nan"))
    ('.123', '1.000', '-.050', '–')
    """
    if is_missing(value):
        return NOTHING
    written = f"{float(value):.3f}"
    return written.replace("0.", ".", 1) if written.startswith(("0.", "-0.")) else written


def interval(low: Any, high: Any) -> str:
    """A bootstrap interval, or the empty text where there is none.

    >>> interval(0.1234, 0.4561)
    '[.123, .456]'
    """
    return "" if is_missing(low) or is_missing(high) else f"[{score(low)}, {score(high)}]"


def estimate(value: Any, low: Any, high: Any) -> str:
    """A score with its interval, where it has one."""
    return f"{score(value)} {interval(low, high)}".rstrip()


def whole(value: Any) -> str:
    """A count, with thousands told apart.

    >>> whole(100000.0)
    '100,000'
    """
    return NOTHING if is_missing(value) else f"{round(float(value)):,}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun.

    >>> counted(1, "movie"), counted(2, "movie"), counted(0, "summary", "summaries")
    ('1 movie', '2 movies', '0 summaries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def clock(seconds: Any) -> str:
    """A place in a trailer.

    >>> clock(75.6)
    '1:15'
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def duration(seconds: Any) -> str:
    """A time as people say it.

    >>> duration(4.21), duration(83), duration(7320)
    ('4.2 s', '1 min 23 s', '2 h 2 min')
    """
    if is_missing(seconds):
        return NOTHING
    seconds = float(seconds)
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def listed(names: list[str]) -> str:
    """Names in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else "none"


def movie_name(title: object, year: object) -> str:
    """A title as people say it, with the year where it is known.

    >>> movie_name("Godfather, The", 1972), movie_name("", None)
    ('The Godfather (1972)', '(no title)')
    """
    name = display_title(text(title)) or "(no title)"
    return name if is_missing(year) else f"{name} ({int(float(str(year)))})"


def money(usd: object) -> str:
    """US dollars, with as many digits as a small sum needs.

    >>> money(12.3456), money(0.00042), money(0.0), money(None)
    ('$12.35', '$0.00042', '$0', '–')
    """
    if is_missing(usd):
        return NOTHING
    value = float(str(usd))
    return f"${value:.2f}" if value >= 1 else f"${value:.2g}"
