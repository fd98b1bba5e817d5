"""Another working folder, a module, a repository's address: the code is found beside the Snakefile, the rest where the user works."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from workflow.changes import part_from_code
from workflow.folders import FIRST_WORDS, SETTINGS, Folder, snakemake
from workflow.projects import Workflow

pytestmark = pytest.mark.slow

TRANSCRIPT = "results/prepare_transcript/home.json"
MODULE = """
configfile: "mine.yaml"

module trailerflow:
    snakefile: {snakefile}
    config: config
    {more}

use rule * from trailerflow{renamed}

onstart:
    trailerflow.onstart()

onsuccess:
    trailerflow.onsuccess()

onerror:
    trailerflow.onerror()
"""


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout, in which nothing may be written."""
    return Workflow(tmp_path_factory.mktemp("there") / "the code").folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "my films")


def tree(code: Path) -> set[str]:
    return {str(path.relative_to(code)) for path in code.rglob("*") if "__pycache__" not in path.parts}


def as_directory(code: Path, folder: Folder) -> tuple[Path, list[str]]:
    folder.write("config.yaml", SETTINGS)
    return code, ["--directory", str(folder.path)]


def by_snakefile(code: Path, folder: Folder) -> tuple[Path, list[str]]:
    folder.write("mine.yaml", SETTINGS)
    return folder.path, ["-s", str(code / "Snakefile"), "--configfile", "mine.yaml"]


def by_workflow_folder(code: Path, folder: Folder) -> tuple[Path, list[str]]:
    folder.write("config.yaml", SETTINGS)
    return folder.path, ["-s", str(code / "workflow/Snakefile")]


def as_module(code: Path, folder: Folder, *, renamed: str = "", more: str = "") -> tuple[Path, list[str]]:
    folder.write("mine.yaml", SETTINGS)
    folder.write("workflow/Snakefile", module(code, folder, renamed=renamed, more=more))
    return folder.path, []


def module(code: Path, folder: Folder, *, renamed: str = "", more: str = "") -> str:
    """A user's own Snakefile that takes ours as a module, by its path from there."""
    snakefile = os.path.relpath(code / "Snakefile", folder.path / "workflow")
    return MODULE.format(snakefile=repr(snakefile), renamed=renamed, more=more)


WAYS = {
    "directory": as_directory,
    "snakefile": by_snakefile,
    "workflow folder": by_workflow_folder,
    "module": as_module,
    "renamed module": functools.partial(as_module, renamed=" as trailerflow_*"),
}


def stats(said: str) -> set[str]:
    """Rules of the jobs that a dry run would do, by their own names."""
    table = said.split("Job stats:")[1].split("\n\n", maxsplit=1)[0]
    return {line.split()[0].removeprefix("trailerflow_") for line in table.splitlines()[3:]}


@pytest.mark.parametrize("way", WAYS)
def test_the_code_is_found_and_everything_else_is_the_users(way, code, folder):
    before = tree(code)
    place, options = WAYS[way](code, folder)
    assert "good condition" in snakemake(place, *options, "--lint")
    snakemake(place, TRANSCRIPT, *options)
    assert folder.text() == FIRST_WORDS  # six words: the user's setting
    assert (folder.path / "run").stat().st_mode & 0o777 == 0o700  # what is done at the start was done
    assert (folder.path / "logs/prepare_transcript").is_dir()
    assert not any((folder.path / "logs").rglob("*.log"))  # and so was what is done at the end
    left = snakemake(place, *options, "-n")
    assert {"summarise_movie", "make_report", "all"} <= stats(left)
    assert "output: results/prepare_transcript/mute.json" in left
    assert f"output: {TRANSCRIPT}" not in left
    snakemake(place, TRANSCRIPT, *options, "--report", str(folder.path / "report.zip"))
    assert (folder.path / "report.zip").stat().st_size > 100_000
    assert tree(code) == before


def test_a_prefix_is_for_what_is_made(code, folder):
    place, options = as_module(code, folder, more='prefix: "first"')
    target = f"first/{TRANSCRIPT}"
    snakemake(place, target, *options)
    assert folder.text(results="first/results") == FIRST_WORDS
    assert (folder.path / "first/logs").is_dir() and not any((folder.path / "first/logs").rglob("*.log"))
    later = folder.path / "first/run/later/prepare_transcript/home.json"
    later.parent.mkdir(parents=True)
    later.write_text('{"attempt": 1, "earliest": "2020-01-01T00:00:00Z"}')
    assert stats(snakemake(place, target, *options, "-n")) == {"prepare_transcript", "total"}


def test_the_sample_is_beside_the_code(code, folder):
    options = ["-s", str(code / "Snakefile"), "--config", "catalogue={archive: null}"]
    snakemake(
        folder.path, "results/prepare_transcript/1.json", "results/select_movies/movies.parquet", *options
    )
    document = (folder.path / "results/fetch_captions/1.json").read_text()
    assert '"resources/sample/media/1.vtt"' in document
    assert str(code) not in document


