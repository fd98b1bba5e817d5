"""The genres of a film by every system: of the last run where it was in it, else by the systems that were saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from trailerflow.commands.film.known import Known
from trailerflow.commands.film.layout import Part
from trailerflow.commands.predict_genres import PROMISED
from trailerflow.errors import TrailerflowError
from trailerflow.film_texts import Text
from trailerflow.genre_names import GENRES
from trailerflow.genres.configured import ConfiguredSystem, configured_systems
from trailerflow.genres.genre_sets import SAYS_NOTHING, with_sets
from trailerflow.genres.predictions import ALL, CROSS_VALIDATION, HELD_OUT, NEW
from trailerflow.genres.saved import SYSTEM, load_system, predict_films
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.training import Readings, gather_films, reads_of
from trailerflow.llm.types import Asks
from trailerflow.register import BY_NAME
from trailerflow.tables import read_rows
from trailerflow.torch_threads import use_threads

_OF_FILMS = (ALL, CROSS_VALIDATION, HELD_OUT)
"""Parts that are of the films themselves, by a fit that did not know them."""

_VALUES = ["score", "probability"]
_DECISIONS = ["predicted_global", "predicted_per_genre"]
_SHOWN = 5
_SETS = Path("results/score_genres/conformal.csv")


@dataclass(frozen=True)
class Genres:
    """What one system says of the film.

    Attributes:
        system: Its name.
        arm: What it reads.
        status: ``ok``, or why there is nothing.
        reason: Why there is nothing, in words; where it is ok: by which fit.
        rows: One row a genre, with the columns of `trailerflow.genres.predictions.COLUMN_TYPES`.
    """

    system: str
    arm: str
    status: str
    reason: str
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)

    def named(self) -> tuple[str, ...]:
        """The genres that it names, by one threshold for all."""
        if self.status != "ok":
            return ()
        return tuple(self.rows.loc[self.rows["predicted_global"].fillna(False), "genre"].astype(str))


def genre_part(known: Known, genres: list[Genres]) -> Part:
    """Genres by system: those that each names, probabilities, and sets that keep a promise."""
    lines = [line for one in genres for line in _lines(one)]
    if not _SETS.is_file():
        lines.append(f"Sets of genres that keep a promise: {known.not_made(_SETS)}")
    return Part("Genres", lines)


def _lines(one: Genres) -> list[str]:
    label = f"{one.system} ({one.arm})" if one.arm else one.system
    if one.status != "ok":
        return [f"{label}: {one.status}: {one.reason}"]
    rows = one.rows.sort_values(["probability", "score"], ascending=False, kind="stable")
    lines = [f"{label}: {one.reason}", f"  names: {', '.join(one.named()) or 'none'}"]
    likeliest = rows.dropna(subset=["probability"]).head(_SHOWN)
    if len(likeliest):
        told = (f"{row.genre} {row.probability:.2f}" for row in likeliest.itertuples())
        lines.append(f"  probabilities: {', '.join(told)}")
    if not _SETS.is_file():
        return lines
    try:
        rows = with_sets(rows, _SETS, one.system, one.arm)
    except TrailerflowError as error:
        return [*lines, f"  no set: {error}"]
    return lines + [f"  set, {promise}: {_set(rows.loc[rows[promise], 'genre'])}" for promise in PROMISED]


def _set(genres: pd.Series) -> str:
    if len(genres) >= SAYS_NOTHING:
        return f"{len(genres)} of the {len(GENRES)} genres, which says nothing"
    return ", ".join(genres.astype(str)) or "no genre"


def genres_of(known: Known) -> list[Genres]:
    """What every system says of the film, language models first.

    A system that learns and does not have the film in its table was trained before the film came. It is asked as it was
    saved, and is not trained again.
    """
    found = [genres for name in _asked(known) for genres in _of_run(name, known) or [_not_asked(name, known)]]
    new: dict[str, pd.DataFrame] = {}
    for name, entry in configured_systems(known.config["genres"]).items():
        of_run = _of_run(name, known)
        if not of_run:
            of_run = [_by_saved(entry, known, new)]
        found += of_run
    return found


def _asked(known: Known) -> Iterator[str]:
    for model in known.config["models"]["llm"]:
        for way in known.config["genres"]["language_models"]["ways"]:
            yield f"{model['name']}/{way}"


def _table(name: str) -> Path:
    return Path(f"results/predict_genres/{name}.parquet")


def _not_asked(name: str, known: Known) -> Genres:
    return Genres(name, "", "absent", known.not_made(_table(name)))


def _of_run(name: str, known: Known) -> list[Genres]:
    """What a system said of the film in the last run, one for each thing that it reads; empty where it did not."""
    if not _table(name).is_file():
        return []
    rows = read_rows(_table(name), movie=known.movie.id)
    rows = rows[rows["part"].isin(_OF_FILMS)]
    found = []
    for arm, own in rows.groupby("arm", observed=True):
        ok = own[own["status"] == "ok"]
        if ok.empty:
            reason = _reason(name, str(arm), known)
            found.append(Genres(name, str(arm), str(own["status"].iloc[0]), reason))
        else:
            found.append(Genres(name, str(arm), "ok", "of the last run", _over_seeds(ok)))
    return found


def _reason(name: str, arm: str, known: Known) -> str:
    path = Path(f"results/predict_genres/films/{name}.parquet")
    rows = read_rows(path, columns=["arm", "part", "reason"], movie=known.movie.id)
    told = rows.loc[(rows["arm"] == arm) & rows["part"].isin(_OF_FILMS), "reason"].dropna()
    return str(told.iloc[0]) if len(told) else "no reason is told"


def _over_seeds(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a genre: the mean of the seeds' values, and the first seed's decisions."""
    by_genre = rows.groupby("genre", observed=True, sort=False)
    means, decided = by_genre[_VALUES].mean(), by_genre[_DECISIONS].first()
    return means.join(decided).reset_index()


