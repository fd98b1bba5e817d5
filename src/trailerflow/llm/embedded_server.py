"""The embedded llama.cpp server (xllamacpp) as a warm service: ``python -m trailerflow.llm.embedded_server --help``."""

from __future__ import annotations

import argparse
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trailerflow.errors import TrailerflowError
from trailerflow.program import run
from trailerflow.servers.energy import EnergyMeter, RequestEnergy
from trailerflow.servers.serving import add_server_arguments, announced, end_process, wait_until_idle

ALL_LAYERS = -1

PROMPT_CACHE_MIB = 512
"""Memory for prompts that were read before; llama.cpp's own limit is 8 GiB, which a long run fills."""


def start_engine(model: Path, *, context: int, slots: int, threads: int, place: Path, key: str) -> Any:
    """Load a GGUF model and start llama.cpp's own HTTP server on a socket.

    Args:
        model: GGUF file.
        context: Tokens of one slot.
        slots: Requests worked on at a time.
        threads: CPU threads.
        place: Path of the socket; llama.cpp takes a host for one because its name ends in ``.sock``.
        key: Bearer token to ask for.

    Returns:
        The running ``xllamacpp.Server``.

    Raises:
        TrailerflowError: The engine cannot load the file.
    """
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.n_ctx = context * slots
    parameters.n_parallel = slots
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    parameters.n_gpu_layers = ALL_LAYERS
    parameters.hostnames = [str(place)]
    parameters.api_keys = [key]
    parameters.endpoint_metrics = True
    parameters.ui = False
    parameters.cache_ram_mib = PROMPT_CACHE_MIB
    try:
        return xllamacpp.Server(parameters)
    except RuntimeError as error:
        raise TrailerflowError(f"llama.cpp cannot load {model}: {error}.") from None


def activity(engine: Any) -> tuple[int, object]:
    """Open requests and a value that changes with each request, read from the engine's own counters."""
    metrics = dict(re.findall(r"^llamacpp:(\w+) ([\d.eE+-]+)$", engine.handle_metrics(), re.MULTILINE))
    waiting = float(metrics["requests_processing"]) + float(metrics["requests_deferred"])
    return int(waiting), (metrics["n_decode_total"], metrics["prompt_tokens_total"])


def watched_activity(engine: Any, energy: Path) -> Callable[[], tuple[int, object]]:
    """`activity` for `trailerflow.servers.serving.wait_until_idle`, which also writes down the energy of requests.

    Args:
        engine: From `start_engine`.
        energy: File that the energy is written to.
    """
    noted, seen = RequestEnergy(energy, EnergyMeter()), time.monotonic()

    def look() -> tuple[int, object]:
        nonlocal seen
        now, (open_requests, changes) = time.monotonic(), activity(engine)
        noted.watch(open_requests, now - seen)
        seen = now
        return open_requests, changes

    return look


def main() -> None:
    """Serve until idle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, help="name of the model in paths and tables")
    parser.add_argument("--model", type=Path, required=True, help="GGUF file")
    parser.add_argument("--context", type=int, required=True, help="tokens of one slot")
    parser.add_argument("--slots", type=int, required=True, help="requests worked on at a time")
    add_server_arguments(parser)
    arguments = parser.parse_args()
    key = secrets.token_urlsafe(24)
    with announced(arguments.endpoint, key) as place:
        engine = start_engine(
            arguments.model,
            context=arguments.context,
            slots=arguments.slots,
            threads=arguments.threads,
            place=place,
            key=key,
        )
        watched = watched_activity(
            engine, arguments.endpoint.parents[1] / "energy" / f"{arguments.name}.json"
        )
        wait_until_idle(watched, arguments.idle_seconds)
    end_process()


if __name__ == "__main__":
    run(main)
