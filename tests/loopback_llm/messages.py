"""What the service writes: chat completions in OpenAI's form, and documents that keep to a schema."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from typing import Any

WORDS = ["a", "courier", "finds", "the", "last", "letter", "of", "his", "father", "and", "must", "bring", "it", "home", "before", "the", "river", "rises", "while", "somebody", "follows"]  # fmt: skip
TOP = [{"token": "Yes", "logprob": -0.1}, {"token": "No", "logprob": -2.5}]


def prose(text: str) -> str:
    """Some fifty words that depend on a text alone."""
    draw = random.Random(hashlib.sha256(text.encode()).digest())
    sentences = [" ".join(draw.sample(WORDS, 10)).capitalize() + "." for _ in range(5)]
    return " ".join(sentences)


def document(schema: Mapping[str, Any], draw: random.Random) -> Any:
    """The smallest document that keeps to a JSON schema of the kinds that the project uses."""
    if "enum" in schema:
        return draw.choice(schema["enum"])
    if schema["type"] == "object":
        return {name: document(part, draw) for name, part in schema.get("properties", {}).items()}
    if schema["type"] == "array":
        return [document(schema["items"], draw) for _ in range(schema.get("minItems", 1))]
    if schema["type"] == "integer":
        return draw.randint(schema.get("minimum", 0), schema.get("maximum", 9))
    return {"string": "some words", "boolean": True}[schema["type"]]


def structured_or_prose(body: Mapping[str, Any]) -> str:
    """What is answered by default: a document where a schema is asked for, else prose."""
    asked = body["messages"][-1]["content"]
    form = body.get("response_format") or {}
    if form.get("type") != "json_schema":
        return prose(asked)
    draw = random.Random(hashlib.sha256(asked.encode()).digest())
    return json.dumps(document(form["json_schema"]["schema"], draw))


def tokens(text: str) -> int:
    """How many tokens the service counts: its words."""
    return len(text.split())


def completion(body: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A chat completion; the text is cut at the longest answer that was asked for."""
    longest = body.get("max_completion_tokens") or body.get("max_tokens") or 10_000
    words = text.split(" ")
    cut = len(words) > longest
    content = " ".join(words[:longest]) if cut else text
    read = sum(tokens(message["content"]) for message in body["messages"])
    written = tokens(content)
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, "refusal": None},
                "finish_reason": "length" if cut else "stop",
                "logprobs": {"content": [{**TOP[0], "top_logprobs": TOP}]} if body.get("logprobs") else None,
            }
        ],
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        },
    }


def error(message: str, code: str, kind: str = "invalid_request_error") -> bytes:
    """The body of an error."""
    return json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}).encode()
