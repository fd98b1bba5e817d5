"""A language model's server on this machine, for tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Site:
    """A chat-completions server that answers as it is told and keeps a journal.

    Attributes:
        status: Status of every answer.
        headers: Headers of every answer.
        body: What is answered instead of a completion.
        journal: What was asked, in order.
        reply: Makes the answer's text of the last message's.
    """

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None
        self.journal: list[dict[str, Any]] = []
        self.reply: Callable[[str], str] = "about {}".format
        site = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *arguments: object) -> None:
                pass

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                site.journal.append({"path": self.path, "key": self.headers.get("Authorization"), **asked})
                answer = site.body or json.dumps(site.completion(asked)).encode()
                self.send_response(site.status)
                for name, value in site.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def completion(self, asked: dict[str, Any]) -> dict[str, Any]:
        top = [{"token": "Yes", "logprob": -0.1}, {"token": "No", "logprob": -2.5}]
        return {
            "choices": [
                {
                    "message": {"content": self.reply(asked["messages"][-1]["content"])},
                    "finish_reason": "stop",
                    "logprobs": {"content": [{"top_logprobs": top}]} if asked.get("logprobs") else None,
                }
            ],
            "usage": {"prompt_tokens": 7, "completion_tokens": 3},
        }
