"""The embedded language model as a ranker of real films: its strategies side by side, and what tells them from rivals.

Split and rivals come from ``benchmarks/rankings.py --settings benchmarks/language_rankers.yaml``, written to ``--rankings``.
Users are drawn by the seed from those whose held-out films all have a plot and whose ratings of them differ; fewer
users are among the more. With ``--texts transcripts`` a user is asked about those held-out films alone whose trailer was
heard.

``… ask`` asks user by user, all arms and strategies, so that the model reads a history once. Answers are kept in
``--cache``, and an interrupted run goes on. ``… score`` takes the users about whom every named strategy has answered in
full, and prints figures, costs and paired differences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from genre_llm import Spent
from language_ranker_scores import CHANCE, System, table_of_differences, table_of_figures
from language_ranker_setup import SOURCES, Setup, values_of

from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import LIVE, REPLAY, Operation
from trailerflow.recommendations.rankers.contract import Scores
from trailerflow.recommendations.rankers.llm.ranker import LlmRanker
from trailerflow.recommendations.register import LLM_RANKERS
from trailerflow.recommendations.splits.contract import TEST
from trailerflow.registers import chosen_class

ROOT = Path(__file__).resolve().parents[1]
PROMPTS = ROOT / "resources/prompts/recommendations"
RIVALS = ("embedding_knn", "item_knn", "mean_rating")
ARMS: dict[str, dict[str, Any]] = {"titled": {"titled": True}, "masked": {"titled": False}}


class Strategies:
    """The strategies of the arms, ready to be asked.

    Args:
        setup: What is asked about whom.
        arguments: The command line.
        mode: ``live``, or ``replay`` where nothing new is asked.

    Attributes:
        rankers: By arm and strategy.
    """

    def __init__(self, setup: Setup, arguments: argparse.Namespace, mode: str) -> None:
        self._setup = setup
        client = Client(
            LanguageModel.from_settings(
                {"name": "measured", "kind": "embedded", "model": arguments.model, "context": 4096, "slots": 1,
                 "threads": 1, "frequency_penalty": 0.5}
            ),
            cache=arguments.cache, run=arguments.cache / "run", models_folder=arguments.models_folder, threads=1,
            operation=Operation(mode=mode),
        )  # fmt: skip
        part, side = setup.part, setup.side
        self.rankers = {
            (arm, name): self._ranker(name, arm, arguments, client)
            for arm in arguments.arms
            for name in arguments.strategies
        }
        self._fitted = {
            key: ranker.fit(part.train, part.validation, side) for key, ranker in self.rankers.items()
        }

    def _ranker(self, name: str, arm: str, arguments: argparse.Namespace, client: Client) -> LlmRanker:
        kind = chosen_class("trailerflow.recommendations.register:LLM_RANKERS", name)
        own = {"orders": arguments.orders} if "orders" in kind.defaults and arguments.orders else {}
        ranker: LlmRanker = kind(client, PROMPTS / f"{name}.txt", {"text": "synopsis", **ARMS[arm], **own})
        return ranker

    def of_user(self, user: str) -> Iterator[tuple[str, str, Scores]]:
        """Arm, strategy and scores."""
        for (arm, name), fitted in self._fitted.items():
            (scores,) = fitted.score(self._setup.questions(user))
            yield arm, name, scores

    def answered(self, users: Iterable[str]) -> dict[str, dict[tuple[str, str], Scores]]:
        """By user what each arm and strategy says, of the users about whom all have answered in full."""
        answered = {}
        for user in users:
            found = {(arm, name): scores for arm, name, scores in self.of_user(user)}
            if all(set(scores.told["status"]) == {"ok"} for scores in found.values()):
                answered[user] = found
        return answered


def setup_of(arguments: argparse.Namespace, part: str) -> Setup:
    """What the command line says, about a part of the split."""
    return Setup(arguments.rankings, arguments.data, SOURCES[arguments.texts], part)


def ask(arguments: argparse.Namespace) -> None:
    """Ask about the users in their order, and write what each strategy took the server."""
    setup = setup_of(arguments, arguments.part)
    users = setup.users[arguments.first : arguments.first + arguments.users]
    print(f"{len(users)} of {len(setup.users)} users", flush=True)
    strategies = Strategies(setup, arguments, LIVE)
    costs = costs_of(arguments)
    for number, user in enumerate(users):
        spent = Spent(arguments.cache / "run")
        for arm, name, scores in strategies.of_user(user):
            wall, cpu = spent.seconds()
            row = {"user": user, "arm": arm, "strategy": name, "wall": wall, "cpu": cpu}
            with costs.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            if arguments.show:
                print(arm, name, scores.scores.round(2), scores.told, flush=True)
            spent = Spent(arguments.cache / "run")
        print(number + 1, user, flush=True)


def costs_of(arguments: argparse.Namespace) -> Path:
    """Where it stands what the answers about a part took."""
    kept: Path = arguments.cache / f"costs.{arguments.texts}.{arguments.part}.jsonl"
    return kept


def score(arguments: argparse.Namespace) -> None:
    """Print the figures of the users about whom all has been answered, of the rivals on the same users, and the costs."""
    setup = setup_of(arguments, arguments.part)
    strategies = Strategies(setup, arguments, REPLAY)
    users = setup.users[arguments.first : arguments.first + arguments.users]
    answered = strategies.answered(users)
    films = setup.films(answered)
    systems = [
        _system(f"{name}, {arm}", ranker, [found[arm, name] for found in answered.values()])
        for (arm, name), ranker in strategies.rankers.items()
    ]
    systems += [System(rival, values_of(setup.scores_of(rival), films)) for rival in RIVALS]
    systems.append(System(CHANCE, [np.zeros(len(own)) for own in films]))
    ratings = setup.ratings(films)
    show(table_of_figures(systems, ratings))
    show(_costs(costs_of(arguments), answered))
    for (arm, name), ranker in strategies.rankers.items():
        for note in ranker.about()["notes"]:
            print(f"{name}, {arm}: {note}")
    show(table_of_differences(systems, ratings))


def _system(name: str, ranker: LlmRanker, scores: Sequence[Scores]) -> System:
    shown, by_order = (
        [np.array(each.told[column], dtype=float) for each in scores] for column in ("places", "order_scores")
    )
    return System(name, [each.scores for each in scores], shown, by_order, ranker)


def _costs(costs: Path, answered: Mapping[str, Mapping[tuple[str, str], Scores]]) -> pd.DataFrame:
    """What each strategy cost a user, and how its answers could be read.

    CPU seconds are the server's when it was asked after the strategies before it, so that it had read the history.
    """
    spent = pd.read_json(costs, lines=True, dtype={"user": str})
    spent = spent[spent["user"].isin(answered)].groupby(["arm", "strategy", "user"])["cpu"].max()
    rows = []
    for arm, name in next(iter(answered.values()), ()):
        told = [found[arm, name].told for found in answered.values()]
        rows.append(
            {
                "strategy": name,
                "arm": arm,
                "read": np.mean([sum(each["prompt_tokens"]) for each in told]),
                "written": np.mean([sum(each["completion_tokens"]) for each in told]),
                "CPU s": spent.loc[arm, name].mean()
                if (arm, name) in spent.index.droplevel("user")
                else np.nan,
                "repaired": sum(any(each["repaired"]) for each in told),
                "unreadable": sum(any(each["reason"]) for each in told),
            }
        )
    return pd.DataFrame(rows)


def show(table: pd.DataFrame) -> None:
    """Print a table."""
    print(table.round(4).to_string(index=False), "\n", flush=True)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where things lie, and what is asked about whom."""
    parser.add_argument("--rankings", type=Path, default=Path("run/rankings"), help="folder of rankings.py")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the plots")
    parser.add_argument("--models-folder", type=Path, default=Path("resources/models"))
    parser.add_argument("--model", default="qwen2.5-coder-1.5b-instruct", help="name in the model list")
    parser.add_argument(
        "--cache", type=Path, default=Path("run/language_rankers"), help="folder for the answers"
    )
    parser.add_argument(
        "--strategies", nargs="+", choices=LLM_RANKERS, default=["one_letter", "yes_no"], metavar="NAME"
    )
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--texts", choices=SOURCES, default="plots", help="what films are told by")
    parser.add_argument("--users", type=int, default=30, help="how many of the drawn users")
    parser.add_argument(
        "--orders", type=int, help="orders in which films are shown, where a strategy has several"
    )


def main() -> None:
    """Ask, or score what was answered."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["ask", "score"])
    add_arguments(parser)
    parser.add_argument(
        "--part",
        default=TEST,
        help="test, or block_1 before it, which benchmarks/language_fusion.py learns from",
    )
    parser.add_argument("--first", type=int, default=0, help="users to leave out before")
    parser.add_argument("--show", action="store_true", help="print what each strategy said")
    arguments = parser.parse_args()
    if arguments.what == "ask":
        ask(arguments)
    else:
        score(arguments)


if __name__ == "__main__":
    main()
