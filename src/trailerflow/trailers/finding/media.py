"""Which files of a media folder belong to which movie: by id, then by title and year."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from trailerflow.errors import TrailerflowError
from trailerflow.movies.forms import alike_title, normalised_title, spelled_title
from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import split_title, title_names, without_article
from trailerflow.trailers.finding.media_names import Reading, is_trailer_alone, readings
from trailerflow.trailers.finding.media_tags import tagged

if TYPE_CHECKING:
    from trailerflow.documents import MediaKind

SUFFIXES: dict[MediaKind, tuple[str, ...]] = {
    "subtitles": (".srt", ".vtt", ".json", ".txt"),
    "audio": (".mp3", ".m4a", ".ogg", ".opus", ".flac", ".wav", ".webm"),
    "video": (".mp4", ".mkv"),
}
"""Suffixes of each kind of media, both in the order of preference."""

MOST_ENTRIES = 200_000
MOST_FOLDERS_DEEP = 20
"""What a media folder may hold, so that a link to a whole disk is told and not walked through."""

_RANK = {
    suffix: (kind, place) for place, (kind, suffixes) in enumerate(SUFFIXES.items()) for suffix in suffixes
}
_OF_ANY_TEXT = (".json", ".txt")
_NO_TRANSCRIPTS = (".info", ".live_chat", ".comments", ".metadata", ".description")
"""What yt-dlp and others write beside a video, with a suffix of subtitles."""

_FOLDERS_OF_TRAILERS = frozenset({"trailer", "trailers", "extras", "videos"})


def media_kind(path: Path) -> MediaKind | None:
    """``subtitles``, ``audio``, ``video``, or None for a file that is no media we read."""
    suffix = path.suffix.lower()
    if suffix in _OF_ANY_TEXT and path.stem.lower().endswith(_NO_TRANSCRIPTS):
        return None
    found = _RANK.get(suffix)
    return found[0] if found else None


def preferred_first(paths: Iterable[Path]) -> list[Path]:
    """Media files in the order in which they are tried: subtitles, audio, video; then by suffix and name.

    Subtitles with sounds in them come after those without. Forced ones, which hold only what is foreign in a film, come
    last of all.
    """

    def rank(path: Path) -> tuple[bool, int, int, bool, str]:
        kind, place = _RANK[path.suffix.lower()]
        suffix = SUFFIXES[kind].index(path.suffix.lower())
        return is_forced(path), place, suffix, tagged(path.stem)[-1].is_for_the_deaf, str(path)

    return sorted((path for path in paths if media_kind(path)), key=rank)


def file_language(path: Path, title: str = "") -> str | None:
    """Language that a file's name tells: ``goldeneye.1995.en.vtt`` is English.

    Args:
        path: The file.
        title: Title of its movie, which may end as a language does: ``dr.no.srt``.
    """
    forms = {alike_title(name) for name in title_names(title)}
    names = tagged(path.stem)
    whole = (name for name in names if alike_title(name.stem.replace(".", " ")) in forms)
    return next(whole, names[-1]).language


def is_forced(path: Path) -> bool:
    """Whether subtitles hold only what is foreign in a film, by the file's name."""
    return media_kind(path) == "subtitles" and tagged(path.stem)[-1].is_forced


