"""Tables and their notes hold no secret, and else what they were given."""

from __future__ import annotations

import pandas as pd
import pytest

from trailerflow.tables import read_about, read_table, write_about, write_table

KEY = "k/0123456789"


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", KEY)


@pytest.mark.parametrize("name", ["table.parquet", "table.csv"])
def test_a_table_holds_no_secret(tmp_path, name):
    frame = pd.DataFrame(
        {
            "movie": ["1", "2", "3"],
            "reason": [f"401: {KEY} is wrong", None, "told of https://a.b?api_key=zzz"],
            "note": ["Bearer abcdefghijkl", "plain", None],
            "summary": [f"A film. {KEY}", "password=swordfish, said the guard", None],
            "words": [1, 2, 3],
        }
    )
    before = frame.copy()
    write_table(frame, tmp_path / name)
    read = read_table(tmp_path / name)
    assert read["reason"].where(read["reason"].notna(), None).tolist() == [
        "401: [secret] is wrong", None, "told of https://a.b?api_key=[secret]",
    ]  # fmt: skip
    assert read["note"].tolist()[:2] == ["Bearer [secret]", "plain"]
    assert read["summary"].tolist()[:2] == ["A film. [secret]", "password=swordfish, said the guard"]
    assert read["words"].tolist() == [1, 2, 3]
    pd.testing.assert_frame_equal(frame, before)


def test_a_table_without_secrets_is_written_as_it_is(tmp_path):
    frame = pd.DataFrame(
        {
            "movie": ["1", None],
            "reason": [None, "a key: it opens"],
            "genres": [["Drama"], []],
            "x": [0.5, None],
        }
    )
    write_table(frame, tmp_path / "table.parquet")
    frame.to_parquet(tmp_path / "plain.parquet", index=False)
    assert (tmp_path / "table.parquet").read_bytes() == (tmp_path / "plain.parquet").read_bytes()


def test_the_note_on_a_table_holds_no_secret(tmp_path):
    write_about(
        tmp_path / "about.json", rule="rank_llm", seconds=1.0, notes=[f"It said {KEY}."],
        models=[{"name": "m", "base_url": "https://a.b?key=zzz", "api_key": "zzz"}],
        usage=[{"prompt_tokens": 5, "reason": f"x{KEY}"}],
    )  # fmt: skip
    about = read_about(tmp_path / "about.json")
    assert about["notes"] == ["It said [secret]."]
    assert about["models"] == [{"name": "m", "base_url": "https://a.b?key=[secret]", "api_key": "[secret]"}]
    assert about["usage"] == [{"prompt_tokens": 5, "reason": "x[secret]"}]
