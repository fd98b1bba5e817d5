from __future__ import annotations

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.film_texts import Text


@pytest.mark.parametrize(
    ("name", "rule", "column"),
    [
        ("transcript", "prepare_transcript", "text"),
        ("synopsis", "fetch_synopsis", "text"),
        ("summary/qwen2.5-1.5b/zero_shot", "summarise_movie", "summary"),
    ],
)
def test_a_name_says_where_the_text_is_found(name, rule, column):
    text = Text.from_name(name)
    assert (text.name, text.rule, text.column) == (name, rule, column)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "plot",
        "title",
        "summary",
        "summary/qwen",
        "summary/qwen/",
        "summary//zero_shot",
        "summary/a/b/c",
        "transcript/a",
    ],
)
def test_another_name_is_refused(name):
    with pytest.raises(
        TrailerflowError, match="no text of a film; choose one of transcript, synopsis, summary/<model>"
    ):
        Text.from_name(name)


def test_own_stands_for_the_model_that_reads():
    assert Text.from_name("summary/own/zero_shot").read_by("qwen").name == "summary/qwen/zero_shot"
    assert Text.from_name("summary/other/zero_shot").read_by("qwen").name == "summary/other/zero_shot"
    assert Text.from_name("transcript").read_by("qwen").name == "transcript"
