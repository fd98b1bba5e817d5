"""What goes over the seam: the request, the answer, and what an answer cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from trailerflow.errors import LaterError, RefusedError

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
    """

    messages: list[dict[str, str]]
    max_tokens: int
    schema: dict[str, Any] | None = None
    top_logprobs: int = 0


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
        if self.finish_reason == "content_filter":
            return "the server's content filter withheld the answer"
        if not self.text.strip():
            cut = " and was cut off" if self.finish_reason == "length" else ""
            return f"the model's answer is empty{cut}"
        return None


class Asks(Protocol):
    """What a stage needs of `trailerflow.llm.Client`."""

    @property
    def model(self) -> LanguageModel:
        """The model that is asked."""

    def ask(self, request: Request) -> Answer:
        """Answer one request, or raise LaterError or RefusedError."""


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


_CUT = ("length", "model_length")
"""What services call an answer that was cut at its longest: OpenAI's word, and Mistral's for a full context."""


def _content(content: Any) -> str:
    """The text of a message: all of it, or its parts of the kind text where it comes in parts (of thinking, say)."""
    if isinstance(content, list):
        content = "".join(part["text"] for part in content if part.get("type") == "text")
    if content is not None and not isinstance(content, str):
        raise TypeError("the content is no text")
    # JSON from outside can hold half a surrogate pair, which no file in UTF-8 can.
    return (content or "").encode("utf-8", "replace").decode("utf-8")


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
        usage = document.get("usage") or {}
        finished = choice.get("finish_reason") or "stop"
        logprobs = (choice.get("logprobs") or {}).get("content") or []
        return Answer(
            text=_content(message.get("content")),
            finish_reason="length" if finished in _CUT else finished,
            prompt_tokens=int(usage.get("prompt_tokens") or 0),
            completion_tokens=int(usage.get("completion_tokens") or 0),
            seconds=round(seconds, 3),
            cached=False,
            top_logprobs=[
                {entry["token"]: float(entry["logprob"]) for entry in reversed(token["top_logprobs"] or [])}
                for token in logprobs
            ],
            refusal=message.get("refusal") or None,
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(f"the server's answer is no chat completion ({type(error).__name__})") from None
