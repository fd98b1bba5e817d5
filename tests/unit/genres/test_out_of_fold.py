"""The loop: nobody is predicted by a fit that knows them, finished fits are kept, and stacks learn from inner folds."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.films import NO_FILMS, ExtraFilms, Films, Reads, Training
from trailerflow.genres.job import Gathered, ask, gather, learn
from trailerflow.genres.out_of_fold import Corpus, plan_fits, run_fits
from trailerflow.genres.predictions import (
    COLUMN_TYPES,
    CROSS_VALIDATION,
    EXTRA,
    HELD_OUT,
    INNER,
    NEW,
    UNLABELLED,
    VALIDATION,
    as_matrix,
)
from trailerflow.genres.systems.contract import Prediction, System
from trailerflow.kept_parts import KeptParts
from unit.genres.made_up_system import MadeUpSystem
from unit.genres.prediction_tables import predictions_of
from unit.genres.tiny_encoder import split_of, told_films

FILMS = told_films()
SPLIT = split_of(FILMS)
READS = Reads(texts=("transcript",))
TEXTS = {"transcript": FILMS[["movie", "text"]].assign(status="ok", reason=None)}


class Watched(MadeUpSystem):
    """A system that writes down what each fit and prediction saw; it can be made to break at one fit."""

    seen: list[dict[str, object]]

    def __init__(
        self, seed: int, seen: list[dict[str, object]], reads: Reads = READS, breaks_at: int = -1
    ) -> None:
        super().__init__("watched", reads)
        self.seed, self.seen, self.breaks_at = seed, seen, breaks_at

    def fit(self, train: Training, validation: Films) -> None:
        if len(self.seen) == self.breaks_at:
            raise KeyboardInterrupt
        super().fit(train, validation)
        movies = list(train.films.movies)
        self.seen.append(
            {"seed": self.seed, "train": movies, "validation": list(validation.movies), "asked": []}
        )

    def predict(self, films: Films) -> Prediction:
        assert films.genres is None
        self.seen[-1]["asked"] += films.movies  # type: ignore[operator]
        return super().predict(films)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ids(*ranges: range) -> list[str]:
    return [str(number) for one in ranges for number in one]


def gathered(reads: Reads = READS) -> Gathered:
    return gather(FILMS, TEXTS, reads)


def extra_films(movies: list[str], texts: list[str], weight: float = 1) -> Films:
    """Extra texts of one source; each is of the genre of its place."""
    return Films(
        movies,
        {"title": [movie.upper() for movie in movies], "transcript": texts},
        np.eye(len(GENRES), dtype=bool)[: len(movies)],
        weights=np.full(len(movies), weight),
        sources=["wiki"] * len(movies),
        vectors={"face": np.zeros((len(movies), 1))},
    )


def learnt(
    seen: list, *, reads: Reads = READS, seeds=(0,), folder: str = "kept", breaks_at: int = -1, **more
):
    return learn(
        lambda seed: Watched(seed, seen, reads, breaks_at), gathered(reads), SPLIT,
        seeds=list(seeds), kept=KeptParts(Path(folder), {}), rule="train_encoder", **more,
    )  # fmt: skip


def test_no_film_is_predicted_by_a_fit_that_was_trained_on_it():
    seen: list = []
    result = learnt(seen)
    # Twelve films in three folds of four, then four held out.
    assert [fit["train"] for fit in seen] == [
        ids(range(4, 12)), ids(range(4), range(8, 12)), ids(range(8)), ids(range(12)),
    ]  # fmt: skip
    assert [fit["asked"] for fit in seen] == [
        ids(range(4)), ids(range(4, 8)), ids(range(8, 12)), ids(range(12, 16)),
    ]  # fmt: skip
    assert [fit["seed"] for fit in seen] == [0, 1, 2, 3]
    table = result.tables.predictions
    assert list(table["movie"]) == [movie for movie in FILMS["movie"] for _ in GENRES]
    assert list(table["part"]) == [CROSS_VALIDATION] * 12 * 18 + [HELD_OUT] * 4 * 18
    assert list(table["fold"].dropna().unique()) == [0, 1, 2]
    assert list(table.columns) == list(COLUMN_TYPES)
    assert list(result.tables.films["movie"]) == list(FILMS["movie"])


def test_the_table_is_small_because_names_are_stored_once():
    table = learnt([]).tables.predictions
    names = ["system", "family", "arm", "part", "movie", "genre", "status"]
    assert all(isinstance(table[name].dtype, pd.CategoricalDtype) for name in names)
    table.to_parquet("table.parquet")
    again = pd.read_parquet("table.parquet")
    assert all(isinstance(again[name].dtype, pd.CategoricalDtype) for name in names)


def test_inner_folds_know_neither_their_own_fold_nor_the_one_that_is_left_out():
    seen: list = []
    table = learnt(seen, inner=True).tables.predictions
    assert [fit["train"] for fit in seen[3:6]] == [ids(range(8, 12)), ids(range(4, 8)), ids(range(4))]
    assert [fit["asked"] for fit in seen[3:6]] == [
        ids(range(4, 8), range(4)), ids(range(8, 12), range(4)), ids(range(8, 12), range(4, 8)),
    ]  # fmt: skip
    inner = table[table["part"] == INNER]
    found = inner.groupby(["fold", "inner_fold"], observed=True)["movie"].agg(
        lambda movies: sorted(set(movies), key=int)
    )
    assert found[0, 1] == ids(range(4, 8))
    assert found[1, 0] == ids(range(4))
    assert found[2, 1] == ids(range(4, 8))
    assert len(found) == 6
    assert list(table["part"])[-len(inner) :] == [INNER] * len(inner)
    assert inner["predicted_per_genre"].isna().all()


def test_the_validation_fold_is_kept_from_training_and_is_another_one_for_each_fit():
    seen: list = []
    learnt(seen, reads=Reads(texts=("transcript",), validation=True))
    assert [fit["validation"] for fit in seen] == [
        ids(range(4, 8)), ids(range(8, 12)), ids(range(4)), ids(range(4)),
    ]  # fmt: skip
    assert [fit["train"] for fit in seen] == [
        ids(range(8, 12)), ids(range(4)), ids(range(4, 8)), ids(range(4, 12)),
    ]  # fmt: skip


def test_two_seeds_are_fits_of_their_own_and_the_last_is_saved():
    seen: list = []
    result = learnt(seen, seeds=(0, 7))
    assert [fit["seed"] for fit in seen] == [0, 1, 2, 7, 8, 9, 3, 10]
    table = result.tables.predictions
    assert len(table) == 2 * 16 * 18
    assert result.system.seed == 10


def test_too_few_folds_train_nothing_and_say_so():
    split = SPLIT.assign(fold=[0 if fold >= 0 else -1 for fold in SPLIT["fold"]])
    result = learn(
        lambda seed: Watched(seed, []),
        gathered(),
        split,
        seeds=[0],
        kept=KeptParts(Path("kept"), {}),
        rule="r",
    )
    assert result.system is None and result.points is None
    assert result.tables.predictions.empty
    assert result.notes == (
        "watched was not trained: films with all that it reads lie in 1 folds, and 2 are needed, "
        "or extra texts and no folds.",
    )
    with pytest.raises(TrailerflowError, match="lie in 2 folds, and 3 are needed"):
        plan_fits(np.array([0, 1, -1]), seeds=[0], inner=True, validation=False)


def test_a_film_without_a_text_keeps_its_status_and_one_outside_the_split_is_left_out():
    texts = TEXTS["transcript"].copy()
    texts.loc[[1, 12], ["status", "reason", "text"]] = ["absent", "silent", None]
    split = SPLIT.assign(fold=SPLIT["fold"].mask(SPLIT["movie"] == "2", -1))
    seen: list = []
    result = learn(
        lambda seed: Watched(seed, seen), gather(FILMS, {"transcript": texts}, READS), split,
        seeds=[0], kept=KeptParts(Path("kept"), {}), rule="r",
    )  # fmt: skip
    assert not {"1", "2", "12"} & {movie for fit in seen for movie in [*fit["train"], *fit["asked"]]}
    films = result.tables.films.set_index("movie")
    assert "2" not in films.index
    assert films.loc[["1", "12"], ["part", "status", "reason"]].to_numpy().tolist() == [
        [CROSS_VALIDATION, "absent", "silent"], [HELD_OUT, "absent", "silent"],
    ]  # fmt: skip
    rows = result.tables.predictions
    assert rows.loc[rows["movie"] == "1", "predicted_per_genre"].isna().all()


def test_a_job_that_broke_goes_on_after_its_finished_folds():
    first: list = []
    with pytest.raises(KeyboardInterrupt):
        learnt(first, breaks_at=2)
    assert len(first) == 2
    assert list(Path("run/progress").iterdir()) == []
    second: list = []
    result = learnt(second)
    assert [fit["asked"] for fit in second] == [ids(range(8, 12)), ids(range(12, 16))]
    whole = learnt([], folder="other")
    assert result.tables.predictions.equals(whole.tables.predictions)
    assert result.tables.films.equals(whole.tables.films)


KILLED = """
import os, signal, sys
sys.path[:0] = {paths!r}
from unit.genres import test_out_of_fold as test

