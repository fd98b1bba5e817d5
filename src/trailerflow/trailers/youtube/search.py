"""YouTube's search, by yt-dlp."""

from __future__ import annotations

from typing import Any

from trailerflow.answers import KeptAnswer
from trailerflow.errors import LaterError
from trailerflow.web.access import WebAccess
from trailerflow.web.pace import Pace
from trailerflow.web.visit import Visit

RESULTS = 10
FIELDS = (
    "id", "url", "title", "duration", "channel", "view_count", "live_status", "channel_is_verified",
)  # fmt: skip
"""What is kept of a result: all that yt-dlp knows of it without asking for the video itself."""


def search_videos(query: str, web: WebAccess) -> tuple[KeptAnswer, bool]:
    """Search for videos, or take the answer that was kept.

    Args:
        query: Words.
        web: Where answers and the pace are kept.

    Returns:
        The first `RESULTS` results in YouTube's order, each with `FIELDS`; and whether they were kept from before.

    Raises:
        LaterError: Blocked, the day's visits spent, or a fault that stayed through the retries.
    """
    store = web.answers("searches")
    request = {"query": query, "results": RESULTS}
    if kept := store.get(request):
        return kept, True
    pace = web.youtube_pace()
    pace.take_turn()
    visit = web.visit(store.path(request).stem)
    found = _ask(query, web, pace, visit)
    kept = store.put(request, [{field: entry.get(field) for field in FIELDS} for entry in found])
    visit.settle()
    return kept, False


def _ask(query: str, web: WebAccess, pace: Pace, visit: Visit) -> list[dict[str, Any]]:
    from yt_dlp.utils import DownloadError

    from trailerflow.trailers.youtube.downloader import downloader

    with downloader(web, pace, visit, {"extract_flat": True}) as (youtube_dl, _):
        try:
            answer = youtube_dl.extract_info(f"ytsearch{RESULTS}:{query}", download=False)
        except DownloadError as error:
            visit.settle()
            raise LaterError(f"YouTube's search gave no whole answer ({_first_line(error)})") from None
    return [entry for entry in answer["entries"] if entry and entry.get("id")]


def _first_line(error: Exception) -> str:
    return str(error).removeprefix("ERROR: ").partition("\n")[0][:200]
