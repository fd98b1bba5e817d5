"""Explanations, read back from their sentences and checked by plain rules on the raw archive.

    python benchmarks/explanations.py ../shared/data/ml-100k.zip

EASE is fitted on all ratings and recommends ten films to each of some drawn users, half of them newcomers with some first
ratings of a user of the archive. Of all sentences of the explanations 500 are drawn. A sentence is checked by what it says:
by the ratings and genres of ``u.data`` and ``u.item``, and for the nearest film by the weights of EASE from a plain inverse.
Only the names of films are looked up by the library. Printed are how many sentences of each kind the data do not hold, and
50 to read.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from recommending import draws, saved_recommender

from trailerflow.catalogue.frames import read_archive
from trailerflow.program import run
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.recommending.films import Films
from trailerflow.recommendations.recommending.recommender import Recommender

CLAIMS, READ = 500, 50
PENALTY = 300.0
LIKED = 4
GENRES = (
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
    "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
)  # fmt: skip
"""The last columns of ``u.item``."""


@dataclass(frozen=True)
class Said:
    """One sentence of an explanation.

    Attributes:
        user: Of whom it is said.
        own: The user's ratings by film, as they were given to the library.
        film: Id of the film that is recommended.
        sentence: What is said.
    """

    user: str
    own: dict[str, float]
    film: str
    sentence: str


class Raw:
    """The archive by its own files; films with one title are one film, and of a user's ratings of it the newest counts.

    Args:
        archive: MovieLens-100K as it was released.
    """

    def __init__(self, archive: Path) -> None:
        with zipfile.ZipFile(archive) as files:
            data = files.read("ml-100k/u.data").decode()
            items = files.read("ml-100k/u.item").decode("latin-1")
        films = pd.read_csv(io.StringIO(items), sep="|", header=None, dtype={0: str})
        first = films.groupby(1)[0].transform("first")
        self.id = dict(zip(films[0], first, strict=True))
        self.genres = {
            row[0]: {name for name, flag in zip(GENRES, row[5:], strict=True) if flag}
            for row in films.to_numpy()
        }
        ratings = pd.read_csv(io.StringIO(data), sep="\t", names=["user", "film", "stars", "time"], dtype=str)
        ratings = ratings.assign(
            film=ratings["film"].map(self.id),
            stars=ratings["stars"].astype(int),
            time=ratings["time"].astype(int),
        )
        self.ratings = ratings.sort_values("time", kind="stable").drop_duplicates(
            ["user", "film"], keep="last"
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """Stars by user and film, empty where there are none."""
        return self.ratings.pivot(index="user", columns="film", values="stars")

    @cached_property
    def weights(self) -> pd.DataFrame:
        """EASE from a film (row) to another: minus the inverse of the counts over its diagonal (Steck, equation 8)."""
        rated = self.table.notna().to_numpy(float)
        inverse: Floats = np.linalg.inv(rated.T @ rated + PENALTY * np.eye(rated.shape[1]))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0)
        return pd.DataFrame(weights, index=self.table.columns, columns=self.table.columns)


Rule = Callable[[Said, re.Match[str]], bool]

PATTERNS = {
    "you gave": r"You gave (?P<film>.+) (?P<stars>[\d.]+) stars?\.",
    "nearest": r"Of the films that you liked, (?P<film>.+) is the nearest in the eyes of the ranker\.",
    "genres": r"(?P<film>.+ \(\d{4}\)) and (?P<other>.+) share the genres? (?P<genres>.+)\.",
    "liked together": r"(?P<both>[\d,]+) of the (?P<of>[\d,]+) who gave (?P<film>.+) 4 stars or more "
    r"gave (?P<other>.+) as much\.",
    "mean rating": r"Its mean rating is (?P<mean>[\d.]+) from (?P<ratings>[\d,]+) ratings?\.",
}
"""What a sentence of each kind looks like."""


def rules_of(raw: Raw, names: dict[str, str]) -> dict[str, Rule]:
    """A rule for each kind of sentence, by the archive's own files."""

    def gave(said: Said, found: re.Match[str]) -> bool:
        return said.own[names[found["film"]]] == float(found["stars"])

    def nearest(said: Said, found: re.Match[str]) -> bool:
        liked = [film for film, stars in said.own.items() if stars >= LIKED and film in raw.weights.index]
        weights = raw.weights.loc[liked, said.film]
        return bool(weights[names[found["film"]]] >= weights.max() - 1e-6)

    def share(said: Said, found: re.Match[str]) -> bool:
        one, two = names[found["film"]], names[found["other"]]
        return two == said.film and set(found["genres"].split(", ")) == raw.genres[one] & raw.genres[two]

    def together(said: Said, found: re.Match[str]) -> bool:
        one, two = names[found["film"]], names[found["other"]]
        fans = raw.table[one] >= LIKED
        both = fans & (raw.table[two] >= LIKED)
        told = (number(found["both"]), number(found["of"]))
        return two == said.film and told == (int(both.sum()), int(fans.sum()))

    def mean(said: Said, found: re.Match[str]) -> bool:
        stars = raw.table[said.film].dropna()
        return len(stars) == number(found["ratings"]) and abs(stars.mean() - float(found["mean"])) <= 0.05

    return dict(zip(PATTERNS, (gave, nearest, share, together, mean), strict=True))


