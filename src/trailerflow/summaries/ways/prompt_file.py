"""The simplest way: one request, made of one prompt file."""

from __future__ import annotations

from trailerflow.llm.prompts import render
from trailerflow.llm.types import Asks, Request
from trailerflow.movies.titles import display_title, mask_title
from trailerflow.summaries.ways.contract import TOKENS_PER_WORD, Prompts, Told, Way, Written


class PromptFile(Way):
    """Asks once, with the prompt file of its name.

    The file has any of the variables ``{title}``, ``{words}``, ``{transcript}`` and ``{masked_transcript}``, in which the
    film's own title is not told. The answer is cut at 1.5 tokens a word.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.prompts = (name,)

    def requests(self, told: Told, prompts: Prompts) -> list[Request]:
        """The one request."""
        text = told.transcript["text"]
        values = {
            "title": display_title(told.title),
            "words": str(told.words),
            "transcript": text,
            "masked_transcript": mask_title(text, told.title),
        }
        return [Request(render(prompts[self.name], values), max_tokens=round(TOKENS_PER_WORD * told.words))]

    def write(self, told: Told, prompts: Prompts, client: Asks) -> Written:
        """The answer to it."""
        (request,) = self.requests(told, prompts)
        return Written(client.ask(request))
