"""What is sent to a language model, what comes back, and what it cost."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from trailerflow.errors import LaterError, RefusedError
from trailerflow.llm.markup import read_words
from trailerflow.llm.usage import counted
from trailerflow.outside import clean_text

if TYPE_CHECKING:
    from trailerflow.llm.model import LanguageModel

COST_COLUMNS = {"prompt_tokens": "Int64", "completion_tokens": "Int64", "seconds": float}
"""Columns of a table that say what an answer cost, with their types."""


@dataclass(frozen=True)
class Request:
    """One chat completion to ask for.

    Attributes:
        messages: ``{"role", "content"}`` each, in order.
        max_tokens: Longest answer, in tokens; a model that thinks first gets room for that beside it.
        schema: JSON schema that the answer must keep to, enforced by the server where it can.
        top_logprobs: How many alternatives to give for each token generated (0: none; 20 at most).
        sample: Number of a sample, each with a seed of its own and a temperature of .7; 0 is the answer by the model's
            settings. A model that takes no temperature or no seed gets none.
    """

    messages: list[dict[str, str]]
    max_tokens: int
    schema: dict[str, Any] | None = None
    top_logprobs: int = 0
    sample: int = 0


@dataclass(frozen=True)
class Answer:
    """A whole answer.

    Attributes:
        text: The content; empty where the model refused or said nothing.
        finish_reason: ``stop``; ``length`` where ``max_tokens`` cut it; ``content_filter`` where the server withheld it.
        prompt_tokens: Tokens read, by the server's count.
        completion_tokens: Tokens written, those of thinking included.
        seconds: Wall-clock seconds of the request when it was really asked.
        cached: True when it was kept from before and cost nothing now.
        top_logprobs: For each token generated, alternative to natural log-probability.
        refusal: The model's words where it refused to answer, else None.
        kept: File that keeps it, or None.
        estimated: Whether its tokens are a guess by its length, since the server does not count them.
        run: Name of the run that got it.
        thinking: Whether it ended while the model was still thinking.
    """

    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cached: bool
    top_logprobs: list[dict[str, float]]
    refusal: str | None = None
    kept: str | None = None
    estimated: bool = False
    run: str = ""
    thinking: bool = False

    @property
    def usage(self) -> dict[str, Any]:
        """What it cost, for an outcome's ``source``."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "seconds": self.seconds,
            "cached": self.cached,
            "estimated": self.estimated,
            "run": self.run,
        }

    @property
    def problem(self) -> str | None:
        """Why there is nothing to read in it, or None: the model refused, the server withheld it, or it is empty."""
        if self.refusal is not None:
            return f"the model refused to answer: {' '.join(self.refusal.split())[:200]}"
        if self.finish_reason == WITHHELD:
            return "the server's content filter withheld the answer"
        if not self.text.strip():
            if self.thinking:
                return "the model's answer was cut off while it was thinking; raise its reasoning_tokens in models.llm"
            cut = " and was cut off" if self.finish_reason == CUT else ""
            return f"the model's answer is empty{cut}"
        return None


class Asks(Protocol):
    """What a stage needs of `trailerflow.llm.client.Client`."""

    @property
    def model(self) -> LanguageModel:
        """The model that is asked."""

    def ask(self, request: Request) -> Answer:
        """Answer one request, or raise LaterError or RefusedError."""

    def prepare(self) -> None:
        """Do what takes long before the first request, so that forks of this process need not do it each."""


def usage_row(
    model: str, prompt: str, movies: int, usages: Iterable[Mapping[str, Any]], run: str = ""
) -> dict[str, Any]:
    """What one model's answers to one prompt cost, for ``about.json``.

    Args:
        model: Name of the model.
        prompt: Name of the prompt.
        movies: How many movies the requests were about.
        usages: `Answer.usage` of each answer, as outcomes keep it.
        run: Name of the present run, where outcomes of earlier runs are among them: their answers count as kept. Empty
            where all are of this run.

    Returns:
        model, prompt, movies, requests, cached (how many of them cost nothing now), estimated (how many have tokens
        that the server did not count), prompt_tokens, completion_tokens, new_prompt_tokens and new_completion_tokens (of
        the answers that were not cached), and seconds (of the requests when they were really asked).
    """
    usages = list(usages)
    new = [usage for usage in usages if not usage["cached"] and (not run or usage.get("run") == run)]
    return {
        "model": model,
        "prompt": prompt,
        "movies": movies,
        "requests": len(usages),
        "cached": len(usages) - len(new),
        "estimated": sum(bool(usage.get("estimated")) for usage in usages),
        "prompt_tokens": sum(usage["prompt_tokens"] for usage in usages),
        "completion_tokens": sum(usage["completion_tokens"] for usage in usages),
        "new_prompt_tokens": sum(usage["prompt_tokens"] for usage in new),
        "new_completion_tokens": sum(usage["completion_tokens"] for usage in new),
        "seconds": round(sum(usage["seconds"] for usage in usages), 3),
    }


