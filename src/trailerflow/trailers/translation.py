"""translate_transcript: where a transcript in another language becomes one in the language of the prompts."""

from __future__ import annotations

from trailerflow.outcomes import Outcome

RULE = "translate_transcript"


def translate_transcript(transcript: Outcome) -> Outcome:
    """Pass a transcript on in its own language, and say that it was not translated.

    Args:
        transcript: Outcome of transcribe_trailer.

    Returns:
        The same data with ``translated``, which is False.
    """
    if transcript.data is None:
        return transcript.passed_on(RULE)
    return Outcome.ok(
        RULE,
        transcript.movie,
        transcript.data | {"translated": False},
        source=transcript.source,
        made_by=transcript.made_by,
    )
