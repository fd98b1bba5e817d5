"""Whether hosted models can be asked at all: found out before any job starts."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import replace

from trailerflow.errors import TrailerflowError
from trailerflow.llm.exchange import HostedExchange, Reply
from trailerflow.llm.model import LanguageModel
from trailerflow.retry import TransientError

TIMEOUT_SECONDS = 20.0
KEY_REFUSED = (401, 403)
NOT_FOUND = 404
NAMED = 5

_VERSION = re.compile(r"/v\d[^/]*$")


def model_problems(models: Iterable[LanguageModel]) -> list[str]:
    """Ask every hosted server once for its list of models.

    Args:
        models: Models of the configuration; embedded ones need no server.

    Returns:
        A sentence for each model that cannot be asked: its server is not there, refuses the key, or has no such
        model. A server that gives no list of models is taken to be well, but for a 404 at an address without a version.
    """
    problems = (_problem(model) for model in models if not model.is_embedded)
    return [problem for problem in problems if problem]


def _problem(model: LanguageModel) -> str | None:
    exchange = HostedExchange(replace(model, timeout_seconds=min(TIMEOUT_SECONDS, model.timeout_seconds)))
    try:
        reply = exchange.list_models()
    except TransientError as error:
        return (
            f"{error}; correct base_url of {model.name} in models.llm, or set models.answers.mode to replay to use "
            "what is kept."
        )
    except TrailerflowError as error:
        return str(error)
    if reply.status in KEY_REFUSED:
        return f"{model.server} refused the key of {model.name} in {model.key_variable}; set a valid one."
    if (
        reply.status == NOT_FOUND
        and model.kind == "openai_compatible"
        and not _VERSION.search(str(model.server))
    ):
        return (
            f"{model.server} answered 404 to the question for its models; base_url of {model.name} in models.llm goes up to "
            "and with /v1 at most services."
        )
    names = _names(reply)
    if names is None or {model.model, f"{model.model}:latest"} & set(names):
        return None
    near = difflib.get_close_matches(model.model, names, n=1, cutoff=0.5)
    has = (
        f"did you mean {near[0]}?"
        if near
        else f"it has {', '.join(names[:NAMED])}{' …' * (len(names) > NAMED)}."
    )
    return f"{model.server} has no model {model.model}, which {model.name} of models.llm asks for; {has}"


def _names(reply: Reply) -> list[str] | None:
    """Names of the models that a server lists, or None where it gives no such list."""
    try:
        return [str(entry["id"]) for entry in json.loads(reply.data)["data"]] if reply.status == 200 else None
    except (ValueError, KeyError, TypeError):
        return None
