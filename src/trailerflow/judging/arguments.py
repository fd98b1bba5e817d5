"""Command-line arguments of the programs that work on pairs of summaries."""

from __future__ import annotations

import argparse
from pathlib import Path

from trailerflow.judging.pairs import Pair, draw_pairs
from trailerflow.tables import read_table


def add_pair_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `pairs_of` reads."""
    parser.add_argument("--summaries", type=Path, required=True, help="summaries of merge_summaries")
    parser.add_argument("--transcripts", type=Path, required=True, help="transcripts of merge_transcripts")
    parser.add_argument("--synopses", type=Path, required=True, help="synopses of merge_summaries")
    parser.add_argument("--movies", type=Path, required=True, help="movies of this run")
    parser.add_argument("--count", type=int, required=True, help="movies to draw")
    parser.add_argument(
        "--seed", type=int, required=True, help="seed of the movies and of the order of pairs"
    )


def pairs_of(arguments: argparse.Namespace) -> list[Pair]:
    """The pairs that the arguments describe."""
    return draw_pairs(
        read_table(arguments.summaries),
        read_table(arguments.transcripts),
        read_table(arguments.synopses),
        read_table(arguments.movies),
        count=arguments.count,
        seed=arguments.seed,
    )
