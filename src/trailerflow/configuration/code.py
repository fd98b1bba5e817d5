"""A hash of the code that a rule's jobs run, so that a changed function reruns its jobs and no others.

Snakemake sees a changed ``shell`` text, but not a changed program or a module that it imports. The hash goes over the
syntax trees of the script and of every trailerflow module that it imports, followed through: comments, docstrings,
layout and what is imported for the type checker alone do not count.
"""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

PACKAGE = "trailerflow"


class CodeHashes:
    """Hashes of scripts, each module read once.

    Args:
        scripts: Folder of the scripts.
        source: Folder that holds the package (``src``).

    Examples:
        >>> CodeHashes(Path("scripts"), Path("src"))["prepare_transcript"]  # doctest: +SKIP
        '5f0c1d2e3a4b5c6d'
    """

    def __init__(self, scripts: Path, source: Path) -> None:
        self._scripts = scripts
        self._source = source
        self._trees: dict[Path, tuple[str, frozenset[Path]]] = {}

    def __getitem__(self, rule: str) -> str:
        """Hash of the script of a rule and of all that it imports from this package."""
        digests = sorted(self._read(path)[0] for path in self._reached(rule))
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]

    def modules(self, rule: str) -> set[str]:
        """Files of the package that a rule's hash goes over, relative to the source folder."""
        script = self._scripts / f"{rule}.py"
        return {str(path.relative_to(self._source)) for path in self._reached(rule) - {script}}

    def _reached(self, rule: str) -> set[Path]:
        seen: set[Path] = set()
        waiting = [self._scripts / f"{rule}.py"]
        while waiting:
            path = waiting.pop()
            if path not in seen:
                seen.add(path)
                waiting.extend(self._read(path)[1])
        return seen

    def _read(self, path: Path) -> tuple[str, frozenset[Path]]:
        if path not in self._trees:
            tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
            tree.body = [statement for statement in tree.body if not _is_for_types_alone(statement)]
            imported = frozenset(self._imports(tree))
            _strip_docstrings(tree)
            self._trees[path] = (hashlib.sha256(ast.dump(tree).encode()).hexdigest(), imported)
        return self._trees[path]

    def _imports(self, tree: ast.AST) -> set[Path]:
        found: set[Path] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            else:
                continue
            for name in names:
                if name.split(".")[0] == PACKAGE:
                    found |= self._files(name)
        return found

    def _files(self, name: str) -> set[Path]:
        """Files that importing a dotted name runs: the packages on the way, and the module itself."""
        parts = name.split(".")
        files = set()
        for length in range(1, len(parts) + 1):
            place = self._source.joinpath(*parts[:length])
            for candidate in (place / "__init__.py", place.with_suffix(".py")):
                if candidate.is_file():
                    files.add(candidate)
        return files


def _is_for_types_alone(statement: ast.stmt) -> bool:
    """Whether a statement is ``if TYPE_CHECKING:``, which no program runs."""
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def _strip_docstrings(tree: ast.AST) -> None:
    """Remove docstrings, so that words for people do not count as code."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:] or [ast.Pass()]
