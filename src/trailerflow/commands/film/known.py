"""What a run has left of one film: its row, its documents, and how what is missing is made."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import display_title
from trailerflow.outcomes import Outcome, read_outcome
from trailerflow.register import BY_NAME, OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

ABSENT_WORDS = "cannot be told from the trailer"


@dataclass(frozen=True)
class Known:
    """One film and what is known of it.

    Attributes:
        config: The configuration.
        movie: The film's row.
        outcomes: Its outcome documents by path, in the order of the data.
        configfile: The file that Snakemake is given with a run, or None.
    """

    config: Mapping[str, Any]
    movie: Movie
    outcomes: Mapping[str, Outcome[Any]]
    configfile: Path | None

    def heading(self) -> str:
        """Title, year, id and genres."""
        year = f" ({self.movie.year})" if self.movie.year else ""
        genres = self.genres()
        told = "not known" if genres is None else ", ".join(genres) or "none"
        return f"{display_title(self.movie.title)}{year}, id {self.movie.id}. Genres: {told}."

    def genres(self) -> tuple[str, ...] | None:
        """Its genres by the table of movies or else by the archive; None where nobody says."""
        if self.movie.genres is not None:
            return self.movie.genres
        from trailerflow.genre_names import GENRES
        from trailerflow.tables import read_rows

        path = Path(BY_NAME["fetch_catalogue"].output)
        rows = read_rows(path, columns=list(GENRES), movie=self.movie.id) if path.is_file() else None
        if rows is None or rows.empty or rows.isna().any(axis=None):
            return None
        return tuple(name for name in GENRES if rows.iloc[0][name])

    def not_made(self, target: str | Path) -> str:
        """Why a file of the results is missing: the command that makes it."""
        given = f" --configfile {shlex.quote(str(self.configfile))}" if self.configfile else ""
        return f"not run yet; snakemake --cores 2 {target}{given} makes it."

    def outcome(self, rule: str) -> Outcome[Any] | None:
        """The outcome of a rule that makes one of each film, or None where it was not run."""
        return self.outcomes.get(BY_NAME[rule].output.format(movie=self.movie.id))

    def run_movies(self) -> pd.DataFrame | None:
        """The films of the last run with this one's row as it is now, or None before the first run.

        Returns:
            The columns of ``select_movies``.
        """
        import pandas as pd

        from trailerflow.genre_names import GENRES
        from trailerflow.tables import read_table

        path = Path(BY_NAME["select_movies"].output)
        if not path.is_file():
            return None
        movies = read_table(path)
        if self.movie.id in set(movies["movie"].astype(str)):
            return movies
        genres = self.genres()
        flags = {name: None if genres is None else name in genres for name in GENRES}
        row = {"movie": self.movie.id, "title": self.movie.title, "year": self.movie.year} | flags
        return pd.concat([movies, pd.DataFrame([row]).astype(_types_of(movies, row))], ignore_index=True)


def _types_of(movies: pd.DataFrame, row: Mapping[str, object]) -> dict[str, object]:
    return {name: movies[name].dtype for name in row if name in movies}


def known_of(config: Mapping[str, Any], movie: Movie, configfile: Path | None) -> Known:
    """Read the documents of a film below the present folder.

    Raises:
        TrailerflowError: A document is damaged.
    """
    paths = [
        path
        for rule in OUTCOMES
        for path in sorted(Path().glob(BY_NAME[rule].glob.removesuffix("*.json") + f"{movie.id}.json"))
    ]
    return Known(config, movie, {str(path): read_outcome(path) for path in paths}, configfile)


def told(outcome: Outcome[Any]) -> str:
    """What an outcome that is not ok says, in words."""
    again = f" (to be asked again after {outcome.earliest})" if outcome.earliest else ""
    return f"{outcome.status}: {'; '.join(outcome.reasons)}{again}"
