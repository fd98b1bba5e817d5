"""The text of a cue without its markup: tags, entities, drawings, signs that nobody sees."""

from __future__ import annotations

import html
import re
import unicodedata

_BREAK = re.compile(r"\\[Nn]|<\s*br\s*/?\s*>", re.IGNORECASE)
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}.*?(?:\{[^{}]*\\p0[^{}]*\}|\Z)", re.DOTALL)
_BARE_DRAWING = re.compile(
    r"^\s*m(?:\s+-?\d+(?:\.\d+)?){2}(?:\s+(?:[bclmnps]|-?\d+(?:\.\d+)?))+\s*$", re.MULTILINE
)
_READING_AID = re.compile(r"<(rt|rp)\b[^<>]*>[^<>]*</\1\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?[A-Za-z][^<>]*>|<\s*/?\s*(?:b|c|font|i|s|u|v)\s*>|<\d[\d:.]*>|\{\\[^{}]*\}|\{[A-Za-z]:[^{}]*\}",
    re.IGNORECASE,
)
_JOINED_SCRIPTS = r"\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefc"
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    rf"|(?<![{_JOINED_SCRIPTS}])[\u200c\u200d]"
)


def plain_text(marked_up: str) -> str:
    """A cue's text without tags, entities, drawings and unseen signs, its lines stripped and the empty ones left out.

    The joiners of Persian and Hindi stay, since they are spelling; hard blanks and breaks of SubStation become blanks
    and ends of lines. What is plain stays as it is, so that it does no harm to do this twice.

    >>> plain_text("{\\\\an8}<i>Tom</i>&nbsp;&amp; Ann\\\\Nrun")
    'Tom & Ann\\nrun'
    """
    text = _DRAWING.sub("", marked_up)
    for _ in range(2):  # some files escape their tags as well, and some their escapes
        text = html.unescape(_without_tags(text))
    text = _UNSEEN.sub("", _BARE_DRAWING.sub("", _without_tags(text)).replace("\\h", " "))
    text = unicodedata.normalize(
        "NFC", text.encode("utf-8", "ignore").decode()
    )  # JSON can hold half a surrogate pair
    return "\n".join(line for line in (" ".join(part.split()) for part in text.splitlines()) if line)


def _without_tags(text: str) -> str:
    return _TAG.sub("", _READING_AID.sub("", _BREAK.sub("\n", text)))
