"""The service: what it answers, what goes wrong, and what it noted."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from loopback_llm.faults import FAULTS, Fault
from loopback_llm.journal import Journal
from loopback_llm.limits import Excess, Limits
from loopback_llm.messages import Answer, completion, error, model_entry, said, structured_or_prose
from loopback_llm.server import LOOK_SECONDS, NOT_FOUND, OPENAI_PATH, Server


@dataclass
class _Script:
    """A fault that was scripted (see `Site.fail`)."""

    name: str
    fault: Fault
    times: float
    containing: str
    number: int | None

    def befalls(self, entry: dict[str, Any]) -> bool:
        return self.times > 0 and self.number in (None, entry["number"]) and self.containing in said(entry)


class Site:
    """A service that answers as it is told, from its making to `close` or the end of its ``with``.

    An exception of its own (of ``reply``, for one) is raised again at the end of the ``with``.

    Args:
        models: Names of the models that it has, and answers for; none for a service without such a list, which answers for all.
        reply: Makes the answer's text of the request's body.
        journal: File for the journal, where another process is to read it.

    Attributes:
        reply: As above.
        models: As above.
        delay: Seconds before each answer.
        limits: The account's limits.
        key: The key that it wants, or None.
        stopping: Set once it is closed.
    """

    def __init__(
        self,
        models: Iterable[str] = (),
        reply: Callable[[dict[str, Any]], str] | None = None,
        journal: Path | None = None,
    ) -> None:
        self.reply = reply or structured_or_prose
        self.models = list(models)
        self.delay = 0.0
        self.limits = Limits()
        self.key: str | None = None
        self.stopping = threading.Event()
        self.entries = Journal(journal)
        self._scripts: list[_Script] = []
        self._lock = threading.Lock()
        self.server = Server(self)
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": LOOK_SECONDS}, daemon=True
        ).start()

    def __enter__(self) -> Site:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if fault is None and self.server.errors:
            raise self.server.errors[0]

    def close(self) -> None:
        """Answer no more."""
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self.entries.close()

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The requests for completions so far (see `Journal`)."""
        return self.entries.entries

    @property
    def address(self) -> str:
        """Base URL of OpenAI's dialect."""
        return f"http://127.0.0.1:{self.server.server_port}{OPENAI_PATH}"

    @property
    def groq_address(self) -> str:
        """Base URL of Groq's dialect; Groq's client adds the path itself."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def fail(
        self, fault: str | Fault, times: float = 1, containing: str = "", number: int | None = None
    ) -> None:
        """Disturb the next answers; of several faults that fit, the first scripted one comes first.

        Args:
            fault: Name in `FAULTS`, or one of your own.
            times: How many of them; infinity for all to come.
            containing: Only answers to requests whose messages hold this text.
            number: Only the answer to the request of this number in the journal.
        """
        name, fault = (fault, FAULTS[fault]) if isinstance(fault, str) else ("scripted", fault)
        with self._lock:
            self._scripts.append(_Script(name, fault, times, containing, number))

    def heal(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._scripts.clear()

    def take_fault(self, entry: dict[str, Any]) -> Fault | None:
        """The fault of a request that has arrived; None where all is well."""
        with self._lock:
            for script in self._scripts:
                if script.befalls(entry):
                    script.times -= 1
                    entry["fault"] = script.name
                    return script.fault
        return None

    def refuses(self, key: str | None) -> bool:
        """Whether an Authorization header is not the one that is wanted."""
        return self.key is not None and key != f"Bearer {self.key}"

    def complete(self, body: dict[str, Any], fault: Fault | None, *, groq: bool) -> Answer:
        """The answer to a request for a completion."""
        if fault is not None and fault.body is not None:
            return Answer(fault.status, fault.body, fault.headers)
        if self.models and not {body["model"], f"{body['model']}:latest"} & set(self.models):
            return Answer(404, error(f"The model `{body['model']}` does not exist", "model_not_found"))
        document = completion(body, self.reply(body), groq=groq)
        with self._lock:
            excess = self.limits.take(document["usage"]["total_tokens"])
            headers = self.limits.headers(groq=groq)
        if excess is not None:
            return _refusal(excess, body["model"], headers, groq=groq)
        if fault is not None and fault.change is not None:
            fault.change(document)
        return Answer(200, json.dumps(document).encode(), headers)

    def list_models(self, path: str) -> Answer:
        """The list of models, or one of them."""
        listed = {f"/models/{name}": model_entry(name) for name in self.models}
        if path == "/models" and listed:
            return Answer(200, json.dumps({"object": "list", "data": list(listed.values())}).encode())
        if path in listed:
            return Answer(200, json.dumps(listed[path]).encode())
        if path.startswith("/models/"):
            name = path.removeprefix("/models/")
            return Answer(404, error(f"The model `{name}` does not exist", "model_not_found"))
        return NOT_FOUND


def _refusal(excess: Excess, model: str, headers: dict[str, str], *, groq: bool) -> Answer:
    told = error(excess.told(model), "rate_limit_exceeded", excess.kind)
    if excess.too_large:
        return Answer(413 if groq else 429, told, headers)
    return Answer(429, told, {"Retry-After": str(math.ceil(excess.wait)), **headers})
