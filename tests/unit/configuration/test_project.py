"""The configuration that a command reads is the one that Snakemake merges."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from snakemake.utils import update_config

from trailerflow.configuration.project import project_configuration
from trailerflow.errors import TrailerflowError
from trailerflow.places import CODE


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, the present folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_are_merged_as_snakemake_merges_them(project: Path) -> None:
    own = {"trailers": {"words": 300, "audio": {"keep": True}}, "catalogue": {"archive": None}}
    further = {"trailers": {"words": 200, "sources": []}, "genres": {"systems": []}}
    (project / "config.yaml").write_text(yaml.safe_dump(own))
    (project / "mine.yaml").write_text(yaml.safe_dump(further))
    expected = yaml.safe_load((CODE / "config.yaml").read_text(encoding="utf-8"))
    update_config(expected, own)
    assert project_configuration(project) == expected
    update_config(expected, further)
    assert project_configuration(project, project / "mine.yaml") == expected


def test_the_codes_own_configuration_is_read_where_there_is_no_other(project: Path) -> None:
    expected = yaml.safe_load((CODE / "config.yaml").read_text(encoding="utf-8"))
    assert project_configuration(project) == expected
    (project / "empty.yaml").write_text("# nothing differs\n")
    assert project_configuration(project, project / "empty.yaml") == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trailers: [", "mine.yaml cannot be read as a configuration"),
        ("- trailers", "mine.yaml is no configuration; its sections stand one below the other"),
        ("trailers: {wrods: 3}", "config: trailers.wrods is not a setting; did you mean words?"),
        (None, "mine.yaml cannot be read as a configuration"),
    ],
)
def test_what_is_no_configuration_is_told(project: Path, text: str | None, told: str) -> None:
    if text is not None:
        (project / "mine.yaml").write_text(text)
    with pytest.raises(TrailerflowError) as caught:
        project_configuration(project, Path("mine.yaml"))
    assert told in str(caught.value)
