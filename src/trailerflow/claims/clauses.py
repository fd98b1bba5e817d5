"""A sentence parted into clauses that can each be true or false, by rules; in doubt it stays whole.

The rules follow ClausIE's idea (Del Corro & Gemulla, WWW 2013) that a clause is what is claimed, without its parser: finite
verbs are found by lists (`trailerflow.claims.words`), and a cut is made only where both sides have one. What stands below a
word such as "that", "if" or "believes" is not claimed by itself, and is not cut off.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from trailerflow.claims.tokens import Token, Tokens, finite_places, is_bare_verb, is_contracted, is_finite
from trailerflow.claims.words import (
    ADVERBS,
    ANYBODY,
    CONJUNCTIONS,
    CONNECTIVES,
    COPULAS,
    DETERMINERS,
    EMBEDDING,
    FACTUAL,
    INDEFINITE,
    MODALS,
    PAST,
    PLACES,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    VERBS,
)

LONGEST = 120
"""Most words of a sentence that is parted: what is longer has no punctuation to go by."""

SHORTEST = 2
"""Fewest words of a clause."""

_LONGEST_SUBJECT = 8
_OPENERS = FACTUAL | EMBEDDING
_JOINING = CONJUNCTIONS - {"or"}
"""Of two things with "or" between them neither is claimed by itself."""

Parts = tuple[list[Token], list[Token]]


def clauses(tokens: list[Token]) -> list[list[Token]]:
    """The clauses of a sentence in their order, each with a subject; the sentence itself where it cannot be parted."""
    if not 2 * SHORTEST <= len(tokens) <= LONGEST:
        return [tokens]
    rules: tuple[Callable[[list[Token]], Parts | None], ...] = (
        _talk, _semicolon, _opening_clause, _inserted_relative, _own_subject, _same_subject, _last_relative,
    )  # fmt: skip
    for rule in rules:
        parts = rule(tokens)
        if parts is not None and min(map(len, parts)) >= SHORTEST:
            return [clause for part in parts for clause in clauses(part)]
    return [tokens]


def _talk(tokens: list[Token]) -> Parts | None:
    """ "The plot is as follows: …" is one claim, and what follows another."""
    for place, token in enumerate(tokens[:-SHORTEST]):
        if token.raw.endswith(":") and token.word in {"follows", "is", "summary", "plot"}:
            return tokens[: place + 1], tokens[place + 1 :]
    return None


def _semicolon(tokens: list[Token]) -> Parts | None:
    for place, token in enumerate(tokens):
        left, right = tokens[: place + 1], tokens[place + 1 :]
        if token.raw.endswith(";") and finite_places(left) and finite_places(right):
            return left, right
    return None


def _opening_clause(tokens: list[Token]) -> Parts | None:
    """ "As he flees, she waits": two clauses, where the first word opens one that is told as a fact."""
    head = next((place for place, token in enumerate(tokens) if token.word not in CONNECTIVES), 0)
    if tokens[head].word not in FACTUAL or not (_has_subject(tokens, head + 1)):
        return None
    for place in range(head + SHORTEST, len(tokens) - SHORTEST):
        if tokens[place].comma and _has_subject(tokens, place + 1):
            return tokens[head + 1 : place + 1], tokens[place + 1 :]
    return None


def _inserted_relative(tokens: list[Token]) -> Parts | None:
    """ "Sean, who was kidnapped, tells …": what is inserted gets the subject, and the sentence goes on without it."""
    for place in range(1, len(tokens) - SHORTEST):
        if (
            tokens[place].word not in {"who", "which"}
            or not tokens[place - 1].comma
            or not _verb_at(tokens, place + 1)
        ):
            continue
        subject = _noun_phrase(tokens, place)
        end = next((end for end in range(place + 2, len(tokens) - 1) if tokens[end].comma), None)
        if subject and end is not None and _verb_at(tokens, end + 1) and not finite_places(tokens[:place]):
            return _without_comma(tokens[:place]) + tokens[end + 1 :], subject + tokens[place + 1 : end + 1]
    return None


def _own_subject(tokens: list[Token]) -> Parts | None:
    """ "He asks, but she refuses": two clauses with a subject each."""
    for place in range(SHORTEST - 1, len(tokens) - SHORTEST):
        if not _links(tokens, place):
            continue
        left, comma = tokens[:place], tokens[place - 1].comma
        start = place + 1
        if tokens[place].word in CONJUNCTIONS and tokens[start].word in FACTUAL and comma:
            end = next((end for end in range(start, len(tokens)) if tokens[end].comma), None)
            if end is None or not _has_subject(tokens, end + 1):
                continue
        elif not _has_subject(tokens, start) or (not comma and _is_one_phrase(tokens, place)):
            continue
        if _is_whole(left) and not _is_condition(left) and (comma or not _is_embedding(left)):
            return left, tokens[start:]
    return None


def _links(tokens: Tokens, place: int) -> bool:
    """Whether a word joins two clauses: a conjunction, or "while", "whereas" or "where" after a comma."""
    word = tokens[place].word
    return word in _JOINING or (word in {"while", "whereas", "where"} and tokens[place - 1].comma)


def _is_one_phrase(tokens: Tokens, place: int) -> bool:
    """Whether a conjunction rather joins two who do the same: "Max and John are", "after he and his wife are"."""
    before, after = tokens[place - 1], tokens[place + 1]
    return (before.is_name and after.is_name) or before.word in {"he", "she", "they", "we", "i"}


def _same_subject(tokens: list[Token]) -> Parts | None:
    """ "He robs a bank and flees": the second verb gets the subject of the first."""
    for place in range(2, len(tokens) - 1):
        if tokens[place].word not in _JOINING - {"so"}:
            continue
        left, comma = tokens[:place], tokens[place - 1].comma
        found = _carried(left, comma)
        if found is None:
            continue
        subject, helper = found
        start = _after_adverbs(tokens, place + 1)
        if start >= len(tokens):
            continue
        passive = (
            helper is None and tokens[start].word in PAST
        )  # "is caught and sent": not told by a verb of its own
        if is_finite(tokens, start) and not is_contracted(tokens[start]) and not passive:
            return left, subject + tokens[place + 1 :]
        if helper is not None and is_bare_verb(tokens, start) and not _has_infinitive(left):
            return left, [*subject, *helper, *tokens[place + 1 :]]
    return None


def _carried(left: list[Token], comma: bool) -> tuple[list[Token], list[Token] | None] | None:
    """The subject of the clause that a further verb belongs to; None where it is not plain.

    With it what stands before a verb that has no ending, or is in the past: a modal, or nothing after "they" and after a
    verb in the past; None where no such verb may follow.

    Without a comma before the conjunction it is the nearest clause, with one the main clause.
    """
    finite = finite_places(left)
    if not finite or is_contracted(left[finite[-1]]):
        return None
    openers = [place for place in range(1, len(left)) if left[place].word in _OPENERS]
    openers = [place for place in openers if any(verb > place for verb in finite)]
    start = 0
    if openers and not comma:
        start = openers[-1] + 1
        if left[start - 1].word in EMBEDDING or left[start - 1].word in {"after", "when", "because"}:
            return None
    elif left[0].word in _OPENERS or (_is_embedding(left) and not comma):
        return None
    verbs = [verb for verb in finite if verb >= start]
    if not verbs:
        return None
    subject = _subject(left[start : verbs[0]])
    if subject is None or is_contracted(left[verbs[0]]):
        return None
    verb = left[verbs[0]]
    helper = [verb] if verb.word in MODALS else [] if verb.word in VERBS | PAST else None
    return subject, helper


def _last_relative(tokens: list[Token]) -> Parts | None:
    """ "It follows a man who robs a bank": the man gets a clause of his own, where he is named or new."""
    finite = finite_places(tokens)
    for place in range(SHORTEST, len(tokens) - 1):
        if tokens[place].word not in {"who", "which"} or not _verb_at(tokens, place + 1):
            continue
        phrase = _noun_phrase(tokens, place)
        if phrase is None or phrase[-1].word in PREPOSITIONS | DETERMINERS:  # "on which", "the one who"
            continue
        before = place - len(phrase)
        plain = phrase[0].word in INDEFINITE or phrase[0].is_name or tokens[place - 1].comma
        if not plain or not any(verb < before for verb in finite) or _is_embedding(tokens[:before]):
            continue
        if tokens[before - 1].word not in COPULAS:
            return tokens[:place], phrase + tokens[place + 1 :]
        subject = _subject(tokens[: finite[0]])  # "Sam is a thief who …": it is Sam who does it
        if subject and finite[0] == before - 1 and not (len(phrase) == 2 and phrase[1].word in ANYBODY):
            return tokens[:place], subject + tokens[place + 1 :]
    return None


def _has_subject(tokens: Tokens, start: int) -> bool:
    """Whether a clause with its own subject begins at a place."""
    start = _after_adverbs(tokens, start)
    if start >= len(tokens):
        return False
    first = tokens[start]
    if is_contracted(first) or first.word in SUBJECT_PRONOUNS:
        return is_contracted(first) or _verb_at(tokens, start + 1)
    begins = first.word in DETERMINERS or first.word.endswith("'s") or first.is_name
    return begins and first.word not in PREPOSITIONS and _verb_follows(tokens, start + 1)


def _verb_follows(tokens: Tokens, start: int) -> bool:
    """Whether the noun phrase that begins before a place has a verb behind it."""
    for place in range(start, min(start + _LONGEST_SUBJECT, len(tokens))):
        if is_finite(tokens, place):
            return True
        word = tokens[place].word
        if tokens[place - 1].comma or word in _OPENERS | SUBJECT_PRONOUNS or word in PREPOSITIONS - {"of"}:
            return False
    return False


def _verb_at(tokens: Tokens, place: int) -> bool:
    place = _after_adverbs(tokens, place)
    return place < len(tokens) and is_finite(tokens, place)


def _after_adverbs(tokens: Tokens, place: int) -> int:
    while place < len(tokens) and tokens[place].word in ADVERBS:
        place += 1
    return place


def _is_whole(left: Tokens) -> bool:
    """Whether every clause that is opened has its verb, and the main one too."""
    finite = finite_places(left)
    opened = [place for place, token in enumerate(left) if token.word in _OPENERS]
    opened = [place for place in opened if left[min(place + 1, len(left) - 1)].word != "to"]  # "how to win"
    return bool(finite) and (not opened or finite[-1] > opened[-1] or left[opened[-1]].word in PREPOSITIONS)


def _is_condition(left: Tokens) -> bool:
    """Whether a sentence begins with "if" and the like: what follows is not told as a fact."""
    head = next((token.word for token in left if token.word not in CONNECTIVES), "")
    return head in EMBEDDING


def _is_embedding(left: Tokens) -> bool:
    """Whether something below another clause is told: after "that", "if" and the like, or "he believes he is"."""
    return any(token.word in EMBEDDING for token in left[1:]) or any(
        is_contracted(left[verb + 1])
        or (left[verb + 1].word in SUBJECT_PRONOUNS and _verb_at(left, verb + 2))
        for verb in finite_places(left)
        if verb + 1 < len(left)
    )


def _has_infinitive(left: Tokens) -> bool:
    return any(token.word == "to" and after.word in VERBS for token, after in pairwise(left))


def _subject(tokens: list[Token]) -> list[Token] | None:
    """The subject out of what stands before a verb: without what leads to it and what is set beside it."""
    head = next((place for place, token in enumerate(tokens) if token.word not in CONNECTIVES), len(tokens))
    rest = tokens[head:]
    commas = [place for place, token in enumerate(rest) if token.comma]
    if commas and commas[-1] < len(rest) - 1:  # "In May, Sam robs"
        rest = rest[commas[-1] + 1 :]
    elif commas:  # "Sam, a thief, robs", "In May, Sam, a thief, robs"
        leads = len(commas) > 1 and rest[0].word in PREPOSITIONS | _OPENERS
        rest = rest[commas[0] + 1 : commas[1] + 1] if leads else rest[: commas[0] + 1]
    while rest and rest[-1].word in ADVERBS:
        rest = rest[:-1]
    if any(token.word in EMBEDDING for token in rest):
        return None
    good = 0 < len(rest) <= _LONGEST_SUBJECT and rest[0].word not in PREPOSITIONS | CONJUNCTIONS | _OPENERS
    return _without_comma(rest) if good else None


def _noun_phrase(tokens: list[Token], end: int) -> list[Token] | None:
    """The noun phrase that ends before a place: from the nearest determiner or the first of a row of names."""
    for start in range(end - 1, max(-1, end - 1 - _LONGEST_SUBJECT), -1):
        token = tokens[start]
        if not token.word or (token.comma and start < end - 1) or is_finite(tokens, start):
            return None
        if token.word in PREPOSITIONS - PLACES or token.word in CONJUNCTIONS | _OPENERS | SUBJECT_PRONOUNS:
            return None
        if token.word in DETERMINERS or (token.word.endswith("'s") and token.is_name):
            return _without_comma(tokens[start:end])
        named = start == 0 or not (tokens[start - 1].is_name or tokens[start - 1].word == "named")
        if tokens[end].word == "which" or (start and tokens[start - 1].word in PLACES):
            continue
        if token.is_name and named and not _has_determiner(tokens, start):
            return _without_comma(tokens[start:end])
    return None


def _has_determiner(tokens: Tokens, end: int) -> bool:
    """Whether words before a name belong to it: "a detective Dan Ireland", "retired detective Dan Ireland"."""
    for start in range(end - 1, max(-1, end - 1 - _LONGEST_SUBJECT), -1):
        word = tokens[start].word
        if word in DETERMINERS:
            return True
        if not word or tokens[start].comma or word in PREPOSITIONS | CONJUNCTIONS or is_finite(tokens, start):
            return False
    return False


def _without_comma(tokens: list[Token]) -> list[Token]:
    last = tokens[-1]
    return [*tokens[:-1], Token(last.raw.rstrip(",;—– "), last.word, last.is_name, False)]
