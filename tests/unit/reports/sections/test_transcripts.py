"""The transcripts: how many there are, how long, from where and in which language."""

from __future__ import annotations

import pandas as pd

from trailerflow.reports.sections.transcripts import Transcripts
from unit.report_frames import section_of, texts


def test_the_finding_counts_every_outcome() -> None:
    assert section_of(Transcripts).findings() == ("10 of 12 movies have a transcript; 1 absent; 1 later.",)


def test_lengths_are_told_by_origin() -> None:
    found = pd.DataFrame(
        {
            "movie": ["1", "2", "3"], "status": "ok", "words": [100, 120, 80], "words_before_trim": [100, 900, 80],
            "language": ["en", "en", None], "origin": ["captions", "captions", "speech"],
        }
    )  # fmt: skip
    section = Transcripts(movies=found[["movie"]], transcripts=found)
    assert texts(section.tables(), "Where the transcripts come from") == [
        ["captions", "2", "110", "100", "120"], ["speech", "1", "80", "80", "80"],
    ]  # fmt: skip
    assert texts(section.tables(), "Languages")[1][:2] == ["unknown", "1"]
    (plot,) = section.plots()
    assert (
        "3 transcripts: median 100 words, from 80 to 120. Trimmed to the longest length allowed: 1."
        in plot.caption
    )
