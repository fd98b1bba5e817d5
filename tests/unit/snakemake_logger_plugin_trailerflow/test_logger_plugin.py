"""The progress line, the estimate and the closing summary, from events and documents made by hand."""

from __future__ import annotations

import io
import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from snakemake.settings.enums import Quietness
from snakemake.settings.types import OutputSettings
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_trailerflow import LogHandler, LogHandlerSettings, last_lines
from snakemake_logger_plugin_trailerflow.jobs import Clock, Estimate, JobBook
from snakemake_logger_plugin_trailerflow.progress import LongRule, duration, progress_line, read_long_rules
from snakemake_logger_plugin_trailerflow.summary import closing_summary

ROOT = Path(__file__).parents[3]


def planned(**to_do: int) -> JobBook:
    return JobBook(to_do)


def write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")


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


def run_jobs(book: JobBook, rule: str, jobs: int, start: float, end: float, first: int = 0) -> None:
    for job in range(first, first + jobs):
        book.start(job, rule, start)
        book.finish(job, end)


def test_the_estimate_is_what_is_left_over_the_jobs_side_by_side():
    book = planned(find_trailer=10)
    assert book.estimate(0, {}) is None
    run_jobs(book, "find_trailer", 4, 0, 8)
    # 6 jobs of 8 s, four at a time.
    assert book.estimate(8, {}) == Estimate(12.0, complete=True)


def test_jobs_that_run_are_part_done():
    book = planned(find_trailer=8)
    run_jobs(book, "find_trailer", 4, 0, 8)
    book.start(10, "find_trailer", 8)
    # 4 jobs of 8 s, of which one has run 5 s and another never counts more than the mean; 37 busy seconds in 13.
    assert book.estimate(13, {}) == Estimate(pytest.approx(27 / (37 / 13)), complete=True)


def test_there_is_no_estimate_in_the_first_seconds_nor_when_nothing_is_left():
    book = planned(find_trailer=10)
    run_jobs(book, "find_trailer", 4, 0, 2)
    assert book.estimate(4.9, {}) is None
    assert book.estimate(5, {}) is not None
    run_jobs(book, "find_trailer", 6, 5, 6, first=4)
    assert book.estimate(9, {}) is None


@pytest.mark.parametrize(
    ("jobs", "done", "known"), [(10, 2, False), (10, 3, True), (3, 2, True), (2, 1, True)]
)
def test_a_rule_is_timed_after_three_jobs_or_all_but_one(jobs: int, done: int, known: bool):
    book = planned(summarise_movie=jobs)
    run_jobs(book, "summarise_movie", done, 0, 60)
    assert (book.estimate(60, {}) is not None) == known


def test_a_bound_is_told_only_where_most_jobs_left_were_timed():
    """Of 8 jobs left 6 are timed; of 7 left 5 are, which is less than three quarters."""
    book = planned(find_trailer=9, merge_transcripts=1, make_report=1)
    run_jobs(book, "find_trailer", 3, 0, 30)
    assert book.estimate(30, {}) == Estimate(60.0, complete=False)
    run_jobs(book, "find_trailer", 1, 30, 60, first=3)
    assert book.estimate(60, {}) is None


def test_a_rule_without_work_of_its_own_does_not_make_the_estimate_a_lower_bound():
    book = planned(find_trailer=4, all=1)
    run_jobs(book, "find_trailer", 3, 0, 12)
    assert book.estimate(12, {}) == Estimate(4.0, complete=True)


def test_a_long_rule_is_estimated_by_its_own_count_whatever_else_is_left():
    book = planned(train_encoder=1)
    book.start(1, "train_encoder", 0)
    assert book.estimate(30, {"train_encoder": 0.25}) == Estimate(90.0, complete=True)
    # At its start it says nothing yet, and one film of three jobs left is not most of them.
    early = planned(find_trailer=4, train_encoder=1, make_report=1)
    run_jobs(early, "find_trailer", 3, 0, 30)
    early.start(9, "train_encoder", 0)
    assert early.estimate(30, {"train_encoder": 0.0}) is None
    book.to_do |= {"score_genres": 1, "make_report": 1}
    assert book.estimate(30, {"train_encoder": 0.25}) == Estimate(90.0, complete=False)


