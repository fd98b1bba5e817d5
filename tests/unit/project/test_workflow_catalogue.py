"""What Snakemake's workflow catalogue and snakedeploy look for."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]


def read(name: str) -> dict:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_template_of_a_configuration_changes_nothing_as_it_is():
    ours = read("config.yaml")
    for section, settings in read("config/config.yaml").items():
        assert settings == {key: ours[section][key] for key in settings}


def test_the_files_are_where_they_are_sought():
    assert 'include: "../Snakefile"' in (ROOT / "workflow/Snakefile").read_text()
    assert (ROOT / "config/README.md").is_file()
    usage = read(".snakemake-workflow-catalog.yml")["usage"]
    assert set(usage) == {"mandatory-flags", "software-stack-deployment", "report"}


def test_the_pages_that_the_template_names_are_there():
    text = (ROOT / "config/README.md").read_text() + (ROOT / "config/config.yaml").read_text()
    pages = {part.strip("`).,;|(") for part in text.split() if part.strip("`(").startswith("docs/")}
    assert len(pages) >= 5
    assert [page for page in pages if not (ROOT / page).is_file()] == []
