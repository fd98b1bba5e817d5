"""Fetch a model of the model list, check its hash, and note that it is there whole."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.models.fetch import fetch_model, read_model_list
from trailerflow.program import run


def main() -> None:
    """Read the arguments, fetch, say how far it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", type=Path, required=True, help="the model list (YAML)")
    parser.add_argument("--model", required=True, help="name in the model list")
    parser.add_argument("--local", required=True, help="folder of your own with models, or none")
    parser.add_argument("--folder", type=Path, required=True, help="where models lie")
    arguments = parser.parse_args()
    fetch_model(
        arguments.model,
        read_model_list(arguments.list),
        arguments.folder,
        Path(arguments.local) / arguments.model if arguments.local != "none" else None,
        lambda line: print(line, flush=True),
    )


if __name__ == "__main__":
    run(main)
