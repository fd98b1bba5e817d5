"""``trailerflow predict-genres``: a line, files and folders of texts, by a saved system."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trailerflow.commands import run_command
from trailerflow.commands.predict_genres import MOST_BYTES
from trailerflow.errors import TrailerflowError
from trailerflow.genre_names import GENRES
from trailerflow.genres.calibration import fit_calibration
from trailerflow.genres.decisions import OperatingPoints
from trailerflow.genres.films import NO_FILMS, Films, Reads, Training
from trailerflow.genres.genre_sets import COLUMN_TYPES as SET_TYPES
from trailerflow.genres.saved import save_system
from trailerflow.genres.systems.contract import Surroundings
from trailerflow.genres.systems.ensemble import EnsembleSystem
from trailerflow.genres.systems.tfidf import TfidfSystem
from trailerflow.genres.thresholds import Thresholds
from trailerflow.outcomes import Outcome, write_outcome
from trailerflow.tables import write_table
from unit.genres.tiny_encoder import told_films

pytestmark = pytest.mark.slow

TABLE = told_films()
FILMS = Films(
    movies=list(TABLE["movie"]),
    texts={"transcript": list(TABLE["text"])},
    genres=TABLE[list(GENRES)].to_numpy(dtype=bool),
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    """Words that tell the genre of sixteen films, with thresholds that differ for one genre."""
    folder = tmp_path_factory.mktemp("saved") / "system"
    system = TfidfSystem.from_settings(
        "words", Reads(texts=("transcript",)), {}, Surroundings(lambda settings: None), 0
    )
    system.fit(Training(FILMS), NO_FILMS)
    scores = system.predict(FILMS.without_genres()).scores
    thresholds = Thresholds(0.5, np.where(np.array(GENRES) == "Romance", 2.0, 0.5))
    save_system(system, OperatingPoints(fit_calibration(FILMS.labels, scores), thresholds), folder)
    return folder


def test_a_line_is_told_at_both_operating_points_with_probabilities(saved, capsys):
    run_command(["predict-genres", f"--saved={saved}", "--text", "the love of the love"])
    name, shared, own, probabilities = capsys.readouterr().out.splitlines()
    assert name == "text"
    assert shared.split(":")[1].split() == ["Romance"]
    assert own.split(":")[1].strip() != "Romance"
    assert probabilities.split()[1] == "Romance"
    assert float(probabilities.split()[2].strip(",")) > 0.5


def test_files_and_folders_are_read_and_written_as_a_table(saved, tmp_path, capsys):
    (tmp_path / "war.txt").write_text("\ufeffwar of the war\n", encoding="utf-8")
    folder = tmp_path / "documents"
    write_outcome(
        Outcome("song", "prepare_transcript", "ok", data={"text": "song of the song"}), folder / "1.json"
    )
    write_outcome(Outcome.absent("prepare_transcript", "2", "nothing was spoken"), folder / "more/2.json")
    output = tmp_path / "told.csv"
    run_command(
        ["predict-genres", f"--saved={saved}", f"--output={output}", str(tmp_path / "war.txt"), str(folder)]
    )
    said = capsys.readouterr().out
    assert "more/2\n  absent: nothing was spoken" in said
    table = pd.read_csv(output)
    assert len(table) == 3 * 18
    decided = table[table["predicted_global"] == True]  # noqa: E712
    assert dict(zip(decided["text"].astype(str), decided["genre"], strict=True)) == {
        "war": "War",
        "1": "Musical",
    }


def test_sets_that_keep_a_promise_are_named_too(saved, tmp_path, capsys):
    sets = pd.DataFrame(columns=list(SET_TYPES), index=range(3)).assign(
        system="words", arm="transcript, masked", promise=["none missing", "few missing", "few missing"],
        threshold=[-np.inf, 0.5, 0.0], movies=[100, 100, 20],
    )  # fmt: skip
    write_table(sets, tmp_path / "conformal.csv")
    command = [
        "predict-genres",
        f"--saved={saved}",
        f"--sets={tmp_path / 'conformal.csv'}",
        "--text",
        "war of the war",
    ]
    run_command([*command, f"--output={tmp_path / 'told.csv'}"])
    said = dict(line.strip().split(":") for line in capsys.readouterr().out.splitlines()[1:])
    assert said["set, few missing"].split() == ["War"]
    assert len(said["set, none missing"].split(",")) == len(GENRES)
    assert pd.read_csv(tmp_path / "told.csv")["few missing"].sum() == 1
    write_table(sets.assign(arm="synopsis, masked"), tmp_path / "conformal.csv")
    with pytest.raises(TrailerflowError, match="has no sets of words"):
        run_command(command)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "There is no text; give one by --text"),
        (["nowhere.txt"], "nowhere.txt cannot be read"),
        (["empty"], "There is no text"),
        (["large.txt"], "large.txt has more than 10,000,000 bytes"),
        (["other.json"], "other.json holds no transcript, which the system reads"),
        (["damaged.json"], "damaged.json is not an outcome document"),
    ],
)
def test_what_cannot_be_read_is_told(saved, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    with open("large.txt", "wb") as file:
        file.truncate(MOST_BYTES + 1)
    write_outcome(Outcome("1", "summarise_movie", "ok", data={"summary": "a"}), Path("other.json"))
    Path("damaged.json").write_text("{")
    with pytest.raises(TrailerflowError, match=said):
        run_command(["predict-genres", f"--saved={saved}", *arguments])


def test_a_system_of_other_systems_is_refused(tmp_path):
    films = Films(FILMS.movies, FILMS.texts, FILMS.genres, predictions={"words": FILMS.labels.astype(float)})
    system = EnsembleSystem("all", Reads(predictions=("words",)))
    system.fit(Training(films), NO_FILMS)
    save_system(system, None, tmp_path / "saved")
    with pytest.raises(TrailerflowError, match="all reads what words say of a film and no text"):
        run_command(["predict-genres", f"--saved={tmp_path / 'saved'}", "--text", "war"])
