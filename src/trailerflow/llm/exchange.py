"""One HTTP exchange with a model's server: by the official clients, or with the embedded engine."""

from __future__ import annotations

import importlib
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from trailerflow.errors import LaterError, TrailerflowError
from trailerflow.llm.model import LanguageModel
from trailerflow.models.store import model_file, model_hash
from trailerflow.outside import DeadlineError, OutsideError, RefusedRedirectError
from trailerflow.redaction import with_secrets
from trailerflow.retry import TransientError, UnsentError

if TYPE_CHECKING:
    from trailerflow.llm.gate import Gate
    from trailerflow.servers.warm_server import Endpoint

EMBEDDED_TIMEOUT_SECONDS = 600.0
IDLE_SECONDS = 60.0
GRACE_SECONDS = 1.0
"""Seconds after the official client's own time-out at which an exchange is given up: the client says what hung."""


@dataclass(frozen=True)
class Reply:
    """A server's reply, as it came.

    Attributes:
        status: HTTP status.
        headers: Headers, names in lower case.
        data: All bytes of the body.
        seconds: From when the request was sent.
    """

    status: int
    headers: Mapping[str, str]
    data: bytes
    seconds: float = 0.0


class Exchange(Protocol):
    """A way to a server."""

    @property
    def server(self) -> str:
        """Name of the server in the cache. Two servers that may answer differently have different names."""

    def prepare(self) -> None:
        """Do what takes long before a request's turn comes.

        Raises:
            TrailerflowError: The key is missing.
        """

    def send(self, body: dict[str, Any], gate: Gate | None = None) -> Reply:
        """Ask for one chat completion.

        Args:
            body: Fields of the request.
            gate: Where it waits before it is sent.

        Raises:
            TransientError: The server could not be reached or did not answer in time or whole.
            LaterError: Nothing is to be sent any more.
            TrailerflowError: The key is missing, or an embedded server does not start.
        """


def _official(name: str) -> tuple[Any, Any]:
    """An official client's module and class, imported where a request leaves and nowhere else."""
    sdk = importlib.import_module(name)
    return sdk, sdk.Groq if name == "groq" else sdk.OpenAI


def import_client(name: str) -> None:
    """Import all that a request by an official client needs, for the forks of this process.

    Args:
        name: `trailerflow.llm.model.LanguageModel.official_client`.

    Raises:
        ImportError: It is not installed.
    """
    from trailerflow.llm.bounded_client import BoundedClient

    _, maker = _official(name)
    with BoundedClient(1.0) as http:
        client = maker(api_key="none", max_retries=0, http_client=http)
        client.chat.completions.with_raw_response.create  # noqa: B018


def _rounded(seconds: float) -> float:
    return round(seconds, 3)


