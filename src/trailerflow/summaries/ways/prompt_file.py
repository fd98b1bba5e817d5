"""The simplest way: one request, made of one prompt file."""

from __future__ import annotations

from trailerflow.llm.prompts import render
from trailerflow.llm.types import Asks, Request
from trailerflow.movies.titles import display_title, mask_title
from trailerflow.summaries.ways.contract import Prompts, Told, Way, Written

_TOKENS_PER_WORD = 1.5  # English takes about 1.3; the rest is room for a summary that runs over


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
        return [Request(render(prompts[self.name], values), max_tokens=round(_TOKENS_PER_WORD * told.words))]

    def write(self, told: Told, prompts: Prompts, client: Asks) -> Written:
        """The answer to it."""
        (request,) = self.requests(told, prompts)
        return Written(client.ask(request))
