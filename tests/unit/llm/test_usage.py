"""Counts of tokens are not believed: the worst plausible figure counts, and what is none counts as none."""

from __future__ import annotations

import pytest

from trailerflow.llm.types import parse_completion
from trailerflow.llm.usage import MOST_TOKENS, counted


def usage(read: object, written: object, **more: object) -> dict[str, object]:
    return {"prompt_tokens": read, "completion_tokens": written, **more}


@pytest.mark.parametrize(
    ("told", "tokens"),
    [
        (usage(32, 9), (32, 9)),
        (usage(32, 0), (32, 0)),
        (usage(32, 9, total_tokens=41), (32, 9)),
        (usage(32, 9, total_tokens=135), (32, 103)),
        (usage(32, 9, total_tokens=20), (32, 9)),
        (usage(32, 9, total_tokens=135, completion_tokens_details={"reasoning_tokens": 94}), (32, 103)),
        (usage(32, 9, completion_tokens_details={"reasoning_tokens": 94}), (32, 103)),
        (usage(32, 100, completion_tokens_details={"reasoning_tokens": 94}), (32, 100)),
        (usage(32, 9, completion_tokens_details={"reasoning_tokens": -94}), (32, 9)),
        (usage(32, 9, completion_tokens_details=None, total_tokens=None), (32, 9)),
        (usage(32.0, 9.0), (32, 9)),
        (usage(MOST_TOKENS, 9), (MOST_TOKENS, 9)),
    ],
)
def test_the_worst_plausible_figure_counts(told, tokens):
    assert counted(told) == tokens


@pytest.mark.parametrize(
    "told",
    [None, {}, [], "7", 7, usage(0, 0), usage(-1_000_000, 9), usage(32, -9), usage("32", 9), usage(32, None), usage(True, 9),
     usage(float("nan"), 9), usage(float("inf"), 9), usage(MOST_TOKENS + 1, 9), usage(32, [9])],
)  # fmt: skip
def test_a_count_that_is_none_is_none(told):
    assert counted(told) is None


@pytest.mark.parametrize(
    "told", [usage(-1_000_000, 1), usage("many", "few"), "x", usage(0, 0, total_tokens=0)]
)
def test_an_answer_is_kept_whatever_its_usage_says(told):
    document = {"choices": [{"message": {"content": "A film."}, "finish_reason": "stop"}], "usage": told}
    answer = parse_completion(document, 1.0)
    assert (answer.text, answer.prompt_tokens, answer.completion_tokens) == ("A film.", 0, 0)
