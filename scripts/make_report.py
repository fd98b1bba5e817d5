"""Make the report, one self-contained HTML page, from the tables of a run."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.files import write_text
from trailerflow.llm.prompts import prompt_hash
from trailerflow.program import run
from trailerflow.reports.loading import load_abouts, load_tables, named_paths
from trailerflow.reports.pages import build_page, render
from trailerflow.reports.register import READERS, SECTIONS
from trailerflow.reports.section import Run


def main() -> None:
    """Read the tables that the sections ask for, make the page, write it."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="Its standard input names the files, a line each: the place below results/, =, and the path.",
    )
    parser.add_argument("--prompts", type=Path, nargs="*", required=True, help="prompt files of the run")
    parser.add_argument("--config", type=json.loads, required=True, help="configuration of the run, as JSON")
    parser.add_argument("--output", type=Path, required=True, help="page to write")
    arguments = parser.parse_args()
    files = named_paths(sys.stdin)
    made = Run(
        config=arguments.config,
        prompts=tuple((f"{path.parent.name}/{path.stem}", prompt_hash(path)) for path in arguments.prompts),
        abouts=load_abouts(files),
    )
    page = build_page(SECTIONS, load_tables(READERS, files), made)
    write_text(arguments.output, render(page))


if __name__ == "__main__":
    run(main)
