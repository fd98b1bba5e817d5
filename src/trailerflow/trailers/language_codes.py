"""Languages by the codes and names that tracks and files bear."""

from __future__ import annotations

import re

_ISO_639_1 = """
aa ab af am ar as ay az ba be bg bn bo br bs ca co cs cy da de dz el en eo es et eu fa fi fj fo fr fy ga gd gl gn gu ha
he hi hr hu hy id ig is it ja jv ka kk km kn ko ku ky la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl no nb nn oc or
pa pl ps pt qu rm ro ru rw sa sd si sk sl sm sn so sq sr st su sv sw ta te tg th ti tk tl tn to tr ts tt ug uk ur uz vi
wo xh yi yo zh zu
"""
_TWO_LETTERS = frozenset(_ISO_639_1.split())
_LANGUAGES = """
ar ara arabic العربية|bg bul bulgarian български|bn ben bengali বাংলা|ca cat catalan català
cs ces cze czech čeština|da dan danish dansk|de deu ger german deutsch|el ell gre greek ελληνικά|en eng english
es spa spanish español castellano|et est estonian eesti|eu eus baq basque euskara|fa fas per persian farsi فارسی
fi fin finnish suomi|fr fra fre french français|gl glg galician galego|gu guj gujarati|he heb hebrew עברית
hi hin hindi हिन्दी|hr hrv croatian hrvatski|hu hun hungarian magyar|hy hye arm armenian|id ind indonesian
is isl ice icelandic íslenska|it ita italian italiano|ja jpn japanese 日本語|ka kat geo georgian|kk kaz kazakh
km khm khmer|kn kan kannada|ko kor korean 한국어|lt lit lithuanian lietuvių|lv lav latvian latviešu
mk mkd mac macedonian|ml mal malayalam|mn mon mongolian|mr mar marathi|ms msa may malay|my mya bur burmese
nb nob|ne nep nepali|nl nld dut dutch nederlands flemish|nn nno|no nor norwegian norsk|pa pan punjabi
pl pol polish polski|pt por portuguese português brazilian|ro ron rum romanian română|ru rus russian русский
sk slk slo slovak slovenčina|sl slv slovenian slovene|sq sqi alb albanian shqip|sr srp serbian srpski српски
sv swe swedish svenska|sw swa swahili|ta tam tamil|te tel telugu|th tha thai ไทย|tl tgl tagalog filipino
tr tur turkish türkçe|uk ukr ukrainian українська|ur urd urdu|uz uzb uzbek|vi vie vietnamese
zh zho chi chinese mandarin cantonese 中文
"""
_CODES = {
    name: names[0] for line in re.split(r"[|\n]", _LANGUAGES) if (names := line.split()) for name in names[1:]
}
"""The codes of three letters and the names of the languages that are met most, to their codes of two letters."""


def language_code(tag: str | None) -> str | None:
    """The two-letter language of a tag such as ``en``, ``EN-us``, ``pt_BR``, ``eng`` or ``English``; None for any other.

    >>> language_code("pt-BR"), language_code("eng"), language_code("Français"), language_code("1080p")
    ('pt', 'en', 'fr', None)
    """
    first = re.split(r"[-_]", (tag or "").strip().lower())[0]
    return first if first in _TWO_LETTERS else _CODES.get(first)
