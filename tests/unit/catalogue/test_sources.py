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
from trailerflow.catalogue.listing import ARCHIVES, RECBOLE, Download
from trailerflow.errors import TrailerflowError
from unit.sites import Part, head, raw_site

CONTENT = b"an archive of ratings" * 50_000


ZIP = Download("ml-100k.zip", "md5", hashlib.md5(CONTENT).hexdigest(), "The archive.")
WHEEL = Download(
    "recbole-1.2.1-py3-none-any.whl", "sha256", hashlib.sha256(CONTENT).hexdigest(), "The copy in a wheel."
)


@pytest.fixture
def known_checksums(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `CONTENT` be the right content of both downloads."""
    monkeypatch.setitem(ARCHIVES, "movielens-100k", (ZIP, WHEEL))


@pytest.fixture
def server() -> Iterator[str]:
    """A server with folders /good, /bad, /short; the address of its root."""
    pages: dict[str, list[Part]] = {
        "/good/ml-100k.zip": [head(CONTENT)],
        "/bad/ml-100k.zip": [head(b"<html>")],
        "/short/ml-100k.zip": [head(CONTENT[:1000], length=len(CONTENT))],
    }
    with raw_site(pages) as address:
        yield address


@pytest.mark.usefixtures("known_checksums")
def test_a_download_is_kept_and_used_again(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sources, "GROUPLENS", f"{server}/good")
    path = sources.fetch_archive("movielens-100k", tmp_path).path
    assert path.read_bytes() == CONTENT
    assert "1.1 of 1.1 MB" in capsys.readouterr().err
    assert sources.fetch_archive("movielens-100k", tmp_path).path == path


@pytest.mark.usefixtures("known_checksums")
def test_a_wrong_checksum_is_refused_and_nothing_kept(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "GROUPLENS", f"{server}/bad")
    with pytest.raises(
        TrailerflowError, match=r"^ml-100k\.zip has the wrong checksum \(md5 .*nothing was kept"
    ):
        sources.fetch_from_grouplens(ZIP, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("known_checksums")
def test_a_damaged_earlier_download_is_refused_by_name(tmp_path: Path) -> None:
    damaged = tmp_path / ZIP.file
    damaged.write_bytes(CONTENT[:-1])
    with pytest.raises(TrailerflowError, match=f"wrong checksum.*delete {damaged} and run again"):
        sources.fetch_archive("movielens-100k", tmp_path)


@pytest.mark.usefixtures("known_checksums")
@pytest.mark.parametrize(
    ("page", "why"),
    [("short", r"it broke off after 1,000 of 1,0\d0,000 bytes"), ("gone", "it was answered with status 404")],
)
def test_a_server_that_breaks_off_or_refuses_counts_as_unreachable(
    tmp_path: Path, server: str, page: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "GROUPLENS", f"{server}/{page}")
    with pytest.raises(sources.UnreachableError, match=f"^{server}/{page}/ml-100k.zip: {why}"):
        sources.fetch_from_grouplens(ZIP, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("known_checksums")
def test_more_than_an_archive_can_have_is_not_taken(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "GROUPLENS", f"{server}/good")
    monkeypatch.setattr(sources, "MOST_BYTES", len(CONTENT) - 1)
    with pytest.raises(sources.UnreachableError, match=r"bytes, more than the .* expected"):
        sources.fetch_from_grouplens(ZIP, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_silent_server_is_left_after_the_time_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(sources, "GROUPLENS", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(sources.UnreachableError, match=r"/ml-100k\.zip: timed out$"):
            sources.fetch_from_grouplens(ZIP, tmp_path)


class Pip:
    """Stands in for pip: writes the wheel, or fails with a message."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        assert command[1:4] == ["-m", "pip", "download"]
        assert command[-2:] == ["--", RECBOLE]
        if self.content is None:
            return subprocess.CompletedProcess(command, 1, "", "warning\nERROR: No matching distribution\n")
        folder = Path(command[command.index("--dest") + 1])
        (folder / WHEEL.file).write_bytes(self.content)
        return subprocess.CompletedProcess(command, 0, "", "")


def without_grouplens(archive: Download, downloads: Path) -> Path:
    """A GroupLens that does not answer."""
    raise sources.UnreachableError("GroupLens did not answer")


@pytest.mark.usefixtures("known_checksums")
def test_the_wheel_is_the_second_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "fetch_from_grouplens", without_grouplens)
    monkeypatch.setattr(subprocess, "run", Pip(CONTENT).run)
    source = sources.fetch_archive("movielens-100k", tmp_path)
    assert source.path == tmp_path / WHEEL.file
    assert source.note == "The copy in a wheel."
    assert list(tmp_path.iterdir()) == [source.path]


@pytest.mark.usefixtures("known_checksums")
def test_a_wrong_wheel_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", Pip(b"another").run)
    with pytest.raises(TrailerflowError, match="wrong checksum"):
        sources.fetch_from_pypi(WHEEL, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_source_at_all_is_one_sentence_with_both_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "fetch_from_grouplens", without_grouplens)
    monkeypatch.setattr(subprocess, "run", Pip(None).run)
    with pytest.raises(TrailerflowError) as caught:
        sources.fetch_archive("movielens-100k", tmp_path)
    assert str(caught.value).startswith(
        "movielens-100k could not be downloaded (GroupLens did not answer; "
        "pip did not get recbole==1.2.1: ERROR: No matching distribution): run again with a network"
    )
    assert "\n" not in str(caught.value)


def test_the_users_archive_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "own.zip"
    own.write_bytes(b"")
    assert sources.fetch_archive(str(own), tmp_path).path == own


@pytest.mark.parametrize("name", ["movielens-latest-small", "movielens-1m"])
def test_the_other_archives_come_from_grouplens_alone(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "GROUPLENS", "http://127.0.0.1:9")
    file = ARCHIVES[name][0].file
    with pytest.raises(TrailerflowError, match=rf"^{name} could not .*:9/{file}.* set catalogue.archive"):
        sources.fetch_archive(name, tmp_path)
    (tmp_path / file).write_bytes(CONTENT)
    with pytest.raises(TrailerflowError, match=f"^{file} has the wrong checksum"):
        sources.fetch_archive(name, tmp_path)