def list_media(folder: Path) -> list[Path]:
    """All media files below a folder, sorted; hidden files and folders are left out.

    Links are followed, and each folder is looked into once, so that links in a circle come to an end.

    Raises:
        TrailerflowError: There is no such folder, or it holds more than any folder of media does.
    """
    if not folder.is_dir():
        raise TrailerflowError(
            f"The media folder {folder} does not exist; make it or set trailers.media in the config."
        )
    found, entries, seen = list[Path](), 0, set[tuple[int, int] | None]()
    waiting, linked = [(folder, 0)], list[tuple[Path, int]]()
    while waiting or linked:  # what a link leads to is listed under its own name where it has one
        place, depth = (waiting or linked).pop(0)
        identity = _identity(place)
        if identity in seen:
            continue
        seen.add(identity)
        for entry in _entries(place):
            entries += 1
            if entries > MOST_ENTRIES or depth > MOST_FOLDERS_DEEP:
                raise TrailerflowError(
                    f"The media folder {folder} holds more than {MOST_ENTRIES:,} entries, or {MOST_FOLDERS_DEEP} folders "
                    f"in one another, at {place}; set trailers.media to a folder of trailers alone."
                )
            path = place / entry.name
            if _is(entry.is_dir):
                (linked if entry.is_symlink() else waiting).append((path, depth + 1))
            elif media_kind(path) and _is(entry.is_file):
                found.append(path)
    return sorted(found)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder, by name, without what is hidden or cannot be named; nothing where it may not be read."""
    try:
        with os.scandir(folder) as listed:
            entries = sorted(islice(listed, MOST_ENTRIES + 1), key=lambda entry: entry.name)
    except OSError:
        return []
    return [entry for entry in entries if not entry.name.startswith(".") and _can_be_named(entry.name)]


def _can_be_named(name: str) -> bool:
    """Whether a name can stand in documents: no line breaks, and no bytes that are no text."""
    return all(unicodedata.category(letter) not in ("Cc", "Cs") for letter in name)


def _is(asked: Callable[[], bool]) -> bool:
    """Whether an entry is what it is asked to be; a link that leads nowhere is nothing."""
    try:
        return asked()
    except OSError:
        return False


def _identity(folder: Path) -> tuple[int, int] | None:
    """What a folder is under all its names; None where it has gone."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def match_media(
    files: Sequence[Path], movies: Sequence[Movie], folder: Path | None = None
) -> dict[str, list[Path]]:
    """Share the files of a media folder out among the movies.

    A file that a movie's ``media`` column names (several with ``;`` between them) belongs to that movie,
    which then takes no others. The others are matched by name: the id (``2.srt``, ``2.en.vtt``), else the
    title with the year where the name bears one (``GoldenEye (1995).srt``, ``goldeneye.1995.en.vtt``, ``Usual
    Suspects, The.txt``); a file that is called ``trailer`` alone, by its folder's name.

    Rows of one title and year are one film that is listed twice, and share its files.

    Args:
        files: The media files, from `list_media`.
        movies: With id and title, and year and media where known.
        folder: The media folder, to which the names in the ``media`` column are relative; what is not there
            is sought from the working folder.

    Returns:
        Files of each movie that has any, in the order in which they are tried.

    Raises:
        TrailerflowError: A named file is missing or of no kind we read, or a file's name fits several movies.
    """
    named = _named_files(movies, folder)
    found = dict(named)
    taken = {path for paths in named.values() for path in paths}
    catalogue = NamedMovies(movies)
    for path in files:
        if path in taken or not media_kind(path):
            continue
        owners = catalogue.owners(path, _folders(path, folder))
        if len({catalogue.films[owner] for owner in owners}) > 1:
            raise TrailerflowError(
                f"{path} fits several movies ({', '.join(owners)}); name the file after one of these ids, "
                f"as in {owners[0]}{path.suffix}, or name it in the media column of one."
            )
        for owner in owners:
            if owner not in named:
                found.setdefault(owner, []).append(path)
    return {movie: preferred_first(paths) for movie, paths in found.items()}


def _named_files(movies: Sequence[Movie], folder: Path | None) -> dict[str, list[Path]]:
    """Files that the movies' ``media`` column names."""
    named: dict[str, list[Path]] = {}
    for movie in movies:
        for name in filter(None, (part.strip() for part in (movie.media or "").split(";"))):
            places = ([folder / name] if folder else []) + [Path(name)]
            path = next((place for place in places if place.is_file()), None)
            if path is None:
                raise TrailerflowError(
                    f"Movie {movie.id}: the media file {places[0]} does not exist; "
                    "put it there or correct the row's media column."
                )
            if not media_kind(path):
                raise TrailerflowError(
                    f"Movie {movie.id}: {path} is no media file that can be read; use one of "
                    f"{', '.join(_RANK)}."
                )
            named.setdefault(movie.id, []).append(path)
    return named


