"""Delete settled outcomes, and what was made from them, so that the next run asks again."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailerflow.commands.processes import refuse_while_running
from trailerflow.outcomes import Outcome, later_mark, read_outcome
from trailerflow.register import CHAIN, OUTCOMES

CACHE = Path("resources/cache")
FORGETTABLE = ("absent", "failed", "later")


@dataclass(frozen=True)
class Forgotten:
    """What was deleted.

    Attributes:
        outcomes: Documents of the rule itself.
        followers: Documents of later rules, made from those.
        passed_on: How many of ``outcomes`` only passed on another rule's outcome, by that rule.
    """

    outcomes: int
    followers: int
    passed_on: dict[str, int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``trailerflow forget``."""
    parser.add_argument(
        "--status", choices=FORGETTABLE, required=True, help="status of the outcomes to delete"
    )
    parser.add_argument("--rule", choices=OUTCOMES, required=True, help="rule that is to ask again")
    parser.add_argument("--movie", nargs="+", metavar="ID", help="movies to ask about again; all without it")


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow forget`` does in the present folder."""
    status, rule = arguments.status, arguments.rule
    refuse_while_running(Path.cwd())
    forgotten = forget(Path.cwd(), status=status, rule=rule, movies=arguments.movie)
    if not forgotten.outcomes:
        chosen = " of these movies" if arguments.movie else ""
        print(f"No outcome of {rule}{chosen} is {status}; nothing was deleted.")
        return
    print(
        f"Deleted {_count(forgotten.outcomes, f'{status} outcome')} of {rule} and "
        f"{_count(forgotten.followers, 'document')} made from them; the next snakemake makes them again."
    )
    for origin, number in forgotten.passed_on.items():
        print(
            f"{number} of them only passed on what {origin} had found; "
            f"to ask there again: trailerflow forget --status {status} --rule {origin}"
        )


def forget(project: Path, *, status: str, rule: str, movies: Iterable[str] | None = None) -> Forgotten:
    """Delete a rule's outcomes of one status, their marks, and the later rules' documents of those movies.

    Snakemake does not make a deleted file again while all that was made from it is there, hence the last. The
    answers of the web that an outcome rests on go as well: they would settle it again without a question.

    Args:
        project: The project's folder.
        status: One of `FORGETTABLE`.
        rule: One of `trailerflow.register.OUTCOMES`.
        movies: Identifiers to which the deletion is limited; None for all.

    Raises:
        TrailerflowError: A document is damaged.
    """
    chosen = None if movies is None else set(movies)
    outcomes, answers, passed_on = [], list[Path](), dict[str, int]()
    for path in _documents(project, rule, chosen):
        outcome = read_outcome(path)
        if outcome.status == status:
            outcomes.append(path)
            answers += _kept_answers(project, outcome)
            _count_origin(outcome, passed_on)
    forgotten_movies = {path.stem for path in outcomes}
    followers = [
        path for later in _later_rules(rule) for path in _documents(project, later, forgotten_movies)
    ]
    # From the end of the chain, so that whatever stops us leaves nothing without what it was made from.
    for path in [*reversed(followers), *outcomes]:
        later_mark(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    for path in answers:
        path.unlink(missing_ok=True)
    return Forgotten(len(outcomes), len(followers), passed_on)


def _later_rules(rule: str) -> tuple[str, ...]:
    return CHAIN[CHAIN.index(rule) + 1 :] if rule in CHAIN else ()


def _documents(project: Path, rule: str, movies: set[str] | None) -> Iterator[Path]:
    """Outcome documents of a rule, those of one model and prompt among them, of all or of some movies."""
    for path in sorted((project / "results" / rule).rglob("*.json")):
        if not path.name.startswith(".") and (movies is None or path.stem in movies):
            yield path


def _kept_answers(project: Path, outcome: Outcome[Any]) -> list[Path]:
    """Files of the cache that an outcome names; nothing outside the cache is ever named by us, nor deleted."""
    cache = (project / CACHE).resolve()
    paths = [(project / str(name)).resolve() for name in outcome.source.get("answers", [])]
    return [path for path in paths if path.is_relative_to(cache)]


def _count_origin(outcome: Outcome[Any], passed_on: dict[str, int]) -> None:
    origin = outcome.source.get("passed_on_from")
    if origin:
        passed_on[origin] = passed_on.get(origin, 0) + 1


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
