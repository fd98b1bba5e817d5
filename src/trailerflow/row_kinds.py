"""What a row of a table of figures is, and the names of the rows that no language model makes."""

from __future__ import annotations

from typing import Literal

RowKind = Literal["system", "reference", "published"]
"""A row is made by this run's systems, is there to be compared with, or repeats a published figure."""

SYSTEM: RowKind = "system"
REFERENCE: RowKind = "reference"
PUBLISHED: RowKind = "published"

LANGUAGE_MODEL = "language model"
"""Family of the systems that are the configuration's language models."""

PER_GENRE, GLOBAL, OWN = "per genre", "global", "own"
"""Operating points of a system that predicts genres: a threshold for each, one for all, or its own decisions."""

BETTER, WORSE, NOT_TOLD_APART = "better", "worse", "cannot be told apart"
"""What is said of two systems."""

CHANCE = "chance"
ORACLE = "oracle"
CONSTANT = "constant"
FLOOR = "mismatch floor"
LEAD = "lead of the transcript"
CONSTANT_SENTENCE = "constant sentence"
COMMON_WORDS = "common words"
HUMAN = "human plot"

RESERVED = {
    CHANCE: "the row of what chance gets",
    ORACLE: "the row of the right answers",
    CONSTANT: "the row of the same genres for every film",
    FLOOR: "the row of summaries against other movies' texts",
    LEAD: "the row of the transcripts' first words",
    CONSTANT_SENTENCE: "the row of one sentence for every film",
    COMMON_WORDS: "the row of the commonest words of plots",
    HUMAN: "the row of the plots that people wrote",
    PUBLISHED: "the rows of published figures",
}
"""Each of these names, and what bears it: a system of the user's cannot have it too."""
