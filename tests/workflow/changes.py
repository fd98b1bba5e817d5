"""What may happen to a finished run: edits of what is given, of code and configuration, of results, times and places."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from workflow.projects import PARTS, Workflow

from trailerflow import __version__

TABLE = "resources/sample/movies.csv"
LONG_AGO = 10**9
"""2001-09-09, older than any result."""
A_DAY = 86_400
MORE_CODE = "\n\ndef one_more() -> int:\n    return 1\n"
MODULE = """configfile: "test.yaml"

module trailerflow:
    snakefile: "../project/Snakefile"
    config: config

use rule * from trailerflow
"""


def replace_by_older(path: Path, content: bytes) -> None:
    """Replace a file by an older one, as ``rsync -a``, ``unzip`` and ``mv`` do."""
    other = path.with_name(f".{path.name}.new")
    other.write_bytes(content)
    os.utime(other, (LONG_AGO, LONG_AGO))
    other.rename(path)


def edit_rows(edit: Callable[[list[dict[str, str]]], object]) -> Callable[[Workflow], None]:
    """Replace the table of movies by an older one with other rows."""

    def change(run: Workflow) -> None:
        table = run.folder / TABLE
        rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"), newline="")))
        edit(rows)
        text = io.StringIO()
        writer = csv.DictWriter(text, list(dict.fromkeys(column for row in rows for column in row)))
        writer.writeheader()
        writer.writerows(rows)
        replace_by_older(table, text.getvalue().encode())

    return change


def save_anew(run: Workflow) -> None:
    """As a spreadsheet saves it: a byte order mark, each cell in quotes, a blank line; and a column without a value."""
    table = run.folder / TABLE
    rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8"), newline="")))
    text = io.StringIO()
    more = ["trailer"] + [""] * len(rows)
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
        [*row, cell] for row, cell in zip(rows, more, strict=False)
    )
    table.write_text(text.getvalue() + "\r\n", encoding="utf-8-sig", newline="")


def move_media(run: Workflow) -> None:
    """A film's subtitle has another name, and its row says so."""
    media = run.folder / "resources/sample/media"
    (media / "50.srt").rename(media / "wars.srt")
    edit_rows(lambda rows: next(row for row in rows if row["id"] == "50").update(media="media/wars.srt"))(run)


def add_row(run: Workflow) -> None:
    """A film with a subtitle of its own."""
    shutil.copy(run.folder / "resources/sample/media/50.srt", run.folder / "resources/sample/media/new.srt")
    new = {"id": "new", "title": "New", "year": "1999", "media": "media/new.srt"}
    edit_rows(lambda rows: rows.insert(0, new))(run)


def add_other_file(run: Workflow) -> None:
    """A subtitle that no row names."""
    (run.folder / "resources/sample/media/notes.srt").write_text("no movie's")


def write(path: str, edit: Callable[[bytes], bytes], *, older: bool = False) -> Callable[[Workflow], None]:
    """Edit a file in its place, or replace it by an older one."""

    def change(run: Workflow) -> None:
        file = run.folder / path
        new = edit(file.read_bytes())
        if older:
            replace_by_older(file, new)
        else:
            file.write_bytes(new)

    return change


def add_code(*modules: str) -> Callable[[Workflow], None]:
    """Add a function to modules of the library."""

    def change(run: Workflow) -> None:
        for module in modules:
            file = run.folder / "src/trailerflow" / module
            file.write_text(file.read_text() + MORE_CODE)

    return change


def settings(section: str, **changed: object) -> Callable[[Workflow], None]:
    """Change settings of a section of the configuration."""
    return lambda run: run.settings.__setitem__(section, run.settings.get(section, {}) | changed)


def model(**changed: object) -> Callable[[Workflow], None]:
    """Change settings of the language model."""
    return lambda run: run.settings["models"]["llm"][0].update(changed)


def other_model(run: Workflow) -> None:
    """The same under another name, which genres read too."""
    model(name="other")(run)
    settings("genres", texts=["summary/other/zero_shot"])(run)


def change_price(run: Workflow) -> None:
    """Of a hosted model: Snakemake's records are made to say that it gave the answers, since nobody is asked in a test."""
    model(kind="openai_compatible", base_url="http://127.0.0.1:9/v1")(run)
    run.settings["models"]["answers"] = {"mode": "replay"}
    run.run("--touch")
    model(prices={"input": 1.0, "output": 2.0, "date": "2026-01-01"})(run)


def swap_prompts(run: Workflow) -> None:
    """Two prompts change places, and the one keeps the other's time."""
    one, other = (run.folder / f"resources/prompts/summaries/{way}.txt" for way in ("zero_shot", "few_shot"))
    content, facts = one.read_bytes(), other.stat()
    replace_by_older(one, other.read_bytes())
    replace_by_older(other, content)
    os.utime(other, (facts.st_atime, facts.st_mtime))