class Killed(test.Watched):
    def fit(self, train, validation):
        if self.seed == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        super().fit(train, validation)

test.learn(
    lambda seed: Killed(seed, []), test.gathered(), test.SPLIT, seeds=[0],
    kept=test.KeptParts(test.Path("kept"), {{}}), rule="train_encoder",
)
"""


@pytest.mark.slow
def test_a_job_that_was_killed_goes_on_after_its_finished_folds():
    root = Path(__file__).parents[3]
    paths = [str(root / "src"), str(root / "tests")]
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(paths=paths)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    assert done.returncode == -signal.SIGKILL
    seen: list = []
    result = learnt(seen)
    assert [fit["asked"] for fit in seen] == [ids(range(8, 12)), ids(range(12, 16))]
    assert result.tables.predictions.equals(learnt([], folder="other").tables.predictions)


def test_other_texts_of_the_films_teach_only_the_fits_that_may_know_the_film():
    more = Films(
        ["0", "5", "13", "99", "5"],
        {"synopsis": ["a", "b", "c", "d", "e"]},
        np.ones((5, 18), dtype=bool),
        sources=["long"] * 5,
    )
    extra = Films(["x"], {"transcript": ["more"]}, np.zeros((1, 18), dtype=bool), np.array([0.7]), ["wiki"])
    seen: list = []
    taught: list = []

    class Taught(Watched):
        def fit(self, train: Training, validation: Films) -> None:
            super().fit(train, validation)
            taught.append(train.extra)

    learn(
        lambda seed: Taught(seed, seen), gathered(), SPLIT,
        seeds=[0], kept=KeptParts(Path("kept"), {}), rule="r", extra=ExtraFilms(extra), more=more,
    )  # fmt: skip
    # Film 0 lies in fold 0, film 5 in fold 1; 13 is held out, and 99 is no film of the run.
    assert [list(films.movies) for films in taught] == [
        ["x", "5", "5"], ["x", "0"], ["x", "0", "5", "5"], ["x", "0", "5", "5"],
    ]  # fmt: skip
    last = taught[-1]
    assert last.texts == {"transcript": ["more", "", "", ""], "synopsis": ["", "a", "b", "e"]}
    assert last.labels[:, 0].tolist() == [False, True, True, True]
    assert last.weights.tolist() == [0.7, 1.0, 1.0, 1.0]
    assert last.sources == ["wiki", "long", "long", "long"]


def scores(table: pd.DataFrame, part: str) -> np.ndarray:
    return as_matrix(table[table["part"] == part], "score").to_numpy(dtype=float)


def base(*, inner: bool = True) -> pd.DataFrame:
    """Another system whose score says by which fit a film was predicted: cross-validation 1, inner 2, held out 3."""
    fold = dict(zip(SPLIT["movie"], SPLIT["fold"], strict=True))
    parts = []
    for left in (0, 1, 2):
        own = {movie: [] for movie in fold if fold[movie] == left}
        parts.append(predictions_of("base", own, part=CROSS_VALIDATION, fold=left, seed=0).assign(score=1.0))
        for other in {0, 1, 2} - {left} if inner else ():
            own = {movie: [] for movie in fold if fold[movie] == other}
            rows = predictions_of("base", own, part=INNER, fold=left, inner_fold=other, seed=0)
            parts.append(rows.assign(score=2.0 + left / 10 + other / 100))
    held = {movie: [] for movie in fold if fold[movie] == -1}
    parts.append(predictions_of("base", held, part=HELD_OUT, seed=0).assign(score=3.0))
    return pd.concat(parts, ignore_index=True)


class Stack(MadeUpSystem):
    """It writes down the scores that its fits and predictions saw."""

    def __init__(self, seen: list) -> None:
        super().__init__("stack", Reads(predictions=("base",)))
        self.seen = seen

    def fit(self, train: Training, validation: Films) -> None:
        super().fit(train, validation)
        self.seen.append([train.films.predictions["base"][:, 0].tolist()])

    def predict(self, films: Films) -> Prediction:
        self.seen[-1].append(films.predictions["base"][:, 0].tolist())
        return super().predict(films)


def stacked(table: pd.DataFrame, seen: list) -> pd.DataFrame:
    return learn(
        lambda seed: Stack(seen), gather(FILMS, {}, Reads(predictions=("base",)), others={"base": table}), SPLIT,
        seeds=[0], kept=KeptParts(Path("stack"), {}), rule="r",
    ).tables.predictions  # fmt: skip


def test_a_stack_learns_from_inner_folds_and_predicts_from_the_fit_without_the_fold():
    seen: list = []
    table = stacked(base(), seen)
    assert seen[0] == [[2.01] * 4 + [2.02] * 4, [1.0] * 4]
    assert seen[1] == [[2.1] * 4 + [2.12] * 4, [1.0] * 4]
    assert seen[2] == [[2.2] * 4 + [2.21] * 4, [1.0] * 4]
    assert seen[3] == [[1.0] * 12, [3.0] * 4]
    # Its own score is what base says and how often the training films have the genre: a quarter for War.
    war = GENRES.index("War")
    assert scores(table, HELD_OUT)[:, war].tolist() == [3.25] * 4
    certain = table[(table["part"] == HELD_OUT) & (table["genre"] == "War")]["probability"]
    assert set(certain) == {1 / (1 + math.exp(-3.25))}


def test_a_stack_reads_a_system_that_learnt_from_no_film_as_it_is():
    seen: list = []
    table = predictions_of("base", {movie: ["War"] for movie in FILMS["movie"]})
    stacked(table.assign(score=5.0), seen)
    assert seen[3] == [[5.0] * 12, [5.0] * 4]


def test_the_scores_of_several_seeds_are_averaged():
    seen: list = []
    one = base()
    stacked(pd.concat([one, one.assign(seed=1, score=one["score"] + 1)]), seen)
    assert seen[3] == [[1.5] * 12, [3.5] * 4]


def test_a_stack_says_what_the_other_system_lacks():
    with pytest.raises(TrailerflowError, match="base has no prediction of part inner for movie"):
        stacked(base(inner=False), [])
    with pytest.raises(TrailerflowError, match="There are no predictions of base"):
        gather(FILMS, {}, Reads(predictions=("base",)))


def test_a_film_that_the_other_system_could_not_read_is_not_given_to_a_stack():
    table = base()
    lacks = table["movie"].isin(["1", "13"])
    table = table.assign(
        status=table["status"].astype(object).mask(lacks, "absent"), score=table["score"].mask(lacks)
    )
    seen: list = []
    rows = stacked(table, seen).set_index("movie")
    assert seen[3] == [[1.0] * 11, [3.0] * 3]
    assert set(rows.loc[["1", "13"], "status"]) == {"absent"}


def test_a_saved_stack_reads_what_a_saved_system_says_of_new_films():
    films = FILMS[:3]
    said = predictions_of("base", {movie: [] for movie in films["movie"][:2]}, part=NEW).assign(score=4.0)
    stack = MadeUpSystem("stack", Reads(predictions=("base",)))
    stack.fit(Training(gathered().films), NO_FILMS)
    tables = ask(stack, gather(films, {}, stack.reads, others={"base": said}), list(films["movie"]), NEW)
    # Of the sixteen films a quarter has the genre War.
    rows = tables.predictions[tables.predictions["genre"] == "War"].set_index("movie")
    assert rows["score"].tolist()[:2] == [4.25, 4.25]
    assert tables.films["reason"].tolist() == [None, None, "base has no prediction of it"]


def test_inner_folds_of_a_stack_are_not_made():
    films = gather(FILMS, {}, Reads(predictions=("base",)), others={"base": base()}).films
    corpus = Corpus(films, SPLIT["fold"].to_numpy(), others={"base": base()})
    fits = plan_fits(corpus.fold, seeds=[0], inner=True, validation=False)
    with pytest.raises(ValueError, match="inner folds of inner folds"):
        run_fits(lambda seed: Stack([]), corpus, fits, kept=KeptParts(Path("kept"), {}), rule="r")


class Reading(System):
    """A system that reads everything that there is."""

    kind = "reading"
    family = "reading"

    def __init__(self) -> None:
        super().__init__("reading", Reads(texts=("title", "transcript"), vectors=("face",)))
        self.train: Training | None = None

    @classmethod
    def from_settings(cls, name, reads, settings, surroundings, seed) -> Reading:
        return cls()

    def fit(self, train: Training, validation: Films) -> None:
        self.train = train

    def predict(self, films: Films) -> Prediction:
        values = np.repeat(films.vectors["face"][:, :1], len(GENRES), axis=1)
        return Prediction(values, values)

    def save(self, folder: Path) -> None:
        raise NotImplementedError

    load = classmethod(save)  # type: ignore[assignment]


def test_a_system_reads_titles_vectors_extra_texts_with_weights_and_texts_without_genres():
    vectors = {movie: np.array([int(movie) / 100]) for movie in FILMS["movie"] if movie != "3"}
    found = gather(FILMS, TEXTS, Reading().reads, {"face": vectors})
    extra = ExtraFilms(extra_films(["x"], ["more"], weight=0.7))
    unlabelled = Films(["y"], {"title": ["Y"], "transcript": ["plain"]}, vectors={"face": np.array([[0.2]])})
    systems = []

    def make(seed: int) -> Reading:
        systems.append(Reading())
        return systems[-1]

    result = learn(
        make, found, SPLIT, seeds=[0], kept=KeptParts(Path("kept"), {}), rule="r", extra=extra, unlabelled=unlabelled
    )  # fmt: skip
    train = systems[-1].train
    assert train.films.texts["title"][:2] == ["Film 0", "Film 1"]
    assert (train.extra.texts["transcript"], train.extra.weights.tolist(), train.extra.sources) == (
        ["more"],
        [0.7],
        ["wiki"],
    )
    assert train.unlabelled.genres is None
    rows = result.tables.predictions
    assert set(rows.loc[rows["movie"] == "15", "score"]) == {0.15}
    films = result.tables.films.set_index("movie")
    assert films.loc["3", ["status", "reason"]].tolist() == ["absent", "there is no face vector of it"]


def told_extra() -> ExtraFilms:
    return ExtraFilms(
        extra_films([f"train-{number}" for number in range(6)], ["a"] * 6),
        extra_films(["validation-0", "validation-1"], ["b"] * 2),
        extra_films(["test-0"], ["c"]),
    )


def test_extra_texts_for_a_test_are_predicted_by_the_last_fit_and_the_others_are_learnt_from():
    seen: list = []
    result = learnt(seen, extra=told_extra())
    assert [fit["asked"].count("test-0") for fit in seen] == [0, 0, 0, 1]
    assert not any(movie.startswith(("test", "train", "valid")) for fit in seen for movie in fit["train"])
    rows = result.tables.predictions
    assert set(rows.loc[rows["part"] == EXTRA, "movie"]) == {"test-0"}
    assert rows.loc[rows["part"] == EXTRA, "predicted_global"].notna().all()
    assert VALIDATION not in set(rows["part"])


def test_with_no_film_in_a_fold_the_extra_texts_are_learnt_from_alone():
    seen: list = []
    reads = Reads(texts=("title", "transcript"))
    result = learn(
        lambda seed: Watched(seed, seen, reads), gathered(reads), SPLIT.assign(fold=-1, held_out=True),
        seeds=[0], kept=KeptParts(Path("kept"), {}), rule="r", extra=told_extra(),
    )  # fmt: skip
    (fit,) = seen
    assert fit["train"] == [f"train-{number}" for number in range(6)]
    assert fit["validation"] == ["validation-0", "validation-1"]
    rows = result.tables.predictions
    assert {part: rows.loc[rows["part"] == part, "movie"].nunique() for part in set(rows["part"])} == {
        HELD_OUT: len(FILMS),
        VALIDATION: 2,
        EXTRA: 1,
    }


def test_what_learns_from_predictions_learns_from_the_validation_texts_where_no_film_lies_in_a_fold():
    held_out = SPLIT.assign(fold=-1, held_out=True)
    first = learn(
        lambda seed: Watched(seed, []), gathered(), held_out,
        seeds=[0], kept=KeptParts(Path("kept"), {}), rule="r", extra=told_extra(),
    )  # fmt: skip
    seen: list = []
    reads = Reads(texts=("transcript",), predictions=("watched",))
    found = gather(FILMS, TEXTS, reads, others={"watched": first.tables.predictions})
    learn(
        lambda seed: Watched(seed, seen, reads), found, held_out,
        seeds=[0], kept=KeptParts(Path("other"), {}), rule="r", extra=told_extra(),
    )  # fmt: skip
    (fit,) = seen
    assert fit["train"] == ["validation-0", "validation-1"]
    assert fit["asked"][-3:] == ["validation-0", "validation-1", "test-0"]


def test_texts_for_another_system_to_learn_from_are_predicted_by_every_fit():
    hidden = Films(["y"], {"title": ["Y"], "transcript": ["plain"]}, vectors={"face": np.zeros((1, 1))})
    rows = learnt([], unlabelled=hidden).tables.predictions
    rows = rows[rows["part"] == UNLABELLED]
    assert rows.groupby("fold", dropna=False).size().tolist() == [len(GENRES)] * 4
    assert set(rows["movie"]) == {"y"}
