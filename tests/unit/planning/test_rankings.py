"""Which ranker ranks on which split, which others it reads, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.planning import rankings as planning
from trailerflow.planning.rankings import planned_rankings


class Light:
    second_pass = drawn_users_only = False

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        if "wrong" in settings:
            raise TrailerflowError("it has no setting wrong.")
        return settings

    @classmethod
    def reads(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(settings.get("reads", ()))


class Pooled(Light):
    second_pass = True


class Costly(Light):
    drawn_users_only = True


class Archive(Light):
    of_run = False


class Run(Light):
    of_run = True


CLASSES = {"light": Light, "pooled": Pooled, "costly": Costly, "archive": Archive, "run": Run}


@pytest.fixture(autouse=True)
def _register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "chosen_class", lambda register, name: CLASSES[name])


def planned(
    rankers: list[Any], splits: tuple[Any, ...] = ("archive", "run"), **more: Any
) -> planning.Rankings:
    return planned_rankings({"splits": splits, "rankers": rankers}, {"llm": "costly"}, **more)


def fusion(*read: str, **more: Any) -> dict[str, Any]:
    return {"name": "fusion", "kind": "pooled", "settings": {"reads": list(read)}, **more}


def test_a_costly_ranker_ranks_where_films_have_texts_and_others_where_they_say():
    rankings = planned(["light", {"name": "other", "kind": "light", "splits": ["archive"]}])
    assert rankings.pairs == [
        ("archive", "light"),
        ("archive", "other"),
        ("run", "light"),
        ("run", "llm"),
    ]


def test_what_a_fusion_reads_is_scored_a_second_time_where_it_ranks():
    other = {"name": "other", "kind": "light"}
    rankings = planned([other, "light", fusion("light", "other", splits=["archive"])])
    assert rankings.read_in_pool("archive") == ["other", "light"]
    assert rankings.read_in_pool("run") == []
    assert rankings.scores_read("archive", "fusion") == [
        "rank_pool/archive/light.parquet",
        "rank_pool/archive/other.parquet",
    ]
    assert rankings.scores_read("archive", "light") == []


def test_a_ranker_that_reads_lists_alone_needs_no_second_pass():
    reader = {"name": "reader", "kind": "light", "settings": {"reads": ["light"]}}
    rankings = planned(["light", reader])
    assert rankings.read_in_pool("archive") == []
    assert rankings.scores_read("archive", "reader") == ["rank_films/archive/light.parquet"]


def test_without_ratings_nothing_of_the_archive_is_split():
    assert planned(["light"], has_ratings=False).pairs == [("run", "light"), ("run", "llm")]
    assert planned(["light"], ("archive",), has_ratings=False).pairs == [("archive", "light")]


def test_settings_may_lie_in_a_file(tmp_path):
    (tmp_path / "light.yaml").write_text("factors: 3\n")
    entry = {"name": "light", "settings": "light.yaml"}
    recommendations = {"splits": ["run"], "rankers": [entry]}
    rankings = planned_rankings(recommendations, {}, lambda name: tmp_path / name)
    assert rankings.rankers["light"].settings == {"factors": 3}
    (tmp_path / "light.yaml").write_text("[1]")
    with pytest.raises(TrailerflowError, match=r"light\.yaml must hold settings"):
        planned_rankings(recommendations, {}, lambda name: tmp_path / name)
    with pytest.raises(TrailerflowError, match="cannot be read"):
        planned_rankings(recommendations, {}, lambda name: tmp_path / "missing" / name)


@pytest.mark.parametrize(
    ("rankers", "sentence"),
    [
        (["light", {"name": "light", "kind": "pooled"}], "recommendations.rankers names light twice"),
        ([{"name": "light", "settings": {"wrong": 1}}], "recommendations.rankers: it has no setting wrong"),
        ([{"name": "light", "splits": ["other"]}], "light ranks on other, which is none of .*: archive, run"),
        (
            [{"name": "light", "settings": {"file": "gone.csv"}}],
            r"recommendations\.rankers: file of light is gone\.csv, and there is no such file; correct it",
        ),
        ([fusion("light")], "fusion reads light, which does not rank on archive; add light there"),
        (
            ["light", fusion("light"), {**fusion("fusion"), "name": "second"}],
            "second reads fusion, which reads others itself",
        ),
    ],
)
def test_what_cannot_be_is_told_before_any_work(rankers, sentence):
    with pytest.raises(TrailerflowError, match=sentence):
        planned(rankers)
