"""The lead baseline: the first words of a transcript in place of a summary."""

from __future__ import annotations

import pandas as pd

from trailerflow.letters import passage
from trailerflow.row_kinds import LEAD


def with_lead(summaries: pd.DataFrame, transcripts: pd.DataFrame, *, length: int) -> pd.DataFrame:
    """Put the lead of each summarised movie's transcript below the summaries, as if a system had written it.

    The first words of a text are the usual baseline of summarisation, and a strong one where a text tells the most
    important first, as news do (Grusky, Naaman, Artzi, NAACL 2018). A trailer does not: what it gets is the score of
    the spoken words themselves, and a summary that is not above it adds nothing that the measure sees.

    Args:
        summaries: Table of ``merge_summaries``.
        transcripts: Table of ``merge_transcripts``.
        length: Words of the lead: as many as are asked of a summary.

    Returns:
        Columns movie, model, prompt and summary; the lead has no prompt (the empty text), and is there for the
        movies that have a summary by any model.
    """
    summarised = set(summaries.loc[summaries["summary"].notna(), "movie"])
    said = transcripts[(transcripts["status"] == "ok") & transcripts["movie"].isin(list(summarised))]
    lead = pd.DataFrame(
        {
            "movie": said["movie"],
            "model": LEAD,
            "prompt": "",
            "summary": [passage(text, 0, length) for text in said["text"]],
        }
    )
    columns = ["movie", "model", "prompt", "summary"]
    return pd.concat([summaries[columns], lead[columns]], ignore_index=True).astype("string")
