"""Snakemake logger plugin ``trailerflow``: progress in one line, and a short summary at the end.

It stands in for Snakemake's normal output of a run. All else goes through Snakemake's own handler as it is:
the listing and reasons of a dry run, "Nothing to be done", every warning and error. A failed job's last log
lines are added.

The line counts what is up to date already as done, and the summary counts the documents that this run's targets
need: both are read from Snakemake's own graph of jobs.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from contextlib import suppress
from logging import INFO, LogRecord
from pathlib import Path
from typing import Any, TextIO, cast

from snakemake.logging import ColorizingTextHandler, DefaultFilter, DefaultFormatter
from snakemake.settings.enums import Quietness
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_trailerflow.graph import graph_of_this_run
from snakemake_logger_plugin_trailerflow.jobs import JobBook
from snakemake_logger_plugin_trailerflow.progress import progress_line, read_long_rules
from snakemake_logger_plugin_trailerflow.settings import LogHandlerSettings
from snakemake_logger_plugin_trailerflow.summary import closing_summary
from trailerflow.files import write_json
from trailerflow.redaction import RedactedStream

__all__ = ["LogHandler", "LogHandlerSettings"]

LOG_LINES = 20
LOG_BYTES = 65_536
CLEAR_LINE = "\r\x1b[K"
# What the progress line says better, and what says nothing to somebody who waits for results.
REPLACED_EVENTS = {
    LogEvent.WORKFLOW_STARTED,
    LogEvent.JOB_INFO,
    LogEvent.JOB_STARTED,
    LogEvent.JOB_FINISHED,
    LogEvent.GROUP_INFO,
    LogEvent.PROGRESS,
    LogEvent.RESOURCES_INFO,
}
REPLACED_SENTENCES = (
    "Assuming unrestricted shared filesystem usage.",
    "Using shell: ",
    "Conda environments: ignored",
    "Singularity containers: ignored",
    "Select jobs to execute...",
    "Job rate limit reached",
    "Elapsed time: ",
)
NOTHING_TO_BE_DONE = "Nothing to be done"


class LogHandler(LogHandlerBase):
    """Writes the progress line and the summary, and hands everything else to Snakemake's own handler."""

    def __post_init__(self) -> None:
        common = self.common_settings
        stream = RedactedStream(sys.stdout if common.stdout else sys.stderr)
        self._terminal = ColorizingTextHandler(nocolor=common.nocolor, stream=cast("TextIO", stream))
        quiet = common.quiet or ()
        self._terminal.addFilter(
            DefaultFilter(quiet, common.debug_dag, common.verbose, common.dryrun, common.printshellcmds)
        )
        self._terminal.setFormatter(DefaultFormatter(quiet, common.show_failed_logs))
        settings = self.settings if isinstance(self.settings, LogHandlerSettings) else LogHandlerSettings()
        self._plain = settings.plain or common.dryrun
        self._silent = Quietness.ALL in quiet
        # Then Snakemake does not even say that a job has ended.
        self._tells_ends = Quietness.PROGRESS not in quiet
        self._shows_progress = not self._silent and self._tells_ends
        self._overwrites = self._terminal.is_tty and os.environ.get("TERM") != "dumb"
        self._every = settings.every
        self._reasons = Path(settings.reasons) if settings.reasons else None
        self._folder = Path.cwd()
        self._book: JobBook | None = None
        self._nothing_to_do = False
        self._line_is_open = False
        self._last_line, self._last_time = "", 0.0
        self._ended = threading.Event()
        self._ticker: threading.Thread | None = None

    @property
    def writes_to_stream(self) -> bool:
        """It stands in for Snakemake's own output."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Snakemake's log file is Snakemake's."""
        return False

    @property
    def has_filter(self) -> bool:
        """Every event is needed for counting, also those that ``--quiet`` hides."""
        return True

    @property
    def has_formatter(self) -> bool:
        """Snakemake's formatter is used inside."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """The plan by rule is enough."""
        return False

    def emit(self, record: LogRecord) -> None:
        """Count a message of Snakemake's and show it unless the progress line does."""
        try:
            if not self._plain:
                self._count(record)
            if not self._is_replaced(record) and self._terminal.filter(record):
                self._close_line()
                self._terminal.handle(record)
                self._show_failed_logs(record)
        except BrokenPipeError:
            # Nobody reads any more, as in `snakemake -n | head`; the run itself goes on.
            self._silent, self._shows_progress = True, False
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Stop the progress and print the summary; Snakemake calls this twice."""
        if not self._ended.is_set():
            self._ended.set()
            if self._ticker:
                self._ticker.join(timeout=2)
            with suppress(BrokenPipeError):
                self._show_summary()
            if self._reasons and (graph := graph_of_this_run()):
                write_json(self._reasons, graph.reasons())
        super().close()

    def _count(self, record: LogRecord) -> None:
        event, fields = getattr(record, "event", None), record.__dict__
        if event == LogEvent.WORKFLOW_STARTED:
            # Snakemake goes back to the folder it was called in before it closes its loggers.
            self._folder = Path(fields["cwd"])
        elif event == LogEvent.RUN_INFO:
            self._start_book(fields["stats"])
        elif str(record.msg).startswith(NOTHING_TO_BE_DONE):
            self._nothing_to_do = True
        if self._book is None:
            return
        if event == LogEvent.JOB_INFO:
            self._start_job(self._book, fields, record.created)
        elif event == LogEvent.JOB_FINISHED:
            self._book.finish(fields["job_id"], record.created)
        elif event == LogEvent.JOB_ERROR:
            self._book.fail(fields["jobid"], record.created)
        elif event == LogEvent.GROUP_ERROR:
            for job in fields["job_error_info"]:
                self._book.fail(job["jobid"], record.created)

    def _start_book(self, stats: dict[str, int]) -> None:
        self._book = JobBook({rule: jobs for rule, jobs in stats.items() if rule != "total"})
        if graph := graph_of_this_run():
            self._book.only_touches = graph.only_touches
            self._plan(self._book)
        if self._shows_progress and self._ticker is None:
            self._ticker = threading.Thread(target=self._tick, name="trailerflow progress", daemon=True)
            self._ticker.start()

    def _start_job(self, book: JobBook, fields: dict[str, Any], now: float) -> None:
        book.start(fields["jobid"], fields["rule_name"], now, fields["output"])
        if not book.knows(fields["rule_name"]):
            self._plan(book)

    def _plan(self, book: JobBook) -> None:
        """Read how many jobs there are; a checkpoint adds some."""
        if graph := graph_of_this_run():
            plan = graph.plan()
            book.to_do, book.up_to_date = plan.to_do, plan.up_to_date

    def _is_replaced(self, record: LogRecord) -> bool:
        """Whether the progress line stands for this message; never in a plain or dry run or with ``--verbose``."""
        if self._plain or self.common_settings.verbose or record.levelno > INFO:
            return False
        event = getattr(record, "event", None)
        if event is None:
            return str(record.msg).startswith(REPLACED_SENTENCES)
        if event in (LogEvent.JOB_INFO, LogEvent.GROUP_INFO):
            # A shell command without its job above it would say little.
            return not self.common_settings.printshellcmds
        return event in REPLACED_EVENTS

    def _tick(self) -> None:
        while not self._ended.wait(1.0):
            self.acquire()
            try:
                self._show_progress(time.time())
            except BrokenPipeError:
                return
            finally:
                self.release()

    def _show_progress(self, now: float) -> None:
        if self._book is None or self._book.first_start is None or not self._shows_progress:
            return
        if not self._overwrites and now - self._last_time < self._every:
            return
        long_rules = read_long_rules(self._folder / "run" / "progress", self._book)
        if self._overwrites:
            self._write(CLEAR_LINE + progress_line(self._book, long_rules, now, self._width() - 1))
            self._line_is_open = True
            return
        line = progress_line(self._book, long_rules, now)
        # The time alone is worth a line once a minute.
        news = line.rpartition(" | ")[0]
        if news != self._last_line or now - self._last_time >= 60:
            self._last_line, self._last_time = news, now
            self._write(line + "\n")

    def _width(self) -> int:
        """Columns of the very terminal that is written to: the standard output may be elsewhere."""
        with suppress(OSError):
            if columns := os.get_terminal_size(self._terminal.stream.fileno()).columns:
                return columns
        return shutil.get_terminal_size().columns

    def _show_failed_logs(self, record: LogRecord) -> None:
        """Print the last lines of a failed job's logs; ``--show-failed-logs`` prints them whole."""
        if self._plain or self.common_settings.show_failed_logs:
            return
        event = getattr(record, "event", None)
        if event == LogEvent.JOB_ERROR:
            logs = record.__dict__["log"]
        elif event == LogEvent.GROUP_ERROR:
            jobs = record.__dict__["job_error_info"]
            logs = [*record.__dict__["aux_logs"], *(log for job in jobs for log in job["log"])]
        else:
            return
        for log in logs:
            self._write("\n".join(last_lines(self._folder / log, log)) + "\n")

    def _show_summary(self) -> None:
        self._close_line()
        # Neither a plain or dry run nor --lint, --unlock and the like count or finish a run.
        if self._silent or not (self._book or self._nothing_to_do):
            return
        now, graph = time.time(), graph_of_this_run()
        if self._book and graph and not self._tells_ends:
            self._book.settle(graph.finished(), now)
        for line in closing_summary(self._folder, self._book, graph.outputs() if graph else None, now):
            self._write(line + "\n")

    def _close_line(self) -> None:
        if self._line_is_open:
            self._line_is_open = False
            self._write(CLEAR_LINE)

    def _write(self, text: str) -> None:
        self._terminal.stream.write(text)
        self._terminal.stream.flush()


def last_lines(path: Path, name: str) -> list[str]:
    """The last lines of a failed job's log, under its name.

    Args:
        path: The log.
        name: Its path as Snakemake shows it.
    """
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LOG_BYTES))
            lines = file.read().decode("utf-8", errors="replace").splitlines()
    except OSError:
        return [f"Logfile {name} not found."]
    if not lines:
        return [f"Logfile {name}: empty file"]
    heading = (
        f"Logfile {name}:" if len(lines) <= LOG_LINES else f"Logfile {name}, its last {LOG_LINES} lines:"
    )
    return [heading, *(f"    {line}" for line in lines[-LOG_LINES:])]
