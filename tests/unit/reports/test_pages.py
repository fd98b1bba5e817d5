"""The report, from hand-made tables to the page, also with empty tables, waiting movies, hostile titles."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.reports.findings import compared
from trailerflow.reports.loading import checked
from trailerflow.reports.pages import render
from trailerflow.reports.section import Run
from trailerflow.reports.sections.outcomes import Outcomes, first_reason
from trailerflow.reports.shown_configuration import shown_configuration
from trailerflow.reports.values import counted, duration, estimate, interval, listed, movie_name, score
from trailerflow.reports.view import Cell, Column, Page, Row, Table
from unit.report_frames import (
    AGREEMENT,
    COLUMNS,
    COMPLIANCE,
    ENCODER,
    FILMS,
    GENRE_METRICS,
    MODEL,
    MOVIES,
    PREDICTIONS,
    RANKING_METRICS,
    RANKINGS,
    RATINGS,
    SUMMARIES,
    SUMMARY_METRICS,
    SUMMARY_OUTCOMES,
    SUMMARY_SCORES,
    SYNOPSES,
    TRAILER_OUTCOMES,
    TRANSCRIPTS,
    Tables,
    empty_tables,
    findings_of,
    full_run,
    full_tables,
    page_of,
    write_run,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


class _Outline(HTMLParser):
    """Counts the tags of a page, collects its names, and checks that every tag is closed."""

    VOID = ("meta", "link", "br", "wbr", "use", "path")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.identifiers: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.identifiers += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@cache
def full_page() -> Page:
    return page_of()


@pytest.fixture(scope="module")
def full() -> str:
    return render(full_page())


def _table(page: Page, section: str, caption: str) -> Table:
    tables = next(one.tables for one in page.sections if one.identifier == section)
    return next(table for table in tables if table.caption.startswith(caption))


def _texts(table: Table) -> list[list[str]]:
    return [[f"{cell.text} {cell.detail}".strip() for cell in row.cells] for row in table.rows]


def test_figures_have_three_digits_and_intervals_brackets() -> None:
    assert [score(value) for value in (0.12345, 1, 0, -0.5, None, pd.NA)] == [
        ".123",
        "1.000",
        ".000",
        "-.500",
        "–",
        "–",
    ]
    assert interval(0.123, 0.456) == "[.123, .456]"
    assert interval(float("nan"), 0.4) == ""
    assert estimate(0.3, 0.2, 0.4) == ".300 [.200, .400]"


def test_small_words() -> None:
    assert [counted(number, "movie") for number in (0, 1, 1682)] == ["0 movies", "1 movie", "1,682 movies"]
    assert [listed(names) for names in ([], ["a"], ["a", "b"])] == ["none", "a", "a and b"]
    assert [duration(seconds) for seconds in (0.04, 59.96, 3600)] == ["0.0 s", "1 min 0 s", "1 h 0 min"]
    assert movie_name("Godfather, The", pd.NA) == "The Godfather"


def test_what_a_row_is_stands_in_the_table_and_is_not_read_from_its_name() -> None:
    def renamed(name: str) -> Tables:
        frames = {}
        for place in (GENRE_METRICS, SUMMARY_METRICS, RANKING_METRICS, RANKINGS, PREDICTIONS):
            frame = full_tables()[place]
            named = frame.columns.intersection(["system", "ranker", "model"])
            frames[place] = frame.assign(**{column: frame[column].replace(MODEL, name) for column in named})
        return frames

    for name in ("oracle-8b", "constant-7b", "chance-2", "published-3b", "lead-of-all", "mismatch-7b"):
        said = findings_of(renamed(name))
        assert [line.replace(name, MODEL) for line in said] == list(full_page().findings)
    # One model that bears the beginnings of all names of reference rows: its rows are a system's in every table.
    name = "oracle-constant-published-7b"
    tables = [table for section in page_of(renamed(name)).sections for table in section.tables]
    assert {row.kind for table in tables for row in table.rows if row.cells[0].text == name} == {"system"}
    by_genre = next(table for table in tables if table.caption == "F1 by genre")
    assert f"{name}, all" in [column.label for column in by_genre.columns]


def test_the_page_has_its_sections_tables_and_plots(full: str) -> None:
    outline = _Outline(full)
    assert not outline.open
    assert len(outline.identifiers) == len(set(outline.identifiers))
    assert outline.tags.count("svg") == 5  # lengths (two), genres, and the ranking of two sets of users
    assert outline.tags.count("table") == outline.tags.count("caption") >= 12
    assert outline.tags.count("h1") == 1
    assert full.count('class="sample"') == 3
    for identifier in re.findall(r'href="#([^"]+)"', full):
        assert identifier in outline.identifiers


def test_the_page_needs_no_network_and_no_script(full: str) -> None:
    outline = _Outline(full)
    assert not {"script", "img", "iframe"} & set(outline.tags)
    assert not re.search(r'(src|href)="(?!#|data:)', full)
    assert "@import" not in full


def test_the_same_tables_make_the_same_page(full: str) -> None:
    assert render(page_of()) == full


def test_a_hostile_title_is_shown_and_not_run() -> None:
    page = render(page_of(full_tables("<script>alert('x')</script> & <b>")))
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &lt;b&gt; (1995)" in page


def test_texts_of_a_model_are_escaped_also_in_the_drawings() -> None:
    hostile = full_tables()[GENRE_METRICS].replace({"system": {MODEL: "<i>$x$</i>"}})
    page = render(page_of({GENRE_METRICS: hostile}))
    assert "<i>" not in page
    assert "&lt;i&gt;$x$&lt;/i&gt;, all" in page


@pytest.mark.parametrize("status", ["later", "absent", "failed"])
def test_a_run_without_any_ok_movie_has_a_page(status: str) -> None:
    waiting = (TRANSCRIPTS, TRAILER_OUTCOMES, SUMMARIES, SYNOPSES, SUMMARY_OUTCOMES)
    nothing = {place: full_tables()[place].assign(status=status, reason="because") for place in waiting}
    nothing[PREDICTIONS] = full_tables()[PREDICTIONS].assign(status=status, genres=None)
    nothing[RANKINGS] = full_tables()[RANKINGS].assign(status=status)
    for place in (SUMMARY_METRICS, SUMMARY_SCORES, COMPLIANCE, GENRE_METRICS, RANKING_METRICS, ENCODER):
        nothing[place] = empty_tables()[place]
    page = render(page_of(nothing))
    assert f"0 of 12 movies have a transcript; 12 {status}." in page
    assert ("12 movies could not be answered yet (later)" in page) == (status == "later")


@pytest.mark.parametrize("place", COLUMNS)
def test_every_table_may_be_empty(place: str) -> None:
    page = render(page_of({place: empty_tables()[place]}))
    assert "What to read first" in page


def test_an_empty_run_says_so() -> None:
    page = render(page_of(empty_tables(), Run()))
    assert "0 of 0 movies have a transcript." in page
    assert "No ranker could be scored." in page
    assert "<table" not in page


def test_findings_follow_the_intervals() -> None:
    said = full_page().findings
    assert said[0] == "10 of 12 movies have a transcript; 1 absent; 1 later."
    assert (
        f"{MODEL} (zero_shot): ROUGE-L F1 .222 [.192, .252], which lies above "
        "the mismatch floor, .142 [.112, .172]." in said
    )
    assert any(
        sentence.startswith("lead of the transcript (no summary): ROUGE-L F1 .182 [.152, .212]")
        for sentence in said
    )
    genres = next(sentence for sentence in said if sentence.startswith(f"{MODEL} (all): micro-F1"))
    assert "on only 10 movies, which cannot be told from giving every movie the same genres" in genres
    ranking = said[-1]
    assert "less chance .020 [-.040, .080], so it cannot be told from chance." in ranking
    assert ranking.endswith("Higher for the same users: popularity .882 and item_knn .902.")


def test_an_interval_is_compared_by_its_bounds() -> None:
    assert compared(0.1, 0.2, 0.3, 0.4) == "lies below"
    assert compared(0.5, 0.6, 0.3, 0.4) == "lies above"
    assert compared(0.35, 0.6, 0.3, 0.4) == "cannot be told from"
    assert compared(float("nan"), 0.6, 0.3, 0.4) == "has no interval to be compared with"


def test_later_movies_and_users_are_told_in_words() -> None:
    warnings = full_page().warnings
    assert warnings == (
        "1 movie could not be answered yet (later): the next run asks again.",
        "For 1 user the LLM could not rank yet (later): the next run asks again.",
    )


def test_faithfulness_stands_beside_its_floor_and_not_among_the_scores() -> None:
    rows = _texts(_table(full_page(), "summary-quality", "Faithfulness of the summaries"))
    assert rows == [
        [MODEL, "zero_shot", ".640 [.610, .670]", "10"],
        ["mismatch floor", "zero_shot", ".550 [.520, .580]", "10"],
    ]
    for caption in ("F1 of the summaries", "Precision, recall and F1"):
        table = _table(full_page(), "summaries", caption)
        assert "faithfulness" not in str(_texts(table))
        assert next(row.kind for row in table.rows if row.cells[0].text.startswith("lead")) == "reference"


def test_the_tokenizer_of_rouge_is_named_and_a_missing_rouge_is_a_dash() -> None:
    section = next(section for section in full_page().sections if section.identifier == "summaries")
    assert "Scored with rouge-score, tokenizer unicode; all-minilm-l6-v2." in section.paragraphs
    metrics = full_tables()[SUMMARY_METRICS]
    without = metrics[~(metrics["metric"].str.startswith("rouge") & (metrics["system"] == MODEL))]
    page = page_of({SUMMARY_METRICS: without})
    section = next(section for section in page.sections if section.identifier == "summaries")
    own = next(row for row in section.tables[0].rows if row.cells[0].text == MODEL)
    figures = [cell.text for cell in own.cells[2:6]]
    assert figures[:3] == [score(None)] * 3 and figures[3] != score(None)


def test_rules_kept_are_told_with_the_names_found() -> None:
    table = _table(full_page(), "summary-quality", "Does the summary keep")
    row = dict(zip([column.label for column in table.columns], _texts(table)[0], strict=True))
    assert row["Asked"] == "11"
    assert row["Abstained"] == "1"
    assert row["70–130 % of the words"] == ".800 [.700, .900]"
    assert row["Copies the transcript"] == ".300 [.200, .400]"
    assert table.note.endswith("Names found: Ann Lee, Tom Hanks.")
    many = full_tables()[COMPLIANCE].assign(names="; ".join(f"Name {number:02}" for number in range(23)))
    page = page_of({COMPLIANCE: many})
    table = _table(page, "summary-quality", "Does the summary keep")
    assert table.note.endswith("Name 19 and 3 more.")


def test_outcomes_are_counted_by_stage() -> None:
    rows = _texts(_table(full_page(), "outcomes", "Movies by outcome"))
    assert ["find_trailer", "12", "0", "0", "0", "12"] in rows
    assert ["summarise_movie · few_shot", "10", "1", "0", "1", "12"] in rows
    assert [row[0] for row in rows][-1] == "predict_genres"


def test_every_movie_has_a_row_and_the_reason_that_stopped_it() -> None:
    rows = _texts(_table(full_page(), "outcomes", "The outcome of every movie"))
    assert len(rows) == len(FILMS)
    assert rows[0][0] == "Toy Story (1995) 1"
    assert rows[0][-1] == ""  # the audio that captions made needless is no fault
    assert rows[-1][-1] == "transcribe_trailer: no speech was heard"


def test_a_reason_that_was_passed_on_is_told_of_its_first_stage() -> None:
    outcomes = full_tables()[TRAILER_OUTCOMES]
    psycho = (outcomes["movie"] == "185") & (outcomes["rule"] == "fetch_audio")
    damaged = outcomes.assign(
        status=outcomes["status"].mask(psycho, "later"),
        reason=outcomes["reason"].mask(psycho, "the model server asks for a pause"),
    )
    own = Outcomes.of({**full_tables(), TRAILER_OUTCOMES: damaged}, full_run()).outcomes()
    assert first_reason(own[own["movie"] == "185"].set_index("stage")).startswith("fetch_audio: ")


def test_many_movies_are_folded_away() -> None:
    movies = full_tables()[MOVIES]
    many = pd.concat([movies.assign(movie=movies["movie"] + f"-{copy}") for copy in range(6)])
    table = Outcomes(movies=many).tables()[1]
    assert table.folded == "Show the outcomes of 72 movies"


def test_a_genre_with_too_few_positives_shows_their_number() -> None:
    rows = _texts(_table(full_page(), "genres", "F1 by genre"))
    assert rows[0][0] == "Action"
    assert rows[0][4] == "4 positive"
    assert len(rows[0]) == 5  # two parts of the model and of the encoder, no row to compare with
    section = next(one for one in full_page().sections if one.identifier == "genres")
    assert any(
        "16 of 18 genres have too few positive movies" in paragraph for paragraph in section.paragraphs
    )


def test_many_models_need_several_plots_of_genres_and_none_is_left_out() -> None:
    metrics = full_tables()[GENRE_METRICS]
    one = metrics[metrics["system"] == MODEL]
    others = [one.assign(system=f"model-{number}") for number in range(6)]
    page = page_of({GENRE_METRICS: pd.concat([metrics, *others])})
    plots = next(section for section in page.sections if section.identifier == "genres").plots
    assert len(plots) > 1
    drawn = "".join(str(plot.svg) for plot in plots)
    assert all(f"model-{number}, " in drawn for number in range(6))


def test_rankers_are_shown_with_their_difference_to_chance() -> None:
    table = _table(full_page(), "recommendations", "Ranking quality for the users drawn")
    at = [column.label for column in table.columns].index("NDCG@5 less chance")
    rows = {row[0]: row for row in _texts(table)}
    assert rows[MODEL][at] == ".020 [-.040, .080]"
    assert rows["published (student report, Llama-3.1-8B)"][at] == "–"


def test_a_row_of_the_wrong_length_is_a_bug() -> None:
    with pytest.raises(ValueError, match="has not 1 cells"):
        Table("Names", (Column("Name"),), (Row((Cell("a"), Cell("b"))),))


def test_costs_are_shown_with_their_totals_and_for_a_thousand_movies() -> None:
    asked = {row[0]: row[1:] for row in _texts(_table(full_page(), "costs", "Requests, tokens and money"))}
    assert asked["predict_genres"] == [
        MODEL, "zero_shot", "20", "4", "6,200", "1,900", "2 min 30 s", "$0.0014", "$0.0011", "–",
    ]  # fmt: skip
    assert asked["all"][2:6] == ["40", "8", "12,400", "3,800"]
    per_movies = {row[0]: row[1:] for row in _texts(_table(full_page(), "costs", "For 1,000 movies"))}
    assert per_movies["predict_genres"][2:5] == ["20", "2 h 5 min", "$0.069"]


def test_ratings_are_shown_by_rater_and_system_with_their_agreement() -> None:
    table = _table(full_page(), "ratings", "Mean ratings")
    rows = {(row[0], row[2]): row[3:] for row in _texts(table)}
    # As drawn the first system has 4 and 3, swapped 2 and 2; a movie's mean is 3 and 2.5.
    assert rows["the judge", "zero_shot"][0] == "2.75 [2.50, 3.00]"
    assert rows["people", "few_shot"][4:] == ["2.00 [2.00, 2.00]", "2", "1"]
    agreed = {
        (row[0], row[1], row[2]): row[3:] for row in _texts(_table(full_page(), "ratings", "How far raters"))
    }
    assert agreed["people", "All", "Krippendorff's alpha"] == ["–", "0", "nothing was rated twice"]
    assert agreed["the judge", "All", "first place less second, in points"][0].startswith("1.50")


def test_without_ratings_the_page_says_where_to_rate() -> None:
    page = render(page_of({place: empty_tables()[place] for place in (RATINGS, AGREEMENT)}))
    assert "results/make_rating_kit/kit.html" in page


def test_work_is_summed_by_stage() -> None:
    rows = {row[0]: row[1:] for row in _texts(_table(full_page(), "provenance", "Work by stage"))}
    assert rows["merge_summaries"] == ["–", "0.5 s"]
    assert rows["summarise_movie · zero_shot"] == ["12", "1 min 30 s"]


def test_nullable_types_make_the_same_page(full: str) -> None:
    frames = {place: frame.convert_dtypes() for place, frame in full_tables().items()}
    assert render(page_of(frames)) == full


def test_a_table_that_lacks_a_column_is_named() -> None:
    frame = pd.DataFrame({"movie": ["1"], "status": ["ok"]})
    with pytest.raises(TrailerflowError, match=r"^synopses\.parquet lacks the column reason; "):
        checked(frame, ("movie", "status", "reason"), Path("synopses.parquet"))


def test_the_script_makes_the_page_of_files(tmp_path: Path) -> None:
    output = tmp_path / "results" / "make_report" / "index.html"
    lines, options = write_run(tmp_path)
    command = [sys.executable, str(ROOT / "scripts" / "make_report.py"), *options, "--output", str(output)]
    subprocess.run(command, input=lines, text=True, check=True)
    outline = _Outline(output.read_text(encoding="utf-8"))
    assert outline.tags.count("svg") == 5
    assert outline.tags.count("table") >= 12


def test_the_page_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "k\"13579024680'&"
    monkeypatch.setenv("SOME_API_KEY", key)
    run = full_run()
    outcomes = full_tables()[SUMMARY_OUTCOMES].copy()
    failed = outcomes.index[outcomes["rule"] == "summarise_movie"][0]
    outcomes.loc[failed, ["status", "reason"]] = ["failed", f"401: {key} at https://a.b?api_key=zzz1"]
    summaries = full_tables()[SUMMARIES].assign(summary=f"Told {key}.")
    about = {
        **run.abouts[0], "notes": [f"noted {key} as Bearer zzz2zzz2zzz2"],
        "models": [{"name": "m", "hash": "h", "api_key": "zzz3", "address": "https://a.b?key=zzz4"}],
    }  # fmt: skip
    entry = {
        "name": "m",
        "base_url": "https://a.b/v1?api-key=zzz5&x=${NAME}",
        "parameters": {"api_key": "zzz6", "top_p": 1},
    }
    config: dict[str, Any] = {"reports": {"examples": 3}, "models": {"llm": [entry]}}
    config |= {"web": {"contact": "me-myself@example.org", "cookies": None}}
    told = Run(config=config, prompts=run.prompts, abouts=(about, *run.abouts))
    page = render(page_of({SUMMARY_OUTCOMES: outcomes, SUMMARIES: summaries}, told))
    assert not re.findall(".{0,60}(?:zzz.|13579024680|me-myself).{0,60}", page)
    for words in (
        "401: [secret] at https://a.b?api_key=[secret]",
        "Told [secret].",
        "noted [secret] as Bearer [secret]",
        "top_p: 1",
    ):
        assert words in page
    assert "base_url: https://a.b/v1?api-key=[secret]&amp;x=${NAME}" in page
    assert "contact: set\n" in page


def test_a_contact_that_is_not_set_is_shown_as_such() -> None:
    assert shown_configuration({"web": {"contact": None}}) == {"web": {"contact": None}}
    assert shown_configuration(shown_configuration({"web": {"contact": "x"}})) == {"web": {"contact": "set"}}
