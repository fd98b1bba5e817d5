"""Claims of an explanation: each is of a kind, says one thing, and is checked against the data before it is shown."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from trailerflow.recommendations import LIKED_RATING
from trailerflow.recommendations.recommending.facts import Facts
from trailerflow.recommendations.recommending.films import Films


@dataclass(frozen=True)
class Claim(ABC):
    """One thing that is said of a film.

    Attributes:
        movie: Id of the film that is recommended.
    """

    movie: str

    @abstractmethod
    def holds(self, facts: Facts) -> bool:
        """Whether the data say so; computed anew from what the tables hold."""

    @abstractmethod
    def sentence(self, films: Films) -> str:
        """The claim in words."""


@dataclass(frozen=True)
class YouGave(Claim):
    """The user rated a film; ``movie`` is that film."""

    stars: float

    def holds(self, facts: Facts) -> bool:
        """The user's rating is this one."""
        return facts.own.get(self.movie) == self.stars

    def sentence(self, films: Films) -> str:
        """See `Claim.sentence`."""
        return f"You gave {films[self.movie].name} {_stars(self.stars)}."


@dataclass(frozen=True)
class Nearest(Claim):
    """Of what the user liked the ranker finds a film the most alike."""

    liked: str

    def holds(self, facts: Facts) -> bool:
        """No film that the user liked is more alike."""
        if facts.own.get(self.liked, 0.0) < LIKED_RATING or self.liked == self.movie:
            return False
        return facts.nearest_liked(self.movie, 1) == [self.liked] and bool(
            facts.alike(self.movie, [self.liked]).get(self.liked, 0.0) > 0
        )

    def sentence(self, films: Films) -> str:
        """See `Claim.sentence`."""
        return (
            f"Of the films that you liked, {films[self.liked].name} is the nearest in the eyes of the ranker."
        )


@dataclass(frozen=True)
class SharedGenres(Claim):
    """Two films have genres in common."""

    liked: str
    genres: tuple[str, ...]

    def holds(self, facts: Facts) -> bool:
        """The archive gives both films all of these genres."""
        if not self.genres or self.movie not in facts.films or self.liked not in facts.films:
            return False
        return set(self.genres) <= facts.films[self.movie].genres & facts.films[self.liked].genres

    def sentence(self, films: Films) -> str:
        """See `Claim.sentence`."""
        which = "genre" if len(self.genres) == 1 else "genres"
        names = f"{films[self.liked].name} and {films[self.movie].name}"
        return f"{names} share the {which} {', '.join(self.genres)}."


@dataclass(frozen=True)
class LikedTogether(Claim):
    """Who liked one film liked the other too."""

    liked: str
    both: int
    of: int

    def holds(self, facts: Facts) -> bool:
        """Both numbers are those of the ratings."""
        return self.of > 0 and facts.audience.liked_together(self.liked, self.movie) == (self.both, self.of)

    def sentence(self, films: Films) -> str:
        """See `Claim.sentence`."""
        one, two = films[self.liked].name, films[self.movie].name
        return f"{self.both:,} of the {self.of:,} who gave {one} {LIKED_RATING:g} stars or more gave {two} as much."


@dataclass(frozen=True)
class FromYear(Claim):
    """A film's year of release."""

    year: int

    def holds(self, facts: Facts) -> bool:
        """The archive gives this year."""
        return self.movie in facts.films and facts.films[self.movie].year == self.year

    def sentence(self, films: Films) -> str:
        """See `Claim.sentence`."""
        return f"{films[self.movie].title} is from {self.year}."


@dataclass(frozen=True)
class MeanRating(Claim):
    """A film's mean rating, to a tenth, and how many ratings it is made of."""

    mean: float
    ratings: int

    def holds(self, facts: Facts) -> bool:
        """Both numbers are those of the ratings."""
        mean, ratings = facts.audience.mean_of(self.movie)
        return ratings == self.ratings > 0 and f"{mean:.1f}" == f"{self.mean:.1f}"

    def sentence(self, films: Films) -> str:
        """See `Claim.sentence`."""
        times = "rating" if self.ratings == 1 else "ratings"
        return f"Its mean rating is {self.mean:.1f} from {self.ratings:,} {times}."


def held(claims: Iterable[Claim], facts: Facts) -> list[Claim]:
    """The claims that the data hold, each once; what they do not hold is never shown."""
    return [claim for claim in dict.fromkeys(claims) if claim.holds(facts)]


def _stars(stars: float) -> str:
    return f"{stars:g} star" if stars == 1 else f"{stars:g} stars"
