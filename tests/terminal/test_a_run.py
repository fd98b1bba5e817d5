"""What a run prints with the logger plugin beside what Snakemake prints without it, in real runs of a toy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal.toys import PLUGIN, Toy

WANDERING = re.compile(r"^(\[.*\d{4}\]|  (Date|Workflow ID|Command|Host): .*|.*\.snakemake\.log)$")


@pytest.fixture
def plain(tmp_path: Path) -> Toy:
    return Toy(tmp_path / "plain")


@pytest.fixture
def ours(tmp_path: Path) -> Toy:
    return Toy(tmp_path / "ours")


def steady_lines(text: str) -> list[str]:
    """Lines without times, folders, the order within a list and other things that differ from run to run."""
    text = re.sub(r"/\S*/(plain|ours)/", "", text)
    text = re.sub(r"/\S*/(plain|ours)", "", text)
    lines = [line for line in text.splitlines() if not WANDERING.match(line)]
    return [", ".join(sorted(re.split(r", |: ", line))) if "reason: " in line else line for line in lines]


def test_a_dry_run_lists_the_same_jobs_and_reasons(ours: Toy):
    without, with_plugin = ours.run("--dry-run"), ours.run("--dry-run", *PLUGIN)
    assert with_plugin.returncode == without.returncode == 0
    assert "reason: Missing output files: results/find_trailer/1.json" in with_plugin.stdout
    # The order of jobs that are ready at once is Snakemake's own chance.
    assert sorted(steady_lines(with_plugin.stdout)) == sorted(steady_lines(without.stdout))
    assert steady_lines(with_plugin.stderr) == steady_lines(without.stderr)


def test_a_run_then_nothing_to_be_done(ours: Toy):
    first = ours.run(*PLUGIN)
    assert first.returncode == 0, first.stderr
    assert first.stderr.count("7 of 7 jobs done in ") == 1
    assert "transcripts  3 ok" in first.stderr and "find_trailer" in first.stderr.splitlines()[-1]
    assert "reason:" not in first.stderr and "\x1b" not in first.stderr and "\r" not in first.stderr
    second, without = ours.run(*PLUGIN), ours.run()
    assert second.returncode == without.returncode == 0
    sentence = "Nothing to be done (all requested files are present and up to date)."
    assert sentence in second.stderr and sentence in without.stderr
    assert second.stderr.count("transcripts  3 ok") == 1
    dry, dry_without = ours.run("-n", *PLUGIN), ours.run("-n")
    assert steady_lines(dry.stdout) == steady_lines(dry_without.stdout)
    assert sentence in dry.stdout and "transcripts" not in dry.stdout


def test_a_failed_job_shows_its_error_and_its_log(plain: Toy, ours: Toy):
    without = plain.run("--keep-going", "--show-failed-logs", fails="2")
    with_plugin = ours.run("--keep-going", *PLUGIN, fails="2")
    assert with_plugin.returncode == without.returncode == 1
    shown = with_plugin.stderr.splitlines()
    at = shown.index("Logfile logs/prepare_transcript/2.log:")
    assert shown[at + 1] == "    The subtitle is cut in half."
    assert "5 of 7 jobs done" in with_plugin.stderr and ", 1 failed." in with_plugin.stderr
    error = [line for line in steady_lines(without.stderr) if "jobid" not in line]
    start = error.index("Error in rule prepare_transcript:")
    kept = error[start : error.index("Logfile logs/prepare_transcript/2.log:")]
    assert len(kept) > 4
    for line in [*kept, "WorkflowError:", "At least one job did not complete successfully."]:
        assert line in shown
    both = ours.run("--keep-going", "--show-failed-logs", *PLUGIN, fails="2")
    assert both.stderr.count("The subtitle is cut in half.\n") == 1


def test_a_faulty_workflow_says_the_same_sentence(ours: Toy):
    (ours.folder / "Snakefile").write_text(
        "from snakemake.exceptions import WorkflowError\n"
        'raise WorkflowError("config.yaml: wordz is not a setting.")\n'
    )
    without, with_plugin = ours.run(), ours.run(*PLUGIN)
    assert with_plugin.returncode == without.returncode == 1
    assert "config.yaml: wordz is not a setting." in with_plugin.stderr
    assert steady_lines(with_plugin.stderr) == [
        line for line in steady_lines(without.stderr) if not line.startswith("Assuming unrestricted")
    ]


def test_a_missing_input_says_the_same(ours: Toy):
    (ours.folder / "Snakefile").write_text('rule all:\n    input: "missing.txt"\n')
    without, with_plugin = ours.run(), ours.run(*PLUGIN)
    assert with_plugin.returncode == without.returncode == 1
    at = steady_lines(without.stderr).index('MissingInputException in rule all in file "Snakefile", line 1:')
    assert steady_lines(with_plugin.stderr)[-3:] == steady_lines(without.stderr)[at:][-3:]


def test_shell_commands_are_shown_when_asked_for(ours: Toy):
    shown = ours.run("--printshellcmds", *PLUGIN).stderr
    assert "echo trailer > results/find_trailer/3.json" in shown
    assert "rule find_trailer:" in shown


def test_unlocking_and_linting_have_no_summary(ours: Toy):
    (ours.folder / "results/prepare_transcript").mkdir(parents=True)
    (ours.folder / "results/prepare_transcript/1.json").write_text('{"status": "ok"}')
    for option in ("--unlock", "--lint"):
        without, with_plugin = ours.run(option), ours.run(option, *PLUGIN)
        assert with_plugin.returncode == without.returncode
        assert "transcripts" not in with_plugin.stderr + with_plugin.stdout
        assert steady_lines(with_plugin.stdout) == steady_lines(without.stdout)


def test_progress_lines_come_while_jobs_run(ours: Toy):
    shown = ours.run(*PLUGIN, seconds="2").stderr
    assert re.search(
        r"^prepare_transcript \d/3 \| \d of 7 jobs \| \d s(, (about|at least) \d s to go)?$", shown, re.M
    )


def test_another_folder_is_the_one_that_is_counted(ours: Toy, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shown = ours.run("--directory", str(elsewhere), *PLUGIN).stderr
    assert "transcripts  3 ok" in shown
