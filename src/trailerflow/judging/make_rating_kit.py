"""A page on which people rate blinded pairs of summaries and label claims, and the key that tells later whose they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from trailerflow.claim_labels import LABELS
from trailerflow.judging.claim_sheets import ClaimSheet, sheets_key
from trailerflow.judging.pairs import CRITERIA, RATINGS, Pair
from trailerflow.movies.titles import display_title
from trailerflow.templates import page_template

NAME = "trailerflow ratings"
FORMAT = f"{NAME} 2"
"""First thing in an export: what it is, and the version of its form (1 had no claims)."""

QUESTIONS = {
    "relevance": "Is it about this film?",
    "fluency": "Is it well written?",
    "consistency": "Is all that it tells supported by the words of the trailer?",
    "storyline_recall": "Does it tell the main events of the plot?",
}
"""What a person is asked, by criterion."""


def kit_id(pairs: Sequence[Pair], sheets: Sequence[ClaimSheet]) -> str:
    """Name of a kit: a hash of all that it shows, so that ratings of other texts cannot be taken for its own."""
    shown_pairs = [
        [pair.id, pair.transcript, pair.reference, *(each.text for each in pair.summaries)] for pair in pairs
    ]
    shown_claims = [
        [sheet.id, sheet.transcript, sheet.summary.text, *(claim.text for claim in sheet.claims)]
        for sheet in sheets
    ]
    shown = [FORMAT, shown_pairs, shown_claims]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:16]


def kit_page(pairs: Sequence[Pair], sheets: Sequence[ClaimSheet]) -> str:
    """The page: one file that needs no network and names no system.

    Args:
        pairs: What to rate, in the order in which it is shown.
        sheets: What to label, in the order in which it is shown.

    Returns:
        HTML. It keeps what was rated in the browser and gives it out as a file.
    """
    return page_template("trailerflow.judging", "rating_kit.html.jinja").render(
        kit=kit_id(pairs, sheets),
        format=FORMAT,
        questions=QUESTIONS,
        ratings=list(RATINGS),
        labels=LABELS,
        pairs=[
            {
                "id": pair.id,
                "title": display_title(pair.title),
                "transcript": pair.transcript,
                "reference": pair.reference,
                "sides": [("first", "A", pair.summaries[0].text), ("second", "B", pair.summaries[1].text)],
            }
            for pair in pairs
        ],
        sheets=[
            {
                "id": sheet.id,
                "title": display_title(sheet.title),
                "transcript": sheet.transcript,
                "summary": sheet.summary.text,
                "claims": [claim.text for claim in sheet.claims],
            }
            for sheet in sheets
        ],
    )


def kit_key(pairs: Sequence[Pair], sheets: Sequence[ClaimSheet]) -> dict[str, Any]:
    """What the page does not tell: movie, systems and numbers of words of each pair, and whose each claim is."""
    return {
        "kit": kit_id(pairs, sheets),
        "criteria": list(CRITERIA),
        "pairs": {
            pair.id: {
                "movie": pair.movie,
                "systems": [
                    {"model": each.model, "prompt": each.prompt, "words": each.words}
                    for each in pair.summaries
                ],
            }
            for pair in pairs
        },
        "claims": sheets_key(sheets),
    }
