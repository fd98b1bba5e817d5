"""The ``trailerflow`` command: what it deletes, what it ends, and when it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from trailerflow.commands import run_command
from trailerflow.commands.forget import Forgotten, forget
from trailerflow.commands.processes import MainProcess, parse_run
from trailerflow.commands.snakemake_command import snakemake_command
from trailerflow.errors import TrailerflowError
from trailerflow.outcomes import Outcome, later_mark, write_outcome
from trailerflow.places import CODE
from trailerflow.register import CHAIN
from trailerflow.servers.warm_server import RUN_VARIABLE, process_start

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[3] / "src"
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF_SLEEPER = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('deaf', flush=True); time.sleep(60)",
]


def document(project: Path, rule: str, movie: str, place: str = "") -> Path:
    return project / "results" / rule / place / f"{movie}.json"


def write_chain(project: Path, movie: str, *, status: str, since: str = "find_trailer") -> None:
    """Documents of all rules for a movie: ok before the rule ``since``, and of ``status`` from there on."""
    settled: Outcome | None = None
    for rule in CHAIN:
        place = "qwen/zero_shot" if rule == "summarise_movie" else ""
        if settled:
            outcome = settled.passed_on(rule)
        elif rule == since and status == "later":
            outcome = settled = Outcome.later(rule, movie, "blocked", earliest="2026-11-22T20:00:00+00:00")
        elif rule == since:
            outcome = settled = Outcome(movie=movie, rule=rule, status=status, reasons=("told so",))  # type: ignore[arg-type]
        else:
            outcome = Outcome.ok(rule, movie, {})
        write_outcome(outcome, document(project, rule, movie, place))


def test_forget_deletes_the_outcome_and_what_was_made_from_it(tmp_path: Path):
    write_chain(tmp_path, "1", status="absent", since="fetch_audio")
    write_chain(tmp_path, "2", status="failed", since="fetch_audio")
    assert forget(tmp_path, status="absent", rule="fetch_audio") == Forgotten(1, 4, {})
    assert document(tmp_path, "fetch_captions", "1").exists()
    for rule in CHAIN[2:]:
        assert not list((tmp_path / "results" / rule).rglob("1.json"))
        assert len(list((tmp_path / "results" / rule).rglob("2.json"))) == 1


def test_forget_takes_only_the_movies_that_are_named(tmp_path: Path):
    for movie in ("1", "2", "12"):
        write_chain(tmp_path, movie, status="absent")
    assert forget(tmp_path, status="absent", rule="find_trailer", movies=["2"]).outcomes == 1
    assert sorted(path.stem for path in (tmp_path / "results/find_trailer").iterdir()) == ["1", "12"]


def test_forget_takes_the_answers_that_an_outcome_rests_on_and_nothing_outside_the_cache(tmp_path: Path):
    cached, outside = tmp_path / "resources/cache/web/captions/v1.json", tmp_path / "config.yaml"
    for path in (cached, outside):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    names = ["resources/cache/web/captions/v1.json", "config.yaml", "resources/cache/../../config.yaml"]
    outcome = Outcome.absent("fetch_captions", "1", "gone", source={"answers": names})
    write_outcome(outcome, document(tmp_path, "fetch_captions", "1"))
    forget(tmp_path, status="absent", rule="fetch_captions")
    assert not cached.exists()
    assert outside.exists()


def test_forget_takes_the_marks_of_later_outcomes_with_it(tmp_path: Path):
    write_chain(tmp_path, "1", status="later", since="fetch_captions")
    mark = later_mark(document(tmp_path, "fetch_captions", "1"))
    assert mark.exists()
    forget(tmp_path, status="later", rule="fetch_captions")
    assert not mark.exists()


def test_forgetting_one_synopsis_leaves_the_trailer_alone(tmp_path: Path):
    write_chain(tmp_path, "1", status="absent")
    synopsis = document(tmp_path, "fetch_synopsis", "1")
    write_outcome(Outcome.absent("fetch_synopsis", "1", "no article"), synopsis)
    assert forget(tmp_path, status="absent", rule="fetch_synopsis") == Forgotten(1, 0, {})
    assert document(tmp_path, "find_trailer", "1").exists()


def test_forget_tells_where_a_passed_on_outcome_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    write_chain(tmp_path, "1", status="absent")
    monkeypatch.chdir(tmp_path)
    run_command(["forget", "--status", "absent", "--rule", "prepare_transcript"])
    said = capsys.readouterr().out
    assert "Deleted 1 absent outcome of prepare_transcript and 1 document made from them" in said
    assert "trailerflow forget --status absent --rule find_trailer" in said
    run_command(["forget", "--status", "failed", "--rule", "find_trailer"])
    assert capsys.readouterr().out == "No outcome of find_trailer is failed; nothing was deleted.\n"


def test_forget_refuses_what_is_no_rule_or_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for status, rule in (("ok", "find_trailer"), ("later", "make_report")):
        words = ["--status", status, "--rule", rule]
        with pytest.raises(SystemExit):
            run_command(["forget", *words])
        assert "invalid choice" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["", "12", "12:3.5", "a:3.5:/x", "12:b:/x"])
def test_a_foreign_value_of_the_variable_is_none_of_ours(value: str):
    assert parse_run(value) is None


def test_the_variable_names_process_time_and_folder(tmp_path: Path):
    folder = tmp_path / "a:b"
    assert parse_run(f"12:3.5:{folder}") == MainProcess(12, "3.5", folder.resolve())


@pytest.fixture
def start() -> Iterator[object]:
    """Starts processes and ends those that the test has left."""
    started: list[subprocess.Popen[str]] = []

    def popen(command: list[str], folder: Path, run: str | None = None) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if name != RUN_VARIABLE}
        if run:
            environment[RUN_VARIABLE] = run
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield popen
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def dead_main(folder: Path) -> str:
    """A run whose main process is gone: our own number, but another start."""
    return f"{os.getpid()}:1.0:{folder}"


def live_main(process: psutil.Process, folder: Path) -> str:
    return f"{process.pid}:{process_start(process.pid)}:{folder}"


def unlock_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    run_command(["unlock"])


def test_unlock_that_has_nothing_to_do_says_nothing(tmp_path: Path):
    command = [sys.executable, "-c", "from trailerflow.commands import main; main()", "unlock"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    result = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout == result.stderr == ""


def test_unlock_ends_the_jobs_of_a_killed_run_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], start
):
    monkeypatch.setattr("trailerflow.commands.processes.SECONDS_TO_END", 0.5)
    elsewhere = tmp_path / "elsewhere"
    project = tmp_path / "project"
    elsewhere.mkdir()
    project.mkdir()
    orphan = start(SLEEPER, project, dead_main(project))
    deaf = start(DEAF_SLEEPER, project, dead_main(project))
    neighbour = start(SLEEPER, elsewhere, dead_main(elsewhere))
    stranger = start(SLEEPER, project)
    assert deaf.stdout.readline() == "deaf\n"
    unlock_in(project, monkeypatch)
    assert capsys.readouterr().out == "Ended 2 processes of a run that is over.\n"
    assert orphan.poll() is not None and deaf.poll() is not None
    assert neighbour.poll() is None and stranger.poll() is None


def test_unlock_refuses_while_the_main_process_of_a_job_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start
):
    main = start(SLEEPER, tmp_path)
    job = start(SLEEPER, tmp_path, live_main(psutil.Process(main.pid), tmp_path))
    with pytest.raises(TrailerflowError, match=rf"A run is in progress in .* \(process {main.pid}\)"):
        unlock_in(tmp_path, monkeypatch)
    assert job.poll() is None


def test_unlock_refuses_while_snakemake_lives_without_a_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start
):
    script = tmp_path / "snakemake"
    script.write_text("import time\nprint('up', flush=True)\ntime.sleep(60)\n")
    main = start([sys.executable, str(script)], tmp_path)
    assert main.stdout.readline() == "up\n"
    with pytest.raises(TrailerflowError, match=rf"process {main.pid}"):
        unlock_in(tmp_path, monkeypatch)


def test_unlock_tells_why_snakemake_could_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / ".snakemake/locks").mkdir(parents=True)
    (tmp_path / ".snakemake/locks/0.input.lock").touch()
    (tmp_path / "Snakefile").write_text("rule\n")
    with pytest.raises(TrailerflowError, match="snakemake --unlock failed: "):
        unlock_in(tmp_path, monkeypatch)


def test_unlock_in_a_folder_without_a_snakefile_takes_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lock = tmp_path / ".snakemake/locks/0.input.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    unlock_in(tmp_path, monkeypatch)
    assert not lock.exists()


def test_a_workflow_of_the_folder_is_asked_before_ours(tmp_path: Path):
    assert snakemake_command(tmp_path)[3:] == ["--snakefile", str(CODE / "Snakefile")]
    (tmp_path / "workflow").mkdir()
    (tmp_path / "workflow/Snakefile").write_text("")
    assert snakemake_command(tmp_path)[3:] == []


def test_doctor_names_what_matters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    models = tmp_path / "weights"
    models.mkdir()
    (models / "tiny.json").write_text('{"files": {}}')
    (models / "cut.json").write_text('{"files": {"model.bin": {"sha256": "", "size": 3}}}')
    (tmp_path / "config.yaml").write_text("models: {folder: weights}")
    monkeypatch.chdir(tmp_path)
    run_command(["doctor"])
    said = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert {"trailerflow", "python", "snakemake", "cores", "memory", "gpu", "models"} <= set(said)
    assert said["models"].startswith("cut (") and said["models"].endswith(", tiny")


def test_doctor_tells_the_faults_of_a_configuration_and_what_would_serve_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    run_command(["doctor"])
    assert "language model   qwen2.5-coder-1.5b: " in capsys.readouterr().out
    (tmp_path / "config.yaml").write_text("models: {llm: [{name: 3}, 4], budgett: 1}")
    run_command(["doctor"])
    said = capsys.readouterr().out
    assert "fault            config: models.budgett is not a setting; did you mean budget?" in said
    assert "which would serve cannot be told before the faults above are put right" in said


@pytest.mark.parametrize(
    "content", [b"\xff\xfe models", b"a: " + b"[" * 5000, b"models", b"- models", b"models: {folder", b""]
)
def test_doctor_says_in_one_sentence_that_the_configuration_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
):
    (tmp_path / "config.yaml").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrailerflowError, match=r"config\.yaml does not say where models lie"):
        run_command(["doctor"])


def test_doctor_goes_on_where_a_models_note_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "resources/models/odd.json").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    run_command(["doctor"])
    assert "odd ([Errno 21] Is a directory" in capsys.readouterr().out


def test_doctors_reader_may_leave(tmp_path: Path):
    command = f"{sys.executable} -c 'from trailerflow.commands import main; main()' doctor | head -1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.startswith("trailerflow ")
    assert done.stderr == ""


def test_doctor_outside_a_project_says_that_no_model_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    run_command(["doctor"])
    assert "none fetched" in capsys.readouterr().out


def test_doctor_reads_a_config_that_holds_only_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "resources/models").mkdir(parents=True)
    (tmp_path / "resources/models/tiny.json").write_text('{"files": {}}')
    monkeypatch.chdir(tmp_path)
    for config in ("trailers: {words: 5}", "models: {embedding: x}"):
        (tmp_path / "config.yaml").write_text(config)
        run_command(["doctor"])
        said = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
        assert said["models"] == "tiny"


def test_the_command_starts_without_heavy_libraries():
    code = (
        "import sys, trailerflow.commands\n"
        "print(sorted({'pandas', 'numpy', 'torch', 'requests', 'snakemake'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


def test_a_command_prints_no_secret(tmp_path: Path):
    (tmp_path / "config.yaml").write_text("models: {folder: k/0123456789 : [}")
    done = subprocess.run(
        [sys.executable, "-c", "from trailerflow.commands import main; main()", "doctor"],
        cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "SOME_API_KEY": "k/0123456789"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "config.yaml does not say where models lie" in done.stderr
    assert "[secret]" in done.stderr
    assert "k/0123456789" not in done.stdout + done.stderr
