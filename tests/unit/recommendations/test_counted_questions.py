"""What a language model will be asked is counted without a question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
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


HELD_OUT, FOLDS, PARTS = SETTINGS.held_out, 2, 2


def counted(folder: Path, settings: dict[str, object] | None = None, **how: Any) -> int:
    """Requests about the made-up split: a drawn user in each of two folds, of the test and of a block before it."""
    tables = stored(folder, *HalfUsers().split(random_ratings(), pd.DataFrame(), SETTINGS))
    client = CountingModel(LanguageModel("big", "groq", "big", 8192))
    make_requests(YesNo(client, PROMPT, settings), tables, SIDE, **how)
    return len(client.requests)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_drawn_user_is_asked_about_the_held_out_films_and_about_the_first_of_a_catalogue(
    tmp_path: Path,
) -> None:
    assert counted(tmp_path / "listed") == PARTS * FOLDS * HELD_OUT
    assert counted(tmp_path / "test", test_alone=True) == FOLDS * HELD_OUT
    assert counted(tmp_path / "pooled", pooled=3) == PARTS * FOLDS * (HELD_OUT + 3)


def test_of_what_is_reranked_so_many_films_are_counted(tmp_path: Path) -> None:
    best = {"rerank": "popularity", "rerank_films": 3}
    assert counted(tmp_path / "reranked", best) == PARTS * FOLDS * (HELD_OUT + 3)
