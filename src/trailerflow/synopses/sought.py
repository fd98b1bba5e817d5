"""What a source says about a movie's reference synopsis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from trailerflow.answers import KeptAnswer


@dataclass(frozen=True)
class Sought:
    """What one source says about a movie.

    Attributes:
        text: The synopsis, or None where the source has none.
        reason: Why there is none.
        source: Where the synopsis is from.
        answers: Files of the cache that hold the source's answers.
    """

    text: str | None = None
    reason: str = ""
    source: dict[str, Any] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)


def of_site(site: str, page: str, licence: str, kept: KeptAnswer, cached: bool) -> dict[str, Any]:
    """Where a site's synopsis is from.

    Args:
        site: Name of the site.
        page: Address of the record, without a key.
        licence: What its licence or its terms ask, one sentence.
        kept: The answer with the text.
        cached: Whether the answer was kept from before.
    """
    return {"site": site, "page": page, "licence": licence, "fetched": kept.fetched, "cached": cached}
