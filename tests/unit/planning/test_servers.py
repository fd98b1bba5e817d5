"""Threads and slots of the models' servers, as jobs count them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trailerflow.llm.model import LanguageModel
from trailerflow.planning.servers import (
    all_shares,
    is_asked_ahead,
    job_share,
    request_share,
    request_threads,
    server_threads,
)

OURS = LanguageModel("ours", "embedded", "tiny", 2048, slots=4, threads=3)
HOSTED = LanguageModel("hosted", "groq", "big", 8192, slots=8, threads=3)
MANY, OURS_OF_MANY = replace(HOSTED, slots=9), replace(OURS, slots=9)


@pytest.mark.parametrize(("cores", "threads"), [(2, 2), (3, 3), (16, 3), (None, 3)])
def test_a_server_takes_its_threads_but_never_more_than_the_run_has(cores, threads):
    assert server_threads(OURS, cores) == threads
    assert server_threads(HOSTED, cores) == 1


@pytest.mark.parametrize(
    ("threads", "slots", "each"), [(1, 1, 1), (4, 1, 4), (4, 4, 1), (8, 4, 2), (5, 4, 2), (3, 2, 2)]
)
def test_a_request_counts_its_part_of_the_threads_rounded_up(threads, slots, each):
    assert {request_threads(threads, slots, f"m/p/{movie}") for movie in range(20)} == {each}


def test_fewer_threads_than_slots_are_dealt_out_by_the_name():
    """CRC-32 of ``1`` is 0x83dcefb7, of ``2`` 0x1ad5be0d, of ``3`` 0x6dd28e9b: 3, 1 and 3 modulo 4."""
    assert [request_threads(2, 4, name) for name in "123"] == [0, 1, 0]
    dealt = [request_threads(2, 4, f"m/p/{movie}") for movie in range(1000)]
    assert set(dealt) == {0, 1} and sum(dealt) == pytest.approx(500, abs=60)
    assert dealt == [request_threads(2, 4, f"m/p/{movie}") for movie in range(1000)]


def test_a_request_takes_a_hundredth_by_the_slots_of_its_own_resource():
    assert (request_share(OURS, embedded=True), request_share(OURS, embedded=False)) == (25, 0)
    assert (request_share(HOSTED, embedded=True), request_share(HOSTED, embedded=False)) == (0, 12)
    many = LanguageModel("many", "groq", "big", 8192, slots=250)
    assert request_share(many, embedded=False) == 1


@pytest.mark.parametrize(
    ("model", "ahead"), [(OURS, False), (HOSTED, False), (MANY, True), (OURS_OF_MANY, False)]
)
def test_only_a_hosted_model_with_many_slots_is_asked_ahead(model, ahead):
    assert is_asked_ahead(model) == ahead


def test_of_a_model_that_is_asked_ahead_few_jobs_start_at_once_and_the_one_that_asks_fits_in_when_one_ends():
    assert job_share(HOSTED, embedded=False) == request_share(HOSTED, embedded=False) == 12
    assert job_share(OURS, embedded=True) == request_share(OURS, embedded=True)
    for slots in (9, 64, 500):
        model = replace(MANY, slots=slots)
        assert (job_share(model, embedded=False), job_share(model, embedded=True)) == (20, 0)
        assert 4 * 20 + request_share(model, embedded=False) <= 100


def test_a_job_that_fills_all_slots_takes_all_of_its_own_resource():
    assert (all_shares(OURS, embedded=True), all_shares(OURS, embedded=False)) == (100, 0)
    assert (all_shares(HOSTED, embedded=True), all_shares(HOSTED, embedded=False)) == (0, 100)
