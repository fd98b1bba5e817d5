"""A hosted model that takes its time: every answer comes after a while, and only so many are worked on at once.

It runs in a process of its own. With it comes a loop that keeps its slots full and does nothing else, to compare with.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from loopback_llm.messages import completion, model_entry, structured_or_prose

MODEL = "m"
HOST = "127.0.0.1"
PATH = "/v1"
BACKLOG = 1024


@dataclass(frozen=True)
class Asked:
    """What the service was asked in some time.

    Attributes:
        bodies: Bodies of the requests, in the order of their answers.
        arrivals: When each arrived, in seconds of the machine's clock.
        answers: When the answer to each was sent.
        most: Most that were worked on at once.
    """

    bodies: list[bytes]
    arrivals: list[float]
    answers: list[float]
    most: int

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return max(self.answers) - min(self.arrivals)

    @property
    def rate(self) -> float:
        """Requests a second, meanwhile."""
        return len(self.bodies) / self.seconds


class SlowService:
    """The service, from the beginning of its ``with`` to the end.

    Args:
        seconds: How long it works on a request.
        slots: How many it works on at once; others wait.

    Attributes:
        port: Its port.
    """

    def __init__(self, seconds: float, slots: int) -> None:
        self._ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_serve, args=(theirs, seconds, slots), daemon=True)

    def __enter__(self) -> SlowService:
        self._process.start()
        self.port: int = self._ours.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()

    @property
    def address(self) -> str:
        """Its base URL."""
        return f"http://{HOST}:{self.port}{PATH}"

    def asked(self) -> Asked:
        """What it was asked since this was called last."""
        self._ours.send(None)
        asked: Asked = self._ours.recv()
        return asked


class _Service:
    """What the process does.

    Args:
        seconds: How long a request is worked on.
        slots: How many at once.
    """

    def __init__(self, seconds: float, slots: int) -> None:
        self._seconds = seconds
        self._free = asyncio.Semaphore(slots)
        self._working = 0
        self._forget()

    def _forget(self) -> None:
        self._bodies: list[bytes] = []
        self._arrivals: list[float] = []
        self._answers: list[float] = []
        self._most = 0

    def tell(self, connection: Connection) -> None:
        """Send what was asked since the last time."""
        connection.recv()
        connection.send(Asked(self._bodies, self._arrivals, self._answers, self._most))
        self._forget()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer all requests of a connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                document = await self._answer(body) if head.startswith(b"POST") else _models()
                writer.write(_response(document))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has left
        finally:
            writer.close()

    async def _answer(self, body: bytes) -> bytes:
        arrived = time.monotonic()
        asked: dict[str, Any] = json.loads(body)
        answer = json.dumps(completion(asked, structured_or_prose(asked), groq=False)).encode()
        async with self._free:
            self._working += 1
            self._most = max(self._most, self._working)
            await asyncio.sleep(self._seconds)
            self._working -= 1
        self._bodies.append(body)
        self._arrivals.append(arrived)
        self._answers.append(time.monotonic())
        return answer


def _models() -> bytes:
    return json.dumps({"object": "list", "data": [model_entry(MODEL)]}).encode()


def _response(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _length(head: bytes) -> int:
    """Length of the body after a head; 0 where the head names none."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _serve(connection: Connection, seconds: float, slots: int) -> None:
    async def run() -> None:
        service = _Service(seconds, slots)
        server = await asyncio.start_server(service.serve, HOST, 0, backlog=BACKLOG)
        asyncio.get_running_loop().add_reader(connection.fileno(), service.tell, connection)
        connection.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def ask_by_loop(port: int, bodies: Sequence[bytes], slots: int) -> None:
    """Ask a service by nothing but a loop: as many connections as there are slots, each with the next request.

    Args:
        port: Port of the service.
        bodies: Bodies of the requests.
        slots: Requests in flight.
    """
    waiting = iter(bodies)

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        for body in waiting:
            head = f"POST {PATH}/chat/completions HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            answer = await reader.readexactly(_length(await reader.readuntil(b"\r\n\r\n")))
            json.loads(answer)
        writer.close()

    async def run() -> None:
        await asyncio.gather(*(connection() for _ in range(slots)))

    asyncio.run(run())
