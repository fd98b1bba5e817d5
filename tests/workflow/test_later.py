"""A stage that answers ``later``: the report is made without those movies, and the next run makes exactly them."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from workflow.projects import small_genres

pytestmark = pytest.mark.slow


class Site:
    """A hosted model on loopback that writes summaries, but is out of quota for some films."""

    def __init__(self, refused: set[str]) -> None:
        self.refused = refused
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *arguments: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                prompt = body["messages"][-1]["content"]
                site.asked.append(prompt)
                late = any(f"Title: {title}\n" in prompt for title in site.refused)
                answer = {"error": {"message": "daily quota"}} if late else completion(body)
                data = json.dumps(answer).encode()
                self.send_response(429 if late else 200)
                self.send_header("Retry-After", "1")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def completion(body: dict) -> dict:
    text = (
        json.dumps({"genres": ["Drama"]})
        if "response_format" in body
        else "A hero leaves home and comes back."
    )
    top = [{"token": "Yes", "logprob": -0.3}, {"token": "No", "logprob": -1.5}]
    logprobs = (
        {"content": [{"token": "Yes", "logprob": -0.3, "top_logprobs": top}]}
        if body.get("logprobs")
        else None
    )
    choice = {"message": {"content": text}, "finish_reason": "stop", "logprobs": logprobs}
    return {"choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 8}}


def test_later_for_three_movies(finished, monkeypatch):
    summarised = sorted((finished.folder / "results/summarise_movie/smollm2/zero_shot").glob("*.json"))
    ok = [path.stem for path in summarised if json.loads(path.read_text())["status"] == "ok"][:3]
    shown = titles(finished, ok)
    site = Site(set(shown.values()))
    finished.settings["models"]["llm"] = [
        {
            "name": "hosted", "kind": "openai_compatible", "model": "m", "context": 4096, "slots": 1, "threads": 1,
            "temperature": 0.0, "seed": 0, "frequency_penalty": 0.0, "base_url": f"http://127.0.0.1:{site.server.server_port}/v1",
        }
    ]  # fmt: skip
    finished.settings["summaries"]["prompts"] = ["zero_shot"]
    finished.settings["genres"] = small_genres("summary/hosted/zero_shot")
    finished.run()
    statuses = {
        path.stem: json.loads(path.read_text())["status"]
        for path in (finished.folder / "results/summarise_movie/hosted/zero_shot").glob("*.json")
    }
    assert {movie for movie, status in statuses.items() if status == "later"} == set(ok)
    page = (finished.folder / "results/make_report/index.html").read_text()
    assert "3 movies" in page and "later" in page

    jobs = finished.jobs()
    assert jobs["summarise_movie"] == {
        f"results/summarise_movie/hosted/zero_shot/{movie}.json" for movie in ok
    }
    assert not {"find_trailer", "prepare_transcript", "fetch_synopsis"} & set(jobs)

    site.refused = set()
    asked = len(site.asked)
    finished.run()
    assert sum(prompt.count("Title: ") > 0 for prompt in site.asked[asked:]) >= 3
    for movie in ok:
        path = finished.folder / f"results/summarise_movie/hosted/zero_shot/{movie}.json"
        assert json.loads(path.read_text())["status"] == "ok"
    assert "Nothing to be done" in "".join((done := finished.run()).stdout + done.stderr)


def titles(finished, movies: list[str]) -> dict[str, str]:
    import csv

    from trailerflow.movies.titles import display_title

    with open(finished.folder / "resources/sample/movies.csv", newline="") as file:
        return {row["id"]: display_title(row["title"]) for row in csv.DictReader(file) if row["id"] in movies}
