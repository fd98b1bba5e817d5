"""Make the page on which people rate blinded pairs of summaries, and its key."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.files import write_json, write_text
from trailerflow.judging.arguments import add_pair_arguments, pairs_of
from trailerflow.judging.make_rating_kit import kit_key, kit_page
from trailerflow.judging.pairs import shuffled
from trailerflow.program import run


def main() -> None:
    """Draw the pairs, write the page and the key."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_pair_arguments(parser)
    parser.add_argument("--page", type=Path, required=True, help="page to write")
    parser.add_argument("--key", type=Path, required=True, help="key to write; not for raters")
    arguments = parser.parse_args()
    pairs = shuffled(pairs_of(arguments), arguments.seed)
    write_text(arguments.page, kit_page(pairs))
    write_json(arguments.key, kit_key(pairs))


if __name__ == "__main__":
    run(main)
