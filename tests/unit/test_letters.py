"""Words of every script, and the plain form in which they are compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.letters import folded, passage, words

TEXTS = st.text() | st.text(alphabet="aA é.'我ーが\u0e40\u0e01\u0e34\u0e32क\u0940\u200b\u200d\ufe0f ½ё")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amélie meets René", "AMELIE meets Rene"),
        ("Łódź, Øresund, œuvre, straße", "Lodz Oresund oeuvre strasse"),
        ("İstanbul'da ısırık", "istanbul da isirik"),
        ("Đà Nẵng", "Da Nang"),
        ("Он везёт де́вять посылок", "он везет девять посылок"),
        ("Мой двор, ї і ў", unicodedata.normalize("NFD", "Мой двор, ї і ў")),
        ("Φέρνει εννέα ΔΈΜΑΤΑΣ", "φερνει εννεα δεματας"),
        ("שָׁלוֹם", "שלום"),
        ("كِتَابٌ", "كتاب"),
        ("می\u200cروم یک", "ميروم يك"),
        ("كتـــاب ١٢٣ ۴", "كتاب 123 4"),
        ("ｶﾞｯﾂ ＡＢＣ１２", "ガッツ abc12"),
        ("葛\U000e0100城", "葛城"),
        ("ക്\u200dഷ", "ക്ഷ"),
        ("co\xadoperate, ﬁlm", "cooperate film"),
        ("one\u200btwo", "one two"),
        ("п’ять п'ять", "пʼять п`ять"),
        ("8½ x² ⑴", "8 1/2 x2 (1)"),
        ("❤️ 1️⃣ Batman™ — No!", "1 batman no"),
        ("", "— … ♪ \u200b"),
    ],
)
def test_writings_of_one_text_are_one(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("мой", "мои"),
        ("їх", "іх"),
        ("कि", "की"),
        ("की", "क"),
        ("ป่า", "ปา"),
        ("ガス", "カス"),
        ("မာ", "မ"),
        ("ค", "คี"),
        ("क्या", "कया"),
    ],
)
def test_signs_that_make_another_letter_stay(one, other):
    assert folded(one) != folded(other)


def test_a_mark_is_within_its_word():
    assert folded("मुझे हिन्दी, பாடல்!").split() == ["मुझे", "हिन्दी", "பாடல்"]


def test_every_letter_is_folded_at_once_and_in_each_normal_form():
    wrong = [
        letter
        for letter in map(chr, [*range(0x3400), *range(0xF900, 0x10000)])  # all but ideographs and syllables
        if folded(folded(letter)) != folded(letter)
        or folded(unicodedata.normalize("NFD", letter)) != folded(letter)
    ]
    assert wrong == []


@given(TEXTS)
def test_folding_keeps_what_is_folded(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It’s a half-hour — he said: “No.”", ["It’s", "a", "half-hour", "—", "he", "said:", "“No.”"]),
        ("Он везёт девять.", ["Он", "везёт", "девять."]),
        ("मुझे हिन्दी आती है।", ["मुझे", "हिन्दी", "आती", "है।"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("「我爱你」，iPhone手机12台。", ["「我", "爱", "你」，", "iPhone", "手", "机", "12", "台。"]),
        ("ガッツは行く。", ["ガ", "ッ", "ツ", "は", "行", "く。"]),
        ("เด็กกินน้ำ", ["เด็", "ก", "กิ", "น", "น้ำ"]),
        ("ປະເທດ", ["ປະ", "ເທ", "ດ"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("ខ្មែរ", ["ខ្", "មែ", "រ"]),
        ("๒๕๔๐ ๑", ["๒๕๔๐", "๑"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        (" \n ", []),
    ],
)
def test_words_are_between_blanks_or_letters_where_there_are_none(text, expected):
    assert words(text) == expected


@given(st.text(alphabet=st.characters(max_codepoint=0x0DFF)))
def test_words_of_scripts_with_blanks_are_what_stands_between_them(text):
    assert words(text) == text.split()


@given(TEXTS)
def test_words_are_the_whole_text(text):
    assert "".join(words(text)) == "".join(text.split())


def test_a_passage_keeps_its_blanks_and_no_others():
    text = "He\n said:  我爱你。Yes "
    assert passage(text, 0, 3) == "He said: 我"
    assert passage(text, 3, 5) == "爱你。"
    assert passage(text, 0, 99) == "He said: 我爱你。Yes"
    assert passage(text, 6, 9) == ""
