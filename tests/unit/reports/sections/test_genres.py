"""The genres: averages, F1 by genre, and what the encoder can say."""

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
    assert len(rows[0]) == 5  # two parts of the model and of the encoder, no row to compare with
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
