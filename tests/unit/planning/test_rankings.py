"""Which ranker ranks on which split, which others it reads, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.llm.model import LanguageModel
from trailerflow.planning import rankings as planning
from trailerflow.planning.rankings import planned_rankings


class Light:
    second_pass = drawn_users_only = needs_log_probabilities = False
    stand_in = ""
    defaults: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        if "wrong" in settings:
            raise TrailerflowError("it has no setting wrong.")
        return settings

    @classmethod
    def reads(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(settings.get("reads", ()))

    @classmethod
    def side_of(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        return ("predicted_genres",) if settings.get("genres") == "predicted" else ()


class Pooled(Light):
    second_pass = True


class Costly(Light):
    drawn_users_only = True


class Letter(Costly):
    needs_log_probabilities = True
    defaults: ClassVar[Mapping[str, Any]] = {"orders": 1}


class YesNo(Letter):
    stand_in = "costly"


class Archive(Light):
    of_run = False


class Run(Light):
    of_run = True


CLASSES = {
    **{"light": Light, "pooled": Pooled, "costly": Costly, "letter": Letter, "yes_no": YesNo},
    **{"archive": Archive, "run": Run},
}
TOLD, UNTOLD = (LanguageModel("llm", "groq", "big", 8192, log_probabilities=told) for told in (True, False))


@pytest.fixture(autouse=True)
def _register(monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen(register: str, name: str) -> type:
        if name not in CLASSES:
            raise TrailerflowError(f"{name} is none of {', '.join(CLASSES)}; choose one of them.")
        return CLASSES[name]

    monkeypatch.setattr(planning, "chosen_class", chosen)


def planned(
    rankers: list[Any],
    splits: tuple[Any, ...] = ("archive", "run"),
    ways: tuple[Any, ...] = ("costly",),
    model: LanguageModel = TOLD,
    **more: Any,
) -> planning.Rankings:
    section = {"splits": splits, "rankers": rankers, "language_models": ways}
    return planned_rankings(section, [model], **more)


def fusion(*read: str, **more: Any) -> dict[str, Any]:
    return {"name": "fusion", "kind": "pooled", "settings": {"reads": list(read)}, **more}


def test_a_costly_ranker_ranks_where_films_have_texts_and_others_where_they_say():
    rankings = planned(["light", {"name": "other", "kind": "light", "splits": ["archive"]}])
    assert rankings.pairs == [
        ("archive", "light"),
        ("archive", "other"),
        ("run", "light"),
        ("run", "llm/costly"),
    ]


def test_a_language_model_ranks_in_every_way_and_elsewhere_where_the_way_says_it():
    untitled = {"name": "untitled", "kind": "costly", "settings": {"titled": False}, "splits": ["archive"]}
    rankings = planned(
        ["light", fusion("light", "llm/untitled", splits=["archive"])], ways=("costly", untitled)
    )
    assert rankings.pairs == [
        *(("archive", name) for name in ("light", "fusion", "llm/untitled")),
        *(("run", name) for name in ("light", "llm/costly")),
    ]
    assert (rankings.draws_users("archive"), rankings.draws_users("run")) == (True, True)
    assert not planned(["light"]).draws_users("archive")
    asked = [{key: each[key] for key in ("split", "name", "pooled")} for each in rankings.asked_of_models()]
    assert asked == [
        {"split": "archive", "name": "untitled", "pooled": True},
        {"split": "run", "name": "costly", "pooled": False},
    ]
    assert rankings.abouts_of_models() == [
        f"results/{place}.about.json"
        for place in (
            "rank_films/archive/llm/untitled", "rank_films/run/llm/costly", "rank_pool/archive/llm/untitled"
        )
    ]  # fmt: skip


def test_another_kind_stands_in_where_a_model_tells_no_log_probabilities():
    mine = {"name": "mine", "kind": "yes_no", "settings": {"orders": 3, "typo": 1}}
    names = [each.name for each in planned([], ways=("yes_no", mine)).language_models]
    assert names == ["llm/yes_no", "llm/mine"]
    found = planned([], ways=("yes_no", "costly", mine), model=UNTOLD).language_models
    assert [(each.name, each.kind) for each in found] == [("llm/costly", "costly"), ("llm/mine", "costly")]
    assert found[1].settings == {
        "typo": 1
    }  # orders are no setting of what stands in, and a slip is still told


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


def test_a_model_ranks_the_best_films_of_another_ranker_which_may_read_others_itself():
    best = {"name": "best", "kind": "costly", "settings": {"reads": ["light"]}, "splits": ["archive"]}
    late = {"name": "late", "kind": "costly", "settings": {"reads": ["fusion"]}, "splits": ["archive"]}
    rankings = planned(["light", fusion("light", "llm/best", splits=["archive"])], ways=(best, late))
    assert rankings.scores_read("archive", "llm/best") == ["rank_films/archive/light.parquet"]
    assert rankings.scores_read("archive", "llm/late") == ["rank_films/archive/fusion.parquet"]
    # The fusion reads the reranker as it ranked, and the pool holds its films too.
    assert rankings.scores_read("archive", "fusion") == [
        "rank_pool/archive/light.parquet", "rank_films/archive/llm/best.parquet",
    ]  # fmt: skip
    assert rankings.retrieving("archive") == ["light", "llm/best"]
    assert rankings.read_in_pool("archive") == ["light"]
    asked = {name: rankings.test_alone("archive", name) for name in rankings.rankers_of("archive")}
    assert asked == {"light": False, "fusion": True, "llm/best": False, "llm/late": True}


def test_a_ranker_that_reads_lists_alone_needs_no_second_pass():
    reader = {"name": "reader", "kind": "light", "settings": {"reads": ["light"]}}
    rankings = planned(["light", reader])
    assert rankings.read_in_pool("archive") == []
    assert rankings.scores_read("archive", "reader") == ["rank_films/archive/light.parquet"]


def test_without_ratings_nothing_of_the_archive_is_split():
    assert planned(["light"], has_ratings=False).pairs == [("run", "light"), ("run", "llm/costly")]
    assert planned(["light"], ("archive",), has_ratings=False).pairs == [("archive", "light")]


def test_settings_may_lie_in_a_file(tmp_path):
    (tmp_path / "light.yaml").write_text("factors: 3\n")
    entry = {"name": "light", "settings": "light.yaml"}
    recommendations = {"splits": ["run"], "rankers": [entry], "language_models": []}
    rankings = planned_rankings(recommendations, (), lambda name: tmp_path / name)
    assert rankings.rankers["light"].settings == {"factors": 3}
    (tmp_path / "light.yaml").write_text("[1]")
    with pytest.raises(TrailerflowError, match=r"light\.yaml must hold settings"):
        planned_rankings(recommendations, (), lambda name: tmp_path / name)
    with pytest.raises(TrailerflowError, match="cannot be read"):
        planned_rankings(recommendations, (), lambda name: tmp_path / "missing" / name)


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
            "second reads fusion, which reads others itself; take it out",
        ),
        (
            ["light", fusion("light"), {**fusion("llm/late"), "name": "second"}],
            "second reads llm/late, which reranks fusion, and that reads others itself",
        ),
        (["light", fusion("light", "llm/late")], "fusion reads llm/late, which reads fusion itself"),
    ],
)
def test_what_cannot_be_is_told_before_any_work(rankers, sentence):
    late = {"name": "late", "kind": "costly", "settings": {"reads": ["fusion"]}, "splits": ["archive", "run"]}
    with pytest.raises(TrailerflowError, match=sentence):
        planned(rankers, ways=(late,) if "llm/late" in str(rankers) else ())


@pytest.mark.parametrize(
    ("ways", "sentence"),
    [
        (
            ("costly", {"name": "costly", "kind": "yes_no"}),
            "recommendations.language_models names costly twice",
        ),
        (("listwize",), "recommendations.language_models: listwize is none of"),
        (
            ({"name": "costly", "settings": {"wrong": 1}},),
            "recommendations.language_models: it has no setting wrong",
        ),
        (
            ({"name": "costly", "splits": ["far"]},),
            r"language_models: llm/costly ranks on far, which is none of",
        ),
        (
            ("costly", {"name": "yes_no", "settings": {"titled": False}}),
            "yes_no is llm/costly for a model without log-probabilities, and another way is so too",
        ),
        (
            ("letter",),
            "letter reads log-probabilities, and llm of models.llm has log_probabilities: false; remove letter",
        ),
        (
            ({"name": "costly", "settings": {"genres": "predicted"}},),
            "llm/costly has genres: predicted, and genres.systems is empty",
        ),
    ],
)
def test_what_a_language_model_cannot_do_is_told_before_any_work(ways, sentence):
    with pytest.raises(TrailerflowError, match=sentence):
        planned([], ways=ways, model=UNTOLD, predicts_genres=False)
