"""Takes out of a model's words what is no part of its answer: thoughts, channels, and the marks of its chat template."""

from __future__ import annotations

import re
from dataclasses import dataclass

_THOUGHT = r"(?:\w+:)?(?:think|thinking|thoughts?|reasoning|reflection|scratchpad|\w+_think)"
_OPEN = (
    rf"<{_THOUGHT}(?:\s[^<>]*)?>|\[THINK\]|◁think▷|<\|START_THINKING\|>|<\|begin_of_thought\|>|<\|think(?:ing)?\|>"
    r"|<\|channel>thought|<unused94>"
)
_CLOSE = (
    rf"</{_THOUGHT}\s*>|\[/THINK\]|◁/think▷|<\|END_THINKING\|>|<\|end_of_thought\|>|<\|/think(?:ing)?\|>"
    r"|<channel\|>|<unused95>"
)
_BLOCK = re.compile(rf"(?:{_OPEN}).*?(?:{_CLOSE})", re.DOTALL | re.IGNORECASE)
_OPENED = re.compile(_OPEN, re.IGNORECASE)
_CLOSED = re.compile(_CLOSE, re.IGNORECASE)
"""Qwen, DeepSeek and most others; Magistral; Kimi; Cohere; Open-R1; Gemma; Seed and MedGemma."""

_CHANNEL = re.compile(
    r"<\|channel\|>\s*(\w+)(?:(?!<\|message\|>).){0,200}<\|message\|>(.*?)(?=<\|(?:end|return|call|start|channel)\|>|\Z)",
    re.DOTALL,
)
_SPOKEN_CHANNELS = re.compile(r"\s*analysis(?=\S).*?assistant\s*final(?=\S)", re.DOTALL)
"""OpenAI's harmony, with its marks and with the marks taken out by a server that does not know them."""

_MARK = (
    r"<\|[A-Za-z0-9_▁ -]{1,40}\|>|<｜[^｜<>]{1,40}｜>|</?s>|<(?:start_of_turn|end_of_turn|eos|bos|pad|unk)>"
    r"|\[/?INST\]|<</?SYS>>"
)
_TURN = r"<\|(?:im_start|start_header_id|start|assistant)\|>|<start_of_turn>|<｜Assistant｜>"
_LEADING = re.compile(rf"(?:\s*(?:(?:{_TURN})\s*(?:assistant|model)\b|{_MARK}))+")
_NEXT_MARK = re.compile(_MARK)
_WRAPPED = re.compile(
    r"<(answer|response|output|final|final_answer|result|summary)>(.*)</\1>", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True)
class Words:
    """A model's words read.

    Attributes:
        text: The answer, without blanks around it where anything was taken out.
        start: Where it begins in the words as they came, in characters.
        thinking: Whether the words end in the middle of a thought.
    """

    text: str
    start: int
    thinking: bool


def read_words(words: str) -> Words:
    """Take out of a model's words what is no part of its answer.

    Thoughts stand between two tags. Where a template has opened the first one already, all before the second is thought;
    where the second never came, all after the first is. What comes after a mark that ends the turn is no answer.

    >>> read_words("<think>\\nForty words.\\n</think>\\n\\nA courier runs.<|im_end|>").text
    'A courier runs.'
    """
    text, thinking = _without_thoughts(_final_channel(words))
    text = _LEADING.sub("", text, count=1) if _LEADING.match(text) else text
    if found := _NEXT_MARK.search(text):
        text = text[: found.start()]
    if wrapped := _WRAPPED.fullmatch(text.strip()):
        text = wrapped[2]
    if text == words:
        return Words(words, 0, thinking=False)
    text = text.strip()
    return Words(text, max(0, words.rfind(text)), thinking)


def _final_channel(words: str) -> str:
    """The last final channel of harmony's, or an open thought where there is none yet."""
    channels = _CHANNEL.findall(words)
    if channels:
        final = [text for name, text in channels if name == "final"]
        return final[-1] if final else "<think>"
    return _SPOKEN_CHANNELS.sub("", words, count=1) if _SPOKEN_CHANNELS.match(words) else words


def _without_thoughts(text: str) -> tuple[str, bool]:
    text = _BLOCK.sub("", text)
    closed = list(_CLOSED.finditer(text))
    if closed:
        text = text[closed[-1].end() :]
    opened = _OPENED.search(text)
    return (text[: opened.start()], True) if opened else (text, False)
