from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from trailerflow.kept_parts import KeptParts

TABLE = pd.DataFrame({"movie": ["1", "2"], "score": [0.5, float("nan")]})


def test_a_part_is_there_for_the_next_process_with_the_same_facts(tmp_path):
    KeptParts(tmp_path / "job", {"seed": 0, "texts": ["a"]}).write("fold-0", TABLE)
    again = KeptParts(tmp_path / "job", {"texts": ["a"], "seed": 0})
    kept = again.read("fold-0")
    assert kept is not None
    pd.testing.assert_frame_equal(kept, TABLE)
    assert again.read("fold-1") is None


def test_parts_of_other_facts_are_gone(tmp_path):
    KeptParts(tmp_path / "job", {"seed": 0}).write("fold-0", TABLE)
    assert KeptParts(tmp_path / "job", {"seed": 1}).read("fold-0") is None
    assert KeptParts(tmp_path / "job", {"seed": 0}).read("fold-0") is None


def test_a_damaged_part_is_made_again_and_a_damaged_key_keeps_nothing(tmp_path):
    parts = KeptParts(tmp_path / "job", {})
    parts.write("fold-0", TABLE)
    (tmp_path / "job/fold-0.parquet").write_bytes(b"PAR1 half")
    assert parts.read("fold-0") is None
    parts.write("fold-0", TABLE)
    for damage in ("{", "[]"):
        (tmp_path / "job/key.json").write_text(damage)
        assert KeptParts(tmp_path / "job", {}).read("fold-0") is None


def test_a_finished_job_leaves_nothing(tmp_path):
    parts = KeptParts(tmp_path / "job", {})
    parts.write("fold-0", TABLE)
    parts.remove()
    assert list(tmp_path.iterdir()) == []
    parts.remove()


@pytest.mark.parametrize("name", ["../fold", "", ".hidden", "a/b"])
def test_a_part_has_a_name_and_no_path(tmp_path: Path, name: str):
    with pytest.raises(ValueError, match="no name of a part"):
        KeptParts(tmp_path / "job", {}).write(name, TABLE)
