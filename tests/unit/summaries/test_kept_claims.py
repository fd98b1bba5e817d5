"""What the check kept: shares of claims and films, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from trailerflow.summaries.kept_claims import COLUMN_TYPES, kept_table


def claims(rows: list[tuple[str, str, bool, str | None]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["prompt", "movie", "kept", "invented_names"])
    return table.assign(model="one", measure="yes_no", copied=False).astype(
        {"kept": "boolean", "invented_names": "string"}
    )


def test_shares_are_of_claims_and_of_films():
    rows = [("short", "1", True, ""), ("short", "1", True, None), ("short", "1", False, "Lev; Dan")]
    rows += [("short", "2", False, "Lev"), ("quoted", "1", True, "")]
    short, quoted = kept_table(claims(rows), seed=0).to_dict("records")
    assert (short["movies"], short["claims"], short["kept_a_film"]) == (2, 4, 1.0)
    assert (short["kept"], short["invented_name"], short["nothing_left"]) == (0.5, 0.5, 0.5)
    assert (quoted["prompt"], quoted["kept"], quoted["nothing_left"]) == ("quoted", 1.0, 0.0)
    assert pd.isna(quoted["kept_low"])  # one film has no interval


def test_copies_are_not_counted():
    table = claims([("short", "1", True, ""), ("short", "1", False, "")]).assign(copied=[True, False])
    (row,) = kept_table(table, seed=0).to_dict("records")
    assert (row["claims"], row["kept"]) == (1, 0.0)


def test_intervals_are_over_films_with_all_their_claims():
    rows = [("short", str(film), film % 2 == 0, "") for film in range(40) for _ in range(1 + 9 * (film % 2))]
    (row,) = kept_table(claims(rows), seed=0).to_dict("records")
    assert row["kept"] == pytest.approx(20 / 220)
    # Each draw of films has some k of the even ones: k claims kept of k + 10 (40 - k). Of 40 films 14 to 26 are even, mostly.
    assert row["kept_low"] == pytest.approx(14 / 274, abs=0.01)
    assert row["kept_high"] == pytest.approx(26 / 166, abs=0.02)
    assert row["nothing_left_low"] < 0.5 < row["nothing_left_high"]


def test_without_claims_there_are_no_rows():
    table = kept_table(claims([]), seed=0)
    assert table.empty and list(table.columns) == list(COLUMN_TYPES)
