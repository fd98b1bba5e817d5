"""One HTTP exchange with a model's server: by the official clients, or with the embedded engine."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from trailerflow.llm.model import LanguageModel
from trailerflow.models.store import model_file, model_hash
from trailerflow.retry import TransientError, UnsentError

if TYPE_CHECKING:
    from trailerflow.models.warm_server import Endpoint

EMBEDDED_TIMEOUT_SECONDS = 600.0
IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Reply:
    """What a server answered.

    Attributes:
        status: HTTP status.
        headers: Headers, names in lower case.
        data: All bytes of the body.
    """

    status: int
    headers: Mapping[str, str]
    data: bytes


class Exchange(Protocol):
    """A way to a server."""

    @property
    def server(self) -> str:
        """What names the server in the cache: two servers that may answer differently have two names."""

    def prepare(self) -> None:
        """Do beforehand what takes long, so that a request leaves when its turn has come.

        Raises:
            TrailerflowError: The key is missing.
        """

    def send(self, body: dict[str, Any]) -> Reply:
        """Ask for one chat completion.

        Raises:
            TransientError: The server could not be reached or did not answer in time or whole.
            TrailerflowError: The key is missing, or an embedded server does not start.
        """


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

    @property
    def server(self) -> str:
        """The server's address."""
        return str(self._model.server)

    def prepare(self) -> None:
        """Import the official client and the part of it that is used, which takes a second."""
        client, _ = self._client()
        client.chat.completions.with_raw_response.create  # noqa: B018

    def send(self, body: dict[str, Any]) -> Reply:
        """Ask for one chat completion (see `Exchange`)."""
        named = {name: body[name] for name in ("model", "messages")}
        others = {name: value for name, value in body.items() if name not in named}
        return self._raw(
            lambda client: client.chat.completions.with_raw_response.create(**named, extra_body=others)
        )

    def list_models(self) -> Reply:
        """Ask for the list of the server's models."""
        return self._raw(lambda client: client.models.with_raw_response.list())

    def _raw(self, ask: Any) -> Reply:
        client, sdk = self._client()
        try:
            response = ask(client).http_response
        except sdk.APIStatusError as error:
            response = error.response
        except sdk.APIConnectionError as error:  # a time-out is one of them
            cause = type(error.__cause__ or error).__name__
            if isinstance(error, sdk.APITimeoutError) and not cause.startswith("Connect"):
                raise TransientError(
                    f"{self._model.name} gave no answer within {self._model.timeout_seconds:g} s"
                ) from None
            kind = UnsentError if cause.startswith("Connect") else TransientError
            raise kind(f"{self._model.name} could not be reached at {self.server} ({cause})") from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, response.content)

    def _client(self) -> tuple[Any, Any]:
        """The official client and its module, imported where a request leaves and nowhere else."""
        official = self._model.kind if self._model.kind == "groq" else "openai"
        sdk = importlib.import_module(official)
        maker = sdk.Groq if official == "groq" else sdk.OpenAI
        if self._sdk is None:
            self._sdk = maker(
                api_key=self._model.key() or "none",
                base_url=self._model.server,
                timeout=self._model.timeout_seconds,
                max_retries=0,
            )
        return self._sdk, sdk


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

    def send(self, body: dict[str, Any]) -> Reply:
        """Ask for one chat completion (see `Exchange`)."""
        from trailerflow.models.warm_server import ask_server  # an answer that is kept needs no HTTP

        status, data = ask_server(self._start, "/v1/chat/completions", body, timeout=EMBEDDED_TIMEOUT_SECONDS)
        return Reply(status, {}, data)

    def _start(self) -> Endpoint:
        from trailerflow.llm import embedded_server
        from trailerflow.models.warm_server import ensure_server

        model = self._model
        settings = {
            "model": self.server,
            "context": model.context,
            "slots": model.slots,
            "threads": self._threads,
        }
        command = [sys.executable, "-m", embedded_server.__name__]
        command += ["--name", model.name]
        command += ["--model", str(model_file(self._models_folder, model.model))]
        command += ["--context", str(model.context), "--slots", str(model.slots)]
        command += ["--threads", str(self._threads), "--idle-seconds", str(IDLE_SECONDS)]
        return ensure_server("llm", settings, self._run, command)
