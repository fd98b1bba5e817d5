from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score

from trailerflow.genre_names import GENRES
from trailerflow.genres.judged import judge, true_genres
from trailerflow.genres.metrics.contract import FEWEST_POSITIVES
from trailerflow.genres.predictions import COLUMN_TYPES
from trailerflow.genres.scoring import COLUMN_TYPES as METRIC_TYPES
from trailerflow.genres.scoring import published_scores, score
from trailerflow.genres.thresholds import (
    DEFAULT,
    Thresholds,
    apply_thresholds,
    best_threshold,
    choose_thresholds,
)
from unit.genres.prediction_tables import predictions_of

ROOT = Path(__file__).parents[3]
PUBLISHED = published_scores(ROOT / "resources/published_figures.csv")

pytestmark = pytest.mark.slow


@settings(max_examples=50)
@given(
    st.integers(1, 15).flatmap(
        lambda movies: st.tuples(
            arrays(bool, movies), arrays(float, movies, elements=st.sampled_from([0.1, 0.3, 0.5, 0.8, 0.9]))
        )
    )
)
def test_no_other_threshold_has_a_higher_f1(case):
    truth, probabilities = case
    threshold = best_threshold(truth, probabilities)
    if not truth.any():
        assert threshold == DEFAULT
        return
    found = f1_score(truth, probabilities >= threshold, zero_division=0)
    for other in (0.05, 0.2, 0.4, 0.6, 0.85, 0.95):
        assert f1_score(truth, probabilities >= other, zero_division=0) <= found + 1e-12


def test_genres_with_few_positives_share_one_threshold():
    rng = np.random.default_rng(0)
    probabilities = rng.random((20, 3))
    truth = np.zeros((20, 3), dtype=bool)
    truth[:8, 0] = True
    truth[:2, 1] = True
    thresholds = choose_thresholds(truth, probabilities)
    assert thresholds.shared == best_threshold(truth.ravel(), probabilities.ravel())
    assert thresholds.per_genre[0] == best_threshold(truth[:, 0], probabilities[:, 0])
    assert thresholds.per_genre[1] == thresholds.per_genre[2] == thresholds.shared


def test_the_two_operating_points_by_hand():
    thresholds = Thresholds(0.5, np.array([0.9, 0.2]))
    probabilities = np.array([[0.6, 0.1], [0.95, 0.3]])
    assert thresholds.apply_shared(probabilities).tolist() == [[True, False], [True, False]]
    # No genre of the first film reaches its own threshold: the second comes nearest.
    assert thresholds.apply_per_genre(probabilities).tolist() == [[False, True], [True, True]]


def test_a_film_below_all_thresholds_gets_the_nearest_genre():
    predicted = apply_thresholds(np.array([[0.6, 0.1], [0.2, 0.3]]), np.array([0.5, 0.4]))
    assert predicted.tolist() == [[True, False], [False, True]]