def number(text: str) -> int:
    """A whole number with commas between its thousands."""
    return int(text.replace(",", ""))


def sentences(recommender: Recommender, users: int, seed: int) -> Iterator[Said]:
    """All sentences of the explanations for some users."""
    for user, more in draws(recommender, users, seed):
        facts = recommender.facts(user, more)
        for suggestion in recommender.recommend(user, more):
            for claim in recommender.explain(suggestion, facts):
                yield Said(user, dict(facts.own), suggestion.movie, claim.sentence(recommender.films))


def kind_and_truth(said: Said, rules: dict[str, Rule]) -> tuple[str, bool]:
    """Of which kind a sentence is, and whether the archive holds it."""
    for kind, pattern in PATTERNS.items():
        if found := re.fullmatch(pattern, said.sentence):
            return kind, rules[kind](said, found)
    return "no known kind", False


def names_of(films: Films) -> dict[str, str]:
    """Ids by the names that explanations use.

    A name that several films have is left out: then the rule that meets it fails, and is looked at.
    """
    counted = Counter(film.name for film in films)
    return {film.name: film.id for film in films if counted[film.name] == 1}


def main() -> None:
    """Draw sentences, check them, print counts and what is to be read."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path, help="MovieLens-100K")
    parser.add_argument("--users", type=int, default=100, help="users whose explanations are drawn from")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        recommender = saved_recommender("ease", read_archive(arguments.archive), Path(folder) / "ease")
    raw, whole = Raw(arguments.archive), list(sentences(recommender, arguments.users, arguments.seed))
    drawn = np.random.default_rng(arguments.seed).permutation(len(whole))[:CLAIMS]
    rules = rules_of(raw, names_of(recommender.films))
    found = [(whole[place], *kind_and_truth(whole[place], rules)) for place in drawn]
    print(f"{len(found)} of {len(whole)} sentences about {arguments.users} users were drawn.")
    for kind, count in Counter(kind for _, kind, _ in found).items():
        false = sum(1 for _, other, true in found if other == kind and not true)
        print(f"{kind}: {count}, of which the data do not hold {false}")
    for said, kind, true in found:
        if not true:
            print(f"NOT HELD ({kind}), user {said.user}, film {said.film}: {said.sentence}")
    print(f"\n{READ} to read:")
    for said, _, _ in found[:READ]:
        print(f"  user {said.user}, {recommender.films[said.film].name}: {said.sentence}")


if __name__ == "__main__":
    run(main)
