"""Which rankers a run saves, by what name and settings."""

from __future__ import annotations

from typing import Any

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.planning.saved_rankers import planned_saved_rankers


def planned(*saved: Any, **more: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    rankers = [{"name": "recent", "kind": "ease", "settings": {"half_life": 5}}, "popularity"]
    found = planned_saved_rankers({"rankers": rankers, "saved": list(saved)}, **more)
    return {name: (each.kind, dict(each.settings)) for name, each in found.items()}


def test_a_name_of_a_ranker_has_its_settings_and_another_name_is_a_kind() -> None:
    own = {"name": "small", "kind": "als", "settings": {"factors": 4}}
    assert planned("recent", "als", own) == {
        "recent": ("ease", {"half_life": 5}),
        "als": ("als", {}),
        "small": ("als", {"factors": 4}),
    }


def test_without_ratings_nothing_is_saved_and_faults_are_told_all_the_same() -> None:
    assert planned("als", has_ratings=False) == {}
    with pytest.raises(TrailerflowError, match=r"recommendations\.saved: alss is none of"):
        planned("alss", has_ratings=False)


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        (["popularity"], "cannot learn of a user after it was saved"),
        ([{"name": "als", "settings": {"factor": 3}}], "did you mean factors"),
        (["als", {"name": "als"}], "names a ranker twice"),
    ],
)
def test_a_ranker_that_cannot_be_saved_is_told_before_any_work(saved: list[Any], said: str) -> None:
    with pytest.raises(TrailerflowError, match=said):
        planned(*saved)
