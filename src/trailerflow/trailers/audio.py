"""fetch_audio: the file in which a movie's trailer can be heard, where its captions cannot be read."""

from __future__ import annotations

from trailerflow.outcomes import Outcome

RULE = "fetch_audio"


def fetch_audio(trailer: Outcome, captions: Outcome) -> Outcome:
    """Choose what is to be transcribed.

    Args:
        trailer: Outcome of find_trailer.
        captions: Outcome of fetch_captions.

    Returns:
        ``path`` and ``candidate``; ``absent`` where captions make it needless; the outcome of fetch_captions
        passed on where there is neither. Subtitles that cannot be read are no reason to leave a sound track
        unheard.
    """
    if captions.status == "ok":
        return Outcome.absent(RULE, captions.movie, "captions were found, so no audio is needed")
    if captions.status == "later" or trailer.data is None:
        return captions.passed_on(RULE)
    for candidate in trailer.data["candidates"]:
        if candidate["kind"] in ("audio", "video"):
            source = {"file": candidate["path"]}
            if captions.status == "failed":
                source["captions"] = "; ".join(captions.reasons)
            data = {"path": candidate["path"], "candidate": candidate}
            return Outcome.ok(RULE, captions.movie, data, source=source)
    return captions.passed_on(RULE)
