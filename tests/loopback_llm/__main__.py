"""The service as a program, until it is told to end (SIGTERM or SIGINT)."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from loopback_llm.site import Site


def main() -> None:
    """Serve on a free port of 127.0.0.1."""
    parser = argparse.ArgumentParser(prog="python -m loopback_llm", description=__doc__)
    parser.add_argument("--port-file", type=Path, required=True, help="file to write the port to")
    parser.add_argument(
        "--journal", type=Path, required=True, help="file to write the journal to (JSON lines)"
    )
    parser.add_argument("--limit-requests-per-minute", type=int, metavar="N", help="in any 60 s")
    parser.add_argument("--delay", type=float, default=0.0, metavar="S", help="seconds before each answer")
    parser.add_argument("--model", nargs="+", default=[], metavar="NAME", help="models that it lists")
    arguments = parser.parse_args()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before the threads: they inherit it
    with Site(arguments.model, journal=arguments.journal) as site:
        site.limits.requests_per_minute = arguments.limit_requests_per_minute
        site.delay = arguments.delay
        unfinished = arguments.port_file.with_name(arguments.port_file.name + ".part")
        unfinished.write_text(f"{site.server.server_port}\n")
        unfinished.replace(arguments.port_file)
        signal.sigwait(ends)


if __name__ == "__main__":
    main()
