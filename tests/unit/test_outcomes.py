"""Outcome documents and the marks of ``later``."""

from __future__ import annotations

import stat

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.outcomes import (
    Outcome,
    attempt_number,
    later_mark,
    leave_mark_for_rows,
    read_outcome,
    write_outcome,
)
from trailerflow.progress import Progress


def test_an_outcome_comes_back_as_it_was_written(tmp_path):
    outcome = Outcome.ok("prepare_transcript", "2", {"text": "Ça va?"}, source={"path": "2.srt"}, seconds=0.5)
    write_outcome(outcome, tmp_path / "2.json")
    assert read_outcome(tmp_path / "2.json") == outcome


@pytest.mark.parametrize("status", ["absent", "failed", "later"])
def test_what_is_not_ok_goes_on_with_status_and_reasons(status):
    upstream = Outcome(movie="2", rule="find_trailer", status=status, reasons=("no file",))
    passed = upstream.passed_on("fetch_captions").passed_on("prepare_transcript")
    assert (passed.status, passed.reasons, passed.data) == (status, ("no file",), None)
    assert passed.source == {"passed_on_from": "find_trailer"}


def test_an_outcome_without_data_or_reason_is_refused():
    with pytest.raises(ValueError, match="data exactly when it is ok"):
        Outcome(movie="2", rule="find_trailer", status="ok")
    with pytest.raises(ValueError, match="needs a reason"):
        Outcome.absent("find_trailer", "2")
    with pytest.raises(ValueError, match="status must be one of"):
        Outcome(movie="2", rule="find_trailer", status="missing", reasons=("x",))


def test_later_asks_again_only_when_its_time_has_come(tmp_path):
    path = tmp_path / "results" / "summarise_movie" / "m" / "zero_shot" / "2.json"
    assert attempt_number(path, "2026-01-01T00:00:00Z") == 0
    write_outcome(
        Outcome.later("summarise_movie", "2", "quota", earliest="2026-01-01T12:00:00Z"), path, attempt=0
    )
    assert later_mark(path) == tmp_path / "run/later/summarise_movie/m/zero_shot/2.json"
    assert attempt_number(path, "2026-01-01T11:59:59Z") == 0
    assert attempt_number(path, "2026-01-01T12:00:00Z") == 1
    write_outcome(Outcome.ok("summarise_movie", "2", {}), path, attempt=1)
    assert (
        attempt_number(path, "2026-01-01T12:00:01Z") == 1
    )  # settled: the parameter stays, so nothing runs again


def test_later_that_was_passed_on_leaves_no_mark(tmp_path):
    path = tmp_path / "results" / "prepare_transcript" / "2.json"
    write_outcome(Outcome.later("find_trailer", "2", "blocked").passed_on("prepare_transcript"), path)
    assert not later_mark(path).exists()


def test_a_damaged_document_is_named_with_the_way_out(tmp_path):
    for damaged in ('{"movie": "2"', "[" * 100_000, "[]", ""):
        (tmp_path / "2.json").write_text(damaged)
        with pytest.raises(TrailerflowError, match=r"2\.json is not an outcome document.*delete it"):
            read_outcome(tmp_path / "2.json")
    with pytest.raises(TrailerflowError, match=r"3\.json is missing"):
        read_outcome(tmp_path / "3.json")


def test_a_failed_write_leaves_the_old_file_and_no_part(tmp_path):
    path = tmp_path / "2.json"
    write_outcome(Outcome.ok("find_trailer", "2", {"a": 1}), path)
    with pytest.raises(TypeError):
        write_outcome(Outcome.ok("find_trailer", "2", {"a": object()}), path)
    assert read_outcome(path).data == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["2.json"]


def test_an_outcome_holds_no_secret(tmp_path, monkeypatch):
    key = "k/0123456789"
    monkeypatch.setenv("SOME_API_KEY", key)
    told = Outcome.failed(
        "summarise_movie", "2", f"401: {key} is wrong", "see https://a.b?api_key=zzz1",
        source={"answers": ["resources/cache/llm/a.json"], "url": "https://a.b?token=zzz2", "authorization": "zzz3"},
        made_by={"model": "m", "server": f"https://{key}@a.b/v1"},
    )  # fmt: skip
    write_outcome(told, tmp_path / "2.json")
    assert told.reasons[0] == f"401: {key} is wrong"
    read = read_outcome(tmp_path / "2.json")
    assert read.reasons == ("401: [secret] is wrong", "see https://a.b?api_key=[secret]")
    assert read.source == {
        "answers": ["resources/cache/llm/a.json"], "url": "https://a.b?token=[secret]", "authorization": "[secret]",
    }  # fmt: skip
    assert read.made_by == {"model": "m", "server": "https://[secret]@a.b/v1"}
    write_outcome(
        Outcome.ok("summarise_movie", "2", {"summary": f"A key: {key}", "words": 3}), tmp_path / "2.json"
    )
    assert read_outcome(tmp_path / "2.json").data == {"summary": "A key: [secret]", "words": 3}


def test_marks_and_progress_are_for_the_owner_alone(tmp_path):
    outcome = tmp_path / "results" / "fetch_captions" / "2.json"
    write_outcome(Outcome.later("fetch_captions", "2", "quota"), outcome)
    table = tmp_path / "results" / "rank_films" / "m.parquet"
    leave_mark_for_rows(table, 0, [None])
    Progress("rank_films", 3, "users", tmp_path / "run" / "progress")
    [progress] = (tmp_path / "run" / "progress").glob("rank_films.*.json")
    for path in (later_mark(outcome), later_mark(table), progress):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700
    assert stat.S_IMODE(outcome.stat().st_mode) & 0o044 == 0o044
