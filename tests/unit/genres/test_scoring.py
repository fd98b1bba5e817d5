from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score, precision_recall_fscore_support

from trailerflow.genre_names import GENRES
from trailerflow.genres.metrics import count
from trailerflow.genres.scoring import COLUMN_TYPES, FEWEST_POSITIVES, score_genres
from trailerflow.genres.thresholds import DEFAULT, apply_thresholds, best_threshold, choose_thresholds
from trailerflow.published import published_rows

ROOT = Path(__file__).parents[3]
PUBLISHED = published_rows(
    ROOT / "resources/published_figures.csv", "genres", {"value": "f1", "cases": "movies"}
)

pytestmark = pytest.mark.slow

FLAGS = st.integers(1, 12).flatmap(
    lambda movies: st.tuples(arrays(bool, (movies, 4)), arrays(bool, (movies, 4)))
)


@given(FLAGS)
def test_scores_equal_scikit_learns(flags):
    truth, predicted = flags
    total = count(truth, predicted, np.arange(len(truth))).summed()
    theirs = precision_recall_fscore_support(truth, predicted, zero_division=0)
    for own, other in zip(total.scores(), theirs[:3], strict=True):
        np.testing.assert_allclose(own, other)
    for own, average in ((total.micro(), "micro"), (total.macro(np.full(4, True)), "macro")):
        theirs = precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
        np.testing.assert_allclose(own, theirs[:3])


@given(FLAGS)
def test_the_movies_of_one_film_are_counted_together_and_the_sum_stays(flags):
    truth, predicted = flags
    alone = count(truth, predicted, np.arange(len(truth)))
    together = count(truth, predicted, np.arange(len(truth)) // 2)
    assert len(together.hits) == math.ceil(len(truth) / 2)
    np.testing.assert_array_equal(alone.summed().hits, together.summed().hits)


def test_expected_counts_of_chance_by_hand():
    # Four films, a genre of one of them, named with probability 1/4: 1/4 hit of 1 positive and 1 prediction.
    precision, recall, f1 = count([[1], [0], [0], [0]], np.full((4, 1), 0.25), range(4)).summed().scores()
    assert (precision[0], recall[0], f1[0]) == (0.25, 0.25, 0.25)


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
    shared = best_threshold(truth.ravel(), probabilities.ravel())
    assert thresholds[0] == best_threshold(truth[:, 0], probabilities[:, 0])
    assert thresholds[1] == thresholds[2] == shared


def test_a_film_below_all_thresholds_gets_the_nearest_genre():
    predicted = apply_thresholds(np.array([[0.6, 0.1], [0.2, 0.3]]), np.array([0.5, 0.4]))
    assert predicted.tolist() == [[True, False], [False, True]]


def tables(films: int = 12) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Half of the films are dramas, two of them war films; the last has no genre; four are held out."""
    names = [str(number) for number in range(films)]
    movies = pd.DataFrame({"movie": names})
    for genre in GENRES:
        movies[genre] = False
    movies.loc[: films // 2 - 1, "Drama"] = True
    movies.loc[films // 2 : films - 2, "Horror"] = True
    movies.loc[:1, "War"] = True
    split = pd.DataFrame({"movie": names, "group": names, "fold": 0})
    split["held_out"] = [number in (0, 1, 6, 7) for number in range(films)]
    llm = pd.DataFrame({"movie": names, "status": "ok", "genres": [np.array(["Drama"])] * films})
    llm.loc[films - 2, ["status", "genres"]] = ["failed", None]
    part = ["held-out" if held else "cross-validation" for held in split["held_out"]]
    encoder = movies[["movie"]].assign(part=part)
    for genre in GENRES:
        encoder[f"predicted_{genre}"] = movies[genre]
    return movies, split, llm, encoder[: films - 1]


@pytest.fixture(scope="module")
def metrics() -> pd.DataFrame:
    movies, split, llm, encoder = tables()
    return score_genres(
        movies, split, {"tiny": llm}, encoder, encoder_name="minilm-distilbert", seed=0, published=PUBLISHED
    )


def row(metrics: pd.DataFrame, system: str, part: str, label: str) -> pd.Series:
    found = metrics[(metrics["system"] == system) & (metrics["part"] == part) & (metrics["label"] == label)]
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
    assert macro["note"] == "macro over the 1 genre with 5 positives or more"


def test_too_few_positives_show_a_count_and_no_score(metrics):
    war = row(metrics, "tiny", "all", "War")
    assert war["positives"] == 2 < FEWEST_POSITIVES
    assert war[["precision", "recall", "f1", "f1_low", "f1_high"]].isna().all()
    assert war["note"] == "2 positives: too few for a score"
    macro = row(metrics, "minilm-distilbert", "held-out", "macro")
    assert math.isnan(macro["f1"])
    assert macro["note"] == "no macro, since no genre has 5 positives or more"


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
    movies, split, llm, encoder = tables()
    # A system that bears a reference row's name takes nobody's place.
    metrics = score_genres(
        movies,
        split,
        {"oracle-8b": llm, "chance": llm},
        encoder,
        encoder_name="tuned",
        seed=0,
        published=PUBLISHED,
    )
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
    assert list(metrics.columns) == list(COLUMN_TYPES)


def test_two_ids_of_one_film_are_one_unit_of_the_bootstrap():
    movies, split, llm, encoder = tables()
    paired = split.assign(group=[str(int(movie) // 2 * 2) for movie in split["movie"]])
    alone = score_genres(movies, split, {"tiny": llm}, encoder, encoder_name="e", seed=0)
    together = score_genres(movies, paired, {"tiny": llm}, encoder, encoder_name="e", seed=0)
    one, other = row(alone, "tiny", "all", "micro"), row(together, "tiny", "all", "micro")
    assert one["f1"] == other["f1"]
    assert other["f1_high"] - other["f1_low"] > one["f1_high"] - one["f1_low"]


def test_without_any_answer_only_the_published_rows_are_left():
    movies, split, llm, encoder = tables()
    none = llm.assign(status="later", genres=None)
    metrics = score_genres(
        movies, split, {"tiny": none}, encoder[:0], encoder_name="e", seed=0, published=PUBLISHED
    )
    assert len(metrics) == 4
    assert set(metrics["row_kind"]) == {"published"}
