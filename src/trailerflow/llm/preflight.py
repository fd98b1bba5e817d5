"""Whether hosted models can be asked at all: found out before any job starts."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm.exchange import HostedExchange, Reply
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.replies import PausedError, read_reply
from trailerflow.outside import OutsideError, parse_json
from trailerflow.retry import TransientError, UnsentError

TIMEOUT_SECONDS = 20.0
NAMED = 5
_VERSION = re.compile(r"/v\d[^/]*$")
PREFIXES = ("models/",)
"""What a list may write before a name (Google's)."""


def model_problems(models: Iterable[LanguageModel]) -> list[str]:
    """Ask every hosted server for its list of models, and the model itself for one token where the list does not settle it.

    Args:
        models: Models of the configuration; embedded ones, and those with ``check: false``, are not asked.

    Returns:
        A sentence for each model that cannot be asked: its server is not there, refuses the key, or has no such
        model. A list is a hint and no proof: routers take names with suffixes, proxies have wildcards, lists have pages.
    """
    problems = (_problem(model) for model in models if model.check and not model.is_embedded)
    return [problem for problem in problems if problem]


def _problem(model: LanguageModel) -> str | None:
    exchange = HostedExchange(replace(model, timeout_seconds=min(TIMEOUT_SECONDS, model.timeout_seconds)))
    try:
        names = _names(exchange.list_models())
        if names is not None and _has(model.model, names):
            return None
        return _answer_problem(model, exchange, names or [])
    except UnsentError as error:
        return (
            f"{error}; correct base_url of {model.name} in models.llm, or set models.answers.mode to replay to use "
            "what is kept."
        )
    except TransientError as error:
        _warn(model, str(error))
        return None
    except TrailerflowError as error:
        return str(error)


def _has(name: str, names: Iterable[str]) -> bool:
    """Whether a list has a model, with or without what lists write around its name."""
    listed = {entry.removeprefix(prefix) for entry in names for prefix in PREFIXES} | set(names)
    return bool({name, f"{name}:latest"} & listed)


def _answer_problem(model: LanguageModel, exchange: HostedExchange, names: list[str]) -> str | None:
    """Ask for one token, which costs next to nothing: why the model cannot be asked, or None."""
    body: dict[str, Any] = {
        "model": model.model,
        "messages": [{"role": "user", "content": "Yes or no?"}],
        model.longest_field: 1,
    }
    try:
        read_reply(model, exchange.send(body))
    except TrailerflowError as error:
        return f"{error}{_hint(model, names)}"
    except (PausedError, LaterError, RefusedError) as error:
        _warn(model, str(error))
    return None


def _warn(model: LanguageModel, words: str) -> None:
    """Tell what was odd. The run goes on, and its jobs will find out."""
    print(f"Whether {model.name} of models.llm can be asked is not sure: {words}.", file=sys.stderr)


def _hint(model: LanguageModel, names: list[str]) -> str:
    if not names:
        whole = model.kind != "openai_compatible" or _VERSION.search(urlsplit(str(model.server)).path)
        return "" if whole else f" base_url of {model.name} goes up to and with /v1 at most services."
    near = difflib.get_close_matches(model.model, names, n=1, cutoff=0.5)
    has = (
        f"Did you mean {near[0]}?"
        if near
        else f"Its list has {', '.join(names[:NAMED])}{' …' * (len(names) > NAMED)}."
    )
    return f" {has}"


def _names(reply: Reply) -> list[str] | None:
    """Names of the models that a server lists, or None where it gives no such list."""
    try:
        entries = parse_json(reply.data)["data"] if reply.status == 200 else None
        return [str(entry["id"]) for entry in entries] if entries is not None else None
    except (OutsideError, KeyError, TypeError):
        return None