def cost_columns(usage: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer cost, for a table. Whether it was kept is no column: a table made again from kept answers is equal."""
    return {name: usage[name] for name in COST_COLUMNS}


def unanswered_columns(error: LaterError | RefusedError) -> dict[str, Any]:
    """What a request without an answer means, for a table: ``later``, or ``failed`` where asking again would not help."""
    if isinstance(error, LaterError):
        return {"status": "later", "reason": error.reason, "earliest": error.earliest}
    return {"status": "failed", "reason": error.reason}


CUT, WITHHELD, BROKEN_OFF, STOP = "length", "content_filter", "broken off", "stop"
"""How an answer can end; services have some forty words for it."""

_ENDS = (
    (
        BROKEN_OFF,
        re.compile(
            r"abort|cancel|error|time.?out|interrupt|fail|insufficient|unavailable|overload|disconnect|malformed"
        ),
    ),
    (CUT, re.compile(r"length|max|limit|truncat")),
    (WITHHELD, re.compile(r"filter|safety|moderat|block|prohibit|recitation|guardrail|spii|refus|policy")),
)


def finish_of(choice: Mapping[str, Any]) -> str:
    """How an answer ended, whatever the service calls it: `CUT`, `WITHHELD`, `BROKEN_OFF` or else `STOP`.

    >>> [finish_of({"finish_reason": reason}) for reason in ("MAX_TOKENS", "abort", "SAFETY", "eos", None)]
    ['length', 'broken off', 'content_filter', 'stop', 'stop']
    """
    reason = str(choice.get("finish_reason") or STOP).lower()
    return next((end for end, words in _ENDS if words.search(reason)), STOP)


def _content(content: Any) -> str:
    """The text of a message: all of it, or its parts of the kind text where it comes in parts (of thinking, say)."""
    if isinstance(content, list):
        content = "".join(part["text"] for part in content if part.get("type") == "text")
    if content is not None and not isinstance(content, str):
        raise TypeError("the content is no text")
    return clean_text(content or "")


def _alternatives(logprobs: Any, start: int) -> list[dict[str, float]]:
    """For each token of the answer, alternative to log-probability; those of thoughts before it, and odd ones, are left out.

    Args:
        logprobs: ``logprobs`` of a choice, whatever it holds.
        start: Where the answer begins in the words, in characters.
    """
    tokens = logprobs.get("content") if isinstance(logprobs, dict) else None
    found, length = [], 0
    for token in tokens if isinstance(tokens, list) else []:
        if not isinstance(token, dict):
            continue
        length += len(str(token.get("token", "")))
        if length <= start and start:
            continue
        entries = token.get("top_logprobs")
        alternatives = {
            str(entry["token"]): float(entry["logprob"])
            for entry in reversed(entries if isinstance(entries, list) else [])
            if isinstance(entry, dict) and "token" in entry and _is_logprob(entry.get("logprob"))
        }
        if alternatives:
            found.append(alternatives)
    return found


def _is_logprob(value: Any) -> bool:
    """Whether it is a log-probability; minus infinity is one, that of the impossible."""
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value) and value < 1
    )


def parse_completion(document: Any, seconds: float) -> Answer:
    """Read a chat completion in OpenAI's form.

    Args:
        document: The server's JSON document.
        seconds: Wall-clock seconds of the request.

    Returns:
        The answer. Where the server does not count tokens, they are 0.

    Raises:
        RefusedError: The document has no usable choice.
    """
    try:
        choice = document["choices"][0]
        message = choice["message"]
        words = read_words(_content(message.get("content")))
        refusal = message.get("refusal")
        finish = finish_of(choice)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(f"the server's answer is no chat completion ({type(error).__name__})") from None
    read, written = counted(document.get("usage")) or (0, 0)
    thought = words.thinking or bool(
        not words.text and (message.get("reasoning_content") or message.get("reasoning"))
    )
    return Answer(
        text=words.text,
        finish_reason=finish,
        prompt_tokens=read,
        completion_tokens=written,
        seconds=round(seconds, 3),
        cached=False,
        top_logprobs=_alternatives(choice.get("logprobs"), words.start),
        refusal=clean_text(refusal) if isinstance(refusal, str) and refusal else None,
        thinking=thought,
    )
