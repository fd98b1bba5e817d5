"""What the template sees."""

from __future__ import annotations

import pytest

from trailerflow.reports.view import Cell, Column, Row, Table


def test_a_row_of_the_wrong_length_is_a_bug() -> None:
    with pytest.raises(ValueError, match="has not 1 cells"):
        Table("Names", (Column("Name"),), (Row((Cell("a"), Cell("b"))),))
