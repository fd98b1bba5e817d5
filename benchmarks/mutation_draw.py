"""Which changes of the code there are, and which of them are tried (`mutation.py`)."""

from __future__ import annotations

import ast
import difflib
import random
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

from trailerflow.errors import TrailerflowError

SAYING = frozenset({"print", "say", "log", "log_error", "log_message", "debug", "info", "warning"})
"""Functions that tell people something; so do those whose names end with Error."""

Position = tuple[int, int]


@dataclass(frozen=True)
class Mutant:
    """One change of a file.

    Attributes:
        file: Path below the project's root.
        line: Line of the change, from 1.
        operator: Name of cosmic-ray's operator.
        occurrence: Which of the operator's places in the file, from 0.
        removed: The lines that the change takes away.
        added: The lines that it puts in their place.
    """

    file: str
    line: int
    operator: str
    occurrence: int
    removed: str
    added: str


def operators() -> dict[str, Operator]:
    """cosmic-ray's operators but the one that changes nothing and those that want arguments."""
    known = {name: get_operator(name) for name in operator_names() if not name.endswith("/NoOp")}
    return {name: operator() for name, operator in known.items() if not operator.arguments()}


def mutants_of(file: str, code: str) -> list[Mutant]:
    """All changes of a file that are Python, change what it does, and are of no annotation and no word for people."""
    nodes = list(ast_nodes(get_ast(code)))
    left_out = list(spans_left_out(code))
    before = ast.dump(ast.parse(code))
    found = []
    for name, operator in operators().items():
        places = (place for node in nodes for place in operator.mutation_positions(node))
        for occurrence, (start, end) in enumerate(places):
            if any(first <= start and end <= last for first, last in left_out):
                continue
            changed = changed_code(code, operator, occurrence)
            if _dump(changed) not in (None, before):
                found.append(Mutant(file, start[0], name, occurrence, *_difference(code, changed)))
    return found


def spans_left_out(code: str) -> Iterator[tuple[Position, Position]]:
    """Start and end of all that is not to be changed: annotations, names of types, and words for people."""
    lines = [line.encode() for line in code.split("\n")]

    def span(node: Any) -> tuple[Position, Position]:
        # Python counts bytes of a line, cosmic-ray characters.
        start, end = (
            lines[node.lineno - 1][: node.col_offset],
            lines[node.end_lineno - 1][: node.end_col_offset],
        )
        return (node.lineno, len(start.decode())), (node.end_lineno, len(end.decode()))

    tree = ast.parse(code)
    nodes: list[ast.AST] = [node for node in tree.body if _names_a_type(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            nodes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            nodes.append(node.returns)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes.append(node)
        elif isinstance(node, ast.Call) and _name(node.func) == "cast":
            nodes.append(node.args[0])
        elif isinstance(node, ast.Call) and (
            _name(node.func).endswith("Error") or _name(node.func) in SAYING
        ):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            nodes += [part for part in given if _is_words(part)]
    yield from map(span, nodes)


def _names_a_type(node: ast.stmt) -> bool:
    """Whether a statement gives a type a name (CapWords), as ``Verdict = Literal["good"] | None`` does."""
    if not isinstance(node, ast.Assign):
        return False
    name = _name(node.targets[0]).lstrip("_")
    return name[:1].isupper() and not name.isupper()


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_words(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_words(node.body) and _is_words(node.orelse)
    if isinstance(node, ast.BinOp):
        return _is_words(node.left) or _is_words(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def changed_code(code: str, operator: Operator, occurrence: int) -> str:
    """The code with one change made; as it was where cosmic-ray fails at it (a dotted name among several exceptions)."""
    try:
        return mutate_code(code, operator, occurrence) or code
    except AttributeError:
        return code


def _dump(code: str) -> str | None:
    """What Python makes of a text; None where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of `is` with a number, say
            compile(code, "mutant", "exec", dont_inherit=True)
        return ast.dump(ast.parse(code))
    except (SyntaxError, ValueError):
        return None


def _difference(before: str, after: str) -> tuple[str, str]:
    lines = [*difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")][3:]
    removed, added = ([line[1:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
    return "\n".join(filter(None, removed)), "\n".join(filter(None, added))


def shares(counts: Mapping[str, int], count: int) -> dict[str, int]:
    """Deal a number out in proportion to the counts, what is left over to the largest remainders."""
    whole = sum(counts.values())
    count = min(count, whole)
    dealt = {name: count * own // whole for name, own in counts.items()}
    by_remainder = sorted(counts, key=lambda name: -(count * counts[name] % whole))
    for name in by_remainder[: count - sum(dealt.values())]:
        dealt[name] += 1
    return dealt


def draw(mutants: Mapping[str, Sequence[Mutant]], count: int, seed: int) -> list[Mutant]:
    """Draw mutants by seed, of each file in proportion to what it has.

    Args:
        mutants: Those of each file.
        count: How many to draw in all.
        seed: Seed of the draw; each file has its own of it, so that a changed file changes its own draw alone.
    """
    drawn = []
    for file, number in shares({file: len(own) for file, own in mutants.items()}, count).items():
        chosen = random.Random(f"{seed} {file}").sample(list(mutants[file]), number)
        drawn += sorted(chosen, key=lambda mutant: (mutant.line, mutant.operator, mutant.occurrence))
    return drawn


def tests_of_files(root: Path, settings: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The test files of each source file, in the order in which they are run.

    Args:
        root: The project.
        settings: Patterns of test files by pattern of source files; the first that fits a file counts.

    Raises:
        TrailerflowError: No test file of a source file is there.
    """
    found: dict[str, tuple[str, ...]] = {}
    for pattern, tests in settings.items():
        for path in sorted(root.glob(pattern)):
            there = [str(test.relative_to(root)) for glob in tests for test in sorted(root.glob(glob))]
            if not there:
                raise TrailerflowError(f"{pattern} has no tests in {root}; correct the settings.")
            found.setdefault(str(path.relative_to(root)), tuple(dict.fromkeys(there)))
    return found
