"""What the embedded language model adds to a fusion of rankers of real films, in the order of a user's last five.

First ask about both parts: ``benchmarks/language_rankers.py ask``, and once more with ``--part block_1``. The stack learns
from the block before the test how far to trust each ranker: from all its users about the rivals, and about the model from
those whom it was asked about; fewer users are enough there. Figures are those of the test, of all users about whom it was
answered in full.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from language_ranker_scores import System, table_of_differences, table_of_figures
from language_ranker_setup import Setup, values_of
from language_rankers import Strategies, add_arguments, setup_of, show

from trailerflow.llm.operation import REPLAY
from trailerflow.recommendations.protocols.temporal import Temporal
from trailerflow.recommendations.rankers.contract import Floats, Scores, Side
from trailerflow.recommendations.rankers.fusion.rating_stack import RatingStack
from trailerflow.recommendations.splits.contract import TEST
from trailerflow.recommendations.splits.last_ratings import block_name

BLOCK = block_name(1)
RATINGS = ("factorisation_machine", "item_knn", "user_knn", "item_mean", "bias")
"""What the fusion reads without the model."""

TEXTS = "embedding_knn"
"""The rival that reads the same texts."""

COLUMNS = ["ranker", "user", "movie", "score"]


@dataclass(frozen=True)
class Asked:
    """A part, and what the model said of it.

    Attributes:
        setup: The part.
        answered: What each arm and strategy says, by user.
    """

    setup: Setup
    answered: Mapping[str, Mapping[tuple[str, str], Scores]]

    @cached_property
    def scores(self) -> pd.DataFrame:
        """What all rankers say: ranker, user, movie, score."""
        rivals = [self.setup.rows_of(name).assign(ranker=name) for name in (*RATINGS, TEXTS)]
        films = [film for own in self.setup.films(self.answered) for film in own]
        names = list(next(iter(self.answered.values())))
        own = pd.DataFrame(films, columns=["user", "movie"])
        models = [
            own.assign(
                ranker=name_of(key),
                score=[score for found in self.answered.values() for score in found[key].scores],
            )
            for key in names
        ]
        return pd.concat([each[COLUMNS] for each in (*rivals, *models)], ignore_index=True)


def name_of(key: tuple[str, str]) -> str:
    """The name of an arm and strategy in the tables."""
    arm, strategy = key
    return f"{strategy}, {arm}"


def asked_of(arguments: argparse.Namespace, part: str) -> Asked:
    """What was asked about a part and answered."""
    setup = setup_of(arguments, part)
    return Asked(setup, Strategies(setup, arguments, REPLAY).answered(setup.users[: arguments.users]))


def side_of(test: Asked, block: Asked) -> Side:
    """The tables that a fusion reads."""
    of_block = {"protocol": Temporal.name, "part": BLOCK}
    asked = block.setup.asked
    return {
        **test.setup.side,
        "scores": test.scores,
        "block_scores": block.scores.assign(**of_block),
        "block_truth": asked.truth.assign(**of_block),
        "block_questions": asked.questions.assign(**of_block),
        "block_train": block.setup.tables.read("train", part=BLOCK, seed=test.setup.part.seed),
    }


def fused(reads: Sequence[str], test: Asked, side: Side, users: Sequence[str]) -> list[Floats]:
    """What a stack of these rankers says of the users' films in the test."""
    part = test.setup.part
    fitted = RatingStack({"reads": list(reads)}).fit(part.train, part.validation, side)
    return [next(iter(fitted.score(test.setup.questions(user)))).scores for user in users]


def main() -> None:
    """Fit the stacks, and print their figures and paired differences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_arguments(parser)
    arguments = parser.parse_args()
    test, block = (asked_of(arguments, part) for part in (TEST, BLOCK))
    users = list(test.answered)
    print(f"{len(users)} users were answered in the test, {len(block.answered)} in the block")
    side = side_of(test, block)
    models = [name_of(key) for key in next(iter(test.answered.values()))]
    read = {"ratings": RATINGS, "ratings + texts": (*RATINGS, TEXTS)}
    read |= {f"ratings + {model}": (*RATINGS, model) for model in models}
    read |= {"ratings + all": (*RATINGS, TEXTS, *models)}
    films = test.setup.films(users)
    own = test.scores.set_index(["user", "movie"])
    systems = [System(name, fused(reads, test, side, users)) for name, reads in read.items()]
    systems += [
        System(name, values_of(own[own["ranker"] == name]["score"], films))
        for name in (*RATINGS, TEXTS, *models)
    ]
    ratings = test.setup.ratings(films)
    show(table_of_figures(systems, ratings)[["system", "users", "NDCG@5", "pair accuracy"]])
    differences = table_of_differences(systems[: len(read)], ratings)
    show(differences[(differences[["higher", "other"]] == "ratings").any(axis=1)])


if __name__ == "__main__":
    main()
