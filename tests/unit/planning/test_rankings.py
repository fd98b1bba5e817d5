"""Which rankers are read, and what is refused."""

from __future__ import annotations

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.planning.rankings import rankers_read


def test_each_ranker_that_is_read_once_and_in_order():
    reads = {"a": (), "b": (), "c": (), "one": ("b", "a"), "two": ("b",)}
    assert rankers_read(reads) == ["a", "b"]
    assert rankers_read({"a": ()}) == []


def test_a_ranker_that_is_not_there_or_reads_itself_is_told():
    with pytest.raises(
        TrailerflowError, match="has fusion, which reads ease; add ease to it, or remove fusion"
    ):
        rankers_read({"fusion": ("ease",)})
    with pytest.raises(TrailerflowError, match="The ranker two reads one, which reads others itself"):
        rankers_read({"a": (), "one": ("a",), "two": ("one",)})
