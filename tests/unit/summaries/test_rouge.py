"""ROUGE by hand, of every script, and by rouge-score."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailerflow.summaries.metrics import ROUGE, ROUGE_TOKENIZERS, STATISTICS, Scorer

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "resources/evaluate"
TEXTS = [
    "Two brothers rob a bank and run for the border.",
    "The robbers are running, the bank is burning!",
    "She dances.",
]


@pytest.fixture(scope="module")
def rouge():
    scorer = Scorer(modules=MODULES, encoder=Path("none"), encoder_name="none", layer=1)
    module = scorer.load("trailer_rouge")
    return lambda summaries, references, **options: module.compute(
        predictions=summaries, references=references, **options
    )


def test_rouge_by_hand(rouge):
    # 4 words against 6. In common: the words the, cat, sat (in this order), and the pair "the cat".
    scores = rouge(["the cat quietly sat"], ["the cat sat on a mat"])
    assert scores["rouge1"]["precision"][0] == pytest.approx(3 / 4)
    assert scores["rouge1"]["recall"][0] == pytest.approx(3 / 6)
    assert scores["rouge1"]["f1"][0] == pytest.approx(2 * 3 / (4 + 6))
    assert scores["rouge2"]["precision"][0] == pytest.approx(1 / 3)
    assert scores["rouge2"]["recall"][0] == pytest.approx(1 / 5)
    assert scores["rougeL"]["f1"][0] == pytest.approx(2 * 3 / (4 + 6))


def test_rouge_compares_stems_and_keeps_order_apart(rouge):
    scores = rouge(["running dogs", "b a"], ["dog runs", "a b"])
    assert scores["rouge1"]["f1"] == pytest.approx([1.0, 1.0])
    assert scores["rougeL"]["f1"] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("tokenizer", ROUGE_TOKENIZERS)
def test_rouge_of_english_equals_rouge_score(rouge, tokenizer):
    """Texts with each other's words, and the sample's synopses, each against the next one's."""
    from rouge_score.rouge_scorer import RougeScorer

    synopses = pd.read_csv(ROOT / "resources/sample/synopses.csv")["synopsis"].tolist()
    pairs = [(one, other) for one in TEXTS for other in TEXTS] + [*pairwise(synopses)]
    ours = rouge([one for one, _ in pairs], [other for _, other in pairs], tokenizer=tokenizer)
    theirs = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    for number, (one, other) in enumerate(pairs):
        for metric, triple in theirs.score(other, one).items():
            assert [ours[metric][statistic][number] for statistic in STATISTICS] == list(triple)


PUNCTUATED = st.text(st.characters(max_codepoint=126) | st.sampled_from("’‘“”–—…•™ \xa0"))


