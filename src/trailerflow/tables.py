"""Reading and writing the tables of the merge rules, and the about of each: how it was made."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow.parquet import read_schema

from trailerflow.errors import TrailerflowError
from trailerflow.files import replacing, write_json
from trailerflow.redaction import redact, redact_document, redact_values

_FOR_PEOPLE = ("reason", "note")
"""Columns with sentences, which may repeat what a server said."""

_NAMES = ("movie", "user", "id", "group", "system", "ranker", "model", "prompt", "pair", "rater", "reader")
"""Columns with names of things, which pandas would take for numbers or for missing values."""


def _name(text: str) -> str | None:
    return text or None


def read_table(path: Path | str, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Read a Parquet or CSV table, told by its suffix; names of a CSV stay text, also one such as ``NA`` or ``null``.

    Args:
        path: Its place.
        columns: The columns of a Parquet table that are wanted, as far as it has them; all where none is named.

    Raises:
        TrailerflowError: The file is missing or damaged.
    """
    path = Path(path)
    with _told(path):
        if path.suffix == ".parquet":
            names = read_schema(path).names if columns else []
            return pd.read_parquet(path, columns=[name for name in names if name in columns] or None)
        return pd.read_csv(path, converters=dict.fromkeys(_NAMES, _name))


def read_rows(path: Path, *, columns: Sequence[str] | None = None, **values: Any) -> pd.DataFrame:
    """Read the rows of a Parquet table that have these values.

    Args:
        path: The table.
        columns: The columns wanted; None for all.
        values: Value of columns.

    Raises:
        TrailerflowError: The table is missing or damaged.
    """
    filters = [(column, "==", value) for column, value in values.items()] or None
    with _told(path):
        return pd.read_parquet(path, columns=columns, filters=filters)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """A table that is missing or damaged is told in a sentence."""
    try:
        yield
    except FileNotFoundError:
        raise TrailerflowError(f"{path} is missing; run snakemake to make it.") from None
    except (ValueError, OSError) as error:
        raise TrailerflowError(
            f"{path} cannot be read as a table ({error}); delete it and run again."
        ) from None


def write_table(frame: pd.DataFrame, path: Path | str) -> None:
    """Write a table in one step, as Parquet or CSV by the suffix, without the frame's index and without secrets."""
    frame = _without_secrets(frame)
    with replacing(path) as part:
        if Path(path).suffix == ".parquet":
            frame.to_parquet(part, index=False)
        else:
            frame.to_csv(part, index=False, float_format="%.6g")


def _without_secrets(frame: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts hold no value of a secret variable, and whose words for people hold no key of any kind."""
    cleaned = {}
    for name in frame.select_dtypes(include=["object", "string"]).columns:
        clean = redact if name in _FOR_PEOPLE else redact_values
        texts = [value for value in frame[name] if isinstance(value, str)]
        # One look at all texts together: a column may have as many as there are ratings.
        if clean(whole := "\n".join(texts)) != whole:
            cleaned[name] = [clean(value) if isinstance(value, str) else value for value in frame[name]]
    return frame.assign(**cleaned) if cleaned else frame


def write_about(
    path: Path | str,
    *,
    rule: str,
    seconds: float,
    packages: Sequence[str] = (),
    models: Sequence[dict[str, Any]] = (),
    usage: Sequence[Mapping[str, Any]] = (),
    work: Sequence[Mapping[str, Any]] = (),
    paid: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[str] = (),
    of: Sequence[str] = (),
) -> None:
    """Write how a table was made, and what else differs from run to run: a table that is made again must be equal.

    Args:
        path: ``about.json`` beside the table.
        rule: Name of the rule.
        seconds: Wall-clock seconds of its work.
        packages: Names of the installed distributions whose versions matter.
        models: Name and hash of each model used.
        usage: What its language models cost, a row a model and prompt; see `trailerflow.llm.types.usage_row`.
        work: Time of the work on single movies that the table is merged from; see `trailerflow.outcome_tables.work_rows`.
        paid: What the run paid for new answers; see `trailerflow.costs.account.paid_this_run`.
        notes: Sentences for the reader of the table.
        of: What the table is of, for a rule that makes one of each: the values of its wildcards.
    """
    document = {
        "rule": rule,
        "seconds": round(seconds, 3),
        "packages": {name: version(name) for name in packages} | {"python": sys.version.split()[0]},
        "models": list(models),
        "usage": list(usage),
        "work": list(work),
        "paid": list(paid),
        "notes": list(notes),
        "of": list(of),
    }
    write_json(path, redact_document(document))


def read_about(path: Path | str) -> dict[str, Any]:
    """Read how a table was made, as `write_about` wrote it.

    Raises:
        TrailerflowError: The file is missing or damaged.
    """
    try:
        about: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        missing = {"rule", "seconds", "packages", "models", "usage", "work", "paid", "notes"} - about.keys()
    except FileNotFoundError:
        raise TrailerflowError(f"{path} is missing; run snakemake to make it.") from None
    except (ValueError, AttributeError, RecursionError) as error:
        raise TrailerflowError(f"{path} is damaged ({error}); delete it and run snakemake again.") from None
    if missing:
        raise TrailerflowError(f"{path} lacks {min(missing)}; delete it and run snakemake again.")
    return about


def paths_from_stdin() -> list[Path]:
    """The list of files that a merge program gets on its standard input, separated by white space.

    A list of thousands of names on the command line would meet the kernel's limit.
    """
    return [Path(name) for name in sys.stdin.read().split()]
