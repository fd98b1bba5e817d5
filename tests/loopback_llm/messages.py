"""What the service writes: chat completions and errors in both dialects, and documents that keep to a schema."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WORDS = ["a", "courier", "finds", "the", "last", "letter", "of", "his", "father", "and", "must", "bring", "it", "home", "before", "the", "river", "rises", "while", "somebody", "follows"]  # fmt: skip
TOP = [{"token": "Yes", "logprob": -0.1}, {"token": "No", "logprob": -2.5}]
UNLIMITED = 100_000


@dataclass(frozen=True)
class Answer:
    """Status, body and the headers beside the usual ones."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def said(body: Mapping[str, Any]) -> str:
    """The text of all messages of a request."""
    return "\n".join(message["content"] or "" for message in body["messages"])


def structured_or_prose(body: Mapping[str, Any]) -> str:
    """What is answered by default: a document where a schema is asked for, else some fifty words of prose.

    The same messages get the same answer.
    """
    draw = random.Random(hashlib.sha256(said(body).encode()).digest())
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        return json.dumps(document(form["json_schema"]["schema"], draw))
    return " ".join(" ".join(draw.sample(WORDS, 10)).capitalize() + "." for _ in range(5))


def document(schema: Mapping[str, Any], draw: random.Random) -> Any:
    """A document that keeps to a JSON schema of the kinds that the project uses."""
    if "enum" in schema:
        return draw.choice(schema["enum"])
    if schema["type"] == "object":
        return {name: document(part, draw) for name, part in schema.get("properties", {}).items()}
    if schema["type"] == "array":
        return [document(schema["items"], draw) for _ in range(schema.get("minItems", 1))]
    if schema["type"] == "integer":
        # A strict mode is told no bounds: these fit every form of the project.
        return draw.randint(schema.get("minimum", 1), schema.get("maximum", 5))
    return {"string": "some words", "boolean": True}[schema["type"]]


def tokens(text: str) -> int:
    """How many tokens the service counts: words, so that a test can count them too."""
    return len(text.split())


def completion(body: Mapping[str, Any], text: str, *, groq: bool) -> dict[str, Any]:
    """A chat completion; the text is cut at the longest answer that was asked for."""
    longest = body.get("max_completion_tokens") or body.get("max_tokens") or UNLIMITED
    words = text.split(" ")
    cut = len(words) > longest
    content = " ".join(words[:longest]) if cut else text
    read, written = tokens(said(body)), tokens(content)
    name = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:29]
    usage: dict[str, Any] = {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
    }
    answer = {
        "id": f"chatcmpl-{name}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, "refusal": None},
                "finish_reason": "length" if cut else "stop",
                "logprobs": log_probabilities(body),
            }
        ],
        "usage": usage,
        "system_fingerprint": "fp_0000000000",
    }
    if groq:
        usage |= {"queue_time": 0.01, "prompt_time": 0.002, "completion_time": 0.05, "total_time": 0.052}
        answer["x_groq"] = {"id": f"req_{name[:26]}"}
    return answer


def log_probabilities(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The log-probabilities of one token, where they are asked for."""
    if not body.get("logprobs"):
        return None
    top = [{**one, "bytes": list(str(one["token"]).encode())} for one in TOP]
    return {"content": [{**top[0], "top_logprobs": top[: body.get("top_logprobs", 0)]}], "refusal": None}


def model_entry(name: str) -> dict[str, Any]:
    """A model as the list of models names it."""
    return {"id": name, "object": "model", "created": 0, "owned_by": "loopback"}


def error(message: str, code: str, kind: str = "invalid_request_error", **more: Any) -> bytes:
    """The body of an error."""
    return json.dumps(
        {"error": {"message": message, "type": kind, "param": None, "code": code, **more}}
    ).encode()
