"""TMDB, OMDb and Wikipedia on 127.0.0.1, in this process: what they answer is what a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from trailerflow import retry
from trailerflow.synopses import omdb, wikipedia
from trailerflow.web import tmdb
from trailerflow.web.access import WebAccess

KEYS = {"TMDB_API_KEY": "secret-of-tmdb", "OMDB_API_KEY": "secret-of-omdb"}
MODULES = {"tmdb": tmdb, "omdb": omdb, "wikipedia": wikipedia}


@dataclass(frozen=True)
class Asked:
    """A request: its site, the path below the site's address, and the query."""

    site: str
    path: str
    query: dict[str, str]


@dataclass(frozen=True)
class Reply:
    """An answer that is more than a JSON document with status 200.

    Attributes:
        status: HTTP status.
        body: All bytes.
        headers: Headers beside the length.
        raw: What is sent instead of all that, from the first byte, until it ends or nobody listens.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    raw: Iterable[bytes] | None = None


@dataclass
class Sites:
    """The sites.

    Attributes:
        asked: Every request, in order.
        port: Where they listen.
        answers: For each site what it answers: a JSON document or a `Reply`.
    """

    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    answers: dict[str, Callable[[Asked], Any]] = field(default_factory=dict)

    def of(self, site: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.site == site]

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        answer = self.answers[asked.site](asked) if asked.site in self.answers else Reply(500)
        return answer if isinstance(answer, Reply) else Reply(body=json.dumps(answer).encode())


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sites]:
    """Serve all three sites, with keys in the environment and no pauses."""
    sites = Sites()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            _, site, path = parts.path.split("/", 2)
            reply = sites.reply(Asked(site, f"/{path}", dict(parse_qsl(parts.query))))
            if reply.raw is not None:
                with suppress(OSError):
                    for part in reply.raw:
                        self.wfile.write(part)
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sites.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    for name, module in MODULES.items():
        address = f"http://127.0.0.1:{server.server_port}/{name}"
        monkeypatch.setattr(module, "SITE", replace(module.SITE, address=address, pause_seconds=0.0))
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(retry, "PAUSES", (0.0, 0.0))
    try:
        yield sites
    finally:
        server.shutdown()
        server.server_close()


def web_access(folder: Path, refresh_before: str | None = None) -> WebAccess:
    """A way to the web whose cache and pace lie in a folder."""
    return WebAccess(
        cache=folder / "cache",
        run=folder / "run",
        pause_seconds=0.0,
        visits_per_day=None,
        blocked_minutes=1.0,
        cookies=None,
        contact=None,
        refresh_before=refresh_before,
    )


def tmdb_film(number: int, title: str, date: str, original: str = "") -> dict[str, Any]:
    """A result of TMDB's search."""
    return {"id": number, "title": title, "original_title": original or title, "release_date": date}


def lead(year: int, kind: str = "romantic comedy-drama") -> str:
    """The lead of an article about Sabrina."""
    return f"Sabrina is a {year} American {kind} film by A. Nobody. A daughter comes home. She is seen."


PLOT = "\n\n\n== Plot ==\nA daughter leaves.\n\n=== Return ===\nShe comes home.\n\n== Cast ==\nSomebody as Sabrina"


def wikipedia_page(number: int, title: str, extract: str, **more: Any) -> dict[str, Any]:
    """A page of an answer of Wikipedia."""
    return {"pageid": number, "ns": 0, "title": title, "index": number, "extract": extract} | more


def wikipedia_finding(*pages: dict[str, Any]) -> Callable[[Asked], Any]:
    """Wikipedia with these articles: what a search finds, and each by its number."""

    def answer(asked: Asked) -> Any:
        if "gsrsearch" in asked.query:
            return {"query": {"pages": list(pages)}} if pages else {"batchcomplete": True}
        found = [page for page in pages if str(page["pageid"]) == asked.query["pageids"]]
        return {"query": {"pages": [page | {"revisions": [{"revid": 7}]} for page in found]}}

    return answer
