"""The users who would like a film most, and the kinds of users, by the ranker that knows films by their content."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from trailerflow.commands.film.genres import Genres
from trailerflow.commands.film.known import ABSENT_WORDS, Known
from trailerflow.commands.film.layout import Part, table_lines
from trailerflow.commands.film.nearest import SHOWN
from trailerflow.embedding import TextVectors
from trailerflow.genre_names import GENRES
from trailerflow.genres.configured import DEFAULT_EMBEDDER
from trailerflow.places import found
from trailerflow.planning.saved_rankers import planned_saved_rankers
from trailerflow.recommendations.film_texts_table import titles, vectors_of_texts
from trailerflow.recommendations.rankers.content.tastes import Tastes
from trailerflow.recommendations.recommending.recommender import RATINGS
from trailerflow.recommendations.saved import load_ranker
from trailerflow.recommendations.viewers import scores_by_kind, scores_by_user
from trailerflow.register import BY_NAME, PREPARE_TRANSCRIPT
from trailerflow.tables import read_table

TITLE = "Who would like it"
KIND = "content"
"""Kind of the ranker that scores a film which nobody has rated."""

OCCUPATION = "occupation"
LEAST_OF_A_KIND = 5
_PEOPLE = Path("results/fetch_catalogue/people.parquet")
_METRICS = Path(BY_NAME["score_rankings"].output)


def viewer_part(known: Known, predicted: list[Genres], vectors: pd.DataFrame | None) -> Part:
    """Scores of the film for users and kinds of users.

    Args:
        known: The film.
        predicted: What systems say of its genres, for a film of which nobody else does.
        vectors: Of the films' texts, from `trailerflow.commands.film.nearest.film_vectors`.
    """
    if known.config["catalogue"]["archive"] is None:
        return Part(TITLE, ["There is no archive of ratings: catalogue.archive is null."])
    saved = planned_saved_rankers(known.config["recommendations"], found)
    name = next((name for name, entry in saved.items() if entry.kind == KIND), None)
    if name is None:
        return Part(
            TITLE,
            [f"recommendations.saved names no ranker of the kind {KIND}, which scores new films; add it."],
        )
    folder = Path(BY_NAME["fit_rankers"].output.format(ranker=name))
    if not folder.is_dir():
        return Part(TITLE, [known.not_made(folder)])
    fitted = load_ranker(folder).fitted
    if not isinstance(fitted, Tastes):
        return Part(TITLE, [f"{folder} is no ranker that knows films by their content."])
    ratings = read_table(RATINGS)
    if known.movie.id in fitted.films:
        count = (ratings["movie"] == known.movie.id).sum()
        scored = f"The film is in the archive with {count} ratings, which have a part in its score."
    else:
        fitted, scored = with_film(fitted, known, predicted, vectors)
    scores = scores_by_user(fitted, ratings, known.movie.id, known.config["recommendations"]["seed"])
    people = read_table(_PEOPLE)
    return Part(
        TITLE, [scored, *_score_lines(scores, people), *_kind_lines(scores, people), *_measured(name)]
    )


def with_film(
    fitted: Tastes, known: Known, predicted: list[Genres], vectors: pd.DataFrame | None
) -> tuple[Tastes, str]:
    """A fitted ranker with a film that it does not know, and a sentence on what it was told of it."""
    genres, source = _genres(known, predicted)
    texts = pd.DataFrame({"movie": [], "vector": []}) if vectors is None else vectors
    row = {"movie": known.movie.id, "title": known.movie.title, "year": known.movie.year}
    film = pd.DataFrame([row | {name: name in genres for name in GENRES}])
    encoder = TextVectors(DEFAULT_EMBEDDER, Path(known.config["models"]["folder"]))
    joined = fitted.with_films(film, texts, vectors_of_texts(titles(film), encoder))
    return joined, f"It is scored by its title, its year, {source} and {_text(known, texts)}."


def _genres(known: Known, predicted: list[Genres]) -> tuple[tuple[str, ...], str]:
    """The film's genres, and whose they are: those that are known, or what the last system names."""
    if (genres := known.genres()) is not None:
        return genres, "its genres"
    for one in reversed(predicted):
        if one.status == "ok":
            return one.named(), f"the genres that {one.system} names ({', '.join(one.named())})"
    return (), "no genres, since nobody names any"


def _text(known: Known, vectors: pd.DataFrame) -> str:
    names = known.config["recommendations"]["texts"]
    if not names:
        return "no text (recommendations.texts names none)"
    if known.movie.id in set(vectors["movie"].astype(str)):
        return f"its text ({', '.join(names)})"
    transcript = known.outcome(PREPARE_TRANSCRIPT.name)
    if transcript is not None and transcript.status == "absent":
        return f"no text, since the story {ABSENT_WORDS}"
    return f"no text, since it has no {' and no '.join(names)}"


def _score_lines(scores: pd.DataFrame, people: pd.DataFrame) -> list[str]:
    told = people.drop_duplicates("user").set_index("user").reindex(scores["user"])
    best = pd.concat([scores, told.reset_index(drop=True)], axis=1).head(SHOWN)
    rows = [
        (f"user {row.user}", f"{row.score:+.2f}", *(str(getattr(row, name)) for name in _told(told)))
        for row in best.itertuples()
    ]
    return [
        "A score is how many stars it is expected to lie above the user's own mean.",
        f"{len(scores):,} users who have not rated it: mean {scores['score'].mean():+.2f}, the highest:",
        *table_lines(rows),
    ]


def _told(people: pd.DataFrame) -> list[str]:
    """What is told of all of them: columns of a person."""
    return [name for name in ("age", "sex", OCCUPATION) if people[name].notna().all()]


def _kind_lines(scores: pd.DataFrame, people: pd.DataFrame) -> list[str]:
    kinds = scores_by_kind(scores, people)
    kinds = kinds[kinds["users"] >= LEAST_OF_A_KIND]
    if kinds.empty:
        return ["The archive does not say who its users are."]
    shown = kinds[(kinds["by"] != OCCUPATION) | (kinds.groupby("by").cumcount() < SHOWN)]
    rows = [(row.by, row.group, f"{row.score:+.2f}", f"{row.users} users") for row in shown.itertuples()]
    of_occupations = f", and the {SHOWN} highest of {(kinds['by'] == OCCUPATION).sum()} occupations"
    return [
        f"Mean score by age and sex{of_occupations} (of {LEAST_OF_A_KIND} users or more):",
        *table_lines(rows),
    ]


def _measured(ranker: str) -> list[str]:
    """How good the ranker is with films that nobody has rated, where the run has measured it."""
    if not _METRICS.is_file():
        return []
    table = read_table(_METRICS)
    rows = table[
        (table["split"] == "cold_items") & (table["ranker"] == ranker) & (table["metric"] == "pair_accuracy")
    ]
    if rows.empty:
        return []
    row = rows.iloc[0]
    return [
        f"With films that were held out whole it put {row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}] of the "
        "pairs of films that a user rated differently into the right order; chance is .5."
    ]
