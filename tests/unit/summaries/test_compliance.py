"""Rules kept and broken, by hand-made texts; shared runs against naive implementations."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailerflow.errors import TrailerflowError
from trailerflow.llm.prompts import own_passages
from trailerflow.summaries.cast import cast_names
from trailerflow.summaries.compliance import SHARES, compliance_table
from trailerflow.summaries.overlap import coverage, longest_shared_run
from trailerflow.text import plain_words

ROOT = Path(__file__).parents[3]
PEOPLE = ["Renée Zellweger", "Samuel L. Jackson", "John Malkovich", "Tom Hanks", "张艺谋"]
PLAIN = "A clerk finds a letter that was never sent and looks for the man who wrote it."
FEW_WORDS = st.lists(st.sampled_from("abc"), max_size=12)


# ---- shared runs


@given(FEW_WORDS, FEW_WORDS)
def test_the_longest_shared_run_is_that_of_all_runs(one, other):
    runs = [one[start:end] for start in range(len(one)) for end in range(start + 1, len(one) + 1)]
    shared = [run for run in runs if any(other[at : at + len(run)] == run for at in range(len(other)))]
    assert longest_shared_run(one, other) == max(map(len, shared), default=0)


def test_a_run_among_many_repeated_words_is_found():
    # difflib's shortcut for texts of 200 words and more leaves frequent words out: it must be off.
    assert longest_shared_run(["no", "no", "never"], ["yes", "no", "no"] * 100) == 2


def grusky_coverage(summary: list[str], article: list[str]) -> float:
    """Figure 3 and equation 1 of Grusky et al. 2018, step by step."""
    fragments, i = [], 0
    while i < len(summary):
        longest, j = 0, 0
        while j < len(article):
            length = 0
            while (
                i + length < len(summary)
                and j + length < len(article)
                and summary[i + length] == article[j + length]
            ):
                length += 1
            longest = max(longest, length)
            j += max(length, 1)
        if longest:
            fragments.append(longest)
        i += max(longest, 1)
    return sum(fragments) / len(summary)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), FEW_WORDS)
def test_coverage_is_that_of_the_paper(summary, source):
    assert coverage(summary, source) == pytest.approx(grusky_coverage(summary, source))


# ---- names


@pytest.mark.parametrize(
    ("summary", "names"),
    [
        ("A heist film starring Ann Lee and others.", ["Ann Lee"]),
        ("The thief, played by Jean-Luc O'Brien, flees.", ["Jean-Luc O'Brien"]),
        ("Directed by Lars von Trier, it is bleak.", ["Lars von Trier"]),
        ("It follows actress Zoë Ü. Kask home.", ["Zoë Ü. Kask"]),
        ("Joe Bloggs as Hamlet, prince of Denmark.", ["Joe Bloggs"]),
        ("With Joe Bloggs as the Joker", ["Joe Bloggs"]),
        ("Hamlet (Joe Bloggs) sees a ghost.", ["Joe Bloggs"]),
        ("The film stars Joe Bloggs.", ["Joe Bloggs"]),
        ("The police close in on Sarah Connor as Skynet attacks.", []),
        ("Chess is played by two old men, and the actor sleeps.", []),
        ("The stars are out over Paris (again).", []),
    ],
)
def test_cast_by_pattern(summary, names):
    assert cast_names(summary, "Title", []).by_pattern == names


@pytest.mark.parametrize(
    ("summary", "title", "names"),
    [
        ("RENEE ZELLWEGER's diary is read.", "Diary", ["Renée Zellweger"]),
        ("He meets Samuel L Jackson.", "Meeting", ["Samuel L. Jackson"]),
        ("A door leads into John Malkovich.", "Being John Malkovich", []),
        ("A door leads into John Malkovich.", "Malkovich", ["John Malkovich"]),
        ("Hanks and Tom meet; Tom Hanksworth leaves.", "Meeting", []),
        ("他在北京见到张艺谋和朋友。", "相遇", ["张艺谋"]),
        ("他走进张艺谋的家。", "成为张艺谋", []),
    ],
)
def test_cast_by_list(summary, title, names):
    assert cast_names(summary, title, PEOPLE).by_list == names


def test_a_credited_name_of_the_title_does_not_count():
    assert cast_names("Starring Joe Bloggs.", "Bloggs, The Joe", []).by_pattern == ["Joe Bloggs"]
    assert cast_names("Starring Joe Bloggs.", "Being Joe Bloggs", []).by_pattern == []


def test_the_list_holds_full_names_once():
    names = (ROOT / "resources/film_people.txt").read_text(encoding="utf-8").splitlines()
    assert len(names) >= 400
    assert all(len(plain_words(name)) >= 2 and name == name.strip() for name in names)
    assert len({tuple(plain_words(name)) for name in names}) == len(names)
    assert names == sorted(names)


# ---- the table


def table(
    tmp_path: Path,
    summaries: list[tuple[str, str | None]],
    *,
    said: str = "spoken words",
    prompt: str = "{transcript}",
    finish: str = "stop",
) -> pd.Series:
    """The row of one model whose summaries have these statuses and texts; 20 words are asked for."""
    file = tmp_path / "p.txt"
    file.write_text(f"### user\n{prompt}\n")
    movies = [str(number) for number in range(len(summaries))]
    frame = pd.DataFrame(
        {
            "movie": movies,
            "model": "m",
            "prompt": "p",
            "status": [status for status, _ in summaries],
            "summary": [text for _, text in summaries],
            "finish_reason": finish,
        }
    )
    # One more movie has no transcript: nobody was asked, and its outcome was passed on.
    passed_on = pd.DataFrame({"movie": ["x"], "model": "m", "prompt": "p", "status": "absent"})
    result = compliance_table(
        pd.concat([frame, passed_on], ignore_index=True),
        pd.DataFrame(
            {
                "movie": [*movies, "x"],
                "status": ["ok"] * len(movies) + ["absent"],
                "text": [said] * len(movies) + [None],
            }
        ),
        pd.DataFrame({"movie": [*movies, "x"], "title": "Some Title"}),
        prompts={"p": [file]},
        people=PEOPLE,
        words=20,
        seed=0,
    )
    assert len(result) == 1
    return result.iloc[0]


def of_words(count: int) -> tuple[str, str]:
    return "ok", " ".join(f"w{number}" for number in range(count))


def test_what_became_of_the_movies(tmp_path):
    statuses = ["ok", "ok", "ok", "absent", "failed", "later"]
    row = table(tmp_path, [(status, PLAIN if status == "ok" else None) for status in statuses])
    assert row[["movies", "ok", "abstained", "failed", "later"]].tolist() == [6, 3, 1, 1, 1]
    assert row["abstention"] == 1 / 4  # of the four that were answered
    assert 0 <= row["abstention_low"] < 1 / 4 < row["abstention_high"] <= 1


def test_lengths_are_kept_from_70_to_130_percent(tmp_path):
    row = table(tmp_path, [of_words(count) for count in (13, 14, 26, 27, 30)])
    assert (row["shorter"], row["within"], row["longer"]) == (1 / 5, 2 / 5, 2 / 5)
    assert (row["words_mean"], row["words_median"]) == (22, 26)
    assert row["within_low"] < 2 / 5 < row["within_high"]


def test_a_cut_summary_counts_also_when_its_last_sentence_is_gone(tmp_path):
    assert table(tmp_path, [("ok", PLAIN)], finish="length")["cut"] == 1
    assert table(tmp_path, [("ok", PLAIN)])["cut"] == 0


def test_names_are_told(tmp_path):
    row = table(
        tmp_path,
        [
            ("ok", PLAIN),
            ("ok", "Tom Hanks is lost."),
            ("ok", "It is directed by Ann Lee."),
            ("ok", "Ann Lee, played by Tom Hanks."),
        ],
    )
    assert (row["cast"], row["cast_pattern"], row["cast_list"]) == (3 / 4, 2 / 4, 2 / 4)
    assert row["names"] == "Ann Lee; Tom Hanks"


@pytest.mark.parametrize(
    ("summary", "breaks"),
    [
        ("In this trailer, a man runs.", True),
        ("The clips show a man.", True),
        ("The Transcript tells of a man.", True),
        ("Kites is a thrilling film about a man.", True),
        ("It is a movie about a man.", True),
        ("A family lives in a trailer park.", False),
        ("A man is eclipsed by a paperclip.", False),
        ("A film crew is about to leave.", False),
    ],
)
def test_talk_of_the_clip(tmp_path, summary, breaks):
    assert table(tmp_path, [("ok", summary)])["meta"] == breaks


def test_an_echo_is_of_the_prompts_own_text_and_not_of_its_variables(tmp_path):
    prompt = "Lev, a courier, carries nine sealed parcels\n### system\nof names to {title} the town of Belmora at night."
    eight = "of names to the town of Belmora at night"  # a variable stands between: no run of eight
    assert table(tmp_path, [("ok", eight)], prompt=prompt)["echo"] == 0
    seven = "lev a courier carries nine sealed parcels"
    assert table(tmp_path, [("ok", seven)], prompt=prompt)["echo"] == 0
    prompt = prompt.replace("parcels", "parcels.")
    assert table(tmp_path, [("ok", f"{seven} of names")], prompt=prompt)["echo"] == 0  # another turn
    prompt = prompt.replace("parcels.", "parcels by train.")
    assert table(tmp_path, [("ok", f"Here {seven.title()}, BY day")], prompt=prompt)["echo"] == 1


def test_a_prompts_own_text_is_what_stands_around_its_variables(tmp_path):
    (tmp_path / "p.txt").write_text(
        "### examples\nA Film\n### system\nBe {words} brief.\n### user\n{title}: {transcript}\n"
    )
    passages = [plain_words(passage) for passage in own_passages(tmp_path / "p.txt")]
    assert [passage for passage in passages if passage] == [["be"], ["brief"]]


def test_the_shipped_examples_are_the_prompts_own_text():
    prompt = ROOT / "resources/prompts/summaries/few_shot.txt"
    assert "Forty Hives" in " ".join(own_passages(prompt))
    assert not any("{" in passage for passage in own_passages(prompt))


def test_a_copy_is_twelve_words_of_the_transcript(tmp_path):
    said = "so listen one two three four five six seven eight nine ten eleven twelve thirteen and stop"
    eleven, twelve = (" ".join(said.split()[2 : 2 + count]).title() for count in (11, 12))
    assert table(tmp_path, [("ok", f"He says: {eleven}.")], said=said)["copied"] == 0
    row = table(tmp_path, [("ok", f"He says: {twelve}.")], said=said)
    assert row["copied"] == 1
    assert row["coverage"] == pytest.approx(12 / 14)


@pytest.mark.parametrize(
    ("said", "summary", "words", "coverage"),
    [
        # 14 letters, the first 12 of them in a row in the transcript
        ("好，他独自回到那座安静的小镇上。", "他独自回到那座安静的小镇、山里", 14, 12 / 14),
        ("Он везёт девять посылок", "ОН ВЕЗЕТ ДЕВЯТЬ писем, увы", 5, 3 / 5),
        ("मुझे हिन्दी आती है", "मुझे हिंदी आती है", 4, 3 / 4),  # another writing of one word of four
        ("Φέρνει εννέα δέματα.", "Φερνει ΕΝΝΕΑ δεματα", 3, 1),
    ],
)
def test_words_of_other_scripts_are_counted_and_compared(tmp_path, said, summary, words, coverage):
    row = table(tmp_path, [("ok", summary)], said=said)
    assert row["words_mean"] == words
    assert row["coverage"] == pytest.approx(coverage)
    assert row["copied"] == (coverage * words >= 12)
    assert row["within"] == (words >= 14)


def test_an_echo_is_also_of_the_examples_words(tmp_path):
    prompt = "Be brief.\n\nExample:\nOda mends a bell.\n\nGo: {transcript}"
    row = table(tmp_path, [("ok", "Oda runs."), ("ok", "He runs.")], prompt=prompt)
    assert (row["echo"], row["echoed_words"]) == (1 / 2, "oda")


def test_an_echo_in_chinese_is_of_eight_letters(tmp_path):
    prompt = "信使带着九个包裹穿过小镇。{transcript}"
    assert table(tmp_path, [("ok", "有信使带着九个包。")], prompt=prompt)["echo"] == 0
    assert table(tmp_path, [("ok", "有信使带着九个包裹。")], prompt=prompt)["echo"] == 1


def test_one_movie_has_shares_and_no_interval_and_none_has_neither(tmp_path):
    row = table(tmp_path, [("ok", PLAIN)])
    assert row["within"] == 1
    assert pd.isna(row["within_low"])
    row = table(tmp_path, [("absent", None)])
    assert (row["ok"], row["abstention"]) == (0, 1)
    assert all(pd.isna(row[name]) for name in SHARES if name != "abstention")


def test_no_summaries_give_a_table_without_rows(tmp_path):
    nothing = pd.DataFrame(
        columns=["movie", "model", "prompt", "status", "summary", "finish_reason", "text", "title"]
    )
    result = compliance_table(nothing, nothing, nothing, prompts={}, people=[], words=100, seed=0)
    assert result.empty
    assert {"model", "prompt", "movies", "echo_low", "names"} <= set(result.columns)


def test_a_prompt_whose_file_is_not_given_is_named():
    summaries = pd.DataFrame(
        {"movie": ["1"], "model": "m", "prompt": "q", "status": "ok", "summary": "x", "finish_reason": "stop"}
    )
    transcripts = pd.DataFrame({"movie": ["1"], "status": ["ok"], "text": ["x"]})
    movies = pd.DataFrame({"movie": ["1"], "title": ["T"]})
    with pytest.raises(TrailerflowError, match="prompt q is not given"):
        compliance_table(summaries, transcripts, movies, prompts={}, people=[], words=100, seed=0)
