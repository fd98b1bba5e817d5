"""The genres: averages, F1 by genre, and what trained systems can say."""

from __future__ import annotations

import pandas as pd

from trailerflow.reports.sections.genres import Genres
from unit.report_frames import GENRE_METRICS, MODEL, full_tables, section_of, texts


def test_a_finding_tells_how_few_the_movies_are_and_what_the_constant_row_has() -> None:
    said = section_of(Genres).findings()
    genres = next(sentence for sentence in said if sentence.startswith(f"{MODEL} (all): micro-F1"))
    assert "on only 10 movies, which cannot be told from giving every movie the same genres" in genres


def test_a_genre_with_too_few_positives_shows_their_number() -> None:
    section = section_of(Genres)
    rows = texts(section.tables(), "F1 by genre")
    assert rows[0][0] == "Action"
    assert rows[0][4] == "4 positive"
    # Two parts of the model and of the encoder at its own thresholds, no row to compare with.
    assert len(rows[0]) == 5
    words = "16 of 18 genres have too few positive movies"
    assert any(words in paragraph for paragraph in section.paragraphs())


def test_many_models_need_several_plots_and_none_is_left_out() -> None:
    metrics = full_tables()[GENRE_METRICS]
    one = metrics[metrics["system"] == MODEL]
    others = [one.assign(system=f"model-{number}") for number in range(6)]
    plots = Genres(metrics=pd.concat([metrics, *others])).plots()
    assert len(plots) > 1
    drawn = "".join(str(plot.svg) for plot in plots)
    assert all(f"model-{number}, " in drawn for number in range(6))


def test_every_kind_of_row_stands_in_the_averages() -> None:
    rows = section_of(Genres).tables()[0].rows
    kinds = list(dict.fromkeys(row.kind for row in rows))
    assert kinds == ["system", "reference", "published"]


def test_the_two_operating_points_are_rows_of_the_averages_and_the_findings_tell_one() -> None:
    section = section_of(Genres)
    rows = texts(section.tables(), "Micro and macro averages by system")
    assert [row[1:3] for row in rows if row[0] == "minilm-distilbert"] == [
        ["cross-validation", "per genre"], ["cross-validation", "global"],
        ["held-out", "per genre"], ["held-out", "global"],
    ]  # fmt: skip
    (found,) = (said for said in section.findings() if said.startswith("minilm-distilbert (held-out)"))
    assert found.startswith("minilm-distilbert (held-out): micro-F1 .250")  # .260 at the global threshold


def test_several_texts_or_seeds_of_a_system_are_told_apart() -> None:
    metrics = full_tables()[GENRE_METRICS]
    one = metrics[metrics["system"] == "minilm-distilbert"].assign(arm="synopsis, masked")
    titled = one.assign(arm="synopsis, titled")
    two = titled.assign(system="of two seeds", seed=0.0)
    systems = [metrics[metrics["system"] == MODEL], one, titled, two, two.assign(seed=1.0)]
    rows = texts(
        section_of(Genres, {GENRE_METRICS: pd.concat(systems)}).tables(), "Micro and macro averages by system"
    )
    assert {row[0] for row in rows} == {
        MODEL, "minilm-distilbert (synopsis, masked)", "minilm-distilbert (synopsis, titled)",
        "of two seeds (seed 0)", "of two seeds (seed 1)",
    }  # fmt: skip


def test_trained_systems_say_on_how_many_movies_they_were_scored() -> None:
    words = "minilm-distilbert was scored on 4 movies (held-out) and 8 movies (cross-validation), no movie by a fit"
    assert any(paragraph.startswith(words) for paragraph in section_of(Genres).paragraphs())