def test_a_job_that_is_tried_again_has_not_failed_and_counts_once():
    book = planned(find_trailer=2)
    book.start(1, "find_trailer", 0)
    book.fail(1, 2)
    book.fail(1, 3)
    assert book.failed == {"find_trailer": 1}
    book.start(1, "find_trailer", 4)
    assert not book.failed_jobs and book.knows("find_trailer")
    book.finish(1, 5)
    assert (book.done["find_trailer"], len(book.failed_jobs)) == (1, 0)


def busy_book() -> JobBook:
    book = planned(find_trailer=2, transcribe_trailer=22, summarise_movie=44, train_encoder=1, make_report=1)
    run_jobs(book, "find_trailer", 2, 0, 0.5)
    run_jobs(book, "transcribe_trailer", 17, 1, 3, first=2)
    for job in range(30, 65):
        book.start(job, "summarise_movie", 1)
    for job in range(30, 60):
        book.finish(job, 200)
    for job in range(60, 63):
        book.fail(job, 200)
    book.start(70, "train_encoder", 1)
    return book


BATCHES = {"train_encoder": LongRule("train_encoder", 3, 12, "batches")}


def test_the_progress_line_has_what_runs_and_most_of_it_first():
    """22 - 17 transcripts wait and all trailers are found: neither runs. Two summaries run, and the encoder."""
    line = progress_line(busy_book(), BATCHES, 240)
    assert line.startswith(
        "summarise_movie 30/44, train_encoder 3/12 batches | 49 of 70 jobs, 3 failed | 4 min, at least "
    )
    book = busy_book()
    book.start(80, "transcribe_trailer", 240)
    assert progress_line(book, {}, 240).startswith(
        "summarise_movie 30/44, transcribe_trailer 17/22, train_encoder 0/1 | 49 of 70 jobs"
    )


