"""Answers in place of a summary, and summaries that look like them."""

from __future__ import annotations

import pytest

from trailerflow.summaries.refusals import is_refusal


@pytest.mark.parametrize(
    "answer",
    [
        "The plot summary is not provided in the given text.",
        "There is no plot summary provided in the transcript. The words are of a song.",
        "The trailer does not give enough information about the story.",
        "I'm sorry, but I cannot write a summary of this.",
        "It is not possible to tell the plot from the text.",
    ],
)
def test_they_tell_nothing(answer):
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "summary",
    [
        "A woman who cannot tell her story meets a man.",
        "There is no way home for the crew of the ship.",
        "A trailer park is lost in a storm. The information is not given to its people.",
        "A spy is not told that the plans were given away.",
        "I'm sorry is all that he writes. His wife leaves.",
    ],
)
def test_these_are_plots(summary):
    assert not is_refusal(summary)
