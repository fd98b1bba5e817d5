"""Requests per CPU minute of our client and warm server, as a ratio to the bare engine given the same prompts.

The same summaries of real transcripts are asked of llama.cpp's server twice: through `trailerflow.llm.client.Client` with
its cache empty, and straight over HTTP. Both have the same model, context, slots and threads. They take turns, a few
requests each, and both the server's and the asking process' CPU time count:
``python benchmarks/bare_engine.py --transcripts … --movies … --model-file …``.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import psutil

from trailerflow.llm import exchange
from trailerflow.llm.client import Client
from trailerflow.llm.many import ask_many
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.types import Answer, Request
from trailerflow.summaries.ways.contract import Told
from trailerflow.summaries.ways.prompt_file import PromptFile

if TYPE_CHECKING:
    from trailerflow.documents import PreparedTranscript

ROOT = Path(__file__).parents[1]
PROMPT = ROOT / "resources/prompts/summaries/zero_shot.txt"
WORDS = 100
LONGEST_TRANSCRIPT = 600
BARE_SERVER = """
import sys, time, xllamacpp
path, context, slots, threads = sys.argv[1], *map(int, sys.argv[2:])
parameters = xllamacpp.CommonParams()
parameters.model.path = path
parameters.n_ctx = context * slots
parameters.n_parallel = slots
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
parameters.hostnames = ["127.0.0.1"]
parameters.port = 0
server = xllamacpp.Server(parameters)
print("port", server.listening_address.rsplit(":", 1)[1], flush=True)
time.sleep(1e9)
"""


@dataclass
class Tally:
    """What one of the two has done.

    Attributes:
        requests: Answered requests.
        cpu_seconds: CPU time of the server and of the process that asks.
        wall_seconds: Wall-clock time.
        tokens: Tokens written.
    """

    requests: int = 0
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    tokens: int = 0

    @property
    def per_cpu_minute(self) -> float:
        """Requests per CPU minute."""
        return self.requests / self.cpu_seconds * 60


def main() -> None:
    """Ask in turns and print both tallies and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--transcripts",
        type=Path,
        required=True,
        help="Parquet: item_id, transcript, n_words, likely_trailer",
    )
    parser.add_argument("--movies", type=Path, required=True, help="Parquet: item_id, clean_title")
    parser.add_argument("--models-folder", type=Path, default=Path("resources/models"))
    parser.add_argument("--model", default="qwen2.5-coder-1.5b-instruct", help="name in the model list")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--turn", type=int, default=4, help="requests of a turn")
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    os.environ["OMP_WAIT_POLICY"] = "passive"
    exchange.IDLE_SECONDS = 3600.0  # ours waits while the other one works, and is to stay
    requests = _requests(arguments)
    ours, bare = Tally(), Tally()
    with tempfile.TemporaryDirectory() as folder:
        model = LanguageModel.from_settings(
            {"name": "measured", "kind": "embedded", "model": arguments.model, "context": arguments.context,
             "slots": arguments.slots, "threads": arguments.threads, "frequency_penalty": 0.5}
        )  # fmt: skip
        run = Path(folder, "run")
        client = Client(
            model,
            cache=Path(folder, "cache"),
            run=run,
            models_folder=arguments.models_folder,
            threads=arguments.threads,
        )
        server, port = _start_bare(arguments)
        try:
            warm_up = [Request([{"role": "user", "content": "Say yes."}], max_tokens=1)]
            _ask_ours(client, warm_up)
            _ask_bare(port, model, warm_up)
            our_server = _our_server(run)
            for start in range(0, len(requests), arguments.turn):
                turn = requests[start : start + arguments.turn]
                turns: list[tuple[Tally, psutil.Process, Callable[[], int]]] = [
                    (ours, our_server, partial(_ask_ours, client, turn)),
                    (bare, psutil.Process(server.pid), partial(_ask_bare, port, model, turn)),
                ]
                if (start // arguments.turn) % 2:
                    turns.reverse()
                for tally, process, ask in turns:
                    _measure(tally, process, ask, len(turn))
                print(f"{start + len(turn)} of {len(requests)} each", file=sys.stderr, flush=True)
        finally:
            server.kill()
    _print(ours, bare)


def _requests(arguments: argparse.Namespace) -> list[Request]:
    transcripts = pd.read_parquet(arguments.transcripts)
    chosen = transcripts[transcripts["likely_trailer"] & (transcripts["n_words"] > 25)].sort_values("item_id")
    chosen = chosen.sample(arguments.count, random_state=arguments.seed)
    titles = pd.read_parquet(arguments.movies).set_index("item_id")["clean_title"]
    way = PromptFile(PROMPT.stem)
    texts = {
        row.item_id: " ".join(row.transcript.split()[:LONGEST_TRANSCRIPT]) for row in chosen.itertuples()
    }
    told = [
        Told(titles[movie], cast("PreparedTranscript", {"text": text}), WORDS)
        for movie, text in texts.items()
    ]
    return [request for each in told for request in way.requests(each, {PROMPT.stem: PROMPT})]


def _start_bare(arguments: argparse.Namespace) -> tuple[subprocess.Popen[str], int]:
    path = arguments.models_folder / arguments.model / "model.gguf"
    sizes = [arguments.context, arguments.slots, arguments.threads]
    server = subprocess.Popen(
        [sys.executable, "-c", BARE_SERVER, str(path), *map(str, sizes)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    for line in server.stdout:
        if line.startswith("port "):
            return server, int(line.split()[1])
    raise SystemExit(f"The engine did not start with {path}.")


def _our_server(run: Path) -> psutil.Process:
    (endpoint,) = [json.loads(path.read_text()) for path in run.rglob("*.json") if "pid" in path.read_text()]
    return psutil.Process(endpoint["pid"])


def _ask_ours(client: Client, requests: Sequence[Request]) -> int:
    tokens = 0
    for _, answer in ask_many(requests, client.ask, workers=client.model.workers):
        if not isinstance(answer, Answer):
            raise SystemExit(f"A request was not answered: {answer}.")
        tokens += answer.completion_tokens
    return tokens


def _ask_bare(port: int, model: LanguageModel, requests: Sequence[Request]) -> int:
    def ask(request: Request) -> int:
        body: dict[str, Any] = {
            "messages": request.messages,
            "max_tokens": request.max_tokens,
            "temperature": model.temperature,
            "seed": model.seed,
            "frequency_penalty": model.frequency_penalty,
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        connection.request(
            "POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"}
        )
        return int(json.loads(connection.getresponse().read())["usage"]["completion_tokens"])

    with ThreadPoolExecutor(model.slots) as pool:
        return sum(pool.map(ask, requests))


def _measure(tally: Tally, server: psutil.Process, ask: Callable[[], int], requests: int) -> None:
    def cpu() -> float:
        return float(sum(server.cpu_times()[:2]) + sum(psutil.Process().cpu_times()[:2]))

    before, start = cpu(), time.monotonic()
    tally.tokens += ask()
    tally.cpu_seconds += cpu() - before
    tally.wall_seconds += time.monotonic() - start
    tally.requests += requests


def _print(ours: Tally, bare: Tally) -> None:
    print("| | requests | tokens written | CPU s | wall s | requests per CPU minute |")
    print("|---|---|---|---|---|---|")
    for name, tally in (("trailerflow", ours), ("bare engine", bare)):
        print(
            f"| {name} | {tally.requests} | {tally.tokens} | {tally.cpu_seconds:.1f} | {tally.wall_seconds:.1f} | "
            f"{tally.per_cpu_minute:.2f} |"
        )
    print(f"\nRatio of requests per CPU minute: {ours.per_cpu_minute / bare.per_cpu_minute:.3f}")


if __name__ == "__main__":
    main()
