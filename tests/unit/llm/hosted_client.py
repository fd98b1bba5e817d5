"""A client of a hosted model on loopback, and what to ask of it."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any

from loopback_llm import Site

from trailerflow.llm.client import Client
from trailerflow.llm.many import ask_many
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import Operation
from trailerflow.llm.types import Request


def make_client(site: Site, folder: Path, operation: Operation | None = None, **settings: Any) -> Client:
    model = LanguageModel.from_settings(
        {"name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 3,
         "base_url": site.address, **settings}
    )  # fmt: skip
    return Client(
        model,
        cache=folder / "cache",
        run=folder / "run",
        models_folder=folder,
        threads=1,
        operation=operation,
    )


def ask(text: str, **more: Any) -> Request:
    return Request([{"role": "user", "content": text}], max_tokens=5, **more)


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "cache/answers").rglob("v1-*.json"))


def many(client: Client, requests: list[Request], groups: list[int] | None = None) -> dict[int, Any]:
    return dict(ask_many(requests, client.ask, workers=client.model.workers, groups=groups))


def most_in_flight(entries: list[dict[str, Any]]) -> int:
    """How many requests of a service's journal were open at once, at most."""
    moments = sorted(
        [(entry["time"], 1) for entry in entries] + [(entry["answered"], -1) for entry in entries]
    )
    return max(accumulate(step for _, step in moments))
