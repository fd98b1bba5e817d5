"""A hash of the code that a rule's jobs run, so that a changed function reruns its jobs and no others.

Snakemake sees a changed ``shell`` text, but not a changed program or a module that it imports. The hash goes over the
syntax trees of the script and of every trailerflow module that it imports, followed through: comments, docstrings,
layout, the version's number and what is imported for the type checker alone do not count, nor do the modules that say how
a job is run.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Collection
from pathlib import Path

from trailerflow.kept_lines import KeptLines

PACKAGE = "trailerflow"

HOW_IT_IS_RUN: dict[str, str] = {
    "trailerflow.kept_parts": "what a killed job goes on with; it gives back what the job itself made",
    "trailerflow.lock": "who waits for whom",
    "trailerflow.llm.budget": "when asking stops; what was not asked is `later`, and is asked by the next run",
    "trailerflow.llm.embedded_server": "a server; its answers are kept by the request, whatever it is made of",
    "trailerflow.llm.limits": "when a request may leave",
    "trailerflow.llm.operation": "the mode and the settings of the running, which reach jobs by the environment",
    "trailerflow.llm.waits": "how long a server asks to wait",
    "trailerflow.program": "how a program ends and what it tells; what it writes is made before",
    "trailerflow.progress": "what the progress line shows",
    "trailerflow.retry": "how often and how soon the same is asked again",
    "trailerflow.servers": "starting, finding and ending warm servers, and the energy that they take",
    "trailerflow.shared_state": "how processes share the state of pace and budget",
    "trailerflow.summaries.asked_ahead": "who asks first, and which outcome tells what an answer cost",
    "trailerflow.web.pace": "when a site may be asked",
}
"""Modules, and packages with all below them, that can change no answer and no output, each with the reason why.

They are in no hash of code, nor is what only they import. A module that also computes what a job writes does not belong here
before it is split.
"""


class CodeHashes:
    """Hashes of scripts, each module read once.

    To read all syntax trees takes more than a second, so what was found in a file is kept by what the file holds.

    Args:
        scripts: Folder of the scripts.
        source: Folder that holds the package (``src``).
        left_out: Names of modules and packages that do not count.
        memory: File with what is known from earlier starts; None for no memory.

    Examples:
        >>> CodeHashes(Path("scripts"), Path("src"))["prepare_transcript"]  # doctest: +SKIP
        '5f0c1d2e3a4b5c6d'
    """

    def __init__(
        self,
        scripts: Path,
        source: Path,
        left_out: Collection[str] = frozenset(HOW_IT_IS_RUN),
        memory: Path | None = None,
    ) -> None:
        self._scripts = scripts
        self._source = source
        self._left_out = left_out
        self._known = KeptLines(memory) if memory else None
        # What is found depends on how it is sought, and on the Python that parses.
        self._reader = f"{sys.version_info[:3]} {Path(__file__).read_text(encoding='utf-8')}".encode()
        self._trees: dict[Path, tuple[str, frozenset[Path]]] = {}
        self._files_of_name: dict[str, set[Path]] = {}
        self._there = set((source / PACKAGE).rglob("*.py"))

    def __getitem__(self, rule: str) -> str:
        """Hash of the script of a rule and of all that it imports from this package."""
        return self.of(rule)

    def of(self, rule: str, *modules: str) -> str:
        """Hash of the script of a rule, of modules that it loads by their names, and of all that these import.

        Args:
            rule: Name of the rule.
            modules: Dotted names.
        """
        digests = sorted(self._read(path)[0] for path in self._reached(rule, *modules))
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]

    def modules(self, rule: str, *modules: str) -> set[str]:
        """Files of the package that a rule's hash goes over, relative to the source folder; see `of`."""
        script = self._scripts / f"{rule}.py"
        return {str(path.relative_to(self._source)) for path in self._reached(rule, *modules) - {script}}

    def _reached(self, rule: str, *modules: str) -> set[Path]:
        seen: set[Path] = set()
        waiting = [self._scripts / f"{rule}.py", *(path for name in modules for path in self._files(name))]
        while waiting:
            path = waiting.pop()
            if path not in seen:
                seen.add(path)
                waiting.extend(self._read(path)[1])
        return seen

    def _read(self, path: Path) -> tuple[str, frozenset[Path]]:
        """Hash of a file's code, and the files of the package that it imports."""
        if path not in self._trees:
            digest, names = self._found_in(path)
            self._trees[path] = digest, frozenset(file for name in names for file in self._files(name))
        return self._trees[path]

    def _found_in(self, path: Path) -> tuple[str, list[str]]:
        """Hash of a file's code, and the names in the package that it imports; from memory where that has them."""
        code = path.read_bytes()
        if self._known is None:
            return _read_code(code, path)
        name = hashlib.sha256(self._reader + code).hexdigest()
        match self._known.get(name):
            case [str(digest), [*names]] if all(isinstance(one, str) for one in names):
                return digest, names
        found = _read_code(code, path)
        self._known.know(name, found)
        return found

    def _files(self, name: str) -> set[Path]:
        """Files that importing a dotted name runs: the packages on the way, and the module itself; none that is left out."""
        if name in self._files_of_name:
            return self._files_of_name[name]
        parts = name.split(".")
        files = self._files_of_name[name] = set()
        for length in range(1, len(parts) + 1):
            if ".".join(parts[:length]) in self._left_out:
                break
            place = self._source.joinpath(*parts[:length])
            for candidate in (place / "__init__.py", place.with_suffix(".py")):
                if candidate in self._there:
                    files.add(candidate)
        return files


def _read_code(code: bytes, path: Path) -> tuple[str, list[str]]:
    """Hash of code, and the names in the package that it imports, in one walk; the path is for a syntax error's words."""
    tree = ast.parse(code, filename=str(path))
    tree.body = [one for one in tree.body if not (_is_for_types_alone(one) or _is_version(one))]
    imported: set[str] = set()
    for node in ast.walk(tree):
        imported.update(_imported_names(node))
        _strip_docstring(node)
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest(), sorted(imported)


def _is_for_types_alone(statement: ast.stmt) -> bool:
    """Whether a statement is ``if TYPE_CHECKING:``, which no program runs."""
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def _is_version(statement: ast.stmt) -> bool:
    """Whether a statement gives the version's number: documents name the version that made them, no job computes with it."""
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__version__"


def _imported_names(node: ast.AST) -> list[str]:
    """Dotted names in the package that a statement imports; ``from module import name`` may mean a module of this name."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    else:
        return []
    return [name for name in names if name.split(".")[0] == PACKAGE]


def _strip_docstring(node: ast.AST) -> None:
    """Remove the docstring of a module, class or function, so that words for people do not count as code."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        ):
            node.body = node.body[1:] or [ast.Pass()]
