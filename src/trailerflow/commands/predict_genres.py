"""Name the genres of new texts by a system that was saved: a line, files, or folders of transcripts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trailerflow.errors import TrailerflowError

if TYPE_CHECKING:
    import pandas as pd

    from trailerflow.genres.saved import Saved

MOST_BYTES = 10_000_000
"""Largest file that is read; the transcript of a whole film has some 100,000 bytes."""

_SHOWN = 5
_LINE = "text"
PROMISED = ("none missing", "few missing")
"""Columns with sets of genres; see `trailerflow.genres.conformal`."""

_SUFFIXES = (".json", ".txt")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``trailerflow predict-genres``."""
    parser.add_argument("--saved", type=Path, required=True, help="folder of a saved system")
    parser.add_argument(
        "paths",
        type=Path,
        nargs="*",
        help="files with a text (.txt) or outcome documents (.json), or folders of these",
    )
    parser.add_argument("--text", help="a text, beside those in files")
    parser.add_argument("--title", default="", help="title of the film of --text, for a system that reads it")
    parser.add_argument("--output", type=Path, help="CSV to write: one row a text and genre")
    parser.add_argument(
        "--sets",
        type=Path,
        help="results/score_genres/conformal.csv: name sets of genres that keep its promises too",
    )
    parser.add_argument(
        "--models-folder", type=Path, default=Path("resources/models"), help="folder of the fetched models"
    )
    parser.add_argument("--cache", type=Path, default=Path("resources/cache/llm"), help=argparse.SUPPRESS)
    parser.add_argument("--run", type=Path, default=Path("run"), help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")


def run_command(arguments: argparse.Namespace) -> None:
    """Do what ``trailerflow predict-genres`` does.

    Raises:
        TrailerflowError: There is no text, a file cannot be read, or the system cannot be loaded or reads more than a text.
    """
    from trailerflow.genres.genre_sets import with_sets
    from trailerflow.genres.saved import load_system
    from trailerflow.genres.systems.contract import Surroundings
    from trailerflow.llm.arguments import client_for
    from trailerflow.tables import write_table
    from trailerflow.torch_threads import use_threads

    use_threads(arguments.threads)
    saved = load_system(
        arguments.saved,
        Surroundings(lambda settings: client_for(settings, arguments), arguments.models_folder),
    )
    predictions, films = predicted(saved, arguments.paths, arguments.text, arguments.title)
    if arguments.sets is not None:
        predictions = with_sets(predictions, arguments.sets, saved.system.name, saved.system.arm)
    if arguments.output is not None:
        write_table(predictions, arguments.output)
    print(shown(predictions, films))


def predicted(
    saved: Saved, paths: Sequence[Path], line: str | None, title: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Predict the genres of texts.

    Args:
        saved: The system.
        paths: Files and folders with texts.
        line: One more text, or None.
        title: Title of its film, or nothing.

    Returns:
        One row a text and genre: text (its name), genre, score, probability, predicted_global and predicted_per_genre; and
        one row a text: text, status and reason.
    """
    import pandas as pd

    from trailerflow.genres.job import gather
    from trailerflow.genres.predictions import NEW
    from trailerflow.genres.saved import predict_films
    from trailerflow.genres.texts import only_text

    reads = saved.system.reads
    if reads.predictions:
        raise TrailerflowError(
            f"{saved.system.name} reads what {', '.join(reads.predictions)} say of a film and no text; "
            "predict by one of these."
        )
    name = only_text(reads.texts)
    rows = [*([] if line is None else [_row(_LINE, line, title)]), *_rows(paths, name)]
    if not rows:
        raise TrailerflowError(
            "There is no text; give one by --text, or files or folders with .txt or .json."
        )
    table = pd.DataFrame(rows)
    gathered = gather(table[["movie", "title"]], {name: table}, reads)
    told = predict_films(saved, gathered, list(table["movie"]), NEW)
    columns = ["movie", "genre", "score", "probability", "predicted_global", "predicted_per_genre"]
    predictions = told.predictions[columns].rename(columns={"movie": "text"})
    films = told.films[["movie", "status", "reason"]].rename(columns={"movie": "text"})
    return predictions, films


def shown(predictions: pd.DataFrame, films: pd.DataFrame) -> str:
    """Each text with its genres at both operating points, its sets, and the likeliest genres, for a terminal.

    Args:
        predictions: From `predicted`, with sets or without.
        films: From `predicted`.
    """
    lines = []
    for film in films.itertuples():
        lines.append(str(film.text))
        if film.status != "ok":
            lines.append(f"  {film.status}: {film.reason}")
            continue
        own = predictions[predictions["text"] == film.text].sort_values(
            ["probability", "score"], ascending=False
        )
        for column, point in (
            ("predicted_global", "one threshold for all genres"),
            ("predicted_per_genre", "a threshold for each genre"),
            *((promise, f"set, {promise}") for promise in predictions.columns.intersection(PROMISED)),
        ):
            lines.append(f"  {point + ':':<30}{', '.join(own.loc[own[column].fillna(False), 'genre'])}")
        likeliest = own.dropna(subset=["probability"]).head(_SHOWN)
        if len(likeliest):
            told = (f"{row.genre} {row.probability:.2f}" for row in likeliest.itertuples())
            lines.append(f"  {'probabilities:':<30}{', '.join(told)}")
    return "\n".join(lines)


def _row(movie: str, text: str, title: str = "") -> dict[str, str | None]:
    return {"movie": movie, "title": title, "status": "ok", "reason": None, "text": text}


def _rows(paths: Sequence[Path], name: str) -> Iterator[dict[str, str | None]]:
    """The texts of files and of those in folders; each is named by its path without the suffix."""
    for path in paths:
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
            yield from (_of_file(file, str(file.relative_to(path).with_suffix("")), name) for file in files)
        else:
            yield _of_file(path, path.stem, name)


def _of_file(path: Path, movie: str, name: str) -> dict[str, str | None]:
    """The text of one file, or why there is none."""
    from trailerflow.film_texts import Text
    from trailerflow.outcomes import read_outcome

    try:
        size = path.stat().st_size
    except OSError as error:
        raise TrailerflowError(
            f"{path} cannot be read ({error.strerror}); name a file or a folder."
        ) from None
    if size > MOST_BYTES:
        raise TrailerflowError(f"{path} has more than {MOST_BYTES:,} bytes; give the text of one film.")
    if path.suffix != ".json":
        return _row(movie, path.read_text(encoding="utf-8-sig", errors="replace").strip())
    outcome = read_outcome(path)
    column = Text.from_name(name).column
    text = (outcome.data or {}).get(column)
    if outcome.status == "ok" and not isinstance(text, str):
        raise TrailerflowError(f"{path} holds no {name}, which the system reads; give documents that do.")
    told = _row(movie, text or "")
    return told | {"status": outcome.status, "reason": "; ".join(outcome.reasons) or None}
