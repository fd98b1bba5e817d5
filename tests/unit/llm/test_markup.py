"""What is no part of a model's answer, in the forms in which models and servers leave it there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.llm.markup import read_words
from trailerflow.llm.types import parse_completion

ANSWER = "A courier carries nine parcels."


@pytest.mark.parametrize(
    "words",
    [
        f"<think>\nForty words.\n</think>\n\n{ANSWER}",
        f"<think>\n\n</think>\n\n{ANSWER}",
        f"<think></think>{ANSWER}",
        f"Forty words are wanted.\n</think>\n{ANSWER}",
        f"<THINK>hm</THINK> {ANSWER}",
        f"<thinking>hm</thinking>\n{ANSWER}",
        f"<thought>hm</thought>\n{ANSWER}",
        f"<reasoning>hm</reasoning>{ANSWER}",
        f"<seed:think>hm</seed:think>{ANSWER}",
        f'<think lang="en">hm</think>{ANSWER}',
        f"<think>a <think>b</think> c</think>{ANSWER}",
        f"<think>a</think>{ANSWER}<think>was that right?</think>",
        f"{ANSWER}<THINK>was that\nright?</THINK>",
        f"[THINK]hm[/THINK]{ANSWER}",
        f"hm[/THINK]{ANSWER}",
        f"◁think▷hm◁/think▷{ANSWER}",
        f"<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>{ANSWER}<|END_RESPONSE|>",
        f"<|begin_of_thought|>hm<|end_of_thought|>\n<|begin_of_solution|>{ANSWER}<|end_of_solution|>",
        f"<|channel>thought\nhm<channel|>{ANSWER}",
        f"<unused94>thought\nhm<unused95>{ANSWER}",
        f"<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>",
        f"<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
        f"<|channel|>final <|constrain|>text<|message|>{ANSWER}<|end|>",
        f"analysisForty words are wanted.assistantfinal{ANSWER}",
        f"{ANSWER}<|im_end|>",
        f"{ANSWER}<|im_end|>\n<|im_start|>user\nAnd the next one?",
        f"<|im_start|>assistant\n{ANSWER}<|im_end|>",
        f"<|start_header_id|>assistant<|end_header_id|>\n\n{ANSWER}<|eot_id|>",
        f"<start_of_turn>model\n{ANSWER}<end_of_turn>",
        f"{ANSWER}<|endoftext|>Human: more",
        f"{ANSWER}<｜end▁of▁sentence｜>",
        f"<s> {ANSWER}</s>",
        f"[INST] {ANSWER} [/INST]",
        f"<answer>{ANSWER}</answer>",
        f"<think>hm</think>\n<answer>\n{ANSWER}\n</answer>",
        f"<think>hm</think><|begin_of_box|>{ANSWER}<|end_of_box|>",
    ],
)
def test_only_the_answer_is_left(words):
    found = read_words(words)
    assert (found.text, found.thinking) == (ANSWER, False)
    assert words[found.start :].startswith(ANSWER)


@pytest.mark.parametrize(
    "words",
    [
        "<think>\nForty words are",
        "[THINK]hm",
        "<|channel|>analysis<|message|>hm",
        "<think>a</think><think>b",
        "<think>",
    ],
)
def test_words_that_end_in_a_thought_hold_no_answer(words):
    found = read_words(words)
    assert (found.text, found.thinking) == ("", True)


@pytest.mark.parametrize(
    "words",
    [
        ANSWER,
        f"  {ANSWER}\n",
        "",
        "I think she left. 1 < 2 and 3 > 2, <b>really</b>.",
        "analysis of a town: it assists the final film.",
        "The pipe | and the [brackets] stay.",
    ],
)
def test_ordinary_words_stay_as_they_are(words):
    assert read_words(words).text == words


PIECES = [
    "<think>",
    "</think>",
    "[THINK]",
    "[/THINK]",
    "<|im_end|>",
    "<|channel|>final<|message|>",
    "A film. ",
    "\n",
    "<b>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_mark_is_left_whatever_the_order(words):
    found = read_words(words)
    assert len(found.text) <= len(words)
    assert not any(mark in found.text for mark in PIECES[:6])


@given(st.text())
def test_any_text_can_be_read(words):
    assert len(read_words(words).text) <= len(words)


def completion(content: str, **choice: object) -> dict[str, object]:
    return {"choices": [{"message": {"content": content}, "finish_reason": "stop", **choice}]}


def test_an_answer_cut_in_its_thoughts_says_what_to_raise():
    answer = parse_completion(completion("<think>hm", finish_reason="length"), 0.1)
    assert answer.problem == (
        "the model's answer was cut off while it was thinking; raise its reasoning_tokens in models.llm"
    )
    beside = {"choices": [{"message": {"content": "", "reasoning_content": "hm"}, "finish_reason": "length"}]}
    assert parse_completion(beside, 0.1).problem == answer.problem


def tokens(*entries: tuple[str, float]) -> dict[str, object]:
    return {
        "content": [
            {"token": text, "logprob": value, "top_logprobs": [{"token": text, "logprob": value}]}
            for text, value in entries
        ]
    }


def test_log_probabilities_begin_with_the_answer():
    logprobs = tokens(("<think>", -0.1), ("\n\n", -0.1), ("</think>", -0.1), ("\n\n", -0.2), ("Yes", -0.3))
    answer = parse_completion(completion("<think>\n\n</think>\n\nYes", logprobs=logprobs), 0.1)
    assert answer.top_logprobs == [{"Yes": -0.3}]


def test_an_odd_log_probability_throws_no_answer_away():
    odd = {
        "content": [
            {
                "token": "Yes",
                "top_logprobs": [
                    {"token": "Yes", "logprob": -0.5},
                    {"token": "No", "logprob": float("-inf")},
                    {"token": "no"},
                    {"token": "NO", "logprob": None},
                    {"token": "yes", "logprob": "x"},
                    {"token": "YES", "logprob": float("nan")},
                    "Maybe",
                ],
            },
            {"token": "."},
            None,
            {"token": "!", "top_logprobs": None},
        ]
    }
    answer = parse_completion(completion("Yes", logprobs=odd), 0.1)
    assert answer.top_logprobs == [{"No": float("-inf"), "Yes": -0.5}]
    for logprobs in ("x", {"content": None}, [], {"content": "x"}):
        assert parse_completion(completion("Yes", logprobs=logprobs), 0.1).text == "Yes"
