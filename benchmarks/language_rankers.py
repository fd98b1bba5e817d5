"""The embedded language model as a ranker of real films: its strategies side by side, and what tells them from rivals.

Splits and rivals come from ``benchmarks/rankings.py`` on the split ``fused``, written to ``--rankings``. Users are drawn by
the seed from those whose held-out films all have a plot and whose ratings of them differ; fewer users are among the more.

``… ask`` asks user by user, all arms and strategies, so that the model reads a history once. Answers are kept in
``--cache``, and an interrupted run goes on. ``… score`` takes the users about whom every named strategy has answered in
full, and prints figures, costs and paired differences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from genre_llm import Spent

from trailerflow.llm.client import Client
from trailerflow.llm.model import LanguageModel
from trailerflow.llm.operation import LIVE, Operation
from trailerflow.recommendations.protocols.contract import Asked
from trailerflow.recommendations.protocols.temporal import Temporal
from trailerflow.recommendations.questions import Questions
from trailerflow.recommendations.rankers.contract import Fitted, Scores, Side
from trailerflow.recommendations.register import LLM_RANKERS
from trailerflow.recommendations.split_tables import SplitTables
from trailerflow.recommendations.splits.contract import TABLES, TEST, Part
from trailerflow.registers import chosen_class
from trailerflow.tables import read_table

ROOT = Path(__file__).resolve().parents[1]
PROMPTS = ROOT / "resources/prompts/recommendations"
SPLIT = "fused"
SEED = 0
ARMS: dict[str, dict[str, Any]] = {"titled": {"titled": True}, "masked": {"titled": False}}


@dataclass(frozen=True)
class Setup:
    """What is asked about whom.

    Attributes:
        rankings: Folder of ``benchmarks/rankings.py``.
        data: Folder with the plots.
    """

    rankings: Path
    data: Path

    @cached_property
    def part(self) -> Part:
        """The test of the split with its first tie seed."""
        tables = SplitTables([self.rankings / "split_ratings" / SPLIT / f"{name}.parquet" for name in TABLES])
        return next(tables.part(key) for key in tables.keys if key.part == TEST)

    @cached_property
    def asked(self) -> Asked:
        """Each user's held-out films, to be put into an order."""
        return next(asked for asked in self.part.asked if asked.protocol == Temporal.name)

    @cached_property
    def side(self) -> Side:
        """Films and their plots."""
        films = read_table(self.rankings / "fetch_catalogue/movies.parquet")
        plots = pd.read_parquet(self.data / "plots_short.parquet")
        texts = pd.DataFrame({"movie": plots["item_id"].astype(str), "status": "ok", "text": plots["plot"]})
        return {"archive": films, "movies": films, "synopses": texts}

    @cached_property
    def users(self) -> list[str]:
        """The users in the order in which they are drawn."""
        told = self.asked.truth["movie"].astype(str).isin(self.side["synopses"]["movie"])
        by_user = self.asked.truth.assign(told=told).groupby("user", observed=True)
        fit = by_user["told"].all() & (by_user["rating"].nunique() > 1)
        users = sorted(fit.index[fit].astype(str), key=int)
        order: list[str] = np.random.default_rng(SEED).permutation(users).tolist()
        return order

    def questions(self, user: str) -> Questions:
        """The question about one user."""
        numbers = np.flatnonzero(self.asked.questions["user"].astype(str) == user)
        return Questions(self.asked.questions, self.asked.candidates, self.part.train, numbers)


class Strategies:
    """The strategies of both arms, ready to be asked.

    Args:
        setup: What is asked about whom.
        arguments: The command line.
        mode: ``live``, or ``replay`` where nothing new is asked.
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
        self._fitted = {
            (arm, name): self._fit(name, arm, arguments, client)
            for arm in arguments.arms
            for name in arguments.strategies
        }

    def _fit(self, name: str, arm: str, arguments: argparse.Namespace, client: Client) -> Fitted:
        kind = chosen_class("trailerflow.recommendations.register:LLM_RANKERS", name)
        own = {"orders": arguments.orders} if "orders" in kind.defaults and arguments.orders else {}
        ranker = kind(client, PROMPTS / f"{name}.txt", {"text": "synopsis", **ARMS[arm], **own})
        fitted: Fitted = ranker.fit(self._setup.part.train, self._setup.part.validation, self._setup.side)
        return fitted

    def of_user(self, user: str) -> Iterator[tuple[str, str, Scores]]:
        """Arm, strategy and scores."""
        for (arm, name), fitted in self._fitted.items():
            (scores,) = fitted.score(self._setup.questions(user))
            yield arm, name, scores


def ask(arguments: argparse.Namespace) -> None:
    """Ask about the users in their order, and write what each strategy took the server."""
    setup = Setup(arguments.rankings, arguments.data)
    users = setup.users[arguments.first : arguments.first + arguments.users]
    print(f"{len(users)} of {len(setup.users)} users", flush=True)
    strategies = Strategies(setup, arguments, LIVE)
    costs = arguments.cache / "costs.jsonl"
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


def main() -> None:
    """Ask, or score what was answered."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["ask", "score"])
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
    parser.add_argument("--users", type=int, default=30, help="how many of the drawn users")
    parser.add_argument("--first", type=int, default=0, help="users to leave out before")
    parser.add_argument(
        "--orders", type=int, help="orders in which films are shown, where a strategy has several"
    )
    parser.add_argument("--show", action="store_true", help="print what each strategy said")
    arguments = parser.parse_args()
    if arguments.what == "ask":
        ask(arguments)


if __name__ == "__main__":
    main()