@settings(max_examples=50)
@given(
    one=PUNCTUATED,
    other=PUNCTUATED,
    more=st.lists(st.sampled_from(["running", "flies", "a", "don’t", "T-1000", "Co."])),
)
def test_words_of_plain_english_are_those_of_rouge_score(rouge, one, other, more):
    one, other = " ".join([one, *more]), " ".join([*more, other])
    ours, theirs = (rouge([one], [other], tokenizer=tokenizer) for tokenizer in ROUGE_TOKENIZERS)
    np.testing.assert_equal(ours, theirs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He carries nine parcels.", "He carries nine parcels."),
        ("Он везёт девять посылок.", "Он везет девять посылок!"),
        ("Φέρνει εννέα δέματα.", "ΦΕΡΝΕΙ ΕΝΝΕΑ ΔΕΜΑΤΑ"),
        ("Amélie meets René.", "Amelie meets Rene."),
        ("Łukasz, Øystein, Đorđe und Strauß", "lukasz oystein dorde und strauss"),
        ("彼は九つの荷物を運ぶ。", "彼は九つの荷物を運ぶ"),
        ("他带着九个包裹。", "他带着九个包裹"),
        ("그는 아홉 개의 소포를 나른다.", "그는 아홉 개의 소포를 나른다"),
        ("เขาถือพัสดุเก้าชิ้น", "เขาถือพัสดุเก้าชิ้น"),
        ("ລາວຖືເກົ້າຫໍ່", "ລາວຖືເກົ້າຫໍ່"),
        ("គាត់កាន់កញ្ចប់ប្រាំបួន", "គាត់កាន់កញ្ចប់ប្រាំបួន"),
        ("သူ ပါဆယ်ကိုးခု သယ်လာသည်။", "သူ ပါဆယ်ကိုးခု သယ်လာသည်"),
        ("वह नौ पार्सल ले जाता है।", "वह नौ पार्सल ले जाता है"),
        ("அவன் ஒன்பது பொதிகளை", "அவன் ஒன்பது பொதிகளை"),
        ("هو يحمل تسعة طرود.", "هُوَ يَحْمِلُ تِسْعَةَ طُرُودٍ"),
        ("הוא נושא תשע חבילות.", "הוא נושא תשע חבילות"),
        ("ის ცხრა ამანათს ატარებს", "ის ცხრა ამანათს ატარებს"),
        ("Նա ինը ծանրոց է տանում։", "Նա ինը ծանրոց է տանում"),
        ("እሱ ዘጠኝ ጥቅል ይይዛል።", "እሱ ዘጠኝ ጥቅል ይይዛል"),
    ],
)
def test_the_same_sentence_in_any_script_has_a_rouge_of_one(rouge, one, other):
    scores = rouge([one], [other], use_stemmer=True)
    assert [scores[metric][statistic] for metric in ROUGE for statistic in STATISTICS] == [[1.0]] * 9


@pytest.mark.parametrize(
    ("summary", "reference", "lengths", "shared", "pairs"),
    [
        ("Он везёт девять писем", "Он везёт девять посылок домой", (4, 5), 3, 2),
        ("वह नौ पार्सल लाता है", "वह दस पार्सल लाया है", (5, 5), 3, 0),
        ("他带九个包裹", "她带着九包", (6, 5), 3, 0),
        ("iPhone在家", "在家的iPhone", (3, 4), 3, 1),
        ("เด็กกิน", "เด็กเก่า", (4, 3), 2, 1),  # เด็ ก กิ น, and เด็ ก เก่า
        ("我走", "你在", (2, 2), 0, 0),
    ],
)
def test_rouge_of_other_scripts_by_hand(rouge, summary, reference, lengths, shared, pairs):
    scores = rouge([summary], [reference])
    assert scores["rouge1"]["precision"][0] == pytest.approx(shared / lengths[0])
    assert scores["rouge1"]["recall"][0] == pytest.approx(shared / lengths[1])
    assert scores["rouge2"]["precision"][0] == pytest.approx(pairs / (lengths[0] - 1))


def test_the_published_tokenizer_is_there_by_name(rouge):
    pairs = {
        "summaries": ["Amélie meets René.", "Он везёт"],
        "references": ["Amelie meets Rene.", "Он везёт"],
    }
    f1 = rouge(**pairs, tokenizer="rouge_score")["rouge1"]["f1"]
    assert f1[0] == pytest.approx(2 / 7)  # am lie meet ren, and ameli meet rene
    assert np.isnan(f1[1])


@pytest.mark.parametrize("pair", [("…", "a"), ("a", "♪ — ♪"), ("", ""), ("ـ", "a")], ids=ascii)
def test_a_text_without_a_word_has_no_rouge(rouge, pair):
    scores = rouge([pair[0]], [pair[1]])
    assert all(np.isnan(scores[metric][statistic]) for metric in ROUGE for statistic in STATISTICS)


@pytest.mark.parametrize(("tokenizer", "named"), [("unicode", "unicode"), ("rouge_score", "rouge_score")])
def test_the_table_names_the_tokenizer(tokenizer, named):
    scorer = Scorer(
        modules=MODULES, encoder=Path("none"), encoder_name="e", layer=1, rouge_tokenizer=tokenizer
    )
    assert [scorer.names()[metric] for metric in ROUGE] == [
        f"rouge-score 0.1.2, tokenizer {named}, stemmed"
    ] * 3
    assert "tokenizer" not in scorer.names()["bertscore"]
