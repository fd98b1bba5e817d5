"""What the progress line and the summary count, in real runs of a toy by the ways in which Snakemake is used."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from terminal.toys import PLUGIN, SNAKEFILE, Toy


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path / "toy")


def interrupted(run: subprocess.Popen[str]) -> str:
    """What a run tells that is broken off; as a person would, Ctrl-C is pressed again where nothing came of it."""
    for _ in range(3):
        run.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return run.communicate(timeout=3)[1]
    return run.communicate(timeout=60)[1]


def progress_lines(shown: str) -> list[str]:
    return [line for line in shown.splitlines() if re.search(r"\d+ of \d+ jobs(, \d failed)? \|", line)]


def test_a_quiet_run_counts_what_was_done(toy: Toy):
    shown = toy.run("--keep-going", "--quiet", *PLUGIN, fails="2").stderr
    # Three are found and two prepared; the target is not reached.
    assert re.search(r"^5 of 7 jobs done in \d+ s, 1 failed\.$", shown, re.M)
    assert "transcripts  2 ok" in shown
    assert not progress_lines(shown) and "seconds by stage" not in shown
    shown = toy.run("--quiet", "progress", *PLUGIN).stderr
    assert re.search(r"^2 of 2 jobs done in \d+ s\.$", shown, re.M)


def test_a_quiet_run_that_is_broken_off_counts_what_was_done(toy: Toy):
    command = toy.command("--quiet", *PLUGIN, seconds="5")
    run = subprocess.Popen(
        command,
        cwd=toy.folder,
        env=toy.environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    found = [toy.folder / f"results/find_trailer/{movie}.json" for movie in "12"]
    while not all(path.exists() for path in found):
        assert run.poll() is None
        time.sleep(0.1)
    time.sleep(1)
    shown = interrupted(run)
    assert re.search(r"^[2-6] of 7 jobs done in \d+ s\.$", shown, re.M), shown


def test_omit_from_and_until_count_the_jobs_up_to_there(toy: Toy):
    shown = toy.run("--omit-from", "prepare_transcript", *PLUGIN).stderr
    assert re.search(r"^3 of 3 jobs done in \d+ s\.$", shown, re.M)
    (toy.folder / "Snakefile").write_text(
        SNAKEFILE.replace("input:\n        expand", 'input:\n        "late.txt",\n        expand')
        + 'rule merge_transcripts:\n    input: "results/prepare_transcript/1.json"\n    output: "late.txt"\n    shell: "touch {output}"\n'
    )
    shown = toy.run("--until", "prepare_transcript", *PLUGIN, seconds="2").stderr
    assert progress_lines(shown) and all(re.search(r"\d of 3 jobs", line) for line in progress_lines(shown))
    assert re.search(r"^3 of 3 jobs done in \d+ s\.$", shown, re.M)


def test_a_single_target_counts_neither_other_movies_nor_their_documents(toy: Toy):
    toy.run("results/prepare_transcript/3.json", *PLUGIN)
    shown = toy.run("results/prepare_transcript/1.json", *PLUGIN, seconds="2").stderr
    assert any(line.startswith("prepare_transcript 0/1 | 1 of 2 jobs") for line in progress_lines(shown)), (
        shown
    )
    assert "transcripts  1 ok" in shown
    shown = toy.run(*PLUGIN, seconds="2").stderr
    assert any(line.startswith("prepare_transcript 2/3 | 1 of 3 jobs") for line in progress_lines(shown)), (
        shown
    )
    assert "transcripts  3 ok" in shown


def test_documents_of_a_movie_that_is_gone_are_not_counted(toy: Toy):
    toy.run(*PLUGIN)
    (toy.folder / "Snakefile").write_text(SNAKEFILE.replace('["1", "2", "3"]', '["1", "3"]'))
    shown = toy.run(*PLUGIN).stderr
    assert "transcripts  2 ok" in shown
    shown = toy.run(*PLUGIN).stderr
    assert "Nothing to be done" in shown and "transcripts  2 ok" in shown


def test_touching_makes_nothing(toy: Toy):
    toy.run(*PLUGIN)
    shown = toy.run("--touch", "--forceall", *PLUGIN).stderr
    assert re.search(
        r"^The files that there are of 7 jobs were touched in \d+ s; nothing was made\.$", shown, re.M
    )
    assert "transcripts  3 ok" in shown
    assert "jobs done" not in shown and "seconds by stage" not in shown


def test_a_job_that_succeeds_at_its_second_try_has_not_failed(toy: Toy):
    (toy.folder / "Snakefile").write_text(
        SNAKEFILE.replace("sleep {config[seconds]}", "[ -e tried ] || {{ touch tried; exit 1; }}")
    )
    shown = toy.run("--retries", "1", *PLUGIN).stderr
    assert "Error in rule prepare_transcript" in shown
    assert re.search(r"^7 of 7 jobs done in \d+ s\.$", shown, re.M)


CHECKPOINT = """
MOVIES = ["1", "2", "3"]

def transcripts(wildcards):
    checkpoints.fetch_catalogue.get()
    return expand("results/prepare_transcript/{movie}.json", movie=MOVIES)

rule all:
    input:
        transcripts,

checkpoint fetch_catalogue:
    output:
        "movies.txt",
    shell:
        "touch {output}"
""" + SNAKEFILE[SNAKEFILE.index("rule find_trailer") :]


def test_jobs_that_a_checkpoint_adds_are_counted_by_rule(toy: Toy):
    (toy.folder / "Snakefile").write_text(CHECKPOINT)
    shown = toy.run(*PLUGIN, seconds="2").stderr
    assert any(
        re.match(r"prepare_transcript \d/3 \| \d of 8 jobs", line) for line in progress_lines(shown)
    ), shown
    assert re.search(r"^8 of 8 jobs done in \d+ s\.$", shown, re.M)
    assert "transcripts  3 ok" in shown


def test_the_plain_option_shows_what_snakemake_shows_without_the_plugin(toy: Toy):
    plain = toy.run("--logger-trailerflow-plain", *PLUGIN).stderr
    assert "localrule find_trailer:" in plain
    assert "7 of 7 steps (100%) done" in plain
    assert "jobs done" not in plain and not progress_lines(plain) and "transcripts  " not in plain
    failed = toy.run("--logger-trailerflow-plain", "--forceall", *PLUGIN, fails="1").stderr
    assert "Error in rule prepare_transcript" in failed and "Logfile" not in failed
