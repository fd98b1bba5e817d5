"""What a language model will be asked is counted without a question."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from made_up.half_users import HalfUsers

from trailerflow.llm.model import LanguageModel
from trailerflow.recommendations.counted_questions import CountingModel, make_requests
from trailerflow.recommendations.rankers.llm.yes_no import YesNo
from unit.recommendations.frames import SETTINGS, movie_table, random_ratings, stored

PROMPT = Path(__file__).parents[3] / "resources/prompts/recommendations/yes_no.txt"
FILMS = movie_table([(f"m{film}", f"Film {film}", 1990, ["Drama"]) for film in range(10)])
SIDE = {
    "archive": FILMS,
    "movies": FILMS,
    "summaries": pd.DataFrame({"movie": ["m0"], "status": ["ok"], "summary": ["Short."]}),
}


def counted(folder: Path, films: int) -> int:
    """Requests about the made-up split: a drawn user in each of two folds, of the test and of a block before it."""
    tables = stored(folder, *HalfUsers().split(random_ratings(), pd.DataFrame(), SETTINGS))
    client = CountingModel(LanguageModel("big", "groq", "big", 8192))
    make_requests(YesNo(client, PROMPT), tables, SIDE, films)
    return len(client.requests)


def test_every_drawn_user_is_asked_about_the_held_out_films_and_about_the_first_of_a_catalogue(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parts, held_out = 4, SETTINGS.held_out
    assert counted(tmp_path / "listed", films=0) == parts * held_out
    assert counted(tmp_path / "pooled", films=3) == parts * (held_out + 3)
