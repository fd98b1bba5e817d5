"""The users of an archive: age, sex and occupation, where it tells them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from trailerflow.catalogue.archives import (
    archive_layout,
    line_fault,
    member_named,
    member_text,
    opened_archive,
)

OLDEST = 120

# By the README of MovieLens-1M, in which an occupation is a number.
OCCUPATIONS = (
    "other", "academic/educator", "artist", "clerical/admin", "college/grad student", "customer service",
    "doctor/health care", "executive/managerial", "farmer", "homemaker", "K-12 student", "lawyer", "programmer",
    "retired", "sales/marketing", "scientist", "self-employed", "technician/engineer", "tradesman/craftsman",
    "unemployed", "writer",
)  # fmt: skip

_TYPES = {"user": str, "age": "Int64", "sex": str, "occupation": str}


def people_table(rows: list[tuple[str, int, str, str]]) -> pd.DataFrame:
    """Users as a table: user (str), age (Int64), sex (``F`` or ``M``), occupation (str)."""
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


def read_people(path: Path) -> pd.DataFrame:
    """Read the users of an archive.

    Args:
        path: A zip file in one of the layouts of `trailerflow.catalogue.archives`.

    Returns:
        See `people_table`; no rows where the archive has no file of them. An age of MovieLens-1M is the first year of a
        group of ages (1, 18, 25, 35, 45, 50, 56).

    Raises:
        TrailerflowError: A line does not parse.
    """
    with opened_archive(path) as archive:
        layout = archive_layout(archive, path)
        names = {name.rpartition("/")[2] for name in archive.namelist()}
        if layout.people not in names:
            return people_table([])
        member = member_named(archive, layout.people)
        text = member_text(archive, member)
    rows: dict[str, tuple[str, int, str, str]] = {}
    for line, cells in enumerate(layout.cells(text), start=1):
        if line == 1 and layout.header:
            continue
        try:
            row = _person(dict(zip(layout.person, cells, strict=False)))
            if row[0] in rows:
                raise ValueError
        except (ValueError, IndexError, KeyError):
            raise line_fault(path, member, line, " ".join(cells)) from None
        rows[row[0]] = row
    return people_table(list(rows.values()))


def _person(cell: dict[str, str]) -> tuple[str, int, str, str]:
    """A user of a line's cells.

    Raises:
        ValueError: A cell is none of its kind; LookupError: there are too few, or the occupation has no name.
    """
    user, age, sex, occupation = cell["user"], int(cell["age"]), cell["sex"], cell["occupation"]
    if not user.isdecimal() or not 0 <= age <= OLDEST or sex not in ("F", "M") or not occupation:
        raise ValueError
    return user, age, sex, OCCUPATIONS[int(occupation)] if occupation.isdecimal() else occupation
