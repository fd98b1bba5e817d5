"""Snakemake's options as its users give them, in real dry runs of the whole workflow."""

from __future__ import annotations

import os
import subprocess
import sys

import yaml
from workflow.projects import Workflow

WITHOUT_PLUGIN = """
import sys
sys.path[:] = [path for path in sys.path if not path.rstrip("/").endswith("/src")]
from snakemake.cli import main
main()
"""


def dry_run(workflow: Workflow, *options: str) -> str:
    """What a dry run of the trailers shows, with its shell commands."""
    done = workflow.run("-n", "--printshellcmds", "--forceall", "trailers", *options, check=False)
    return done.stdout + done.stderr


def test_numbers_truth_and_nothing_can_be_set_on_the_command_line(workflow: Workflow):
    shown = dry_run(
        workflow, "--config", "trailers={words: 123, audio: {keep: true}}", "synopses={table: null}"
    )
    assert "--words 123" in shown, shown[-2000:]
    assert "This was a dry-run" in shown


def test_what_a_setting_may_not_be_is_told_by_its_name(workflow: Workflow):
    shown = dry_run(workflow, "--config", "trailers={words: true}", "genres={folds: 2.5}")
    assert "config: trailers.words is True; it must be a whole number." in shown
    assert "config: genres.folds is 2.5; it must be a whole number." in shown
    assert "Traceback" not in shown


def test_a_profile_can_set_values_of_sections(workflow: Workflow):
    profile = workflow.folder / "profiles/default/config.yaml"
    settings = {"config": {"trailers": {"words": 123, "media": None, "audio": {"keep": True}}}}
    profile.write_text(profile.read_text() + yaml.safe_dump(settings))
    shown = dry_run(workflow)
    assert "--words 123" in shown, shown[-2000:]


def run_without_plugin(workflow: Workflow, *options: str) -> subprocess.CompletedProcess[str]:
    """Run Snakemake where this project's packages are not installed, as in an environment made by other hands."""
    command = [sys.executable, "-c", WITHOUT_PLUGIN, *workflow.command(*options)[3:]]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command,
        cwd=workflow.folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_without_the_plugin_snakemake_shows_its_own_lines(workflow: Workflow):
    workflow.settings["catalogue"] = {"archive": None}
    done = run_without_plugin(workflow, "results/select_movies/movies.parquet")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Finished jobid: 0" in done.stderr and "steps (100%) done" in done.stderr
    with_plugin = workflow.run("results/select_movies/movies.parquet", "--forcerun", "select_movies")
    assert "1 of 1 jobs done in " in with_plugin.stderr and "Finished jobid" not in with_plugin.stderr
