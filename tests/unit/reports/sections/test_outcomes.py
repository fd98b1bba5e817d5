"""What became of every movie: counts by stage, a row a movie, and the reason that stopped it."""

from __future__ import annotations

import pandas as pd

from trailerflow.reports.sections.outcomes import Outcomes, first_reason
from unit.report_frames import FILMS, MOVIES, TRAILER_OUTCOMES, full_tables, section_of, texts


def test_outcomes_are_counted_by_stage() -> None:
    rows = texts(section_of(Outcomes).tables(), "Movies by outcome")
    assert ["find_trailer", "12", "0", "0", "0", "12"] in rows
    assert ["summarise_movie · few_shot", "10", "1", "0", "1", "12"] in rows
    assert [row[0] for row in rows][-1] == "predict_genres · zero_shot"


def test_every_movie_has_a_row_and_the_reason_that_stopped_it() -> None:
    rows = texts(section_of(Outcomes).tables(), "The outcome of every movie")
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
    own = section_of(Outcomes, {TRAILER_OUTCOMES: damaged}).outcomes()
    assert first_reason(own[own["movie"] == "185"].set_index("stage")).startswith("fetch_audio: ")


def test_many_movies_are_folded_away() -> None:
    movies = full_tables()[MOVIES]
    many = pd.concat([movies.assign(movie=movies["movie"] + f"-{copy}") for copy in range(6)])
    table = Outcomes(movies=many).tables()[1]
    assert table.folded == "Show the outcomes of 72 movies"


def test_movies_that_wait_are_told_in_words() -> None:
    assert section_of(Outcomes).warnings() == (
        "1 movie could not be answered yet (later): the next run asks again.",
    )
