"""Say what a user would like to watch and why, by a ranker that a run has saved."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.configuration.project import project_configuration
from trailerflow.errors import TrailerflowError

if TYPE_CHECKING:
    import pandas as pd

    from trailerflow.recommendations.recommending.own_ratings import OwnRatings
    from trailerflow.recommendations.recommending.recommender import Recommender

SAVED, RETRAINED = Path("results/fit_rankers"), Path("results/retrain_rankers")
NEWCOMER = "the user of --ratings"
"""Stands for an id, which has no blanks."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``trailerflow recommend``."""
    parser.add_argument("--user", help="id of a user of the archive or of recommendations.feedback")
    parser.add_argument(
        "--ratings",
        type=Path,
        help="CSV of your ratings: rating, and movie or title and year; perhaps timestamp",
    )
    parser.add_argument("--ranker", help="name in recommendations.saved; without it the first one")
    parser.add_argument("--films", type=int, default=10, help="how many films are shown (default 10)")
    parser.add_argument("--configfile", type=Path, help="configuration of the run")


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow recommend`` does in the present folder.

    Raises:
        TrailerflowError: Nobody is named, a file has faults, or no ranker is saved.
    """
    if arguments.user is None and arguments.ratings is None:
        raise TrailerflowError("Nobody is named; give --ratings FILE, --user ID, or both.")
    if arguments.films < 1:
        raise TrailerflowError(f"--films is {arguments.films}; ask for one film at least.")
    config = project_configuration(Path(), arguments.configfile)
    from trailerflow.recommendations.recommending.recommender import Recommender

    folder = ranker_folder(config["recommendations"], arguments.ranker)
    recommender = Recommender.load(folder)
    user = NEWCOMER if arguments.user is None else arguments.user
    own = own_ratings(recommender, user, arguments.ratings, config["recommendations"]["feedback"])
    print(shown(recommender, user, own, arguments.films))


def ranker_folder(recommendations: Mapping[str, Any], name: str | None) -> Path:
    """Where the ranker of a name is saved; the one that was fitted with feedback where that is newer.

    Raises:
        TrailerflowError: The configuration saves no ranker of this name.
    """
    names = [each if isinstance(each, str) else each["name"] for each in recommendations["saved"]]
    if not names:
        raise TrailerflowError("recommendations.saved is empty; name a ranker there, such as ease.")
    if name is not None and name not in names:
        raise TrailerflowError(
            f"--ranker is {name}; choose one of recommendations.saved: {', '.join(names)}."
        )
    folders = [place / (name or names[0]) for place in (SAVED, RETRAINED)]
    there = [folder for folder in folders if folder.is_dir()]
    return max(there, key=lambda folder: folder.stat().st_mtime) if there else folders[0]


def own_ratings(recommender: Recommender, user: str, file: Path | None, feedback: str | None) -> OwnRatings:
    """The ratings of a user beside the archive's: of a file, and of the table of feedback.

    Raises:
        TrailerflowError: A file has faults.
    """
    import pandas as pd

    from trailerflow.recommendations.recommending import own_ratings as reading

    read = [reading.no_ratings()]
    if feedback is not None:
        told = reading.read_feedback(Path(feedback), recommender.films)
        read.append(reading.OwnRatings(told.ratings[told.ratings["user"] == user], []))
    if file is not None:
        read.append(reading.read_own_ratings(file, recommender.films, user=user))
    return reading.OwnRatings(
        pd.concat([each.ratings for each in read], ignore_index=True),
        [sentence for each in read for sentence in each.unknown],
    )


def shown(recommender: Recommender, user: str, own: OwnRatings, count: int) -> str:
    """The films with their explanations, for a terminal.

    Args:
        recommender: Holds the ranker.
        user: Id of the user.
        own: Ratings beside the archive's.
        count: How many films are wanted.
    """
    films = recommender.films
    suggestions = recommender.recommend(user, own.ratings, count=count)
    lines = [_heading(recommender, user, own.ratings), *_unknown(own.unknown)]
    facts = recommender.facts(user, own.ratings)
    for place, suggestion in enumerate(suggestions, start=1):
        film = films[suggestion.movie]
        lines += ["", f"{place:>3}  {film.name}: {', '.join(sorted(film.genres)) or 'no genre'}"]
        lines += [f"     {claim.sentence(films)}" for claim in recommender.explain(suggestion, facts)]
    return "\n".join(lines)


def _heading(recommender: Recommender, user: str, more: pd.DataFrame) -> str:
    about = recommender.saved.about
    known = len(recommender.ratings_of(user, more))
    whose = "you" if user == NEWCOMER else f"the user {user}"
    return f"For {whose}, by {about['name']} from {known} rating{'s' if known != 1 else ''}:"


def _unknown(sentences: list[str]) -> list[str]:
    """How many films are not known, and the first of them."""
    if not sentences:
        return []
    rows = "1 rating is" if len(sentences) == 1 else f"{len(sentences)} ratings are"
    return [f"{rows} of films that are not known and were left out, the first: {sentences[0]}"]
