"""One client for every language model: the cache first, then one HTTP request."""

from __future__ import annotations

import http.client
import json
import ssl
import sys
import threading
import time
from collections.abc import Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from trailerflow.errors import LaterError, RefusedError, TrailerflowError
from trailerflow.llm import embedded_server
from trailerflow.llm.cache import AnswerCache, answer_key
from trailerflow.llm.types import (
    Answer,
    LanguageModel,
    Request,
    key_of,
    parse_completion,
)
from trailerflow.models.store import model_file, model_hash
from trailerflow.models.warm_server import Endpoint, ask_server, ensure_server

TIMEOUT_SECONDS = 600.0
IDLE_SECONDS = 60.0
WAIT_SECONDS = 60.0
"""How soon a rate-limited or troubled server is asked again where it does not say."""


class Client:
    """Asks one model, through the cache.

    Args:
        model: The model's settings.
        cache: Folder of the answers that were paid for.
        run: Folder of what lives during a run (the embedded server's endpoint).
        models_folder: Folder of the fetched models.
        threads: CPU threads that the embedded server may use; never more than the job was given.

    Examples:
        >>> client = Client(model, cache=cache, run=run, models_folder=folder, threads=2)  # doctest: +SKIP
        >>> client.ask(Request([{"role": "user", "content": "Say yes."}], max_tokens=1)).text  # doctest: +SKIP
        'Yes'
    """

    def __init__(
        self, model: LanguageModel, *, cache: Path, run: Path, models_folder: Path, threads: int
    ) -> None:
        self.model = model
        self._cache = AnswerCache(cache)
        self._run = run
        self._models_folder = models_folder
        self._threads = max(1, min(threads, model.threads))
        self._server = model.base_url or f"embedded {model_hash(models_folder, model.model)}"

    def ask(self, request: Request) -> Answer:
        """Give the answer to a request, from the cache where it was asked before.

        Raises:
            LaterError: Quota, rate limit, or a server in trouble.
            RefusedError: The server cannot work on this request.
            TrailerflowError: A wrong key, a model that the server does not have, a server that does not start.
        """
        body = self._body(request)
        key = answer_key(self._server, body)
        answer = self._cache.get(self.model.name, key)
        if answer is None:
            answer = self._request(body)
            self._cache.put(self.model.name, key, answer)
        return answer

    def ask_many(
        self, requests: Sequence[Request], groups: Sequence[Hashable] | None = None
    ) -> Iterator[tuple[int, Answer | LaterError | RefusedError]]:
        """Give the answers to many requests as they come, as many in flight as the model has slots.

        Once the server says `LaterError`, the requests that were not sent yet are not sent: they get the same.

        Args:
            requests: What to ask.
            groups: Group of each request. Those of a group are sent one after another, so that a server that keeps
                prompts reads what they begin with once (on two cores 60 s instead of 92 s for four users' films).
                None: every request is its own group.

        Yields:
            The request's number, and the answer or why there is none.

        Raises:
            TrailerflowError: A wrong key, a model that the server does not have, a server that does not start.
        """
        blocked: list[LaterError] = []
        results: SimpleQueue[tuple[int, Answer | Exception]] = SimpleQueue()
        members: dict[Hashable, list[int]] = {}
        for number in range(len(requests)):
            members.setdefault(groups[number] if groups else number, []).append(number)

        def one(request: Request) -> Answer | Exception:
            try:
                if blocked:
                    answer = self._cache.get(self.model.name, answer_key(self._server, self._body(request)))
                    return answer or blocked[0]
                return self.ask(request)
            except LaterError as error:
                blocked.append(error)
                return error
            except Exception as error:  # of any kind: the caller's thread raises it
                return error

        def work(numbers: Sequence[int]) -> None:
            for number in numbers:
                if not stopping.is_set():
                    results.put((number, one(requests[number])))

        stopping = threading.Event()
        with ThreadPoolExecutor(self.model.slots) as pool:
            try:
                for numbers in members.values():
                    pool.submit(work, numbers)
                for _ in requests:
                    number, result = results.get()
                    if not isinstance(result, Answer | LaterError | RefusedError):
                        raise result
                    yield number, result
            except BaseException:
                stopping.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model.model,
            "messages": request.messages,
            "max_tokens": request.max_tokens,
            "temperature": self.model.temperature,
            "seed": self.model.seed,
            "frequency_penalty": self.model.frequency_penalty,
        }
        if request.schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": request.schema},
            }
        if request.top_logprobs:
            body |= {"logprobs": True, "top_logprobs": request.top_logprobs}
        return body

    def _request(self, body: dict[str, Any]) -> Answer:
        start = time.monotonic()
        status, headers, data = self._embedded(body) if self.model.kind == "embedded" else self._hosted(body)
        seconds = time.monotonic() - start
        if status != 200:
            self._raise_for(status, headers, data)
        try:
            document = json.loads(data)
        except ValueError:
            raise LaterError(
                f"{self.model.name} answered with something that is not JSON", _in(WAIT_SECONDS)
            ) from None
        return parse_completion(document, seconds)

    def _embedded(self, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        status, data = ask_server(self._start, "/v1/chat/completions", body, timeout=TIMEOUT_SECONDS)
        return status, {}, data

    def _start(self) -> Endpoint:
        settings = {
            "model": self._server,
            "context": self.model.context,
            "slots": self.model.slots,
            "threads": self._threads,
        }
        command = [sys.executable, "-m", embedded_server.__name__]
        command += ["--model", str(model_file(self._models_folder, self.model.model))]
        command += ["--context", str(self.model.context), "--slots", str(self.model.slots)]
        command += ["--threads", str(self._threads), "--idle-seconds", str(IDLE_SECONDS)]
        return ensure_server("llm", settings, self._run, command)

    def _hosted(self, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        url = urlsplit(str(self.model.base_url))
        headers = {"Content-Type": "application/json"}
        if key := key_of(self.model):
            headers["Authorization"] = f"Bearer {key}"
        host, port = url.hostname or "", url.port
        if url.scheme == "https":
            context = ssl.create_default_context()
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", f"{url.path}/chat/completions", json.dumps(body).encode(), headers)
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise LaterError(
                f"{self.model.name} could not be reached at {self.model.base_url} ({error})",
                _in(WAIT_SECONDS),
            ) from None
        finally:
            connection.close()

    def _raise_for(self, status: int, headers: dict[str, str], data: bytes) -> None:
        said = _message(data)
        if status == 429 or status >= 500:
            if self.model.kind == "embedded":
                raise RefusedError(f"the embedded server answered {status}: {said}")
            wait = _seconds(headers.get("retry-after"))
            raise LaterError(f"{self.model.name} answered {status}: {said}", _in(wait))
        if status in (401, 402, 403):
            raise TrailerflowError(
                f"Model {self.model.name} refused the key in {self.model.key_variable} ({status}: {said}); "
                "set a valid one."
            )
        if status == 404:
            raise TrailerflowError(
                f"{self.model.base_url} has no model {self.model.model} (404: {said}); "
                "correct `model` or `base_url` in models.llm."
            )
        raise RefusedError(f"{self.model.name} answered {status}: {said}")


def _message(data: bytes) -> str:
    """The server's own words, cut short."""
    try:
        error = json.loads(data)["error"]
        text = error["message"] if isinstance(error, dict) else str(error)
    except (ValueError, KeyError, TypeError):
        text = data.decode("utf-8", errors="replace")
    return " ".join(text.split())[:200]


def _seconds(retry_after: str | None) -> float:
    try:
        return max(1.0, float(retry_after or WAIT_SECONDS))
    except ValueError:
        return WAIT_SECONDS


def _in(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
