"""OpenAI's and Groq's official clients at the loopback service."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import groq
import openai
from loopback_llm import Site

ASKED: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "A question."}]}
SDKS = {"openai": openai, "groq": groq}


def client_of(site: Site, dialect: str, timeout: float = 10.0) -> Any:
    base = site.groq_address if dialect == "groq" else site.address
    maker = groq.Groq if dialect == "groq" else openai.OpenAI
    return maker(api_key="secret-value", base_url=base, max_retries=0, timeout=timeout)


def ask(client: Any, **more: Any) -> Any:
    return client.chat.completions.create(**(ASKED | more))


def ask_raw(client: Any, **more: Any) -> Any:
    return client.chat.completions.with_raw_response.create(**(ASKED | more)).http_response


def statuses(site: Site, *contents: str) -> list[int]:
    client = client_of(site, "openai")
    for content in contents:
        with suppress(openai.APIStatusError):
            ask(client, messages=[{"role": "user", "content": content}])
    return [entry["status"] for entry in site.journal]