def change_synopsis(run: Workflow) -> None:
    """Another word in one film's synopsis."""
    table = run.folder / "resources/sample/synopses.csv"
    with table.open(newline="", encoding="utf-8") as file:
        told = {row["id"]: row["synopsis"] for row in csv.DictReader(file)}
    end = told["50"][-20:].encode()
    assert table.read_bytes().count(end) == 1
    replace_by_older(table, table.read_bytes().replace(end, b"something else."))


def change_style_and_people(run: Workflow) -> None:
    """Of the code's own files that are no programs one for the report, and one for the scores."""
    for path in ("src/trailerflow/reports/page.css", "resources/film_people.txt"):
        write(path, lambda old: old + b"\n", older=True)(run)


def comment(*patterns: str) -> Callable[[Workflow], None]:
    """Add a comment to files."""

    def change(run: Workflow) -> None:
        files = [file for pattern in patterns for file in run.folder.glob(pattern)]
        assert files
        for file in files:
            file.write_text(file.read_text() + "\n# one more word\n")

    return change


def turn_round(given: Any) -> Any:
    """The same settings with all keys in the opposite order."""
    if isinstance(given, dict):
        return {key: turn_round(value) for key, value in reversed(given.items())}
    return [turn_round(value) for value in given] if isinstance(given, list) else given


def reorder_settings(run: Workflow) -> None:
    """Somebody tidies the configuration."""
    file = run.folder / "config.yaml"
    file.write_text(yaml.safe_dump(turn_round(yaml.safe_load(file.read_text())), sort_keys=False))
    run.settings = turn_round(run.settings)


def append_feedback(run: Workflow) -> None:
    """A user rates a film."""
    with (run.folder / "feedback.csv").open("a") as table:
        table.write("guest,50,5,900\n")


def bump_version(run: Workflow) -> None:
    """Another version of the program, and no other change."""
    run.replace("src/trailerflow/__init__.py", f'"{__version__}"', '"99.0.0"')


def files_of(run: Workflow) -> list[Path]:
    """What is given and what was made, without the kept answers."""
    parts = [*run.folder.glob("resources/*"), run.folder / "results"]
    files = [path for part in parts if part.name not in ("cache", "downloads") for path in part.rglob("*")]
    return [path for path in files if path.is_file()]


def touch(run: Workflow) -> None:
    """Every file, the last first."""
    for file in sorted(files_of(run), reverse=True):
        os.utime(file)


def restore(run: Workflow) -> None:
    """Every file is another with the same contents, those from outside the newest."""
    for file in sorted(files_of(run), key=lambda path: path.is_relative_to(run.folder / "resources")):
        copy = file.with_name(f".{file.name}.copy")
        copy.write_bytes(file.read_bytes())
        copy.rename(file)


def skew_clocks(run: Workflow) -> None:
    """Half of the files were written by a clock a day fast, half by one a day slow."""
    for number, file in enumerate(sorted(files_of(run))):
        time = file.stat().st_mtime + (A_DAY if number % 2 else -A_DAY)
        os.utime(file, (time, time))


def remove(*patterns: str) -> Callable[[Workflow], None]:
    """Remove files and folders."""

    def change(run: Workflow) -> None:
        places = [place for pattern in patterns for place in run.folder.glob(pattern)]
        assert places
        for place in places:
            shutil.rmtree(place) if place.is_dir() else place.unlink()

    return change


def move_checkout(run: Workflow) -> None:
    """All of it, results and Snakemake's records with it, lies elsewhere."""
    run.folder = run.folder.rename(run.folder.with_name("another checkout"))


def part_from_code(run: Workflow) -> Path:
    """Move all that is the user's into a folder of its own; the code stays."""
    code, user = run.folder, run.folder.with_name("user")
    (user / "resources").mkdir(parents=True)
    parts = {"resources/cache", *(path.name for path in code.iterdir())} - {*PARTS, "resources"}
    for part in parts:
        (code / part).rename(user / part)
    return user


def another_checkout(run: Workflow) -> Sequence[str]:
    """The user's folder stays where it is, the code lies elsewhere."""
    run.folder = part_from_code(run)
    return ["-s", "../project/Snakefile"]


def by_directory(run: Workflow) -> Sequence[str]:
    """Called in the code's folder, for a user's folder elsewhere."""
    return ["--directory", str(part_from_code(run))]


def as_module(run: Workflow) -> None:
    """A Snakefile of the user's takes ours as a module."""
    run.folder = part_from_code(run)
    (run.folder / "Snakefile").write_text(MODULE)
