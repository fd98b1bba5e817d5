"""Who made the subtitles, and advertisements of their sites: cues that nobody says."""

from __future__ import annotations

import re
from collections.abc import Sequence

_EDGE = 3
"""So many cues at the beginning and the end of a file are where makers of subtitles name themselves."""

_LONGEST = 150
"""A longer line says more than that."""

_SITES = (
    r"opensubtitles|addic7ed|subscene|podnapisi|tvsubtitles|yifysubtitles|subdl|amara\.org|titlovi|titulky|napisy24|subdivx"
    r"|legendas\.tv|legendei|argenteam|tusubtitulo|itasa|subsfactory|italiansubs|feliratok|yts\.(?:mx|am|lt|ag)|\byify\b"
    r"|rarbg|explosiveskull|grouphd|shooter\.cn|zimuku|zimuzu|yyets|字幕组|字幕組|人人影视"
)
_ADVERTISEMENT = re.compile(
    rf"{_SITES}|advertise your product|become (?:a )?vip member|remove all ads|captioning made possible|osdb\.link"
    r"|choose the best subtitles"
    r"|captioning institute|^\W*(?:https?://|www\.)\S+\s*$"
    r"|\b(?:download(?:ed)?|get|watch|find|subtitles|subs)\b[^.]{0,40}\b(?:www\.\w|https?:)"
    r"|\b(?:rip|synch?|resynch?|encod\w+)\b.{0,30}\bwww\.",
    re.IGNORECASE | re.MULTILINE,
)
_ROLE = (
    r"(?:original\s|english\s|french\s|german\s|spanish\s|italian\s|closed[\s-]|web[\s-]?dl\s|web\s|bluray\s|hd\s)*"
    r"(?:subtitl\w+|subs?|captions?|captioned|captioning|closed[\s-]captions?|transcripts?|transcribed|transcription"
    r"|translat(?:ed|ion|or)|re-?synch?(?:ed|ro(?:nized)?)?|synch?(?:ed|ro(?:nized)?|roniz(?:ed|ation))?|timing|timed|qc"
    r"|correct(?:ed|ions?)|edited|adapt(?:ed|ation)|ripped|rip|encoded|uploaded|ocr|improved|fixed|created|made|proofread)"
)
_BY = re.compile(
    rf"^\W*{_ROLE}(?:\s*(?:,|&|\+|and|/|-)\s*{_ROLE})*\s*(?:\bby\b\s*:?|:)\s*\S+(?:\s+\S+){{0,4}}\s*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\w|^\W*english\b.*\bsdh\W*$", re.IGNORECASE)
_FOREIGN = re.compile(
    r"^\W*(?:sous-titr\w+|sous titres|traduction|adaptation|untertitel\w*|übersetzung|übersetzt|subt[ií]tulos|subtitulado"
    r"|traducci[oó]n|traducido|sincroni[zs]\w+|correcci[oó]n|sottotitol\w+|traduzione|revisione|legendas|legendado|tradução"
    r"|traduzido|ondertitel\w*|vertaling|vertaald|undertexter|undertexting|översättning|undertekster|oversettelse"
    r"|oversættelse|tekstitys|suomennos|suomentanut|napisy|tłumaczenie|korekta|titulky|překlad|preložil|felirat|fordította"
    r"|subtitrare\w*|subtitrarea|traducerea|prijevod|prevod|prevod i obrada|titlovi|субтитры|перевод|переклад|субтитри"
    r"|превод|υπότιτλοι|μετάφραση|altyazı|çeviri|ترجمة|زیرنویس|תרגום|כתוביות|字幕|翻译|翻譯|校对|자막|번역)"
    r"(?:\s+\w+)?\s*(?:[:：]|\b(?:par|von|vom|im auftrag|por|di|da|door|av|af|by|przez|de|a cura)\b)"
    r"\s*\S+(?:\s+\S+){0,6}\s*$",
    re.IGNORECASE,
)


def without_credits(cues: Sequence[list[str]]) -> list[list[str]]:
    """Cues without the lines that name the makers of the subtitles or a site.

    A cue with a site's name or an advertisement goes wherever it is. One that names a maker ("Subtitles by Jane Roe") or an
    address goes among the first and the last `_EDGE` alone: in the midst of a film somebody may say it.

    Args:
        cues: Lines of each cue; cues without lines do not count.

    Returns:
        Lines of each of these cues, none for one that goes.
    """
    shown = [number for number, cue in enumerate(cues) if cue]
    edges = {*shown[:_EDGE], *shown[-_EDGE:]}
    return [_said(cue, is_edge=number in edges) for number, cue in enumerate(cues)]


def _said(cue: list[str], *, is_edge: bool) -> list[str]:
    if any(_ADVERTISEMENT.search(line) for line in cue if len(line) <= _LONGEST):
        return []
    if not is_edge:
        return cue
    return [] if _names_maker(" ".join(cue)) else [line for line in cue if not _names_maker(line)]


def _names_maker(line: str) -> bool:
    is_asked = line.rstrip().endswith(("?", "!"))
    return (
        len(line) <= _LONGEST
        and not is_asked
        and any(pattern.search(line) for pattern in (_BY, _FOREIGN, _ADDRESS))
    )
