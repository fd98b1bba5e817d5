"""What a summary may keep: claims that the transcript supports, and whose names are spoken."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Never

from trailerflow.claims import claims_of
from trailerflow.errors import TrailerflowError
from trailerflow.sentences import sentences_of
from trailerflow.summaries.invented_names import invented_names, without_namings
from trailerflow.summaries.support import support_of
from trailerflow.summaries.support.contract import Beside, Support, Surroundings, checked
from trailerflow.summaries.support.windows import Spoken, Window
from trailerflow.summaries.talk import only_introduces, told_of_the_film

if TYPE_CHECKING:
    from trailerflow.documents import CheckedClaim, Segment
    from trailerflow.llm.types import Asks
    from trailerflow.summaries.ways.contract import Told


@dataclass(frozen=True)
class Check:
    """How summaries are checked.

    Attributes:
        support: The measure of support.
        threshold: The least support of a claim that is kept.
        unsupported: Whether claims that are not kept are left out of the text, or stay there, marked in the list of claims.
    """

    support: Support
    threshold: float
    unsupported: Literal["drop", "mark"]

    @property
    def about(self) -> dict[str, Any]:
        """Its settings, for the record."""
        return {
            "measure": self.support.name,
            "threshold": self.threshold,
            "unsupported": self.unsupported,
        }


def check_of(settings: Mapping[str, Any], spoken: str, prompts: Mapping[str, Path], client: Asks) -> Check:
    """A check by a measure that asks the model which wrote the summary.

    Args:
        settings: ``measure``, ``threshold`` and ``unsupported``.
        spoken: The transcript's text.
        prompts: The measure's prompt file by its name.
        client: The way to the model.

    Raises:
        TrailerflowError: There is no such measure, or it needs something else than a language model.
    """
    given = Surroundings(
        encoder=_no_encoder,
        vectors=_no_encoder,
        model=lambda: client,
        transcripts=(spoken,),
        prompts=prompts,
        weights=Path(),
    )
    return Check(support_of(settings["measure"], given), settings["threshold"], settings["unsupported"])


def checked_claims(summary: str, told: Told, check: Check) -> list[CheckedClaim]:
    """The claims of a summary, and which of them are kept.

    A claim is kept where its support is at least the threshold and it has no invented name. Without a value it is not kept.
    A copy of the transcript may be kept, and is told apart, for it is no claim of the model's own. What only introduces
    somebody ("The film is about a man") is kept beside another claim of its sentence alone, if it has any: by itself it
    tells nothing. The rules that part sentences into claims find no verb in other languages than English: there a sentence
    is a claim.

    Args:
        summary: As it was written.
        told: What there was to read.
        check: How it is checked.

    Returns:
        In their order; none for a summary without a word.

    Raises:
        LaterError: A language model is to be asked again later.
        TrailerflowError: The measure cannot do it.
    """
    transcript = told.transcript
    claims = claims_of(summary, transcript=transcript["text"])
    beside = Beside(
        tuple(claim.text for claim in claims), Spoken(transcript["text"], transcript.get("segments", ()))
    )
    (scores,) = checked(check.support.scores([beside]), [beside], check.support.name)
    if later := check.support.later():
        raise later
    names = invented_names(summary, transcript["text"], told.title)
    found: list[CheckedClaim] = []
    for claim, score in zip(claims, scores, strict=True):
        own = [name for name in names if _is_in(name, claim.text)]
        found.append(
            {
                "text": claim.text,
                "sentence": claim.sentence,
                "support": None if math.isnan(score.value) else score.value,
                "kept": score.value >= check.threshold and not own,
                "copied": claim.copied,
                "invented_names": own,
                "window": _document(score.window),
            }
        )
    return _without_bare_introductions(found)


def checked_text(summary: str, told: Told, check: Check) -> str:
    """The text whose claims are checked; the summary itself where what is not supported stays.

    Else it tells of the film where it told of the text, and has no naming that nobody speaks.

    Args:
        summary: As it was written.
        told: What there was to read.
        check: How it is checked.
    """
    if check.unsupported == "mark":
        return summary
    told_of_film = told_of_the_film(summary)
    return without_namings(told_of_film, invented_names(told_of_film, told.transcript["text"], told.title))


def kept_text(summary: str, claims: Sequence[CheckedClaim]) -> str:
    """What is left of a summary.

    A sentence all of whose claims are kept stays as it was written. Of others the claims that are kept stand in their order.

    Args:
        summary: As it was written.
        claims: Of `checked_claims`.

    Returns:
        One paragraph; empty where nothing is kept.
    """
    if claims and all(claim["kept"] for claim in claims):
        return summary
    parts = []
    for place, sentence in enumerate(sentences_of(summary)):
        own = [claim for claim in claims if claim["sentence"] == place]
        kept = [claim["text"] for claim in own if claim["kept"]]
        parts += [sentence] if kept and len(kept) == len(own) else kept
    return " ".join(parts)


def _without_bare_introductions(claims: list[CheckedClaim]) -> list[CheckedClaim]:
    """The claims, an introduction not being kept where nothing else of its sentence is."""
    parted = {one["sentence"] for one, other in pairwise(claims) if one["sentence"] == other["sentence"]}
    told = {claim["sentence"] for claim in claims if claim["kept"] and not only_introduces(claim["text"])}
    bare = parted - told
    return [{**claim, "kept": claim["kept"] and claim["sentence"] not in bare} for claim in claims]


def _no_encoder() -> Never:
    raise TrailerflowError(
        "Summaries are checked where there is a language model alone; set summaries.check.measure to yes_no or yes_no_words."
    )


def _is_in(name: str, claim: str) -> bool:
    """Whether a claim has all words of a name."""
    return all(re.search(rf"\b{re.escape(word)}\b", claim) for word in name.split())


def _document(window: Window | None) -> Segment | None:
    return None if window is None else {"start": window.start, "end": window.end, "text": window.text}