TWO = "summarise_movie 30/44, train_encoder 0/1"


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (96, f"{TWO} | 49 of 70 jobs, 3 failed | 4 min, at least 5 min to go"),
        (95, "summarise_movie 30/44 | 49 of 70 jobs, 3 failed | 4 min, at least 5 min to go"),
        (77, "summarise_movie 30/44 | 49 of 70 jobs, 3 failed | 4 min, at least 5 min to go"),
        (76, "summarise_movie 30/44 | 49/70 jobs, 3 failed | 4 min, >5 min"),
        (60, "summarise_movie 30/44 | 49/70 jobs, 3 failed | 4 min, >5 min"),
        (59, "summarise_movie | 49/70 jobs, 3 failed | 4 min, >5 min"),
        (54, "summarise_movie | 49/70 jobs, 3 failed | 4 min, >5 min"),
        (53, "49 of 70 jobs, 3 failed | 4 min, at least 5 min to go"),
        (52, "49/70 jobs, 3 failed | 4 min, >5 min"),
        (35, "49/70 | 4 min, >5 min"),
        (10, "49/70 | 4 "),
    ],
)
def test_jobs_time_and_estimate_fit_in_every_width(width: int, line: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(JobBook, "estimate", lambda *_: Estimate(300, complete=False))
    assert progress_line(busy_book(), {}, 240, width) == line


def test_the_line_of_ten_thousand_movies_fits_in_eighty_columns(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(JobBook, "estimate", lambda *_: Estimate(40_000, complete=True))
    book = planned(translate_transcript=10_000, prepare_transcript=50_000)
    run_jobs(book, "translate_transcript", 5_000, 0, 1)
    book.start(99_999, "translate_transcript", 1)
    assert progress_line(book, {}, 44_400, 79) == (
        "translate_transcript 5000/10000 | 5000/60000 jobs | 12 h 20 min, ~11 h 6 min"
    )


def test_documents_that_are_up_to_date_count_as_done():
    book = JobBook({"find_trailer": 13, "make_report": 1}, {"find_trailer": 31})
    book.start(1, "find_trailer", 0)
    book.start(2, "make_report", 0)
    assert progress_line(book, {}, 1) == "find_trailer 31/44, make_report 0/1 | 0 of 14 jobs | 1 s"


def test_jobs_that_the_plan_does_not_know_are_noticed():
    book = planned(fetch_catalogue=1)
    book.start(1, "fetch_catalogue", 0)
    assert book.knows("fetch_catalogue")
    book.start(2, "find_trailer", 2)
    assert not book.knows("find_trailer")


def test_progress_files_of_running_rules_count_and_left_over_or_damaged_ones_do_not(tmp_path: Path):
    book = planned(rank_films=2, train_encoder=1, predict_genres=1)
    for job, rule in enumerate(book.to_do):
        book.start(job, rule, 1000)
        write(tmp_path / f"{rule}.17.json", {"rule": rule, "done": 2, "total": 8, "unit": "users"})
        os.utime(tmp_path / f"{rule}.17.json", (1005, 1005))
    os.utime(tmp_path / "train_encoder.17.json", (900, 900))
    (tmp_path / "predict_genres.17.json").write_text("{")
    assert read_long_rules(tmp_path, book) == {"rank_films": LongRule("rank_films", 2, 8, "users")}
    # A second job of the rule, for another language model.
    write(tmp_path / "rank_films.18.json", {"rule": "rank_films", "done": 1, "total": 10, "unit": "users"})
    assert read_long_rules(tmp_path, book) == {"rank_films": LongRule("rank_films", 3, 18, "users")}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    results = tmp_path / "results"
    for movie, status in [("1", "ok"), ("2", "ok"), ("3", "absent")]:
        write(results / f"prepare_transcript/{movie}.json", {"status": status})
    usage = {"prompt_tokens": 500, "completion_tokens": 100, "cached": True}
    ok = {"status": "ok", "made_by": {"model": "qwen"}, "source": {"usages": [usage]}}
    write(results / "summarise_movie/qwen/zero_shot/1.json", ok)
    for movie, hour in [("2", "21"), ("3", "20")]:
        document = {
            "status": "later",
            "earliest": f"2026-11-22T{hour}:30:00+00:00",
            "source": {},
            "made_by": {},
        }
        write(results / f"summarise_movie/qwen/zero_shot/{movie}.json", document)
    note = {"rule": "rank_films", "models": [{"name": "mistral"}]}
    figures = {"requests": 10, "cached": 4, "prompt_tokens": 1000, "completion_tokens": 20}
    write(results / "rank_films/this_run/mistral.about.json", {**note, "usage": [figures]})
    write(results / "merge_summaries/about.json", {"rule": "merge_summaries", "usage": [figures]})
    (results / "summarise_movie/qwen/zero_shot/damaged.json").write_text("{")
    return tmp_path


def test_the_summary_counts_outcomes_models_and_tokens(project: Path):
    lines = closing_summary(project, None, None, 0)
    assert lines == [
        "",
        "  transcripts  2 ok · 1 absent",
        "  summaries    1 ok · 2 later (asked again from 2026-11-22 20:30 UTC)",
        "  models       mistral, qwen",
        "  tokens       1,500 read · 120 written, in 11 answers (11 of them kept from an earlier run)",
    ]


def test_the_summary_counts_only_what_the_run_asks_for(project: Path):
    """Movie 1 by qwen alone: the other movies and the other model are of another run or gone from the tables."""
    write(project / "results/prepare_transcript/kept/1.json", {"status": "ok"})
    outputs = {
        "results/prepare_transcript/1.json",
        "results/prepare_transcript/kept/1.json",  # no document of a movie
        "results/summarise_movie/qwen/zero_shot/1.json",
        "results/summarise_movie/qwen/zero_shot/not_made_yet.json",
        "results/merge_summaries/about.json",
        "results/merge_summaries/summaries.parquet",
    }
    assert closing_summary(project, None, outputs, 0) == [
        "",
        "  transcripts  1 ok",
        "  summaries    1 ok",
        "  models       qwen",
        "  tokens       500 read · 100 written, in 1 answers (1 of them kept from an earlier run)",
    ]


def test_answers_are_of_an_earlier_run_by_their_job_or_by_the_cache(project: Path):
    """This run made the summary, from the cache, and the rankings, 4 of 10 from the cache; then it made no ranking."""
    note, summary = (
        "results/rank_films/this_run/mistral.about.json",
        "results/summarise_movie/qwen/zero_shot/1.json",
    )
    book = planned(rank_films=1, summarise_movie=1)
    book.start(1, "rank_films", 0, [note, "results/rank_films/this_run/mistral.parquet"])
    book.start(2, "summarise_movie", 0, [summary])
    book.finish(2, 1)
    tokens = next(line for line in closing_summary(project, book, None, 0) if "answers" in line)
    assert "in 11 answers (11 of them kept from an earlier run)" in tokens
    book.finish(1, 1)
    tokens = next(line for line in closing_summary(project, book, None, 0) if "answers" in line)
    assert "in 11 answers (5 of them kept from an earlier run)" in tokens


def test_a_run_that_only_touches_has_made_nothing(project: Path):
    book = planned(rank_films=1)
    book.only_touches = True
    book.start(1, "rank_films", 0, ["results/rank_films/this_run/mistral.about.json"])
    book.finish(1, 1)
    lines = closing_summary(project, book, None, 2)
    assert lines[1] == "The files that there are of 1 jobs were touched in 2 s; nothing was made."
    assert "in 11 answers (11 of them kept from an earlier run)" in lines[-1]


def test_jobs_that_ended_without_a_word_are_settled_and_have_no_times(project: Path):
    book = planned(find_trailer=3)
    for job in range(3):
        book.start(job, "find_trailer", 0)
    book.fail(2, 5)
    book.settle([0, 1], 60)
    lines = closing_summary(project, book, None, 60)
    assert lines[1] == "2 of 3 jobs done in 1 min, 1 failed."
    assert not any("seconds by stage" in line for line in lines)


def test_the_summary_of_a_run_has_seconds_by_stage_and_the_report(project: Path):
    book = planned(find_trailer=2, fetch_captions=1, make_report=1)
    book.start(1, "find_trailer", 0)
    book.start(2, "find_trailer", 1)
    book.finish(1, 2)
    book.start(3, "fetch_captions", 2)
    book.fail(2, 3)
    book.finish(3, 4.5)
    book.start(4, "make_report", 60, ["results/make_report/index.html"])
    book.finish(4, 61)
    write(project / "results/make_report/index.html", "")
    lines = closing_summary(project, book, None, 70)
    assert lines[1] == "3 of 4 jobs done in 1 min 10 s, 1 failed."
    assert f"  report       {project}/results/make_report/index.html" in lines
    assert lines[-2] == "    trailers              4.5   find_trailer 3.0, fetch_captions 2.5"


def test_a_report_that_the_run_did_not_renew_is_called_old(project: Path):
    write(project / "results/make_report/index.html", "")
    failed, done = planned(make_report=1), planned(find_trailer=1)
    failed.start(1, "make_report", 0, ["results/make_report/index.html"])
    done.start(1, "find_trailer", 0)
    done.finish(1, 1)
    wanted = ["results/make_report/index.html"]
    assert any("(of an earlier run)" in line for line in closing_summary(project, failed, wanted, 0))
    # Up to date, and not asked for.
    assert not any("(of an earlier run)" in line for line in closing_summary(project, done, wanted, 0))
    assert any("(of an earlier run)" in line for line in closing_summary(project, done, [], 0))


def test_nothing_to_say_about_an_empty_folder(tmp_path: Path):
    assert closing_summary(tmp_path, None, None, 0) == []


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
    send(handler, "job", LogEvent.JOB_INFO, jobid=1, rule_name="find_trailer", output=[])
    send(handler, "done", LogEvent.JOB_FINISHED, job_id=1)


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
    assert "\r\x1b[K1 of 1 jobs | 3 s\r\x1b[KA message.\n" in stream.getvalue()


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