def _folders(path: Path, folder: Path | None) -> list[str]:
    """Names of the folders of a file below the media folder, the nearest first."""
    if folder is None or not path.is_relative_to(folder):
        return []
    return [place.name for place in path.relative_to(folder).parents if place.name]


_FORMS: tuple[Callable[[str], str], ...] = (
    normalised_title,
    alike_title,
    partial(alike_title, least=3),  # "City of Lost Children"
    partial(spelled_title, least=2),  # "Golden Eye"
)
"""Forms in which a name and a title meet, the strictest first; the last counts only where the year is right."""


class NamedMovies:
    """The movies of a run by the forms in which a file's name may mean them.

    Attributes:
        films: Of each movie its titles and year, which rows of one film share.
    """

    def __init__(self, movies: Sequence[Movie]) -> None:
        self.films: dict[str, tuple[frozenset[str], int | None]] = {}
        self._movies: list[dict[str, list[Movie]]] = [{} for _ in _FORMS]
        for movie in movies:
            title, _ = split_title(movie.title)
            names = [title, *title_names(title)]
            self.films[movie.id] = frozenset(map(normalised_title, names)), movie.year
            keys = [{form(name) for name in names} for form in _FORMS]
            keys[-1] |= {_FORMS[-1](part) for name in names if (part := _numbered_part(name))}
            for forms, by_form in zip(keys, self._movies, strict=True):
                for key in forms - {""}:
                    by_form.setdefault(key, []).append(movie)

    def owners(self, path: Path, folders: Sequence[str]) -> list[str]:
        """Ids of the movies that a file's name fits, by its first reading that fits any.

        Args:
            path: The file.
            folders: Names of the folders that it lies in, the nearest first.
        """
        names = [name.stem for name in tagged(path.stem)]
        for name in names:
            if name in self.films:
                return [name]
        if is_trailer_alone(names[-1]):
            names += [name for name in folders if name.lower() not in _FOLDERS_OF_TRAILERS][:1]
        of_any_text = path.suffix.lower() in _OF_ANY_TEXT
        dated = [other for name in folders for other in readings(name) if other.year]
        for name in names:
            for reading in readings(name, of_any_text=of_any_text):
                if found := self._meant(_with_year(reading, dated)):
                    return sorted(movie.id for movie in found)
        return []

    def _meant(self, reading: Reading) -> list[Movie]:
        """Movies that a reading means, by the strictest form that fits any."""
        for number, form in enumerate(_FORMS if reading.year else _FORMS[:-1]):
            key = form(reading.title)
            if number and reading.year is None and key.replace(" ", "").isdecimal():
                return []  # "7" for "Seven"
            fitting = [movie for movie in self._movies[number].get(key, ()) if _is_of(movie, reading)]
            if not fitting:
                continue
            # "Black Rain" and "Black Rain (Kuroi ame)" are two films of 1989: who writes one does not mean the other.
            alone = [movie for movie in fitting if self.films[movie.id][0] == {key}]
            return alone if alone and len({movie.year for movie in fitting}) == 1 else fitting
        return []


def _numbered_part(title: str) -> str | None:
    """What a title says before a colon or a dash, where that ends with a number: "Terminator 2: Judgment Day"."""
    part, *rest = re.split(r":\s|\s[-–—]\s", title, maxsplit=1)
    words = alike_title(part).split()
    return part if rest and len(words) > 1 and words[-1].isdecimal() else None


def _is_of(movie: Movie, reading: Reading) -> bool:
    """Whether a title that fits a movie is of its year.

    A movie without a year takes a name with one only where the title is of several words and the year surely a year.
    """
    if reading.year is None or movie.year is not None:
        return reading.year in (None, movie.year)
    return reading.is_marked and len(without_article(reading.title.split())) > 1


def _with_year(reading: Reading, dated: Sequence[Reading]) -> Reading:
    """A reading without a year, with that of a folder of the same title."""
    if reading.year is not None:
        return reading
    title = alike_title(reading.title)
    return next((other for other in dated if alike_title(other.title) == title), reading)
