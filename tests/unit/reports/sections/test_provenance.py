"""What the run was made with."""

from __future__ import annotations

from trailerflow.reports.sections.provenance import Provenance
from unit.report_frames import section_of, texts


def test_work_is_summed_by_stage() -> None:
    rows = {row[0]: row[1:] for row in texts(section_of(Provenance).tables(), "Work by stage")}
    assert rows["merge_summaries"] == ["–", "0.5 s"]
    assert rows["summarise_movie · zero_shot"] == ["12", "1 min 30 s"]
