"""A text of which every character knows its cue, so that what is left after cleaning keeps its times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CueText:
    """A text, and the cue that each of its characters comes from.

    Attributes:
        text: The text.
        cues: For each character the number of its cue, from 0.
    """

    text: str
    cues: Sequence[int]

    @classmethod
    def of_lines(cls, lines: Sequence[str], cue: int) -> CueText:
        """The lines of one cue."""
        text = "\n".join(lines)
        return cls(text, [cue] * len(text))

    @classmethod
    def joined(cls, parts: Sequence[CueText]) -> CueText:
        """Texts one after another, with nothing between them."""
        return cls("".join(part.text for part in parts), [cue for part in parts for cue in part.cues])

    def __getitem__(self, part: slice) -> CueText:
        return CueText(self.text[part], self.cues[part])

    def replaced(self, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> CueText:
        """As `re.Pattern.sub` does it, for patterns that match one character at least.

        What is put in comes from the cue in which the match begins; a match that stays as it is keeps its cues.

        Args:
            pattern: What is sought.
            new: What is put in its place as it stands, or what makes it of a match.
        """
        done, parts = 0, []
        for found in pattern.finditer(self.text):
            start, end = found.span()
            text = new if isinstance(new, str) else new(found)
            parts.append(self[done:start])
            parts.append(
                self[start:end] if text == found[0] else CueText(text, [self.cues[start]] * len(text))
            )
            done = end
        parts.append(self[done:])
        return CueText.joined(parts)

    def lines(self) -> Iterator[CueText]:
        """The lines, as they stand."""
        start = 0
        for line in self.text.split("\n"):
            yield self[start : start + len(line)]
            start += len(line) + 1

    def words(self) -> list[tuple[int, str]]:
        """What stands between blanks, each with the cue of its first character.

        >>> CueText("We are here", [0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2]).words()
        [(0, 'We'), (1, 'are'), (2, 'here')]
        """
        return [(self.cues[found.start()], found[0]) for found in re.finditer(r"\S+", self.text)]