def tables(films: int = 12) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Half of the films are dramas, two of them war films; the last has no genre; four are held out.

    The model says "Drama" of every film but one, where it failed. The encoder is right about every film at its own
    thresholds, and says nothing at the global one.
    """
    names = [str(number) for number in range(films)]
    movies = pd.DataFrame({"movie": names})
    for genre in GENRES:
        movies[genre] = False
    movies.loc[: films // 2 - 1, "Drama"] = True
    movies.loc[films // 2 : films - 2, "Horror"] = True
    movies.loc[:1, "War"] = True
    split = pd.DataFrame({"movie": names, "group": names, "fold": 0})
    split["held_out"] = [number in (0, 1, 6, 7) for number in range(films)]
    llm = predictions_of("tiny", {name: ["Drama"] for name in names} | {str(films - 2): None})
    return movies, split, llm, encoder_of("minilm-distilbert", movies, split)


def encoder_of(name: str, movies: pd.DataFrame, split: pd.DataFrame, **more: object) -> pd.DataFrame:
    """A system that learnt every film by heart, but for the last one."""
    parts = []
    for held in (False, True):
        own = movies[(split["held_out"] == held) & (movies.index < len(movies) - 1)]
        truth = {row["movie"]: [genre for genre in GENRES if row[genre]] for _, row in own.iterrows()}
        certain = {movie: dict.fromkeys(genres, 0.9) for movie, genres in truth.items()}
        part = {"part": "held-out"} if held else {"part": "cross-validation", "fold": 0}
        parts.append(
            predictions_of(name, truth, seed=0, family="encoder", probability=certain, **(part | more))
        )
    return pd.concat(parts, ignore_index=True).astype(COLUMN_TYPES).assign(predicted_global=False)


def scored(
    movies: pd.DataFrame, split: pd.DataFrame, predictions: list[pd.DataFrame], published: list = PUBLISHED
) -> pd.DataFrame:
    return score(judge(predictions, true_genres(movies, split)), 0, published)


@pytest.fixture(scope="module")
def metrics() -> pd.DataFrame:
    movies, split, llm, encoder = tables()
    return scored(movies, split, [llm, encoder])


def row(metrics: pd.DataFrame, system: str, part: str, label: str) -> pd.Series:
    own = metrics[metrics["operating_point"] != "global"]
    found = own[(own["system"] == system) & (own["part"] == part) & (own["label"] == label)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_language_model_by_hand(metrics):
    # 10 scored films: the one without genres and the failed one are left out. "Drama" is right for 6 of them.
    drama = row(metrics, "tiny", "all", "Drama")
    assert (drama["precision"], drama["recall"]) == (0.6, 1.0)
    assert drama["f1"] == pytest.approx(0.75)
    assert (drama["positives"], drama["predicted"], drama["movies"]) == (6, 10, 10)
    micro = row(metrics, "tiny", "all", "micro")
    assert micro["f1"] == pytest.approx(
        2 * 6 / (12 + 10)
    )  # 6 dramas, 4 horror and 2 war films; 10 predictions
    assert micro["f1_low"] < micro["f1"] < micro["f1_high"]
    assert micro["note"] == "left out, because they have no prediction: 1"
    macro = row(metrics, "tiny", "all", "macro")
    assert macro["f1"] == pytest.approx(0.75)  # the dramas alone have enough positives
    assert macro["note"] == "macro F1 over the 1 genre with 5 positives or more"


def test_too_few_positives_show_a_count_and_no_score(metrics):
    war = row(metrics, "tiny", "all", "War")
    assert war["positives"] == 2 < FEWEST_POSITIVES
    assert war[["precision", "recall", "f1", "f1_low", "f1_high"]].isna().all()
    assert war["note"] == "2 positives: too few for a score"
    macro = row(metrics, "minilm-distilbert", "held-out", "macro")
    assert math.isnan(macro["f1"])
    assert macro["note"] == "no macro F1, since no genre has 5 positives or more"


def test_the_encoder_is_scored_on_both_parts_and_the_references_on_every_part(metrics):
    assert row(metrics, "minilm-distilbert", "cross-validation", "micro")["f1"] == 1
    assert row(metrics, "minilm-distilbert", "held-out", "micro")["movies"] == 4
    for part, movies in (("all", 10), ("held-out", 4), ("cross-validation", 7)):
        assert row(metrics, "oracle", part, "micro")["f1"] == 1
        assert row(metrics, "constant (Drama, Comedy)", part, "micro")["movies"] == movies
        assert 0 < row(metrics, "chance", part, "micro")["f1"] < 1


def test_chance_is_expected_from_the_genres_of_all_films(metrics):
    # Of the 11 films with genres 6 are dramas, 5 horror and 2 war films; on the 10 scored ones 6, 4 and 2.
    hits = 6 * 6 / 11 + 4 * 5 / 11 + 2 * 2 / 11
    assert row(metrics, "chance", "all", "micro")["f1"] == pytest.approx(2 * hits / (12 + 10 * 13 / 11))


def test_every_row_says_what_it_is():
    movies, split, llm, _ = tables()
    # A system that bears a reference row's name takes nobody's place.
    systems = [
        llm.assign(system="oracle-8b"),
        llm.assign(system="chance"),
        encoder_of("tuned", movies, split),
    ]
    metrics = scored(movies, split, systems)
    kinds = metrics.loc[metrics["label"] == "micro", ["system", "row_kind"]].drop_duplicates()
    assert kinds.to_numpy().tolist() == [
        ["oracle-8b", "system"], ["chance", "system"], ["tuned", "system"],
        ["constant (Drama, Comedy)", "reference"], ["chance", "reference"], ["oracle", "reference"],
        ["published (student report, Llama-3.1-8B)", "published"], ["published (student report, DistilBERT)", "published"],
    ]  # fmt: skip


def test_published_figures_come_last_with_their_flaw(metrics):
    published = metrics[metrics["row_kind"] == "published"]
    assert list(published["f1"]) == [0.603, 0.565, 0.514, 0.432]
    assert list(published.index) == list(metrics.index[-4:])
    assert published["note"].iloc[-1].endswith("scored on the rows that it was trained on")
    assert list(metrics.columns) == list(METRIC_TYPES)


def test_two_ids_of_one_film_are_one_unit_of_the_bootstrap():
    movies, split, llm, encoder = tables()
    paired = split.assign(group=[str(int(movie) // 2 * 2) for movie in split["movie"]])
    alone = scored(movies, split, [llm, encoder], [])
    together = scored(movies, paired, [llm, encoder], [])
    one, other = row(alone, "tiny", "all", "micro"), row(together, "tiny", "all", "micro")
    assert one["f1"] == other["f1"]
    assert other["f1_high"] - other["f1_low"] > one["f1_high"] - one["f1_low"]


def test_without_any_answer_only_the_published_rows_are_left():
    movies, split, _, encoder = tables()
    none = predictions_of("tiny", dict.fromkeys(movies["movie"]))
    metrics = scored(movies, split, [none, encoder[:0]])
    assert len(metrics) == 4
    assert set(metrics["row_kind"]) == {"published"}


def test_the_two_operating_points_are_scored_apart_and_own_decisions_once(metrics):
    points = metrics[metrics["label"] == "micro"].groupby(["system", "part"])["operating_point"].agg(list)
    assert points["tiny", "all"] == ["own"]
    assert points["tiny", "held-out"] == ["own"]
    assert points["minilm-distilbert", "held-out"] == ["per genre", "global"]
    assert points["oracle", "all"] == [""]
    at_one = metrics[(metrics["operating_point"] == "global") & (metrics["label"] == "micro")]
    assert list(at_one["part"]) == ["cross-validation", "held-out"]
    assert list(at_one["f1"]) == [0.0, 0.0]


def test_rows_name_the_text_the_family_and_the_seed_and_count_who_was_left_out(metrics):
    tiny = row(metrics, "tiny", "all", "micro")
    assert (tiny["family"], tiny["arm"], tiny["left_out"]) == ("language model", "transcript, masked", 1)
    assert pd.isna(tiny["seed"])
    encoder = row(metrics, "minilm-distilbert", "held-out", "micro")
    assert (encoder["family"], encoder["seed"], encoder["left_out"], encoder["note"]) == ("encoder", 0, 0, "")
    reference = row(metrics, "oracle", "held-out", "micro")
    assert (reference["family"], reference["arm"]) == ("", "")
    assert pd.isna(reference["left_out"])


def test_texts_seeds_and_inner_folds_of_one_system_are_rows_of_their_own():
    movies, split, _, encoder = tables()
    other = encoder_of("minilm-distilbert", movies, split, arm="synopsis, titled")
    again = encoder_of("minilm-distilbert", movies, split).assign(seed=1)
    inner = encoder[encoder["part"] == "cross-validation"].assign(part="inner", inner_fold=1)
    metrics = scored(movies, split, [pd.concat([encoder, other, again, inner])], [])
    micro = metrics[(metrics["label"] == "micro") & (metrics["operating_point"] == "per genre")]
    of_one_seed = micro[micro["seeds"] == 1]
    assert sorted(zip(of_one_seed["arm"], of_one_seed["seed"], of_one_seed["part"], strict=True)) == [
        ("synopsis, titled", 0, "cross-validation"), ("synopsis, titled", 0, "held-out"),
        ("transcript, masked", 0, "cross-validation"), ("transcript, masked", 0, "held-out"),
        ("transcript, masked", 1, "cross-validation"), ("transcript, masked", 1, "held-out"),
    ]  # fmt: skip
    assert set(micro["f1"]) == {1.0}


def test_several_seeds_of_a_system_have_a_row_of_their_mean():
    movies, split, _, encoder = tables()
    wrong = encoder.assign(seed=1, predicted_per_genre=False, probability=1 - encoder["probability"])
    metrics = scored(movies, split, [pd.concat([encoder, wrong])], [])
    own = metrics[(metrics["part"] == "cross-validation") & (metrics["operating_point"] == "per genre")]
    own = own[(own["label"] == "micro") & (own["row_kind"] == "system")]
    assert own["seeds"].tolist() == [1, 1, 2]
    assert own["seed"].isna().tolist() == [False, False, True]
    assert own["f1"].tolist() == [1, 0, 0.5]
    assert own["average_precision"].iloc[2] == pytest.approx(own["average_precision"].iloc[:2].mean())


def test_a_system_that_asks_about_every_film_is_scored_on_each_part_and_extra_texts_apart():
    movies, split, llm, _ = tables()
    extra = pd.DataFrame({"movie": ["plots:1", "plots:2", "plots:3"], "part": ["test", "test", "train"]})
    extra = extra.assign(**dict.fromkeys(GENRES, False)).assign(Drama=True)
    asked = predictions_of("tiny", {f"plots:{number}": ["Drama"] for number in (1, 2, 3)})
    judged = judge([pd.concat([llm, asked])], true_genres(movies, split, extra))
    metrics = score(judged, 0)
    micro = metrics[(metrics["label"] == "micro") & (metrics["system"] == "tiny")]
    counts = dict(zip(micro["part"], micro["movies"], strict=True))
    assert counts == {"all": 10, "cross-validation": 6, "held-out": 4, "extra": 2}
    extra_rows = metrics[(metrics["part"] == "extra") & (metrics["label"] == "micro")]
    # All extra texts under test are dramas, and chance knows how frequent genres are among these.
    assert extra_rows.set_index("system")["f1"].to_dict() == {
        "tiny": 1.0, "constant (Drama, Comedy)": pytest.approx(2 / 3), "chance": 1.0, "oracle": 1.0
    }  # fmt: skip
