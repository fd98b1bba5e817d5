"""A saved ranker that answers for any user in milliseconds; what a command asks, and what an application may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trailerflow.errors import TrailerflowError
from trailerflow.recommendations.questions import Codes, Question
from trailerflow.recommendations.rankers.contract import LikensFilms
from trailerflow.recommendations.rankers.histories import NO_HISTORY
from trailerflow.recommendations.recommending.claims import Claim
from trailerflow.recommendations.recommending.explaining import explanation
from trailerflow.recommendations.recommending.facts import Audience, Facts
from trailerflow.recommendations.recommending.films import Films
from trailerflow.recommendations.saved import SavedRanker, load_ranker
from trailerflow.recommendations.splits.coding import coded
from trailerflow.tables import read_table

RATINGS = Path("results/fetch_catalogue/ratings.parquet")
ARCHIVE = Path("results/fetch_catalogue/movies.parquet")


@dataclass(frozen=True)
class Suggestion:
    """A film for a user.

    Attributes:
        movie: Its id.
        score: What the ranker says; higher is better.
    """

    movie: str
    score: float


class Recommender:
    """One saved ranker with the archive that it was fitted on.

    Args:
        saved: The ranker.
        archive: The films of the archive.
        ratings: Its ratings: user, movie, rating, timestamp.

    Attributes:
        films: Of the archive, by name.
        users: Ids of the users of the archive.
    """

    def __init__(self, saved: SavedRanker, archive: pd.DataFrame, ratings: pd.DataFrame) -> None:
        self.saved = saved
        self.films = Films(archive)
        known = coded(ratings, archive)
        self._ratings = known.astype({"user": object, "movie": object})
        self._rows = known.groupby("user", observed=True).indices
        self._audience = Audience(known)
        self.users = frozenset(map(str, self._rows))
        self._codes = {str(movie): code for code, movie in enumerate(saved.fitted.films)}
        self._shown = np.array([code for movie, code in self._codes.items() if movie in self.films], np.intp)

    @classmethod
    def load(cls, ranker: Path, *, results: Path = Path()) -> Recommender:
        """Read what a run has saved.

        Args:
            ranker: Folder of the saved ranker.
            results: Folder of the project.

        Raises:
            TrailerflowError: A table or the ranker is missing or damaged.
        """
        return cls(load_ranker(ranker), read_table(results / ARCHIVE), read_table(results / RATINGS))

    def ratings_of(self, user: str, more: pd.DataFrame) -> pd.DataFrame:
        """All ratings of a user in order of time: the archive's, and more of them; of a film in both the newer counts.

        Args:
            user: Id of the user, whom the archive may not know.
            more: user, movie, rating, timestamp of any users; see `own_ratings`.
        """
        rows = self._rows.get(user, np.empty(0, np.intp))
        parts = [self._ratings.iloc[rows], more[more["user"] == user]]
        told = [part for part in parts if len(part)]
        own = pd.concat(told, ignore_index=True) if told else parts[0]
        ordered = own.sort_values("timestamp", kind="stable")
        return ordered.drop_duplicates("movie", keep="last").reset_index(drop=True)

    def recommend(self, user: str, more: pd.DataFrame, *, count: int = 10) -> list[Suggestion]:
        """What a user would like best of all films that the user has not rated.

        Args:
            user: Id of the user, whom the archive may not know.
            more: Ratings beside the archive's: user, movie, rating, timestamp.
            count: How many films are wanted.

        Raises:
            TrailerflowError: Nothing is known of the user.
        """
        own = self.ratings_of(user, more)
        if own.empty:
            raise TrailerflowError(f"No rating of the user {user} is known; give some by --ratings.")
        candidates = self._unrated(own["movie"])
        question = Question(0, user, int(own["timestamp"].iloc[-1]), NO_HISTORY, candidates)
        (found,) = self.saved.fitted.fold_in(own).score([question])
        best = np.argsort(-found.scores, kind="stable")[:count]
        ids = self.saved.fitted.films
        return [Suggestion(str(ids[candidates[place]]), float(found.scores[place])) for place in best]

    def explain(self, suggestion: Suggestion, facts: Facts) -> list[Claim]:
        """Why a film is recommended; every claim holds in the data.

        Args:
            suggestion: The film.
            facts: Of the user, from `facts`.
        """
        return explanation(suggestion.movie, facts)

    def facts(self, user: str, more: pd.DataFrame) -> Facts:
        """What claims about a user are checked by."""
        own = self.ratings_of(user, more)
        ratings = dict(zip(own["movie"], own["rating"].astype(float), strict=True))
        return Facts(self.films, self._audience, ratings, self._likeness)

    def _likeness(self, movie: str, others: Sequence[str]) -> list[float]:
        """See `trailerflow.recommendations.recommending.facts.Likeness`."""
        fitted = self.saved.fitted
        if not isinstance(fitted, LikensFilms) or movie not in self._codes:
            return [0.0] * len(others)
        known = [other for other in others if other in self._codes]
        codes = np.array([self._codes[other] for other in known], dtype=np.intp)
        found = dict(zip(known, fitted.likeness_to(self._codes[movie], codes).tolist(), strict=True))
        return [found.get(other, 0.0) for other in others]

    def _unrated(self, rated: pd.Series) -> Codes:
        """Codes of the films of the archive that are not among these."""
        known = [self._codes[movie] for movie in rated if movie in self._codes]
        return np.setdiff1d(self._shown, known)
