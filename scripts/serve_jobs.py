"""Run the programs of a run's movies in forks of this one interpreter, which has imported what they need (see served.py)."""

from __future__ import annotations

import argparse
import importlib
import sys
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.llm.exchange import import_client
from trailerflow.llm.operation import REPLAY, Operation
from trailerflow.program import run
from trailerflow.register import OUTCOMES
from trailerflow.servers.job_server import serve


def main() -> None:
    """Read the arguments, serve until nobody asks any more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, required=True, help="where to make the socket")
    arguments = parser.parse_args()
    operation = Operation.from_environment()
    for client in operation.clients if operation.mode != REPLAY else []:
        with suppress(ImportError):  # the Python of another stage may be without it
            import_client(client)
            importlib.import_module("trailerflow.llm.replies")  # a kept answer does without
    here = Path(__file__).parent
    serve(arguments.place, {name: here / f"{name}.py" for name in OUTCOMES})


if __name__ == "__main__":
    run(main)
