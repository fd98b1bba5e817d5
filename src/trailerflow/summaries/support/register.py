"""The measures of support by their names in the configuration: one line each.

No program imports this, so that a new line changes the code of no other measure (`trailerflow.registers`).
"""

from __future__ import annotations

SUPPORTS: dict[str, str] = {
    "bertscore": "trailerflow.summaries.support.bertscore:BertScorePrecision",
    "combination": "trailerflow.summaries.support.combination:Combination",
    "coverage": "trailerflow.summaries.support.coverage:RareWordCoverage",
    "embedding": "trailerflow.summaries.support.embedding:EmbeddingWindows",
    "yes_no": "trailerflow.summaries.support.yes_no:YesNo",
    "yes_no_words": "trailerflow.summaries.support.yes_no_words:YesNoWords",
}
"""Name to class."""
