"""Cleaning, trimming and the language of transcripts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.letters import words
from trailerflow.trailers.cleaning.clean import clean, is_spoken, trim
from trailerflow.trailers.language import detect_language
from trailerflow.trailers.language_codes import language_code
from trailerflow.trailers.subtitles.subtitle_files import parse_subtitles

DATA = Path(__file__).parents[3] / "data"


def cleaned(*texts: str) -> str:
    return clean([{"start": None, "end": None, "text": text} for text in texts])


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("[Music]", ""),
        ("[dramatic\nmusic] Run!", "Run!"),
        ("(applause) Thank you", "Thank you"),
        ("(dramatic music playing)", ""),
        (
            "He left (and this is the part that matters) at dawn.",
            "He left (and this is the part that matters) at dawn.",
        ),
        ("♪ Born to be wild ♪", "Born to be wild"),
        (">> Who are you?\n>> Nobody.", "Who are you? Nobody."),
        ("- Who are you?\n- Nobody.", "Who are you? Nobody."),
        ("– Wer?\n— Ich.", "Wer? Ich."),
        ("-40 degrees", "-40 degrees"),
        ("well-known  words\u200b", "well-known words"),
        ("...", ""),
    ],
)
def test_what_is_not_spoken_goes(text, spoken):
    assert cleaned(text) == spoken


def test_rolling_automatic_captions_are_said_once():
    data = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n \nin<00:00:00.500><c> a</c><00:00:01.000><c> world</c>\n\n"
        "00:02.000 --> 00:02.010\nin a world\n \n\n"
        "00:02.010 --> 00:04.000\nin a world\nwithout<00:00:03.000><c> law</c>\n\n"
        "00:04.000 --> 00:04.010\nwithout law\n \n\n"
        "00:04.010 --> 00:06.000\nwithout law\none<00:00:05.000><c> man</c>\n"
    )
    assert clean(parse_subtitles(data.encode(), ".vtt").segments) == "in a world without law one man"


def test_captions_that_grow_are_said_once():
    assert cleaned("We", "We are", "We are here", "Now") == "We are here Now"


@pytest.mark.parametrize(
    ("cues", "spoken"),
    [
        (["[SPEAKING", "GERMAN]", "We have to go now."], "We have to go now."),
        (["(slow music", "continues)", "We have to go now."], "We have to go now."),
        (["He fell. [glass\nshattering", "in the distance]\nRun!"], "He fell. Run!"),
        (["[music", "We have to go now."], "We have to go now."),
        (["playing]", "We have to go now."], "We have to go now."),
        (["[John]: Hello there."], "Hello there."),
        (["(JOHN): Hello there."], "Hello there."),
        (["[MAN ON RADIO] Hello there."], "Hello there."),
        (["(the old man!): Come in, all."], "Come in, all."),
        (["[I never knew what you heard]"], "[I never knew what you heard]"),
        (["JOHN: Hello there."], "Hello there."),
        (["JOHN (whispering): Hello there."], "Hello there."),
        (["[sighs] JOHN: Hello there."], "Hello there."),
        (["MARY ANN:\nHello there.", "BOB:", "Come in."], "Hello there. Come in."),
        (["- MAN 2: Hello there.\n- WOMAN: Hi."], "Hello there. Hi."),
        (["REMEMBER: NEVER LOOK BACK."], "REMEMBER: NEVER LOOK BACK."),
        (["There is one rule: run."], "There is one rule: run."),
        (["who are you >> nobody at all"], "who are you nobody at all"),
        (["&gt;&gt;&gt; Who are you?"], "Who are you?"),
        (["Who are you? - Nobody."], "Who are you? Nobody."),
        (["He left - and never came back."], "He left - and never came back."),
        (["\u2010 Who?\n\u2212 Me, myself."], "Who? Me, myself."),
        (["\u00b6 Born to be wild \u00b6"], "Born to be wild"),
        (["# Born to be wild #", "We are #1 here."], "Born to be wild We are #1 here."),
        (["~ la la la ~", "\U0001f3b5 so it goes"], "la la la so it goes"),
        (["*sighs*", "I *mean* it, you know."], "I *mean* it, you know."),
        (["{\\an8}Run for it", "a&nbsp;b"], "Run for it a b"),
        (["one\u2028two\u2029three"], "one two three"),
        (
            ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0628\u0631\u0648\u0645"],
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0628\u0631\u0648\u0645",
        ),
    ],
)
def test_what_is_no_word_of_a_person_goes_from_cue_to_cue(cues, spoken):
    assert cleaned(*cues) == spoken


def test_what_describes_goes_and_what_is_said_in_brackets_stays():
    """Figures of benchmarks/descriptions.py; a rule that errs more is worse."""
    lines = json.loads((DATA / "spoken" / "brackets.json").read_text(encoding="utf-8"))
    wrong = []
    for line in lines:
        inner = re.search(r"[\[【（(*]([^\])）】*]*)[\])）】*]", line["line"])[1].replace("♪", " ")
        if (" ".join(inner.split()) in cleaned(line["line"])) != line["says"]:
            wrong.append(line["line"])
    assert len(lines) == 190
    assert wrong == []


@pytest.mark.parametrize(
    "credit",
    [
        "Subtitles by Jane Roe",
        "Sync & corrections by honey",
        "Subtitles: Jane Roe",
        "English subtitles by\nJane Roe",
        "Synced and corrected by some_one - www.example.com",
        "Captioned by Roe Media Services",
        "Translated by: J. Roe",
        "Ripped by honey",
        "www.OpenSubtitles.org",
        "Downloaded from www.example.com",
        "Advertise your product or brand here\ncontact www.OpenSubtitles.org today",
        "Please rate this subtitle at www.example.com\nHelp other users to choose the best subtitles",
        "== sync, corrected by some_one ==",
        "English - US - SDH",
        "Support us and become VIP member\nto remove all ads from our site",
        "Sous-titres : Jeanne Roe",
        "Sous-titrage par Jeanne Roe",
        "Untertitel: Johanna Roe",
        "Untertitelung im Auftrag des Senders, 2010",
        "Subtítulos por Juana Roe",
        "Sottotitoli di Gianna Roe",
        "Legendas: Joana Roe",
        "Napisy: Janina Roe",
        "Перевод: Жанна Ро",
        "Субтитры: Жанна Ро",
        "字幕：小明",
    ],
)
def test_credits_and_advertisements_at_the_ends_are_not_spoken(credit):
    film = ["He is gone.", "She stayed behind.", "Nobody knows why.", "It began in June."]
    assert cleaned(credit, *film) == cleaned(*film, credit) == " ".join(film)


@pytest.mark.parametrize(
    "said",
    [
        "Subtitles by Jane Roe",
        "Translated by the monks",
        "Corrections: two hundred",
    ],
)
def test_what_may_be_said_in_the_midst_of_a_film_stays(said):
    around = ["One.", "Two.", "Three.", "Four."]
    assert said in cleaned(*around, said, *around)


@pytest.mark.parametrize(
    "said",
    [
        "Subtitles by hand, that is how we did it back then.",
        "Fixed by whom?\nYou can't be serious about that.",
        "The translation is wrong.",
        "Directed by John Roe",
        "Watch this.",
        "I made it by the river with my own hands.",
    ],
)
def test_what_is_said_at_the_ends_stays(said):
    assert cleaned(said, "She stayed behind.") == " ".join(f"{said} She stayed behind.".split())


@pytest.mark.parametrize(
    ("cues", "spoken"),
    [
        (
            [
                "A storm is coming",
                "A storm is coming\nand",
                "A storm is coming\nand no one",
                "A storm is coming\nand no one is ready",
                "and no one is ready\nfor",
                "and no one is ready\nfor the",
                "and no one is ready\nfor the end",
            ],
            "A storm is coming and no one is ready for the end",
        ),
        (["W", "We", "We a", "We ar", "We are", "We are h", "We are here"], "We are here"),
        (["w", "wi", "wit", "with", "with\no", "with\nou", "with\nout"], "with out"),
        (
            ["Hi.", "T", "Th", "The", "The end", "Yes.", "No.", "Maybe.", "Who?"],
            "Hi. The end Yes. No. Maybe. Who?",
        ),
        (["a b", "a b\nc d", "a b\nc d\ne f", "c d\ne f\ng h"], "a b c d e f g h"),
        (["in a world", "IN A WORLD\nwithout", "IN A WORLD\nwithout law"], "in a world without law"),
        (["He", "Hello", "What", "Who"], "He Hello What Who"),
        (
            ["No!", "No!", "No!", "Stop it now.", "Come in.", "Sit down.", "Wait."],
            "No! No! No! Stop it now. Come in. Sit down. Wait.",
        ),
    ],
)
def test_captions_that_roll_or_grow_in_any_way_are_said_once(cues, spoken):
    assert cleaned(*cues) == spoken


def test_what_is_truly_said_twice_stays():
    assert cleaned("No!", "No!", "Yes.", "Never mind.", "Come in.") == "No! No! Yes. Never mind. Come in."


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("", False),
        ("The end.", False),
        ("Coming this summer", True),
        ("他回来了", True),
        ("धन्यवाद दोस्तों।", False),
        ("मेरे साथ चलो", True),
        ("เขากลับมา", True),
    ],
)
def test_fewer_than_three_words_are_nothing(text, spoken):
    assert is_spoken(text) is spoken


def test_trimming_keeps_whole_sentences():
    text = 'One two three. "Four five six." Seven eight nine.'
    assert trim(text, 8) == 'One two three. "Four five six."'
    assert trim(text, 9) == text
    assert trim(text, 5) == "One two three."


def test_trimming_counts_letters_where_no_blanks_are_between_words():
    assert trim("他回来了。 她不在。快走！", 7) == "他回来了。 她不在。"
    assert trim("他回来了她不在", 3) == "他回来"
    assert trim("他说 OK 就走", 4) == "他说 OK 就"


def test_trimming_cuts_by_words_where_sentences_are_too_long():
    assert trim("one two three four five", 3) == "one two three"
    assert trim("Yes. one two three four five six Seven eight nine", 6) == "Yes. one two three four five"
    with pytest.raises(ValueError, match="at least 1"):
        trim("x", 0)


@given(st.text(st.sampled_from("ab A.!?\"' \n…我。"), max_size=200), st.integers(1, 20))
def test_a_trimmed_text_is_the_beginning_and_no_longer_than_asked(text, limit):
    kept = words(trim(text, limit))
    assert kept == words(text)[: len(kept)]
    assert len(kept) <= limit
    assert 2 * len(kept) >= min(limit, len(words(text)))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello my friends, how are you doing today?", "en"),
        ("HELLO MY FRIENDS, HOW ARE YOU DOING TODAY?", "en"),
        ("Dans un monde sans lois, un seul homme\npeut encore les sauver.", "fr"),
        ("In einer Welt ohne Gesetz kann nur ein Mann sie retten.", "de"),
        ("Hi there", None),
        ("", None),
    ],
)
def test_language_of_a_text(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "en"), ("EN-us", "en"), ("pt_BR", "pt"), ("eng", "en"), ("xx", None), (None, None), ("e", None)],
)
def test_language_of_a_tag(tag, code):
    assert language_code(tag) == code
