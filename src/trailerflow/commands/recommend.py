"""Say what a user would like to watch and why, by a ranker that a run has saved."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.configuration.project import project_configuration
from trailerflow.errors import TrailerflowError
from trailerflow.places import found

if TYPE_CHECKING:
    import pandas as pd

    from trailerflow.recommendations.recommending.facts import Facts
    from trailerflow.recommendations.recommending.films import Films
    from trailerflow.recommendations.recommending.own_ratings import OwnRatings
    from trailerflow.recommendations.recommending.recommender import Recommender
    from trailerflow.recommendations.recommending.words import Words

PROMPT = "resources/prompts/recommendations/reasons.txt"
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
    parser.add_argument("--words", metavar="MODEL", help="ask this model of models.llm for reasons too")
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
    ask = None if arguments.words is None else asks_for_words(config["models"], arguments.words)
    print(shown(recommender, user, own, arguments.films, ask))


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


Ask = Callable[[str, "Facts"], "Words"]
"""Asks a language model for reasons for a film."""


def asks_for_words(models: Mapping[str, Any], name: str) -> Ask:
    """The way to a model of the configuration.

    Args:
        models: The section ``models``.
        name: Name of the model.

    Raises:
        TrailerflowError: There is no such model, or it cannot be asked.
    """
    from trailerflow.llm.arguments import client_for
    from trailerflow.llm.model import LanguageModel
    from trailerflow.models.fetch import read_model_list
    from trailerflow.planning.models import answer_settings
    from trailerflow.recommendations.recommending.words import words_of

    entries = {entry["name"]: entry for entry in models["llm"]}
    if name not in entries:
        raise TrailerflowError(f"--words is {name}; choose one of models.llm: {', '.join(entries)}.")
    model = LanguageModel.from_settings(entries[name])
    settings = json.loads(answer_settings(model, read_model_list(found(models["list"])), models["answers"]))
    places = argparse.Namespace(
        models_folder=Path(models["folder"]),
        cache=Path("resources/cache/llm"),
        run=Path("run"),
        threads=entries[name].get("threads", 1),
    )
    client = client_for(settings, places)
    return lambda movie, facts: words_of(client, found(PROMPT), movie, facts)


def shown(recommender: Recommender, user: str, own: OwnRatings, count: int, ask: Ask | None = None) -> str:
    """The films with their explanations, for a terminal.

    Args:
        recommender: Holds the ranker.
        user: Id of the user.
        own: Ratings beside the archive's.
        count: How many films are wanted.
        ask: Asks a language model for its reasons; None asks nobody.
    """
    films = recommender.films
    suggestions = recommender.recommend(user, own.ratings, count=count)
    lines = [_heading(recommender, user, own.ratings), *_unknown(own.unknown)]
    facts = recommender.facts(user, own.ratings)
    for place, suggestion in enumerate(suggestions, start=1):
        film = films[suggestion.movie]
        lines += ["", f"{place:>3}  {film.name}: {', '.join(sorted(film.genres)) or 'no genre'}"]
        lines += [f"     {claim.sentence(films)}" for claim in recommender.explain(suggestion, facts)]
        if ask is not None:
            lines += _words(ask(suggestion.movie, facts), films)
    return "\n".join(lines)


def _heading(recommender: Recommender, user: str, more: pd.DataFrame) -> str:
    about = recommender.saved.about
    known = len(recommender.ratings_of(user, more))
    whose = "you" if user == NEWCOMER else f"the user {user}"
    return f"For {whose}, by {about['name']} from {known} rating{'s' if known != 1 else ''}:"


def _words(words: Words, films: Films) -> list[str]:
    """What a language model says, and how much of it the data do not hold."""
    if words.problem is not None:
        return [f"     The language model's answer cannot be read: {words.problem}."]
    left_out = f" Left out, since the data do not hold them: {words.left_out}." if words.left_out else ""
    told = " ".join(claim.sentence(films) for claim in words.claims) or "Nothing that the data hold."
    return [f"     The language model says: {told}{left_out}"]


def _unknown(sentences: list[str]) -> list[str]:
    """How many films are not known, and the first of them."""
    if not sentences:
        return []
    rows = "1 rating is" if len(sentences) == 1 else f"{len(sentences)} ratings are"
    return [f"{rows} of films that are not known and were left out, the first: {sentences[0]}"]
