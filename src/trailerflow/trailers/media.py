"""Which files of a media folder belong to which movie: by id, then by title and year."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.movies.forms import normalised_title
from trailerflow.movies.movie import Movie
from trailerflow.movies.titles import split_title

SUFFIXES: dict[str, tuple[str, ...]] = {
    "subtitles": (".srt", ".vtt", ".json", ".txt"),
    "audio": (".mp3", ".m4a", ".ogg", ".opus", ".flac", ".wav", ".webm"),
    "video": (".mp4", ".mkv"),
}
"""Suffixes of each kind of media, both in the order of preference."""

_RANK = {
    suffix: (kind, place) for place, (kind, suffixes) in enumerate(SUFFIXES.items()) for suffix in suffixes
}
_LANGUAGES = (  # ISO 639-1
    "aa ab af am ar as ay az ba be bg bn bo br bs ca co cs cy da de dz el en eo es et eu fa fi fj fo fr "
    "fy ga gd gl gn gu ha he hi hr hu hy id ig is it ja jv ka kk km kn ko ku ky la lb ln lo lt lv mg mi "
    "mk ml mn mr ms mt my ne nl no nb nn oc or pa pl ps pt qu rm ro ru rw sa sd si sk sl sm sn so sq sr "
    "st su sv sw ta te tg th ti tk tl tn to tr ts tt ug uk ur uz vi wo xh yi yo zh zu"
)
_THREE_LETTERS = {
    "eng": "en", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "ita": "it", "por": "pt",
    "nld": "nl", "dut": "nl", "rus": "ru", "jpn": "ja", "zho": "zh", "chi": "zh", "kor": "ko", "swe": "sv",
    "dan": "da", "nor": "no", "fin": "fi", "pol": "pl", "tur": "tr", "ara": "ar", "hin": "hi", "ces": "cs",
}  # fmt: skip
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_ALTERNATIVE = re.compile(r"\s*\([^()]*\)")


def media_kind(path: Path) -> str | None:
    """``subtitles``, ``audio``, ``video``, or None for a file that is no media we read."""
    found = _RANK.get(path.suffix.lower())
    return found[0] if found else None


def preferred_first(paths: Iterable[Path]) -> list[Path]:
    """Media files in the order in which they are tried: subtitles, audio, video; then by suffix and name."""

    def rank(path: Path) -> tuple[int, int, str]:
        kind, place = _RANK[path.suffix.lower()]
        return place, SUFFIXES[kind].index(path.suffix.lower()), str(path)

    return sorted((path for path in paths if media_kind(path)), key=rank)


def language_code(tag: str | None) -> str | None:
    """The two-letter language of a tag such as ``en``, ``EN-us``, ``pt_BR`` or ``eng``; None for any other.

    >>> language_code("pt-BR"), language_code("eng"), language_code("1080p")
    ('pt', 'en', None)
    """
    first = re.split(r"[-_]", (tag or "").strip().lower())[0]
    first = _THREE_LETTERS.get(first, first)
    return first if len(first) == 2 and first in _LANGUAGES.split() else None


def file_language(path: Path) -> str | None:
    """Language that a file's name tells: ``goldeneye.1995.en.vtt`` is English."""
    stem, dot, last = path.stem.rpartition(".")
    return language_code(last) if dot and stem else None


def list_media(folder: Path) -> list[Path]:
    """All media files below a folder, sorted; hidden files and folders are left out.

    Raises:
        TrailerflowError: There is no such folder.
    """
    if not folder.is_dir():
        raise TrailerflowError(
            f"The media folder {folder} does not exist; make it or set trailers.media in the config."
        )
    found = []
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in names if not name.startswith(".") and media_kind(Path(name))]
    return sorted(found)


def match_media(
    files: Sequence[Path], movies: Sequence[Movie], folder: Path | None = None
) -> dict[str, list[Path]]:
    """Share the files of a media folder out among the movies.

    A file that a movie's ``media`` column names (several with ``;`` between them) belongs to that movie,
    which then takes no others. The others are matched by name: the id (``2.srt``, ``2.en.vtt``), else the
    title with the year where the name bears one (``GoldenEye (1995).srt``, ``goldeneye.1995.en.vtt``, ``Usual
    Suspects, The.txt``).

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
    ids = {movie.id for movie in movies}
    titles = _titles(movies)
    for path in files:
        if path in taken or not media_kind(path):
            continue
        owners = _owners(path, ids, titles)
        if len(set(owners.values())) > 1:
            raise TrailerflowError(
                f"{path} fits several movies ({', '.join(owners)}); name the file after one of these ids, "
                f"as in {next(iter(owners))}{path.suffix}, or name it in the media column of one."
            )
        for owner in owners.keys() - named.keys():
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


def _titles(movies: Sequence[Movie]) -> dict[str, list[tuple[str, int | None]]]:
    """Normalised title, with and without what stands in brackets, to the ids and years that bear it."""
    titles: dict[str, list[tuple[str, int | None]]] = {}
    for movie in movies:
        title, _ = split_title(movie.title)
        for form in {normalised_title(title), normalised_title(_ALTERNATIVE.sub("", title))} - {""}:
            titles.setdefault(form, []).append((movie.id, movie.year))
    return titles


def _owners(
    path: Path, ids: set[str], titles: Mapping[str, list[tuple[str, int | None]]]
) -> dict[str, int | None]:
    """Ids, with years, of the movies that a file's name fits, by its first reading that fits any."""
    stems = [path.stem]
    if file_language(path):
        stems.append(path.stem.rpartition(".")[0])
    for stem in stems:
        if stem in ids:
            return {stem: None}
    for stem in stems:
        for title, year in _readings(stem):
            owners = {
                movie: its_year
                for movie, its_year in titles.get(normalised_title(title), [])
                if year is None or its_year is None or year == its_year
            }
            if owners:
                return dict(sorted(owners.items()))
    return {}


def _readings(stem: str) -> list[tuple[str, int | None]]:
    """Titles and years that a name may mean: the whole name as a title, then what stands before a year."""
    # Dots and underscores stand for spaces in such names; a comma keeps its place for "Usual Suspects, The".
    spaced = re.sub(r"[._]+", " ", stem).strip()
    readings: list[tuple[str, int | None]] = [(spaced, None)]
    for year in reversed(list(_YEAR.finditer(spaced))):
        before = spaced[: year.start()].rstrip(" ([-")
        if before:
            readings.append((before, int(year.group())))
    return readings
