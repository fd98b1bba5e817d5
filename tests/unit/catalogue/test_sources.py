"""The downloads: each source fails fast, and nothing wrong is kept."""

from __future__ import annotations

import hashlib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trailerflow import download
from trailerflow.catalogue import sources
from trailerflow.catalogue.listing import GROUPLENS_FILE, RECBOLE_FILE
from trailerflow.errors import TrailerflowError
from unit.sites import Part, head, raw_site

CONTENT = b"an archive of ratings" * 50_000


@pytest.fixture
def known_checksums(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `CONTENT` be the right content of both downloads."""
    md5 = hashlib.md5(CONTENT).hexdigest()
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    monkeypatch.setattr(
        sources,
        "CHECKSUMS",
        {GROUPLENS_FILE: ("md5", md5), RECBOLE_FILE: ("sha256", sha256)},
    )


@pytest.fixture
def server() -> Iterator[str]:
    """A server with /good, /bad, /short; the address of its root."""
    pages: dict[str, list[Part]] = {
        "/good": [head(CONTENT)],
        "/bad": [head(b"<html>")],
        "/short": [head(CONTENT[:1000], length=len(CONTENT))],
    }
    with raw_site(pages) as address:
        yield address


@pytest.mark.usefixtures("known_checksums")
def test_a_download_is_kept_and_used_again(
    tmp_path: Path, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sources.fetch_from_grouplens(tmp_path, f"{server}/good")
    assert path.read_bytes() == CONTENT
    assert "1.1 of 1.1 MB" in capsys.readouterr().err
    assert sources.fetch_archive("movielens-100k", tmp_path).path == path


@pytest.mark.usefixtures("known_checksums")
def test_a_wrong_checksum_is_refused_and_nothing_kept(tmp_path: Path, server: str) -> None:
    with pytest.raises(
        TrailerflowError, match=r"^ml-100k\.zip has the wrong checksum \(md5 .*nothing was kept"
    ):
        sources.fetch_from_grouplens(tmp_path, f"{server}/bad")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("known_checksums")
def test_a_damaged_earlier_download_is_refused_by_name(tmp_path: Path) -> None:
    damaged = tmp_path / GROUPLENS_FILE
    damaged.write_bytes(CONTENT[:-1])
    with pytest.raises(TrailerflowError, match=f"wrong checksum.*delete {damaged} and run again"):
        sources.fetch_archive("movielens-100k", tmp_path)


@pytest.mark.usefixtures("known_checksums")
@pytest.mark.parametrize(
    ("page", "why"),
    [("short", r"it broke off after 1,000 of 1,0\d0,000 bytes"), ("gone", "it was answered with status 404")],
)
def test_a_server_that_breaks_off_or_refuses_counts_as_unreachable(
    tmp_path: Path, server: str, page: str, why: str
) -> None:
    with pytest.raises(sources.UnreachableError, match=f"^{server}/{page}: {why}"):
        sources.fetch_from_grouplens(tmp_path, f"{server}/{page}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("known_checksums")
def test_more_than_an_archive_can_have_is_not_taken(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", len(CONTENT) - 1)
    with pytest.raises(sources.UnreachableError, match=r"bytes, more than the .* expected"):
        sources.fetch_from_grouplens(tmp_path, f"{server}/good")
    assert list(tmp_path.iterdir()) == []


def test_a_silent_server_is_left_after_the_time_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(sources.UnreachableError, match=r"/: timed out$"):
            sources.fetch_from_grouplens(tmp_path, address)


class Pip:
    """Stands in for pip: writes the wheel, or fails with a message."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        assert command[1:4] == ["-m", "pip", "download"]
        assert command[-2:] == ["--", sources.RECBOLE]
        if self.content is None:
            return subprocess.CompletedProcess(command, 1, "", "warning\nERROR: No matching distribution\n")
        folder = Path(command[command.index("--dest") + 1])
        (folder / RECBOLE_FILE).write_bytes(self.content)
        return subprocess.CompletedProcess(command, 0, "", "")


def without_grouplens(downloads: Path) -> Path:
    """A GroupLens that does not answer."""
    raise sources.UnreachableError("GroupLens did not answer")


@pytest.mark.usefixtures("known_checksums")
def test_the_wheel_is_the_second_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "fetch_from_grouplens", without_grouplens)
    monkeypatch.setattr(subprocess, "run", Pip(CONTENT).run)
    source = sources.fetch_archive("movielens-100k", tmp_path)
    assert source.path == tmp_path / RECBOLE_FILE
    assert "release dates are not in it" in source.note
    assert list(tmp_path.iterdir()) == [source.path]


@pytest.mark.usefixtures("known_checksums")
def test_a_wrong_wheel_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", Pip(b"another").run)
    with pytest.raises(TrailerflowError, match="wrong checksum"):
        sources.fetch_from_pypi(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_source_at_all_is_one_sentence_with_both_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "fetch_from_grouplens", without_grouplens)
    monkeypatch.setattr(subprocess, "run", Pip(None).run)
    with pytest.raises(TrailerflowError) as caught:
        sources.fetch_archive("movielens-100k", tmp_path)
    assert str(caught.value).startswith(
        "MovieLens-100K could not be downloaded (GroupLens did not answer; "
        "pip did not get recbole==1.2.1: ERROR: No matching distribution): run again with a network"
    )
    assert "\n" not in str(caught.value)


def test_the_users_archive_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "own.zip"
    own.write_bytes(b"")
    assert sources.fetch_archive(str(own), tmp_path).path == own
