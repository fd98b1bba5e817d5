"""How many changes of the code its unit tests notice: ``python benchmarks/mutation.py``.

All changes that cosmic-ray can make to the files of ``benchmarks/mutation.toml`` are listed, some of them drawn by seed, and
each is made in a copy of the project and met with the unit tests of its file. One that no test notices has survived.
Changes of annotations and of words for people are left out, and those that are no Python or change nothing.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic

import psutil
from mutation_draw import Mutant, changed_code, draw, mutants_of, operators, tests_of_files
from tqdm import tqdm

from trailerflow.errors import TrailerflowError
from trailerflow.files import write_json
from trailerflow.program import run

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = Path(__file__).with_suffix(".toml")

MARK = "TRAILERFLOW_MUTATION"
"""Environment variable of all processes of one run of the tests: what they leave behind is found by it."""

MOST_MEMORY = 4 << 30
"""Bytes that the tests may take: a change may take away the bound of a loop."""

MOST_SECONDS = 600.0
"""Longest time of the tests without a mutant."""

SLOWER, SLACK_SECONDS = 2.5, 10.0
"""With a mutant they may take so many times as long as without, and so much more; then it counts as noticed."""


@dataclass(frozen=True)
class Result:
    """What the tests made of a mutant.

    Attributes:
        outcome: ``killed``, ``timeout`` (which counts as killed), ``survived``, or ``equal``: it survived and the settings
            say why no test can notice it.
        by: The test that noticed it first, or why none can.
        seconds: How long the tests ran.
    """

    outcome: str
    by: str
    seconds: float


class Copy:
    """A copy of the project, in which files are changed and tests are run.

    Args:
        root: The project; a checkout of git, so that what git ignores is not copied.
        folder: Where to put the copy, and what the tests write.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self._models = root / "resources" / "models"
        self._root, self._written = folder / "copy", folder / "written"
        listing = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        for name in subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split("\0"):
            if name and (root / name).is_file():
                (self._root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, self._root / name)

    def baseline(self, tests: Sequence[str]) -> float:
        """Run tests without any change.

        Returns:
            How many seconds they took.

        Raises:
            TrailerflowError: They fail.
        """
        result, said = self._run(tests, MOST_SECONDS)
        if result.outcome != "survived":
            raise TrailerflowError(
                f"These tests fail without any mutant; mend them first: {' '.join(tests)}\n{said[-3000:]}"
            )
        return result.seconds

    def judge(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> Result:
        """Make a change, run the tests for as long as is given, and take the change back.

        Tests that run out of time are run once more, since the machine may have been busy.
        """
        path = self._root / mutant.file
        code = path.read_text(encoding="utf-8")
        changed = changed_code(code, operators()[mutant.operator], mutant.occurrence)
        try:
            path.write_text(changed, encoding="utf-8")
            result, _ = self._run(tests, seconds)
            return result if result.outcome != "timeout" else self._run(tests, seconds)[0]
        finally:
            path.write_text(code, encoding="utf-8")

    def _run(self, tests: Sequence[str], seconds: float) -> tuple[Result, str]:
        """Run tests in the copy: how it ended, and what pytest said."""
        shutil.rmtree(self._written, ignore_errors=True)
        self._written.mkdir()
        mark, log, start = uuid.uuid4().hex, self._written / "log", monotonic()
        options = [
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "--hypothesis-seed=0",
            "--basetemp",
            str(self._written / "t"),
        ]
        with open(log, "wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *options, *tests],
                cwd=self._root,
                env=os.environ | self._environment() | {MARK: mark},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                if hasattr(psutil, "RLIMIT_DATA"):
                    psutil.Process(process.pid).rlimit(psutil.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
                outcome = "killed" if process.wait(seconds) else "survived"
            except subprocess.TimeoutExpired:
                outcome = "timeout"
            finally:
                _end(mark)
                process.wait()
        said = log.read_text(encoding="utf-8", errors="replace")
        failed = [line.split()[1] for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
        return Result(outcome, "".join(failed[:1]), round(monotonic() - start, 1)), said

    def _environment(self) -> dict[str, str]:
        return {
            "PYTHONPATH": os.pathsep.join(str(self._root / part) for part in ("src", "tests")),
            # Python knows compiled code by the time and size of its source, which a change may leave as they are.
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(self._written),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self._written / "hypothesis"),
            "TRAILERFLOW_TEST_MODELS": str(self._models),
        }


def _end(mark: str) -> None:
    """End all processes of one run of the tests, also those that have left its session."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(MARK) == mark:
                process.kill()


def judge_all(
    root: Path, mutants: Sequence[Mutant], tests: Mapping[str, Sequence[str]], jobs: int
) -> Iterator[tuple[Mutant, Result]]:
    """Meet mutants with the tests of their files, several at a time, each in a copy of its own.

    Args:
        root: The project.
        mutants: Which to try.
        tests: Test files by source file.
        jobs: How many to try at the same time.

    Raises:
        TrailerflowError: Tests fail without any mutant.
    """
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder, ThreadPoolExecutor(jobs) as pool:
        copies: queue.Queue[Copy] = queue.Queue()
        for number in range(jobs):
            copies.put(Copy(root, Path(folder, str(number))))
        first, needed = copies.queue[0], dict.fromkeys(tuple(tests[mutant.file]) for mutant in mutants)
        seconds = {files: first.baseline(files) for files in tqdm(needed, "tests without mutants")}

        def judge(mutant: Mutant) -> tuple[Mutant, Result]:
            copy, files = copies.get(), tuple(tests[mutant.file])
            try:
                return mutant, copy.judge(mutant, files, SLOWER * seconds[files] + SLACK_SECONDS)
            finally:
                copies.put(copy)

        try:
            yield from tqdm(pool.map(judge, mutants), "mutants", len(mutants))
        finally:
            pool.shutdown(cancel_futures=True)


def settled(mutant: Mutant, result: Result, equals: Sequence[Mapping[str, str]]) -> Result:
    """The result; a survivor that the settings name as equal in effect is told apart."""
    for equal in equals:
        same = (equal["file"], equal["removed"], equal["added"]) == (
            mutant.file,
            mutant.removed,
            mutant.added,
        )
        if same and result.outcome == "survived":
            return Result("equal", equal["why"], result.seconds)
    return result


def table(mutants: Mapping[str, Sequence[Mutant]], results: Sequence[tuple[Mutant, Result]]) -> str:
    """A Markdown table of what was killed, by file."""
    heads = ["file", "mutants", "drawn", "killed", "of these by time", "equal", "survived", "share killed"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name, files in [*((file, [file]) for file in mutants), ("all", list(mutants))]:
        outcomes = [result.outcome for mutant, result in results if mutant.file in files]
        late, equal, survived = (outcomes.count(kind) for kind in ("timeout", "equal", "survived"))
        killed = len(outcomes) - equal - survived
        share = f"{killed / len(outcomes):.1%}" if outcomes else ""
        counts = [sum(len(mutants[file]) for file in files), len(outcomes), killed, late, equal, survived]
        lines.append(f"| {' | '.join([name, *map(str, counts), share])} |")
    return "\n".join(lines)


def survivors(results: Sequence[tuple[Mutant, Result]]) -> str:
    """A line for each mutant that no test noticed."""
    lines = []
    for mutant, result in results:
        if result.outcome in ("survived", "equal"):
            why = f" (equal in effect: {result.by})" if result.outcome == "equal" else ""
            lines.append(
                f"{mutant.file}:{mutant.line}: {mutant.removed}  →  {mutant.added or 'nothing'}{why}"
            )
    return "\n".join(lines)


def main() -> None:
    """List, draw, try, print."""
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="checkout whose code and tests are measured")
    parser.add_argument("--seed", type=int, default=settings["seed"], help="seed of the draw")
    parser.add_argument("--count", type=int, default=settings["count"], help="mutants to draw")
    parser.add_argument("--jobs", type=int, default=1, help="mutants to try at the same time")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "results" / "mutation.json", help="file to write"
    )
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    tests = tests_of_files(root, settings["tests"])
    mutants = {
        file: mutants_of(file, (root / file).read_text(encoding="utf-8"))
        for file in tqdm(tests, "listing mutants")
    }
    drawn = draw(mutants, arguments.count, arguments.seed)
    results: list[tuple[Mutant, Result]] = []
    for mutant, result in judge_all(root, drawn, tests, arguments.jobs):
        results.append((mutant, settled(mutant, result, settings.get("equal", []))))
        # After every mutant, so that what was measured stays when the measure is broken off.
        write_json(arguments.output, [asdict(made) | asdict(kept) for made, kept in results])
    print(f"{table(mutants, results)}\n\nNot noticed:\n{survivors(results)}")


if __name__ == "__main__":
    run(main)
