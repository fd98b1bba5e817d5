"""A YouTube on loopback for this process: no pauses, small bounds where a test sets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loopback.apis import Apis, file_answer
from loopback.faults import Faults
from loopback.messages import Answer, Asked, Request, document
from loopback.server import Server
from loopback.youtube import Track, Video, YouTube

from trailerflow import retry
from trailerflow.errors import TrailerflowError
from trailerflow.trailers.youtube.audio import AudioLimits

VIDEO, OTHER = "aaaaaaaaaaa", "bbbbbbbbbbb"
ELSEWHERE = "elsewhere.example"
SECONDS = 4
"""How long the video's sound is, where it has one, in seconds."""
LIMITS = AudioLimits(seconds=30, megabytes=1)
ENGLISH = Track("en", "English", [(0, 2, "They came at night."), (2, 3, "Nobody heard them.")])


Strange = Callable[[dict[str, Any]], Any]


class StrangeYouTube(YouTube):
    """A YouTube whose player answers with something that a test makes of its answer.

    Attributes:
        strange: Makes it; what is no object stands in the player's own answers alone, not in pages.
    """

    strange: Strange = staticmethod(lambda answer: answer)

    def player(self, video: str, *arguments: Any) -> dict[str, Any]:
        answer = super().player(video, *arguments)
        strange = self.strange(answer)
        return strange if isinstance(strange, dict) else answer

    def _undisturbed(self, request: Request, asked: Asked) -> Answer:
        if asked.route == "player":
            return document(self.strange(super().player(asked.video or "")))
        return super()._undisturbed(request, asked)


def site_of_a_module() -> Server:
    """YouTube, and a site elsewhere that should see nobody; making its certificates takes a moment."""
    apis = Apis()
    apis.add(ELSEWHERE, "/", file_answer(b"stolen"))
    apis.add("www.google.com", "/", file_answer(b"unusual traffic"))
    return Server(StrangeYouTube(), apis)


def play(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a site begin anew with one video that has captions, and send this process there, without pauses."""
    server.youtube = StrangeYouTube([Video(VIDEO, "One", tracks=[ENGLISH])])
    server.faults = Faults(hang_seconds=1)
    server.journal.clear()
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(retry, "PAUSES", (0.0, 0.0))


def seen_elsewhere(server: Server) -> list[str]:
    """Requests to hosts that are not YouTube's."""
    return [
        f"{entry.method} {entry.host}{entry.target}"
        for entry in server.journal.entries
        if not YouTube.plays(entry.host)
    ]


def files(folder: Path) -> dict[str, int]:
    """Modes of all files and folders below a folder, by path."""
    return {str(path.relative_to(folder)): path.lstat().st_mode & 0o777 for path in folder.rglob("*")}


def of_format(**parts: Any) -> Strange:
    """Let the player say other things of the sound."""

    def strange(answer: dict[str, Any]) -> dict[str, Any]:
        for entry in answer.get("streamingData", {}).get("adaptiveFormats", []):
            entry.update(parts)
        return answer

    return strange


def of_details(**parts: Any) -> Strange:
    """Let the player say other things of the video."""
    return lambda answer: answer | {"videoDetails": answer["videoDetails"] | parts}


def check_refused_redirect(
    server: Server, ask: Callable[[], object], folder: Path, *, route: str, place: str
) -> None:
    """A redirect to a place that is not YouTube's ends in a sentence: nobody there is asked, and no visit is kept."""
    with pytest.raises(TrailerflowError) as caught:
        ask()
    assert str(caught.value).startswith(
        f"YouTube leads to {place}, which is not YouTube's by TLS, and nothing"
    )
    assert seen_elsewhere(server) == []
    assert len(server.journal.of(route=route)) == 1
    assert not list((folder / "cache" / "visits").glob("*"))
