"""What models can translate; the check before a run and the programs that translate read it."""

from __future__ import annotations

import re

WHISPER_TARGET = "en"
"""The only language that Whisper translates into."""

MARIAN_FILES = ("model.bin", "source.spm", "target.spm")
"""What the folder of a Marian model in CTranslate2's form holds beside what CTranslate2 reads by itself."""

_ONE_WAY_WHISPER = re.compile(r"\.en\b|turbo|distil", re.IGNORECASE)


def whisper_translates(name: str) -> bool:
    """Whether the Whisper model of a name was trained to translate; those of English alone, turbo and distilled were not.

    >>> [whisper_translates(f"faster-whisper-{name}") for name in ("base", "tiny.en", "large-v3-turbo")]
    [True, False, False]
    """
    return _ONE_WAY_WHISPER.search(name) is None
