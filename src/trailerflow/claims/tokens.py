"""The words of a sentence as the splitter of clauses sees them, and which of them are finite verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trailerflow.claims.words import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    DOUBTFUL,
    EMBEDDING,
    NOUNS_TOO,
    OBJECT_PRONOUNS,
    PAST,
    PLURAL_PRONOUNS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    VERBS,
)

_AROUND = re.compile(r"^\W+|\W+$")
_CONTRACTED = re.compile(r"(?:he|she|it|they|we|i|you|there|who)'(?:s|re|ll|d|ve|m)")
_AFTER_A_VERB = (
    DETERMINERS | SUBJECT_PRONOUNS | (EMBEDDING - {"than"}) | OBJECT_PRONOUNS | (PREPOSITIONS - {"of", "for"})
)


@dataclass(frozen=True)
class Token:
    """A word with the punctuation that stands at it.

    Attributes:
        raw: As it stands.
        word: Without punctuation around it, in small letters; empty within quotation marks or brackets, where nothing is
            parted.
        is_name: Whether it begins with a capital letter.
        comma: Whether a comma or a dash follows.
    """

    raw: str
    word: str
    is_name: bool
    comma: bool


Tokens = Sequence[Token]
NO_TOKEN = Token("", "", False, False)
"""What stands before the first word and after the last."""


def tokens_of(sentence: str) -> list[Token]:
    """The words of a sentence."""
    found: list[Token] = []
    quoted, brackets = False, 0
    marks = sentence.count('"') % 2 == 0
    for raw in sentence.split():
        opens = raw.count('"') % 2 == 1 and marks
        brackets += raw.count("(") + raw.count("“")
        masked = quoted or opens or brackets > 0
        brackets = max(0, brackets - raw.count(")") - raw.count("”"))
        quoted = quoted != opens
        bare = _AROUND.sub("", raw)
        word = "" if masked else bare.lower().replace("’", "'")
        if raw in ("-", "–", "—") and found:
            found[-1] = replace(found[-1], raw=f"{found[-1].raw} {raw}", comma=True)
            continue
        found.append(Token(raw, word, bare[:1].isupper(), raw.endswith((",", ";", "—"))))
    return found


def is_finite(tokens: Tokens, place: int) -> bool:
    """Whether a word is a finite verb, as far as lists and neighbours tell it; in doubt it is none."""
    word = tokens[place].word
    before = tokens[place - 1] if place else NO_TOKEN
    after = tokens[place + 1] if place + 1 < len(tokens) else NO_TOKEN
    if not word or before.word in DETERMINERS | {"to"} or before.word.endswith(("'s", "s'")):
        return False
    if word in AUXILIARIES or _CONTRACTED.fullmatch(word):
        return True
    if before.word in PREPOSITIONS and not before.comma:
        return False
    if word in THIRD_PERSON:
        plain = word not in DOUBTFUL or before.word in SUBJECT_PRONOUNS
        return plain or after.is_name or after.word in _AFTER_A_VERB or after.word.endswith("ly")
    if word in PAST:
        return before.word in SUBJECT_PRONOUNS | CONJUNCTIONS | ADVERBS or before.is_name
    return word in VERBS and before.word in PLURAL_PRONOUNS | {"who"}


def is_bare_verb(tokens: Tokens, place: int) -> bool:
    """Whether a word behind a conjunction is a verb without an ending, as it follows a modal."""
    word = tokens[place].word
    after = tokens[place + 1].word if place + 1 < len(tokens) else ""
    return word in VERBS and (word not in NOUNS_TOO or after in _AFTER_A_VERB)


def is_contracted(token: Token) -> bool:
    """Whether subject and verb are one word: he's."""
    return _CONTRACTED.fullmatch(token.word) is not None


def finite_places(tokens: Tokens) -> list[int]:
    """Places of the finite verbs."""
    return [place for place in range(len(tokens)) if is_finite(tokens, place)]


def text_of(tokens: Tokens) -> str:
    """Words as a sentence of its own: a capital letter at its head, a stop at its end."""
    text = " ".join(token.raw for token in tokens).strip(" ,;:—–-")
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", '."', '!"', '?"')) else f"{text}."