def _by_saved(entry: ConfiguredSystem, known: Known, new: dict[str, pd.DataFrame]) -> Genres:
    """What a saved system says; its predictions join those of the systems before it."""
    folder = Path(BY_NAME["train_genres"].output.format(system=entry.name))
    movies = known.run_movies()
    if movies is None or not folder.is_dir():
        return _not_asked(entry.name, known)
    if not (folder / SYSTEM).is_file():
        return Genres(entry.name, "", "absent", "too few films had what it reads, so it learnt nothing")
    if missing := [name for name in entry.predictions if name not in new]:
        return Genres(
            entry.name, "", "absent", f"it reads what {missing[0]} says, which says nothing of this film"
        )
    use_threads(1)
    saved = load_system(folder, Surroundings(_no_client, Path(known.config["models"]["folder"])))
    reads, configured = saved.system.reads, reads_of(entry)
    if (reads.texts, reads.predictions) != (configured.texts, configured.predictions):
        return Genres(
            entry.name, "", "absent", f"saved with other settings; {known.not_made(_table(entry.name))}"
        )
    own = movies[movies["movie"].astype(str) == known.movie.id].reset_index(drop=True)
    documents = [path for name in entry.texts for path in documents_with(Text.from_name(name), known)]
    gathered, _ = gather_films(entry, Readings(own, own, documents, others=new))
    tables = predict_films(saved, gathered, [known.movie.id], NEW)
    film = tables.films.iloc[0]
    if film["status"] != "ok":
        return Genres(entry.name, saved.system.arm, str(film["status"]), str(film["reason"]))
    new[entry.name] = tables.predictions
    reason = "by the system as it was saved, trained before this film came"
    return Genres(entry.name, saved.system.arm, "ok", reason, tables.predictions)


def documents_with(text: Text, known: Known) -> list[Path]:
    """The film's own documents that hold a text."""
    return [path for path in map(Path, known.outcomes) if text.holds(path)]


def _no_client(settings: Mapping[str, Any]) -> Asks:
    raise TrailerflowError("A saved system that asks a language model is not among genres.systems.")
