"""The texts of films as rows to learn from: joined or apart, titled or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from trailerflow.film_texts import TITLE
from trailerflow.genres.films import Films, Floats
from trailerflow.movies.titles import display_title
from trailerflow.text_windows import KEPT, each_window


@dataclass(frozen=True)
class Reading:
    """How the texts of a film become rows.

    Attributes:
        names: Names of the texts; the title among them goes in front of every other.
        apart: Whether each text is a row of its own; else a film's texts are joined.
    """

    names: tuple[str, ...]
    apart: bool = False


@dataclass(frozen=True)
class TextRows:
    """Texts, each of one film; entry i of everything is about the same row.

    Attributes:
        texts: n texts.
        films: Place of the film that each is of, shape (n,).
        sources: Where each comes from: the names of the texts in it, or the source that the film names.
        weights: How much each counts in training, shape (n,).
    """

    texts: list[str]
    films: npt.NDArray[np.intp]
    sources: list[str]
    weights: Floats

    def means(self, values: Floats, films: int) -> Floats:
        """The mean of the rows' values over the rows of each film.

        Args:
            values: Shape (n, columns).
            films: Number of films; each has a row.
        """
        sums: Floats = np.zeros((films, values.shape[1]))
        np.add.at(sums, self.films, values)
        return sums / np.bincount(self.films, minlength=films)[:, None]


def text_rows(films: Films, reading: Reading) -> TextRows:
    """The rows of films, in their order.

    Films of another source may lack the title or some of the texts: their rows are made of what they have.

    >>> films = Films(["1"], {"title": ["Jaws (1975)"], "synopsis": ["A shark."], "transcript": ["Bigger boat."]})
    >>> text_rows(films, Reading(("title", "synopsis", "transcript"), apart=True)).texts
    ['Jaws (1975). A shark.', 'Jaws (1975). Bigger boat.']
    """
    names = [name for name in reading.names if name != TITLE and name in films.texts]
    parts = [[name] for name in names] if reading.apart else [names]
    texts: list[str] = []
    places: list[int] = []
    sources: list[str] = []
    weights: list[float] = []
    for place in range(len(films)):
        title = films.texts[TITLE][place] if TITLE in reading.names and TITLE in films.texts else ""
        told = [[name for name in part if films.texts[name][place]] for part in parts]
        for part in [part for part in told if part] or parts[:1]:
            texts.append(titled(title, " ".join(films.texts[name][place] for name in part)))
            places.append(place)
            sources.append((films.sources[place] if films.sources else "") or "+".join(part))
            weights.append(1.0 if films.weights is None else float(films.weights[place]))
    return TextRows(texts, np.array(places, dtype=np.intp), sources, np.array(weights, dtype=float))


def openings(films: Films, words: int) -> Films:
    """The films with the first window of each text in place of the whole; titles stay."""
    texts = {
        name: list(told) if name == TITLE else [_opening(text, words) for text in told]
        for name, told in films.texts.items()
    }
    return replace(films, texts=texts)


@lru_cache(maxsize=KEPT)
def _opening(text: str, words: int) -> str:
    return next(each_window(text, words), text)


def titled(title: str, text: str) -> str:
    """A text behind its title, as people say it.

    >>> titled("Usual Suspects, The (1995)", "Five men.")
    'The Usual Suspects (1995). Five men.'
    """
    return f"{display_title(title)}. {text}".strip() if title else text
