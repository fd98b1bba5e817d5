"""Make the page on which people rate blinded pairs of summaries and label claims, and its key."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))  # the library beside it, whatever is installed

from trailerflow.files import write_json, write_text
from trailerflow.judging.arguments import add_pair_arguments, pairs_of
from trailerflow.judging.claim_sheets import draw_sheets
from trailerflow.judging.make_rating_kit import kit_key, kit_page
from trailerflow.judging.pairs import shuffled
from trailerflow.program import run
from trailerflow.tables import read_table


def main() -> None:
    """Draw the pairs and the summaries, write the page and the key."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_pair_arguments(parser)
    parser.add_argument(
        "--claim-summaries", type=int, required=True, help="summaries to draw whose claims are labelled"
    )
    parser.add_argument("--page", type=Path, required=True, help="page to write")
    parser.add_argument("--key", type=Path, required=True, help="key to write; not for raters")
    arguments = parser.parse_args()
    pairs = shuffled(pairs_of(arguments), arguments.seed)
    sheets = draw_sheets(
        read_table(arguments.summaries),
        read_table(arguments.transcripts),
        read_table(arguments.movies),
        count=arguments.claim_summaries,
        seed=arguments.seed,
    )
    write_text(arguments.page, kit_page(pairs, sheets))
    write_json(arguments.key, kit_key(pairs, sheets))


if __name__ == "__main__":
    run(main)