class HostedExchange:
    """A hosted server, by Groq's or OpenAI's official client.

    Their own retries are off: Groq's ignores a Retry-After above a minute, OpenAI's sleeps through one. Answers are
    taken raw, since both give a web page with status 200 back as if it were an answer.

    Args:
        model: The model's settings.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._sdk: Any = None
        self._process = 0
        self._making = threading.Lock()

    @property
    def server(self) -> str:
        """The server's address."""
        return str(self._model.server)

    def prepare(self) -> None:
        """Import the official client and the part of it that is used, which takes a second."""
        client, _ = self._client()
        client.chat.completions.with_raw_response.create  # noqa: B018

    def send(self, body: dict[str, Any], gate: Gate | None = None) -> Reply:
        """Ask for one chat completion (see `Exchange`)."""
        from trailerflow.llm.gate import GATE

        body = self._with_secrets(body)
        here = GATE.set(gate)
        try:
            # The clients look through every message that they are given by name, which takes a third of all their time.
            return self._raw(
                lambda client: client.chat.completions.with_raw_response.create(
                    model=body["model"], messages=[], extra_body=body
                )
            )
        finally:
            GATE.reset(here)

    def list_models(self) -> Reply:
        """Ask for the list of the server's models."""
        return self._raw(lambda client: client.models.with_raw_response.list())

    def _raw(self, ask: Any) -> Reply:
        client, sdk = self._client()
        try:
            response = ask(client).http_response
        except sdk.APIStatusError as error:
            response = error.response
        except (sdk.APIConnectionError, OutsideError, RefusedRedirectError) as error:
            # Groq's client wraps what happened below it, OpenAI's the faults of HTTP alone; a time-out is one of them.
            if isinstance(error.__cause__, LaterError):
                raise error.__cause__ from None
            raise self._fault(
                error.__cause__ or error, timed_out=isinstance(error, sdk.APITimeoutError)
            ) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(
            response.status_code, headers, response.content, _rounded(response.elapsed.total_seconds())
        )

    def _fault(self, fault: BaseException, *, timed_out: bool) -> Exception:
        """What an exchange without a reply means."""
        name, cause = self._model.name, type(fault).__name__
        if isinstance(fault, RefusedRedirectError):
            return TrailerflowError(
                f"{self._model.address} {fault}; nothing was sent there. Correct base_url of {name} in models.llm."
            )
        if isinstance(fault, DeadlineError) or (timed_out and not cause.startswith("Connect")):
            return TransientError(f"{name} gave no answer within {self._model.timeout_seconds:g} s")
        if isinstance(fault, OutsideError):
            return TransientError(f"{name} answered with something that cannot be read: {fault}")
        kind = UnsentError if cause.startswith("Connect") else TransientError
        return kind(f"{name} could not be reached at {self._model.address} ({cause})")

    def _client(self) -> tuple[Any, Any]:
        """The official client and its module; a fork has a client of its own, since connections cannot be shared."""
        sdk, maker = _official(str(self._model.official_client))
        if self._process != os.getpid():
            with self._making:
                if self._process != os.getpid():
                    self._sdk = self._made(maker)
                    self._process = os.getpid()
        return self._sdk, sdk

    def _made(self, maker: Any) -> Any:
        from trailerflow.llm.bounded_client import BoundedClient

        address = urlsplit(self._with_secrets(self.server))
        return maker(
            api_key=self._model.key() or "none",
            base_url=urlunsplit(address._replace(query="")),
            default_query=dict(parse_qsl(address.query)),
            timeout=self._model.timeout_seconds,
            max_retries=0,
            http_client=BoundedClient(self._model.timeout_seconds, self._model.slots, grace=GRACE_SECONDS),
        )

    def _with_secrets(self, document: Any) -> Any:
        try:
            return with_secrets(document)
        except KeyError as error:
            raise TrailerflowError(
                f"Model {self._model.name} needs the environment variable {error.args[0]}, which its entry in "
                "models.llm names; set it."
            ) from None


class EmbeddedExchange:
    """llama.cpp's server in a process of ours, warm as long as it is asked.

    Args:
        model: The model's settings.
        run: Folder of what lives during a run.
        models_folder: Folder of the fetched models.
        threads: CPU threads that it may use.
    """

    def __init__(self, model: LanguageModel, *, run: Path, models_folder: Path, threads: int) -> None:
        self._model = model
        self._run = run
        self._models_folder = models_folder
        self._threads = max(1, min(threads, model.threads))

    @property
    def server(self) -> str:
        """The hash of the model's file."""
        return f"embedded {model_hash(self._models_folder, self._model.model)}"

    def prepare(self) -> None:
        """Nothing: the server starts with the first request."""

    def send(self, body: dict[str, Any], gate: Gate | None = None) -> Reply:
        """Ask for one chat completion (see `Exchange`)."""
        from trailerflow.servers.warm_server import ask_server  # an answer that is kept needs no HTTP

        start = time.monotonic()
        status, data = ask_server(self._start, "/v1/chat/completions", body, timeout=EMBEDDED_TIMEOUT_SECONDS)
        return Reply(status, {}, data, _rounded(time.monotonic() - start))

    def _start(self) -> Endpoint:
        from trailerflow.llm import embedded_server
        from trailerflow.places import module_command
        from trailerflow.servers.warm_server import ensure_server

        model = self._model
        settings = {
            "model": self.server,
            "context": model.context,
            "slots": model.slots,
            "threads": self._threads,
        }
        command = module_command(embedded_server.__name__)
        command += ["--name", model.name]
        command += [f"--model={model_file(self._models_folder, model.model)}"]
        command += ["--context", str(model.context), "--slots", str(model.slots)]
        command += ["--threads", str(self._threads), "--idle-seconds", str(IDLE_SECONDS)]
        return ensure_server("llm", settings, self._run, command)
