"""The texts of films as rows to learn from: joined or apart, titled or not, long ones in windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trailerflow.film_texts import TITLE
from trailerflow.genres.films import Films, Floats
from trailerflow.letters import passage
from trailerflow.movies.titles import display_title
from trailerflow.text import sentences, word_count


@dataclass(frozen=True)
class Reading:
    """How the texts of a film become rows.

    Attributes:
        names: Names of the texts; the title among them goes in front of every other.
        apart: Whether each text is a row of its own; else a film's texts are joined.
        window: Most words of a row: longer texts become several rows, parted between sentences. None: one row, whatever
            its length.
    """

    names: tuple[str, ...]
    apart: bool = False
    window: int | None = None


@dataclass(frozen=True)
class TextRows:
    """Texts, each of one film; entry i of everything is about the same row.

    Attributes:
        texts: n texts.
        films: Place of the film that each is of, shape (n,).
        sources: Where each comes from: the names of the texts in it, or the source that the film names.
        weights: How much each counts in training, shape (n,): the rows of one text share the film's weight.
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

    >>> films = Films(["1"], {"title": ["Jaws (1975)"], "synopsis": ["A shark. A sheriff."]})
    >>> text_rows(films, Reading(("title", "synopsis"), window=2)).texts
    ['Jaws (1975). A shark.', 'Jaws (1975). A sheriff.']
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
            whole = " ".join(films.texts[name][place] for name in part)
            windows = [whole] if reading.window is None else windows_of(whole, reading.window)
            texts += [titled(title, window) for window in windows]
            places += [place] * len(windows)
            source = films.sources[place] if films.sources else ""
            sources += [source or "+".join(part)] * len(windows)
            weight = 1.0 if films.weights is None else float(films.weights[place])
            weights += [weight / len(windows)] * len(windows)
    return TextRows(texts, np.array(places, dtype=np.intp), sources, np.array(weights, dtype=float))


def titled(title: str, text: str) -> str:
    """A text behind its title, as people say it.

    >>> titled("Usual Suspects, The (1995)", "Five men.")
    'The Usual Suspects (1995). Five men.'
    """
    return f"{display_title(title)}. {text}".strip() if title else text


def windows_of(text: str, most: int) -> list[str]:
    """Part a text between sentences into windows of about equal length.

    Args:
        text: Any text; one without words is one window.
        most: Most words of a window. A longer sentence is parted between words.
    """
    pieces: list[str] = []
    for sentence in sentences(text):
        count = word_count(sentence)
        cuts = -(-count // most)
        pieces += (
            [sentence]
            if cuts == 1
            else [passage(sentence, count * cut // cuts, count * (cut + 1) // cuts) for cut in range(cuts)]
        )
    windows: list[list[str]] = []
    room = 0
    for piece in pieces:
        count = word_count(piece)
        if count > room:
            windows.append([])
            room = most
        windows[-1].append(piece)
        room -= count
    return [" ".join(window) for window in windows] or [text]
