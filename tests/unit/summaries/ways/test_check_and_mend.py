"""The way that checks its own draft: what is mended, and what is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trailerflow.errors import LaterError
from trailerflow.llm.types import Answer
from trailerflow.summaries.ways import way_of
from trailerflow.summaries.ways.contract import Told, Written
from unit.scripted_model import ScriptedModel, said

PROMPTS = Path(__file__).parents[4] / "resources/prompts"
TOLD = Told("Net, The", {"text": "She runs and the net closes.", "words": 6}, words=40)


def word(text: str, **logprobs: float) -> Answer:
    return replace(said(text), top_logprobs=[logprobs])


YES, NO = word("Yes", Yes=-0.1, No=-3.0), word("No", Yes=-3.0, No=-0.1)


def written(*answers: object, log_probabilities: bool = True) -> tuple[Written, ScriptedModel]:
    model = ScriptedModel(*answers, log_probabilities=log_probabilities)
    way = way_of("check_and_mend")
    prompts = {Path(place).name: PROMPTS / f"{place}.txt" for place in way.prompt_places()}
    return way.write(TOLD, prompts, model), model


def test_what_is_not_supported_is_mended():
    found, model = written("She runs and hides. He waits.", YES, NO, NO, "She runs.")
    assert (found.answer.text, len(found.others)) == ("She runs.", 4)
    sent = model.asked[-1].messages[-1]["content"]
    assert "\n- She hides.\n- He waits.\n\n" in sent
    assert "She runs and hides. He waits." in sent
    assert "- She runs." not in sent


def test_every_request_begins_with_the_words_of_the_first_up_to_the_transcript():
    _, model = written("He waits.", NO, "She runs.")
    spoken = TOLD.transcript["text"]
    beginnings = {
        (
            *(message["content"] for message in one.messages[:-1]),
            one.messages[-1]["content"].partition(spoken)[0],
        )
        for one in model.asked
    }
    assert len(model.asked) == 3
    assert len(beginnings) == 1


def test_a_summary_that_is_supported_stays():
    found, model = written("She runs. The net closes.", YES, YES)
    assert found.answer.text == "She runs. The net closes."
    assert len(model.asked) == 3


def test_a_name_that_nobody_speaks_is_mended_though_the_model_says_yes():
    found, _ = written("Clarice runs.", YES, "She runs.")
    assert found.answer.text == "She runs."


def test_a_model_without_log_probabilities_is_asked_for_the_word():
    found, model = written("She runs. He waits.", "Yes.", "No.", "She runs.", log_probabilities=False)
    assert found.answer.text == "She runs."
    assert not any(request.top_logprobs for request in model.asked)


@pytest.mark.parametrize("draft", ["NOTHING", "The plot summary is not provided in the given text."])
def test_where_there_is_no_draft_nothing_else_is_asked(draft):
    found, model = written(draft)
    assert (found.answer.text, len(model.asked)) == (draft, 1)


def test_a_cut_sentence_of_the_draft_is_not_checked():
    _, model = written(said("She runs. He waits for", "length"), YES)
    assert len(model.asked) == 2


def test_a_check_that_is_for_later_makes_all_of_it_later():
    with pytest.raises(LaterError, match="busy"):
        written("She runs. He waits.", YES, LaterError("busy"))
