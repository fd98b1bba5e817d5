"""The ranker ``content`` once it is fitted: films with their quality and their likeness, and how later films join them."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from trailerflow.files import write_json, write_text
from trailerflow.outside import parse_json
from trailerflow.recommendations.questions import Codes, History
from trailerflow.recommendations.rankers.content.films import film_content, text_vectors
from trailerflow.recommendations.rankers.content.likeness import Likeness, TitleWords
from trailerflow.recommendations.rankers.content.quality import SaidByContent
from trailerflow.recommendations.rankers.contract import Floats
from trailerflow.recommendations.rankers.histories import FromHistory
from trailerflow.recommendations.rankers.saved_arrays import load_arrays, save_arrays

_DAMPING = 5.0
"""Ratings of the mean that are counted with those of a user."""

_FILE, _WORDS, _TREES = "content.npz", "title_words.json", "trees.txt"


class Centres(NamedTuple):
    """Means of vectors.

    Attributes:
        texts: Of the texts, shape (dimensions,).
        titles: Of the titles, shape (dimensions,).
    """

    texts: Floats
    titles: Floats


class Newcomers(NamedTuple):
    """What must be known for films that come after the fit.

    Attributes:
        says: What content says of a film; None where nothing was learnt.
        words: Of titles.
        centres: Of vectors.
        usual_year: Stands for a year that is not known.
    """

    says: SaidByContent | None
    words: TitleWords
    centres: Centres
    usual_year: float


class Tastes(FromHistory):
    """Films with their quality, and how alike they are.

    Args:
        films: Ids of all films, by their codes.
        quality: How much better than the mean each film is, shape (films,).
        likeness: Of films.
        mean: Of all ratings.
        noise: Variance of a rating, where that of a user's taste is the kernel's.
        newcomers: For films that come later.
    """

    def __init__(
        self,
        films: pd.Index,
        quality: Floats,
        likeness: Likeness,
        mean: float,
        noise: float,
        newcomers: Newcomers,
    ) -> None:
        super().__init__(films)
        self._quality = quality
        self._likeness = likeness
        self._mean = mean
        self._noise = noise
        self._newcomers = newcomers

    def scores(self, user: str, history: History, candidates: Codes) -> Floats:
        """The quality of films, and what the user's ratings of like films say beside it."""
        rated = history.movies
        above = history.ratings - self._mean - self._quality[rated]
        above -= above.sum() / (len(above) + _DAMPING)
        among = self._likeness.between(rated, rated) + self._noise * np.eye(len(rated))
        taste: Floats = self._likeness.between(candidates, rated) @ np.linalg.solve(among, above)
        return self._quality[candidates] + taste

    def likeness_to(self, film: int, others: Codes) -> Floats:
        """The kernel of their content."""
        found: Floats = self._likeness.between(np.array([film]), others)[0]
        return found

    def with_films(self, archive: pd.DataFrame, vectors: pd.DataFrame, title_vectors: pd.DataFrame) -> Self:
        """The same fit, with films that nobody has rated behind the others, by what is told of them.

        Args:
            archive: movie, title, year, the genres and, where it is known, release_date; films that are there already
                are left out.
            vectors: movie and vector of the texts, of the encoder that the fit had; a film may lack one.
            title_vectors: The same of the titles.

        Raises:
            TrailerflowError: The vectors have other dimensions than those of the fit.
        """
        films = pd.Index(archive["movie"].astype(str).unique()).difference(self.films, sort=False)
        says, words, centres, usual_year = self._newcomers
        content = film_content(archive, films, usual_year)
        texts = text_vectors(vectors, films, centres.texts)
        titles = text_vectors(title_vectors, films, centres.titles)
        more = says(content, np.hstack([texts, titles])) if says and len(films) else np.zeros(len(films))
        joined = copy(self)
        joined.films = self.films.append(films)
        joined._quality = np.concatenate([self._quality, more])
        joined._likeness = self._likeness.joined(Likeness.of(content, texts, words))
        return joined

    def save(self, folder: Path) -> None:
        """Write films, and what is needed for those that come later."""
        says, words, centres, usual_year = self._newcomers
        titles = {f"titles_{name}": getattr(self._likeness.titles, name) for name in _PARTS}
        of_lines: dict[str, npt.ArrayLike] = (
            {"edges": says.edges, "slopes": says.slopes, "intercept": says.intercept} if says else {}
        )
        save_arrays(
            folder / _FILE,
            self.films,
            quality=self._quality,
            genres=self._likeness.genres,
            years=self._likeness.years,
            texts=self._likeness.texts,
            mean=self._mean,
            noise=self._noise,
            title_weights=words.weights,
            text_centre=centres.texts,
            title_centre=centres.titles,
            usual_year=usual_year,
            **titles,
            **of_lines,
        )
        write_json(folder / _WORDS, words.words)
        write_text(folder / _TREES, says.trees if says else "")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            TrailerflowError: A file is missing or damaged.
        """
        from scipy.sparse import csr_array

        films, arrays = load_arrays(folder / _FILE)
        words = parse_json((folder / _WORDS).read_bytes())
        trees = (folder / _TREES).read_text(encoding="utf-8")
        shape = (len(films), len(words))
        titles = csr_array(tuple(arrays[f"titles_{name}"] for name in _PARTS), shape=shape)
        says = (
            SaidByContent(trees, arrays["edges"], arrays["slopes"], float(arrays["intercept"]))
            if trees
            else None
        )
        centres = Centres(arrays["text_centre"], arrays["title_centre"])
        words_of_titles = TitleWords(words, arrays["title_weights"])
        newcomers = Newcomers(says, words_of_titles, centres, float(arrays["usual_year"]))
        likeness = Likeness(arrays["genres"], arrays["years"], arrays["texts"], titles)
        mean, noise = float(arrays["mean"]), float(arrays["noise"])
        return cls(films, arrays["quality"], likeness, mean, noise, newcomers)


_PARTS = ("data", "indices", "indptr")
"""Arrays of a sparse table."""
