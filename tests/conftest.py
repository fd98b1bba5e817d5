"""What several tests share."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings
from workflow.projects import MODELS, TEST_MODEL, Workflow, small_genres, small_sample

from trailerflow.models.fetch import fetch_model, read_model_list

ROOT = Path(__file__).parents[1]

settings.register_profile("no deadline", deadline=None)  # a slow machine is no fault
settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data for measuring, which is no part of the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not here: real MovieLens data and transcripts are needed")
    return folder


@pytest.fixture(scope="session")
def encoder_models() -> Path:
    """The folder of models with the sample's sentence encoder in it, fetched if it is not there."""
    fetch_model("all-minilm-l6-v2", read_model_list(ROOT / "resources/models.yaml"), MODELS, None, print)
    return MODELS


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No hub, no run of ours around the test, the library of this checkout in every process."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    monkeypatch.delenv("TRAILERFLOW_RUN", raising=False)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    )


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """Let the runs of the tests be broken off: a shell starts what it puts into the background with Ctrl-C ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def workflow(tmp_path: Path) -> Workflow:
    return Workflow(tmp_path / "project")


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Workflow:
    """The small sample, run to the report with real embedded models; to be copied, not changed."""
    workflow = Workflow(tmp_path_factory.mktemp("finished") / "project")
    small_sample(workflow, subtitles=7)
    (workflow.folder / "feedback.csv").write_text("user,movie,rating,timestamp\n")
    workflow.settings |= {
        "models": {
            "folder": str(MODELS), "llm": [TEST_MODEL],
            "speech": {"model": "faster-whisper-tiny.en"},
        },
        "summaries": {"words": 25, "prompts": ["zero_shot", "few_shot"]},
        "judging": {"judge": {"movies": 1}},
        "genres": small_genres("summary/smollm2/zero_shot"),
        "recommendations": {
            "held_out": 3, "history": 3, "llm_users": 2, "saved": ["bias"], "feedback": "feedback.csv",
        },
    }  # fmt: skip
    workflow.settings["genres"]["systems"] += [
        {"name": "vectors", "kind": "linear", "settings": {"embedders": ["minilm"]}},
        {"name": "both", "kind": "ensemble", "predictions": ["words", "vectors"]},
    ]
    workflow.run()
    return workflow


@pytest.fixture
def finished(finished_run: Workflow, tmp_path: Path) -> Workflow:
    """A copy of the finished run, to be edited."""
    return finished_run.copy(tmp_path / "project")
