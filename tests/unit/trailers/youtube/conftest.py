"""The loopback YouTube of these tests: one server a module, and a video with a sound where a module has no site of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback import media
from loopback.server import Server
from loopback.youtube import Video

from trailerflow.trailers.youtube.audio import Audio, fetch_audio_of
from unit.api_sites import web_access
from unit.youtube_site import LIMITS, SECONDS, VIDEO, play, site_of_a_module


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with site_of_a_module() as server:
        yield server


@pytest.fixture(scope="module")
def sound() -> bytes:
    return media.m4a(seconds=SECONDS)


@pytest.fixture
def site(server: Server, monkeypatch: pytest.MonkeyPatch, sound: bytes) -> Server:
    play(server, monkeypatch)
    server.youtube.videos = {VIDEO: Video(VIDEO, "Heat trailer", duration=SECONDS, audio={140: sound})}
    return server


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[[], Audio]:
    return lambda: fetch_audio_of(VIDEO, LIMITS, web_access(tmp_path), again=False)
