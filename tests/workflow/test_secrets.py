"""No file, no command line and no line of a run holds a secret, though the server repeats all that it was sent."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from workflow.projects import small_genres

KEY, GATEWAY, QUERY = "the-service+key/0123456789", "gateway~0123456789", "query=0123456789"
TOO_LONG = "TOO LONG"


class _Parrot(BaseHTTPRequestHandler):
    """Repeats headers, address and body: in a summary, or in an error where the prompt says so."""

    seen: list[str]

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        self._answer(200, {"data": [{"id": "m"}]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        heard = f"{dict(self.headers)} {self.path} {body}"
        type(self).seen.append(heard)
        if TOO_LONG in body:
            message = f"This model's maximum context length is 10 tokens. You sent {heard}"
            self._answer(400, {"error": {"message": message, "code": "context_length_exceeded"}})
            return
        message = {"role": "assistant", "content": f"A summary. {heard}"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
        self._answer(
            200,
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": "m",
                "choices": [choice],
                "usage": usage,
            },
        )

    def _answer(self, status: int, document: object) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def parrot() -> Iterator[tuple[str, list[str]]]:
    _Parrot.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Parrot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1", _Parrot.seen
    server.shutdown()
    server.server_close()


def hosted(address: str, **more: object) -> dict[str, object]:
    return {
        "name": "hosted",
        "kind": "openai_compatible",
        "model": "m",
        "context": 4096,
        "base_url": address,
        **more,
    }


@pytest.fixture
def two_movies(workflow, parrot, monkeypatch):
    """A run on two movies by a model that takes three secrets; the second movie is told to be too long."""
    for name, value in {"SERVICE": KEY, "GATEWAY": GATEWAY, "QUERY_PART": QUERY}.items():
        monkeypatch.setenv(name, value)
    for name, line in {"one": "One man stands alone.", "two": f"{TOO_LONG} for a trailer."}.items():
        (workflow.folder / f"{name}.srt").write_text(f"1\n00:00:01,000 --> 00:00:04,000\n{line}\n")
    (workflow.folder / "mine.csv").write_text(
        "id,title,year,media\n1,First,1995,one.srt\n2,Second,1996,two.srt\n"
    )
    model = hosted(
        f"{parrot[0]}?sub=${{QUERY_PART}}",
        key_variable="SERVICE",
        parameters={
            "metadata": {"gateway-key": "${GATEWAY}"},
            "eos_token": "</s>",
            "prompt_cache_key": "run-1",
        },
    )
    workflow.settings["models"]["llm"] = [model]
    workflow.settings |= {
        "catalogue": {"movies": "mine.csv", "archive": None},
        "summaries": {"prompts": ["zero_shot"]},
        "synopses": {"table": None},
        "genres": small_genres("transcript"),
        "web": {"contact": "me-myself@example.org"},
    }
    return workflow


def files_with(folder: Path, *words: str) -> list[str]:
    """Files below a folder that hold one of some words."""
    patterns = [word.encode() for word in words]
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and any(word in path.read_bytes() for word in patterns)
    )


def test_a_run_leaves_no_secret_anywhere(two_movies, parrot):
    outcomes = [f"results/summarise_movie/hosted/zero_shot/{movie}.json" for movie in "12"]
    done = two_movies.run(*outcomes, "-p")
    heard = " ".join(parrot[1])
    assert KEY in heard  # so that the server could repeat them
    assert GATEWAY in heard
    found = [json.loads((two_movies.folder / path).read_text()) for path in outcomes]
    assert [outcome["status"] for outcome in found] == ["ok", "failed"]
    assert "[secret]" in found[0]["data"]["summary"]
    assert "[secret]" in found[1]["reasons"][0]
    assert "${GATEWAY}" in done.stdout + done.stderr  # the command lines are shown, and name it
    secrets = (KEY, GATEWAY, QUERY, QUERY.replace("=", "%3D"))
    assert files_with(two_movies.folder, *secrets) == []
    assert not any(secret in done.stdout + done.stderr for secret in secrets)


def test_every_rule_takes_a_model_that_names_secrets(two_movies):
    done = two_movies.run("results/estimate_costs/estimate.csv", "results/make_report/index.html", "-n", "-p")
    said = done.stdout + done.stderr
    for rule in ("estimate_costs", "judge_summaries", "predict_genres", "rank_films"):
        commands = re.findall(rf"scripts/{rule}\.py.*?&>", said, re.DOTALL)
        (command,) = [command for command in commands if "--model" in command]  # other rankers ask none
        assert "${GATEWAY}" in command
        assert "?sub=${QUERY_PART}" in command
    (shown,) = re.findall(r"--config '(.*?)'", said)
    assert json.loads(shown)["web"]["contact"] == "set"
    assert "${GATEWAY}" in shown
    assert "me-myself" not in said


def test_cache_and_run_are_for_the_owner_alone_once_a_run_has_begun(two_movies):
    folders = [two_movies.folder / "resources/cache", two_movies.folder / "run"]
    folders[0].mkdir()
    folders[0].chmod(0o755)
    two_movies.run("-n", "catalogue")
    assert stat.S_IMODE(folders[0].stat().st_mode) == 0o755
    # A start may note the hashes of files in `run`; it makes the folder for the owner alone.
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders[1:] if folder.exists()] in ([], [0o700])
    two_movies.run("catalogue")
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700, 0o700]
    assert stat.S_IMODE((two_movies.folder / "results/select_movies").stat().st_mode) & 0o055 == 0o055


def test_secrets_in_the_configuration_stop_the_run_and_are_not_repeated(workflow):
    address = "http://x.org/v1"
    workflow.settings["models"]["llm"] = [
        hosted(address, parameters={"api_key": KEY}),
        hosted(f"http://me:{KEY}@x.org/v1"),
        hosted(f"{address}?api-key=0123456789"),
        hosted(address, key_variable="a1b2c3d4e5f60718"),
    ]
    done = workflow.run("-n", check=False)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    for sentence in (
        "config: models.llm[0].parameters.api_key holds a secret as it is",
        "config: models.llm[1].base_url is not valid: [secret] does not match",
        "config: models.llm[2].base_url holds a secret as it is",
        "config: models.llm[3].key_variable is not valid: [secret] does not match",
    ):
        assert sentence in said
    assert "write ${NAME} in its place" in said
    assert "Traceback" not in said
    assert not any(word in said for word in (KEY, "0123456789", "a1b2c3d4e5f60718"))


def test_a_secret_on_the_command_line_stops_the_run_too(workflow):
    models = json.dumps(
        {"llm": [hosted("http://x.org/v1", parameters={"extra_headers": {"x-api-key": KEY}})]}
    )
    done = subprocess.run(
        [*workflow.command("-n"), "--config", f"models={models}"],
        cwd=workflow.folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert (
        "models.llm[0].parameters.extra_headers.x-api-key holds a secret as it is"
        in done.stdout + done.stderr
    )
    assert KEY not in done.stdout + done.stderr