def test_a_prompt_of_the_users_stands_in_for_ours(code, folder):
    folder.write(
        "config.yaml",
        SETTINGS | {"summaries": {"prompts": ["zero_shot", "mine"]}, "synopses": {"table": None}},
    )
    options = ["-s", str(code / "Snakefile")]
    said = snakemake(folder.path, "-n", *options, check=False)
    assert (
        "summaries.prompts names mine, a file resources/prompts/summaries/mine.txt, and there is no such file"
        in said
    )
    ours = (code / "resources/prompts/summaries/few_shot.txt").read_text()
    folder.write("resources/prompts/summaries/mine.txt", ours)
    said = snakemake(folder.path, "-n", *options)
    assert "resources/prompts/summaries/zero_shot.txt (cached)" in said  # ours
    assert "resources/prompts/summaries/mine.txt," in said
    folder.write("resources/prompts/summaries/zero_shot.txt", ours)
    said = snakemake(folder.path, "-n", *options)
    assert "resources/prompts/summaries/zero_shot.txt (cached)" not in said


def test_a_module_without_a_configuration_reads_the_working_folders(code, folder):
    snakefile = repr(str(code / "Snakefile"))
    folder.write("Snakefile", f"module it:\n    snakefile: {snakefile}\n\nuse rule * from it\n")
    folder.write("config.yaml", SETTINGS)
    said = snakemake(folder.path, TRANSCRIPT, "--config", "trailers={words: 3}", "--resources", "youtube=2")
    assert folder.text() == "We all go"
    # one speech server and one machine's cores, without our profile, too; what the user says counts
    (provided,) = (line for line in said.splitlines() if line.startswith("Provided resources"))
    assert {"speech=1", "llm=100", "hosted=100", "youtube=2"} <= set(
        re.sub(r'Resource\("\w+", (\d+)\)', r"\1", provided).replace(",", "").split()
    )


def test_a_wrong_key_of_a_module_is_told(code, folder):
    place, options = as_module(code, folder)
    folder.write("mine.yaml", {"trailers": {"wordz": 5}})
    said = snakemake(place, *options, "-n", check=False)
    assert "config: trailers.wordz is not a setting; did you mean words?" in said


def test_two_modules_with_different_settings_are_refused(code, folder):
    one = (
        'module {name}:\n    snakefile: {snakefile}\n    config: {{"web": {{"pause_seconds": {seconds}}}}}\n'
    )
    one += "use rule * from {name} as {name}_*\n"
    snakefile = repr(str(code / "Snakefile"))
    modules = [one.format(name=name, snakefile=snakefile, seconds=s) for name, s in (("a", 8), ("b", 9))]
    folder.write("Snakefile", "".join(modules))
    said = snakemake(folder.path, "-n", check=False)
    assert (
        "Two modules of this workflow are trailerflow, from different places or with different settings"
        in said
    )
    again = "use rule find_trailer from a as a_find_trailer with:\n    threads: 1\n"
    folder.write("Snakefile", modules[0] + again)
    assert "find_trailer" in snakemake(folder.path, "-n", "results/find_trailer/1.json")


@pytest.fixture
def repository(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The checkout as a repository that git finds under an address of github.com."""
    place = tmp_path / "repository"
    shutil.copytree(code, place, symlinks=True)
    git = ["git", "-C", str(place), "-c", "user.name=n", "-c", "user.email=e"]
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-q", "-m", "all"],
        ["tag", "v1"],
    ):
        subprocess.run([*git, *command], check=True)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.file://{place}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://github.com/someone/trailerflow")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return place


@pytest.mark.parametrize("version", ['tag="v1"', 'branch="main"'])
def test_as_snakedeploy_writes_it(version, repository, folder):
    address = f'github("someone/trailerflow", path="workflow/Snakefile", {version})'
    folder.write("mine.yaml", SETTINGS)
    folder.write("workflow/Snakefile", MODULE.format(snakefile=address, renamed="", more=""))
    snakemake(folder.path, TRANSCRIPT)
    assert folder.text() == FIRST_WORDS
    # another commit lies elsewhere, and yet only what it changed runs again
    (repository / "scripts/another.py").write_text("another = 1\n")
    git = ["git", "-C", str(repository), "-c", "user.name=n", "-c", "user.email=e"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "another"], check=True)
    assert "Nothing to be done" in snakemake(folder.path, TRANSCRIPT, "-n")
    laid_out = list((folder.path / ".snakemake/trailerflow").iterdir())
    assert len(laid_out) == (2 if "branch" in version else 1)


def test_an_address_without_the_programs_is_told(code, folder):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(code))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/Snakefile"
        folder.write("mine.yaml", SETTINGS)
        folder.write("Snakefile", MODULE.format(snakefile=repr(address), renamed="", more=""))
        said = snakemake(folder.path, "-n", check=False)
        server.shutdown()
    assert f"trailerflow cannot be used from {address.removesuffix('/Snakefile')}/rules, since" in said


def test_what_was_made_in_a_checkout_is_made_the_same_by_another(finished, tmp_path):
    user, moved = part_from_code(finished), tmp_path / "moved code"
    finished.folder.rename(moved)
    options = ["-s", str(moved / "Snakefile"), "--configfile", "test.yaml"]
    # all that reads files of the code, made there again, is the same byte for byte
    tables = ["score_summaries/metrics.csv", "score_summaries/compliance.csv", "make_rating_kit/kit.html"]
    before = [(user / "results" / name).read_bytes() for name in tables]
    for rule in ("score_summaries", "make_rating_kit", "make_report"):
        shutil.rmtree(user / "results" / rule)
    made = ["results/make_rating_kit/kit.html", "results/estimate_costs/estimate.csv"]
    snakemake(user, "all", *made, *options)
    assert [(user / "results" / name).read_bytes() for name in tables] == before
    assert "summaries/zero_shot" in (user / "results/make_report/index.html").read_text()
    for file in (user / "results").rglob("*.json"):
        assert str(moved) not in file.read_text(), file
