"""Films as a system reads them: texts, vectors, other systems' predictions, and the genres to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from trailerflow.genre_names import GENRES

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Films:
    """Films, or texts that belong to no film of the run; entry i of everything is about the same one.

    Attributes:
        movies: Ids, n of them.
        texts: Name of a text to the n texts (see `trailerflow.genres.texts`).
        genres: Which genres they have, shape (n, 18); None where that is not told.
        weights: How much each counts in training, shape (n,); None where all count the same.
        sources: Where each comes from, n names, since the sources of mixed texts are each centred on their own mean; the
            name of films of the run is empty, and so is all of it where there are no others.
        vectors: Name of a kind of vector to the films' vectors, shape (n, dimensions).
        predictions: Name of another system to its scores, shape (n, 18), made without these films' genres.
    """

    movies: Sequence[str] = ()
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    genres: Flags | None = None
    weights: Floats | None = None
    sources: Sequence[str] = ()
    vectors: Mapping[str, Floats] = field(default_factory=dict)
    predictions: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is not of one length."""
        count = len(self.movies)
        parts: dict[str, int] = {name: len(texts) for name, texts in self.texts.items()}
        parts |= {name: len(rows) for name, rows in {**self.vectors, **self.predictions}.items()}
        parts |= {"weights": count if self.weights is None else len(self.weights)}
        parts |= {"sources": len(self.sources) or count}
        for name, length in parts.items():
            if length != count:
                raise ValueError(f"{name} has {length} rows for {count} films")
        for name, table in {"genres": self.genres, **self.predictions}.items():
            if table is not None and table.shape != (count, len(GENRES)):
                raise ValueError(f"{name} has the shape {table.shape} for {count} films")

    def __len__(self) -> int:
        return len(self.movies)

    @property
    def labels(self) -> Flags:
        """Their genres, shape (n, 18).

        Raises:
            ValueError: They are not told.
        """
        if self.genres is None:
            raise ValueError("these films come without their genres")
        return self.genres

    @property
    def facts(self) -> dict[str, object]:
        """All of it as JSON knows it: what a fit on these films depends on."""
        tables = {**self.vectors, **self.predictions}
        return {
            "movies": list(self.movies),
            "texts": {**self.texts},
            "genres": None if self.genres is None else self.genres.astype(int).tolist(),
            "weights": None if self.weights is None else self.weights.tolist(),
            "sources": list(self.sources),
            "tables": {name: table.tolist() for name, table in tables.items()},
        }

    def at(self, rows: Flags) -> Films:
        """Some of the films, in their order; ``rows`` has shape (n,)."""
        places = np.flatnonzero(rows).tolist()

        def of(values: Sequence[str]) -> list[str]:
            return [values[place] for place in places]

        sources = of(self.sources) if self.sources else []
        return Films(
            movies=of(self.movies),
            texts={name: of(texts) for name, texts in self.texts.items()},
            genres=None if self.genres is None else self.genres[rows],
            weights=None if self.weights is None else self.weights[rows],
            sources=sources if any(sources) else (),
            vectors={name: table[rows] for name, table in self.vectors.items()},
            predictions={name: table[rows] for name, table in self.predictions.items()},
        )

    def without_genres(self) -> Films:
        """The same films with their genres hidden, as they are given for prediction."""
        return Films(
            self.movies, self.texts, None, self.weights, self.sources, self.vectors, self.predictions
        )


NO_FILMS = Films()


def together(parts: Sequence[Films]) -> Films:
    """Labelled films or texts below each other; a text that some lack is empty there.

    Vectors are taken along where all have them. Films of the run have an empty name as their source. Predictions are not
    taken along: a fit adds them.
    """
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        return parts[0] if parts else NO_FILMS
    names = dict.fromkeys(name for part in parts for name in part.texts)
    return Films(
        movies=[movie for part in parts for movie in part.movies],
        texts={
            name: [text for part in parts for text in part.texts.get(name, [""] * len(part))]
            for name in names
        },
        genres=np.concatenate([part.labels for part in parts]),
        weights=np.concatenate(
            [np.ones(len(part)) if part.weights is None else part.weights for part in parts]
        ),
        sources=[source for part in parts for source in part.sources or [""] * len(part)],
        vectors={
            name: np.concatenate([part.vectors[name] for part in parts])
            for name in parts[0].vectors
            if all(name in part.vectors for part in parts)
        },
    )


@dataclass(frozen=True)
class Training:
    """What a system may learn from.

    Attributes:
        films: Films of the run, with their genres.
        extra: Texts of no film of the run, with genres and weights.
        unlabelled: Texts without genres.
    """

    films: Films
    extra: Films = NO_FILMS
    unlabelled: Films = NO_FILMS


@dataclass(frozen=True)
class ExtraFilms:
    """Extra labelled texts by what they are for; see `trailerflow.genres.extra.gather`.

    Attributes:
        train: To learn from.
        validation: To stop and to choose thresholds by, where no film of the run lies in a fold; else to learn from as well.
        test: Nothing is learnt from them.
    """

    train: Films = NO_FILMS
    validation: Films = NO_FILMS
    test: Films = NO_FILMS


NO_EXTRA = ExtraFilms()


@dataclass(frozen=True)
class Reads:
    """What a system reads of every film; a film that lacks any of it is not given to the system.

    Attributes:
        texts: Names of texts.
        vectors: Names of kinds of vectors.
        predictions: Names of other systems.
        validation: Whether it stops or chooses by films that it is not trained on: a fold is then kept from training.
    """

    texts: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()
    predictions: tuple[str, ...] = ()
    validation: bool = False
