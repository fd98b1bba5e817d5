"""The way ``check_and_mend``: a summary is written, its claims are checked, and what is not supported is mended once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from trailerflow.llm.first_token import TOP_LOGPROBS
from trailerflow.llm.prompts import render
from trailerflow.llm.types import Asks, Request
from trailerflow.summaries.check import check_of, checked_claims
from trailerflow.summaries.summarise_movie import abstains, summary_of
from trailerflow.summaries.support.kept_thresholds import EVEN
from trailerflow.summaries.support.questions import PROMPT
from trailerflow.summaries.support.yes_no import YesNo
from trailerflow.summaries.support.yes_no_words import YesNoWords
from trailerflow.summaries.ways.contract import TOKENS_PER_WORD, Prompts, Told, Way, Written
from trailerflow.summaries.ways.prompt_file import PromptFile

CLAIMS = 4
"""Claims of a summary of 45 words, for the costs."""

_WORDS = 45
_DRAFT, _MEND = "short", "mend"


class CheckAndMend(Way):
    """Asks by the prompt ``short``, then about each claim, then for a summary without those that are not supported.

    All requests begin with the same words, so that a server which holds the transcript reads it once.
    Where every claim is supported the first answer stays. Copies are not mended: the words do say them.
    """

    prompts = (_DRAFT, _MEND, PROMPT)
    folders: ClassVar[Mapping[str, str]] = {PROMPT: "support"}

    def requests(self, told: Told, prompts: Prompts) -> list[Request]:
        """The draft, a question about each of `CLAIMS` claims, and the mended summary: the most that it takes."""
        text = told.transcript["text"]
        claim, draft = (" ".join(["word"] * words) for words in (_WORDS // CLAIMS, _WORDS))
        question = Request(
            render(prompts[PROMPT], {"transcript": text, "claim": claim}), 1, top_logprobs=TOP_LOGPROBS
        )
        return [self._draft(told, prompts), *[question] * CLAIMS, self._mend(draft, [draft], told, prompts)]

    def write(self, told: Told, prompts: Prompts, client: Asks) -> Written:
        """The mended summary, or the draft where it needs no mending."""
        draft = client.ask(self._draft(told, prompts))
        if draft.problem or abstains(draft.text):
            return Written(draft)
        # A model without log-probabilities is asked for the word itself.
        measure = (YesNo if client.model.log_probabilities else YesNoWords).name
        settings = {"measure": measure, "threshold": EVEN[measure], "unsupported": "mark"}
        check = check_of(settings, told.transcript["text"], {PROMPT: prompts[PROMPT]}, client)
        summary = summary_of(draft)
        claims = checked_claims(summary, told, check)
        answers = tuple(check.support.answers())
        wrong = [claim["text"] for claim in claims if not claim["kept"]]
        if not wrong:
            return Written(draft, others=answers)
        mended = client.ask(self._mend(summary, wrong, told, prompts))
        return Written(mended, others=(draft, *answers))

    def _draft(self, told: Told, prompts: Prompts) -> Request:
        (request,) = PromptFile(_DRAFT).requests(told, prompts)
        return request

    def _mend(self, draft: str, wrong: list[str], told: Told, prompts: Prompts) -> Request:
        values = {
            "transcript": told.transcript["text"],
            "draft": draft,
            "unsupported": "\n".join(f"- {claim}" for claim in wrong),
        }
        return Request(render(prompts[_MEND], values), round(TOKENS_PER_WORD * told.words))
