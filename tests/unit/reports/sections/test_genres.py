"""The genres: who is best on which films, which systems can be told apart, and where the errors lie."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from trailerflow.genre_names import GENRES
from trailerflow.reports.section import Run
from trailerflow.reports.sections.genres.section import Genres
from trailerflow.reports.view import Table
from trailerflow.row_kinds import PUBLISHED, REFERENCE, SYSTEM
from unit.report_frames import MODEL, section_of, texts
from unit.report_genres import genre_tables, said_of

pytestmark = pytest.mark.slow

FILMS = 150


@pytest.fixture(scope="module")
def section() -> Genres:
    """Five systems of 150 films of the run and 120 extra texts: a good one, titled too, its twin, a bad one, a model."""
    rng = np.random.default_rng(0)
    truth = rng.random((FILMS, len(GENRES))) < 0.15
    truth[:, 7] |= ~truth.any(axis=1)
    movies = pd.DataFrame(truth, columns=list(GENRES)).assign(movie=[str(number) for number in range(FILMS)])
    movies = movies.assign(title="A Film", year=1995)
    transcripts = pd.DataFrame({"movie": movies["movie"], "status": "ok", "text": "Words of it.", "words": 3})
    transcripts["origin"] = np.where(movies.index % 2, "speech", "captions")
    extra = movies.head(120).assign(
        movie=[f"plots:{number}" for number in range(120)],
        part="test",
        source="plots",
        text="A plot of some words.",
    )
    held_out = movies.index % 3 == 0
    kinds = [
        ("good", 0.25, "masked"),
        ("twin", 0.25, "masked"),
        ("bad", 0.6, "masked"),
        ("good", 0.15, "titled"),
    ]
    systems = []
    for number, (name, noise, title) in enumerate(kinds):
        parts = {"held-out": movies[held_out], "cross-validation": movies[~held_out], "extra": extra}
        systems += [
            said_of(own, name, part, noise=noise, learns=True, arm=f"transcript, {title}", draw=number)
            for part, own in parts.items()
        ]
    systems.append(said_of(movies, "model/zero_shot", "all", noise=0.5, learns=False))
    made = genre_tables(movies, transcripts, transcripts.head(0), systems, extra)
    return Genres(**{name: table.reindex(columns=_columns(name)) for name, table in made.items()})


def _columns(name: str) -> list[str]:
    return list(Genres.reads()[name].columns)


def table(section: Genres, caption: str) -> Table:
    return next(table for table in section.tables() if table.caption.startswith(caption))


def rows(section: Genres, caption: str) -> list[list[str]]:
    return texts(section.tables(), caption)


def test_the_first_sentences_tell_the_best_untitled_system_of_each_part_beside_its_company(
    section: Genres,
) -> None:
    said = section.findings()
    starts = [sentence.split(":")[0] for sentence in said]
    assert starts[0] == "Genres on 150 films (all films of the run, by systems that learn from none)"
    assert starts[1] == "Genres on 120 films (texts of other films that were kept from training)"
    extra = said[1]
    assert re.search(
        r"(good|twin) \(transcript, masked\) is the best of 3 systems that are not told the title, µAP \.",
        extra,
    )
    assert "its micro F1 lies above giving every film the same genres, ." in extra
    assert "the oracle 1.000" in extra
    assert re.search(r"better than 1 of the 2 others\. It cannot be told apart from (good|twin)", extra)
    assert "Told the title, good (transcript, titled) has µAP ." in extra
    assert "on only 50 films" in said[3]


def test_every_part_has_its_systems_the_best_first_and_what_they_are_compared_with(section: Genres) -> None:
    shown = table(section, "Genres by system (extra: 120 films)")
    names = [(row.cells[0].text, row.cells[1].text) for row in shown.rows]
    assert names[0] == ("good", "transcript, titled")
    assert names[3:] == [
        ("bad", "transcript, masked"),
        ("constant (Drama, Comedy)", ""),
        ("chance", ""),
        ("oracle", ""),
    ]
    assert [row.kind for row in shown.rows] == [SYSTEM] * 4 + [REFERENCE] * 3
    figures = [row.cells[2] for row in shown.rows[:4]]
    assert [cell.text for cell in figures] == sorted((cell.text for cell in figures), reverse=True)
    assert all(re.fullmatch(r"\[[01]?\.\d{3}, [01]?\.\d{3}\]", cell.detail) for cell in figures)


def test_pairs_are_told_as_better_worse_or_not_told_apart(section: Genres) -> None:
    found = {(row[0], row[1]): row[2:] for row in rows(section, "Which system is better, in µAP (extra")}
    verdicts = {key: (cells[2], cells[6]) for key, cells in found.items()}
    assert verdicts["bad", "transcript, masked"] == ("worse", "better")
    assert verdicts["good", "transcript, titled"] == ("better", "better")
    untitled = [verdicts[name, "transcript, masked"][0] for name in ("good", "twin")]
    assert sorted(untitled) == ["", "cannot be told apart"]
    bad = found["bad", "transcript, masked"]
    assert bad[0].startswith("-.") and bad[4].startswith("+.")
    for cell in (bad[0], bad[4]):
        value, low, high = map(float, re.findall(r"[-+]?\.\d{3}", cell))
        assert low < value < high
    folded = table(section, "Which system is better, in mAP and F1 (extra")
    assert {row.cells[0].text for row in folded.rows} == {"mAP", "micro F1", "macro F1"} and folded.folded


def test_the_title_is_told_by_system(section: Genres) -> None:
    shown = rows(section, "With the title and without it")
    assert {row[0] for row in shown} == {"good"}
    assert [row[2:4] for row in shown if row[2] == "extra"] == [
        ["extra", metric] for metric in ("µAP", "mAP", "micro F1", "macro F1")
    ]
    assert all(
        row[6].startswith("+.") and row[8] == "better" for row in shown if row[2:4] == ["extra", "µAP"]
    )


def test_systems_of_the_configuration_that_differ_in_the_title_alone_are_twins_too(section: Genres) -> None:
    arms = {"system": "arm", "other": "other_arm"}

    def renamed(table: pd.DataFrame) -> pd.DataFrame:
        titled = {arm: table[arm].eq("transcript, titled") for arm in arms.values() if arm in table}
        return table.assign(
            **{
                name: table[name].mask(titled[arm], "good-titled")
                for name, arm in arms.items()
                if name in table
            }
        )

    entry = {"name": "good", "kind": "tfidf"}
    made = dataclasses.replace(
        section, metrics=renamed(section.metrics), comparisons=renamed(section.comparisons),
        run=Run(config={"genres": {"systems": [entry, entry | {"name": "good-titled", "title": True}]}}),
    )  # fmt: skip
    shown = [row for row in rows(made, "With the title and without it") if row[2] == "extra"]
    assert [(row[0], row[1], row[3]) for row in shown[:1]] == [("good-titled and good", "transcript", "µAP")]
    assert not rows(dataclasses.replace(made, run=Run()), "With the title and without it")


def test_systems_that_differ_in_extra_texts_alone_tell_what_these_add(section: Genres) -> None:
    entry = {"name": "bad", "kind": "tfidf", "settings": {"least": 3}}
    systems = [
        entry | {"extra": False},
        entry | {"name": "twin", "extra": 500},
        entry | {"name": "good", "settings": {}},
    ]
    about = {"rule": "gather_extra_texts", "notes": ["plots: 120 texts (of a site; CC BY-SA 3.0)."]}
    run = Run(config={"genres": {"systems": systems}}, abouts=(about,))
    told = dataclasses.replace(section, run=run)
    shown = [row for row in rows(told, "What the extra texts add") if row[2] == "extra"]
    assert [(row[0], row[3]) for row in shown] == [
        ("twin and bad", metric) for metric in ("µAP", "mAP", "micro F1", "macro F1")
    ]
    assert shown[0][6].startswith("+.") and shown[0][8] == "better"
    assert "Extra texts, from plots: 120 texts (of a site; CC BY-SA 3.0)." in told.paragraphs()
    nothing = table(section, "What the extra texts add")
    assert not nothing.rows and "with extra: false" in nothing.nothing


def test_the_sets_of_the_best_stand_beside_the_constants(section: Genres) -> None:
    shown = rows(section, "Sets of genres that keep a promise")
    assert [row[2:4] for row in shown[:4]] == [
        ["all", "none missing"], ["all", "few missing"], ["extra", "none missing"], ["extra", "few missing"]
    ]  # fmt: skip
    sizes = [[float(cell.split()[0]) for cell in row[6:9]] for row in shown]
    assert all(size < constant for size, constant, _ in sizes[2:4])
    everything = table(section, "Sets of genres of every system (extra")
    assert len(everything.rows) == 8 and everything.folded


def test_errors_are_told_of_the_best_system_of_each_part(section: Genres) -> None:
    groups = [(row[1], row[3], row[6]) for row in rows(section, "By the text that was read")]
    assert ("extra", "plots", "120") in groups and ("all", "captions", "75") in groups
    pairs = [row for row in rows(section, "Which genre is named in the place of which") if row[1] == "extra"]
    films = [int(row[4]) for row in pairs]
    assert films == sorted(films, reverse=True) and 0 < len(films) <= 10
    worst = [row for row in rows(section, "Films with the worst errors") if row[2] == "extra"]
    assert len(worst) == 5
    assert worst[0][0] == "A Film (1995)" and worst[0][6] == "plots: A plot of some words."


def test_a_genre_with_too_few_films_shows_their_number(section: Genres) -> None:
    few = section.metrics["label"].eq("Western")
    metrics = section.metrics.assign(positives=section.metrics["positives"].mask(few, 4))
    for column in ("f1", "f1_low", "f1_high"):
        metrics[column] = metrics[column].mask(few)
    shown = {
        row[0]: row for row in rows(Genres(metrics=metrics), "good (transcript, masked), genre by genre (")
    }
    assert shown["Western"][2] == "–" and shown["Western"][5] == "4"
    assert shown["Western"][7] == "too few films for a score"
    assert shown["Drama"][7] == ""


def test_no_system_is_left_out_of_the_drawing_and_the_best_are_drawn_by_genre(section: Genres) -> None:
    drawn = [str(plot.svg) for plot in section.plots()]
    against = next(svg for svg in drawn if "genres-extra-title" in svg)
    assert all(name in against for name in ("good (titled)", "good (masked)", "twin", "bad"))
    assert sum("genre-scores" in svg for svg in drawn) == 1
    by_genre = next(svg for svg in drawn if "genre-scores" in svg)
    assert "model/zero_shot" in by_genre and "constant (Drama, Comedy)" in by_genre


def test_seeds_of_a_system_are_shown_as_their_mean() -> None:
    metrics = section_of(Genres).metrics
    one = metrics[metrics["system"] == "minilm-distilbert"]
    seeds = [one.assign(seed=seed) for seed in (0, 1)]
    mean = one.assign(seed=None, seeds=2, average_precision=0.5)
    others = metrics[metrics["system"] != "minilm-distilbert"]
    shown = rows(Genres(metrics=pd.concat([*seeds, mean, others])), "Genres by system (held-out")
    assert [row[2].split()[0] for row in shown if row[0] == "minilm-distilbert"] == [".500"]


def test_published_figures_stand_apart_with_their_flaw() -> None:
    shown = table(section_of(Genres), "Published figures")
    assert {row.kind for row in shown.rows} == {PUBLISHED}
    assert [cell.text for cell in shown.rows[0].cells] == [
        "published (student report, Llama-3.1-8B)", "all", "–", "–", ".603", ".565", "1,633",
        "scored on its own training rows",
    ]  # fmt: skip


def test_few_films_are_said_to_prove_little() -> None:
    made = section_of(Genres)
    assert any(MODEL in sentence and "on only 10 films" in sentence for sentence in made.findings())
    assert "Part held-out: 4 films. So few films show" in " ".join(made.paragraphs())
