"""Which media files are each movie's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.movies.movie import Movie
from trailerflow.planning.media import media_by_movie, sound_of, subtitles_of


def no_pattern(path: str) -> bool:
    return "{" in path


def test_every_movie_has_its_own_files(tmp_path):
    for name in ("1.srt", "Home (1959).mkv", "unknown.txt.bak"):
        (tmp_path / name).touch()
    rows = {"1": Movie("1", "GoldenEye", 1995), "7": Movie("7", "Home", 1959), "9": Movie("9", "None", 1960)}
    files = media_by_movie(rows, tmp_path, no_pattern)
    assert files == {"1": [tmp_path / "1.srt"], "7": [tmp_path / "Home (1959).mkv"], "9": []}
    assert media_by_movie(rows, None, no_pattern) == {"1": [], "7": [], "9": []}


def test_a_file_that_snakemake_takes_for_a_pattern_is_refused(tmp_path):
    folder = tmp_path / "{films}"
    folder.mkdir()
    (folder / "1.srt").touch()
    with pytest.raises(TrailerflowError, match=r"1\.srt: Snakemake takes a word in braces for a wildcard"):
        media_by_movie({"1": Movie("1", "GoldenEye", 1995)}, folder, no_pattern)


def test_subtitles_and_sound_are_told_apart_by_the_suffix():
    files = [Path("a.srt"), Path("b.ogg"), Path("c.VTT"), Path("d.mp4")]
    assert subtitles_of(files) == [Path("a.srt"), Path("c.VTT")]
    assert sound_of(files) == [Path("b.ogg"), Path("d.mp4")]
