"""The progress line, the estimate and the closing summary, from events and documents made by hand."""

from __future__ import annotations

import io
import json
import logging
import os
import re
from pathlib import Path
from typing import Any

import pytest
from snakemake.settings.enums import Quietness
from snakemake.settings.types import OutputSettings
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_trailerflow import LogHandler, LogHandlerSettings, last_lines
from snakemake_logger_plugin_trailerflow.jobs import Clock, Estimate, JobBook
from snakemake_logger_plugin_trailerflow.progress import LongRule, duration, progress_line, read_long_rules
from snakemake_logger_plugin_trailerflow.stages import STAGE_OF_RULE, STAGES, in_order_of_data
from snakemake_logger_plugin_trailerflow.summary import closing_summary

ROOT = Path(__file__).parents[2]


def planned(**stats: int) -> JobBook:
    book = JobBook()
    book.plan({**stats, "total": sum(stats.values())}, {})
    return book


def write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_every_rule_has_one_stage_and_the_order_is_that_of_the_data():
    assert sum(len(rules) for rules in STAGES.values()) == len(STAGE_OF_RULE)
    written = "".join(path.read_text() for path in (ROOT / "rules").glob("*.smk"))
    assert set(STAGE_OF_RULE) == set(re.findall(r"^(?:rule|checkpoint) (\w+):", written, re.MULTILINE))
    rules = ["all", "report", "find_trailer", "fetch_catalogue"]
    assert sorted(rules, key=in_order_of_data) == ["fetch_catalogue", "find_trailer", "report", "all"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (59.6, "1 min"),
        (135, "2 min 15 s"),
        (605, "10 min"),
        (3599.9, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations_in_words(seconds: float, words: str):
    assert duration(seconds) == words


def test_a_clock_counts_jobs_side_by_side_once():
    clock = Clock()
    clock.start(10)
    clock.start(12)
    clock.stop(15)
    assert clock.seconds(16) == 6
    clock.stop(20)
    clock.start(30)
    assert clock.seconds(31) == 11


def test_the_estimate_is_what_is_left_over_the_jobs_side_by_side():
    book = planned(find_trailer=10)
    assert book.estimate(0, {}) is None
    book.start(1, "find_trailer", 0)
    book.start(2, "find_trailer", 0)
    assert book.estimate(1, {}) is None
    book.finish(1, 4)
    book.finish(2, 4)
    # 8 jobs of 4 s, two at a time.
    assert book.estimate(4, {}) == Estimate(16.0, complete=True)


def test_the_estimate_is_a_lower_bound_while_a_rule_was_never_timed():
    book = planned(find_trailer=2, summarise_movie=2, all=1)
    book.start(1, "find_trailer", 0)
    book.finish(1, 4)
    assert book.estimate(4, {}) == Estimate(4.0, complete=False)


def test_a_rule_without_work_of_its_own_does_not_make_the_estimate_a_lower_bound():
    book = planned(find_trailer=2, all=1)
    book.start(1, "find_trailer", 0)
    book.finish(1, 4)
    assert book.estimate(4, {}) == Estimate(4.0, complete=True)


def test_a_long_rule_is_estimated_by_its_own_count():
    book = planned(tune_encoder=1)
    book.start(1, "tune_encoder", 0)
    assert book.estimate(30, {"tune_encoder": 0.25}) == Estimate(90.0, complete=True)


def test_the_progress_line():
    book = planned(find_trailer=2, summarise_movie=44, tune_encoder=1, report=1)
    for job in range(2):
        book.start(job, "find_trailer", 0)
        book.finish(job, 0.5)
    for job in range(10, 45):
        book.start(job, "summarise_movie", 1)
    for job in range(10, 41):
        book.finish(job, 200)
    for job in range(41, 44):
        book.fail(job, 200)
        book.fail(job, 201)
    book.start(50, "tune_encoder", 1)
    line = progress_line(book, {"tune_encoder": LongRule("tune_encoder", 3, 12, "batches")}, 240)
    assert line.startswith(
        "summarise_movie 31/44 · 3 failed, tune_encoder 3/12 batches | 33 of 48 jobs | 4 min, at least "
    )


def test_documents_that_are_up_to_date_count_as_done():
    book = JobBook()
    book.plan({"find_trailer": 13, "report": 1, "total": 14}, {"find_trailer": 44, "summarise_movie": 88})
    book.start(1, "find_trailer", 0)
    book.start(2, "report", 0)
    assert progress_line(book, {}, 1).startswith("find_trailer 31/44, report 0/1 | 0 of 14 jobs")


def test_totals_of_jobs_added_by_a_checkpoint_are_unknown():
    book = planned(fetch_catalogue=1, summarise_movie=4)
    book.start(1, "fetch_catalogue", 0)
    book.finish(1, 2)
    book.total = 30
    book.start(2, "find_trailer", 2)
    book.start(3, "summarise_movie", 2)
    assert progress_line(book, {}, 2) == (
        "find_trailer 0, summarise_movie 0/4 | 1 of 30 jobs | 2 s, at least 0 s to go"
    )


def test_progress_files_of_running_rules_count_and_left_over_or_damaged_ones_do_not(tmp_path: Path):
    book = planned(rank_llm=1, tune_encoder=1, predict_genres=1)
    for job, rule in enumerate(book.to_do):
        book.start(job, rule, 1000)
        write(tmp_path / f"{rule}.json", {"rule": rule, "done": 2, "total": 8, "unit": "users"})
        os.utime(tmp_path / f"{rule}.json", (1005, 1005))
    os.utime(tmp_path / "tune_encoder.json", (900, 900))
    (tmp_path / "predict_genres.json").write_text("{")
    assert read_long_rules(tmp_path, book) == {"rank_llm": LongRule("rank_llm", 2, 8, "users")}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    results = tmp_path / "results"
    for movie, status in [("1", "ok"), ("2", "ok"), ("3", "absent")]:
        write(results / f"prepare_transcript/{movie}.json", {"status": status})
    usage = {"prompt_tokens": 500, "completion_tokens": 100, "cached": True}
    ok = {"status": "ok", "made_by": {"model": "qwen"}, "source": {"usage": usage}}
    write(results / "summarise_movie/qwen/zero_shot/1.json", ok)
    for movie, hour in [("2", "21"), ("3", "20")]:
        document = {
            "status": "later",
            "earliest": f"2026-11-22T{hour}:30:00+00:00",
            "source": {},
            "made_by": {},
        }
        write(results / f"summarise_movie/qwen/zero_shot/{movie}.json", document)
    note = {"rule": "rank_llm", "models": [{"name": "mistral"}]}
    figures = {"requests": 10, "cached": 4, "prompt_tokens": 1000, "completion_tokens": 20}
    write(results / "rank_llm/mistral.about.json", {**note, "usage": [figures]})
    write(results / "merge_summaries/about.json", {"rule": "merge_summaries", "usage": [figures]})
    (results / "summarise_movie/qwen/zero_shot/damaged.json").write_text("{")
    return tmp_path


def test_the_summary_counts_outcomes_models_and_tokens(project: Path):
    lines = closing_summary(project, None, 0)
    assert lines == [
        "",
        "  transcripts  2 ok · 1 absent",
        "  summaries    1 ok · 2 later (asked again from 2026-11-22 20:30 UTC)",
        "  models       mistral, qwen",
        "  tokens       1,500 read · 120 written, in 11 answers (11 of them kept from an earlier run)",
    ]


def test_answers_are_of_an_earlier_run_by_their_file_or_by_the_cache(project: Path):
    """One summary and 4 of 10 rankings came from the cache; then the rankings' table is an older file as well."""
    note = project / "results/rank_llm/mistral.about.json"
    book = planned(report=1)
    book.start(1, "report", note.stat().st_mtime - 60)
    tokens = next(line for line in closing_summary(project, book, 0) if "answers" in line)
    assert "in 11 answers (5 of them kept from an earlier run)" in tokens
    os.utime(note, (0, 0))
    tokens = next(line for line in closing_summary(project, book, 0) if "answers" in line)
    assert "in 11 answers (11 of them kept from an earlier run)" in tokens


def test_the_summary_of_a_run_has_seconds_by_stage_and_the_report(project: Path):
    book = planned(find_trailer=2, fetch_captions=1, report=1)
    book.start(1, "find_trailer", 0)
    book.start(2, "find_trailer", 1)
    book.finish(1, 2)
    book.start(3, "fetch_captions", 2)
    book.fail(2, 3)
    book.finish(3, 4.5)
    write(project / "results/report/index.html", "")
    lines = closing_summary(project, book, 70)
    assert lines[1] == "2 of 4 jobs done in 1 min 10 s, 1 failed."
    assert f"  report       {project}/results/report/index.html" in lines
    assert lines[-1] == "    trailers              4.5   find_trailer 3.0, fetch_captions 2.5"


def test_a_report_that_a_failed_run_did_not_renew_is_called_old(project: Path):
    write(project / "results/report/index.html", "")
    book = planned(report=1)
    book.start(1, "report", (project / "results/report/index.html").stat().st_mtime + 60)
    assert any("(of an earlier run)" in line for line in closing_summary(project, book, 0))


def test_nothing_to_say_about_an_empty_folder(tmp_path: Path):
    assert closing_summary(tmp_path, None, 0) == []


def test_the_last_lines_of_a_log(tmp_path: Path):
    log = tmp_path / "job.log"
    assert last_lines(log, "job.log") == ["Logfile job.log not found."]
    log.write_bytes(b"")
    assert last_lines(log, "job.log") == ["Logfile job.log: empty file"]
    log.write_bytes("\n".join(f"line {number}" for number in range(30)).encode() + b"\n\xff")
    lines = last_lines(log, "job.log")
    assert lines[0] == "Logfile job.log, its last 20 lines:"
    assert lines[1] == "    line 11" and lines[-1] == "    \ufffd" and len(lines) == 21


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def handler_on(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> LogHandler:
    monkeypatch.setattr("sys.stderr", stream)
    return LogHandler(OutputSettings(**settings), LogHandlerSettings(every=0))


def send(handler: LogHandler, message: str, event: LogEvent | None = None, **fields: Any) -> None:
    extra = {"event": event, **fields} if event else fields
    record = logging.getLogger("snakemake").makeRecord(
        "snakemake", logging.INFO, "", 0, message, (), None, extra=extra
    )
    handler.handle(record)


def send_one_job(handler: LogHandler, folder: Path) -> None:
    handler._folder = folder
    send(handler, "Job stats: one", LogEvent.RUN_INFO, stats={"find_trailer": 1, "total": 1})
    send(handler, "job", LogEvent.JOB_INFO, jobid=1, rule_name="find_trailer")
    send(handler, "done", LogEvent.JOB_FINISHED, job_id=1)
    send(handler, "None", LogEvent.PROGRESS, done=1, total=1)


def test_the_summary_is_printed_once_and_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    stream = io.StringIO()
    handler = handler_on(stream, monkeypatch)
    send_one_job(handler, tmp_path)
    handler.close()
    handler.close()
    assert stream.getvalue().count("1 of 1 jobs done") == 1
    assert "\x1b" not in stream.getvalue() and "\r" not in stream.getvalue()


def test_without_a_run_there_is_no_summary(project: Path, monkeypatch: pytest.MonkeyPatch):
    stream = io.StringIO()
    handler = handler_on(stream, monkeypatch)
    handler._folder = project
    send(handler, "Unlocked working directory.")
    handler.close()
    assert stream.getvalue() == "Unlocked working directory.\n"


def test_with_nothing_to_do_the_summary_tells_what_there_is(project: Path, monkeypatch: pytest.MonkeyPatch):
    stream = io.StringIO()
    handler = handler_on(stream, monkeypatch)
    handler._folder = project
    send(handler, "Nothing to be done (all requested files are present and up to date).")
    handler.close()
    assert "Nothing to be done" in stream.getvalue() and "2 ok · 1 absent" in stream.getvalue()


def test_quiet_all_says_nothing(project: Path, monkeypatch: pytest.MonkeyPatch):
    stream = io.StringIO()
    handler = handler_on(stream, monkeypatch, quiet={Quietness.ALL})
    send_one_job(handler, project)
    handler.close()
    assert stream.getvalue() == ""


def test_a_terminal_gets_one_line_that_is_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal()
    handler = handler_on(stream, monkeypatch, nocolor=True)
    send_one_job(handler, tmp_path)
    handler._show_progress(handler._book.first_start + 3)
    send(handler, "A message.")
    handler.close()
    assert "\r\x1b[K1 of 1 jobs | 3 s, about 0 s to go\r\x1b[KA message.\n" in stream.getvalue()


def test_elsewhere_a_line_comes_only_with_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    stream = io.StringIO()
    handler = handler_on(stream, monkeypatch)
    send_one_job(handler, tmp_path)
    for later in (1, 2, 30, 61):
        handler._show_progress(handler._book.first_start + later)
    handler.close()
    assert stream.getvalue().count("1 of 1 jobs |") == 2


class Closed(io.StringIO):
    tried = 0

    def write(self, text: str) -> int:
        self.tried += 1
        raise BrokenPipeError


def test_a_reader_that_went_away_does_not_stop_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    stream = Closed()
    handler = handler_on(stream, monkeypatch)
    send_one_job(handler, tmp_path)
    assert stream.tried == 1  # then no progress any more
    send(handler, "A message.")
    handler.close()
    assert stream.tried == 2  # the message, and no summary


def test_what_is_shown_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOME_API_KEY", "k/0123456789")
    (tmp_path / "job.log").write_text("Traceback\nValueError: k/0123456789 at https://a.b?api_key=zzz\n")
    write(
        tmp_path / "results/prepare_transcript/1.json",
        {"status": "later", "reasons": ["said k/0123456789"], "earliest": None},
    )
    stream = io.StringIO()
    handler = handler_on(stream, monkeypatch)
    send_one_job(handler, tmp_path)
    send(handler, "WorkflowError: k/0123456789 is wrong")
    send(handler, "Error in rule", LogEvent.JOB_ERROR, jobid=1, rule_name="find_trailer", log=["job.log"])
    handler.close()
    shown = stream.getvalue()
    assert "k/0123456789" not in shown
    assert "zzz" not in shown
    for words in (
        "WorkflowError: [secret] is wrong",
        "ValueError: [secret] at https://a.b?api_key=[secret]",
        "said [secret]",
    ):
        assert words in shown
