"""The ways of asking for a summary, by their names in the configuration: one line each.

No program imports this, so that a new line changes the code of no other way (`trailerflow.registers`).
"""

from __future__ import annotations

WAYS: dict[str, str] = {
    "prompt_file": "trailerflow.summaries.ways.prompt_file:PromptFile",
    "extract_then_write": "trailerflow.summaries.ways.extract_then_write:ExtractThenWrite",
    "check_and_mend": "trailerflow.summaries.ways.check_and_mend:CheckAndMend",
    "most_central": "trailerflow.summaries.ways.most_central:MostCentral",
    "quoted": "trailerflow.summaries.ways.quoted:Quoted",
}
"""Name to class. A name that is not here is that of a prompt file."""
