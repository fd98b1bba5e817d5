"""Which media files are each movie's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path

from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.trailers.finding.media import list_media, match_media, media_kind

SUBTITLES = "subtitles"


def media_by_movie(
    rows: Mapping[str, Movie], folder: Path | None, is_pattern: Callable[[str], bool]
) -> dict[str, list[Path]]:
    """Media files of each movie: those that its row names, then those of the media folder.

    Args:
        rows: The movies by id.
        folder: ``trailers.media``; None for none.
        is_pattern: Whether Snakemake would take a path for a pattern.

    Returns:
        The files of every movie by its id; an empty list for one without.

    Raises:
        TrailerflowError: A file's path is a pattern, or the folder cannot be read.
    """
    matched = match_media(list_media(folder) if folder else [], list(rows.values()), folder)
    for path in chain.from_iterable(matched.values()):
        if is_pattern(str(path)):
            raise TrailerflowError(
                f"{path}: Snakemake takes a word in braces for a wildcard; give the file or its folder a name without."
            )
    return {movie: matched.get(movie, []) for movie in rows}


def subtitles_of(files: Iterable[Path]) -> list[Path]:
    """The subtitle files among a movie's own."""
    return [path for path in files if media_kind(path) == SUBTITLES]


def sound_of(files: Iterable[Path]) -> list[Path]:
    """The files with sound among a movie's own."""
    return [path for path in files if media_kind(path) != SUBTITLES]
