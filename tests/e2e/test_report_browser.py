"""The report in a real browser, headless Chromium: what it shows, and that its console is clean."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from unit.report_frames import write_run

from e2e.browser import CHROMIUM, NO_CHROMIUM, open_page

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that scripts/make_report.py makes of hand-made tables."""
    folder = tmp_path_factory.mktemp("report")
    output = folder / "index.html"
    lines, options = write_run(folder)
    command = [sys.executable, str(ROOT / "scripts" / "make_report.py"), *options, "--output", str(output)]
    subprocess.run(command, input=lines, text=True, check=True)
    return output


def test_the_browser_shows_tables_and_plots_and_its_console_is_clean(report: Path, tmp_path: Path) -> None:
    document, console = open_page(report, tmp_path, "--dump-dom")
    assert console == []
    assert len(re.findall(r"<table\b", document)) >= 12
    assert len(re.findall(r'<svg\b[^>]*role="img"', document)) == 9
    assert "What to read first" in document
    assert "GoldenEye (1995)" in document


def test_the_console_check_would_see_what_the_page_forbids(report: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    text = report.read_text(encoding="utf-8")
    broken.write_text(text.replace("</body>", "<script>alert(1)</script></body>"), encoding="utf-8")
    _, console = open_page(broken, tmp_path, "--dump-dom")
    assert any("Content Security Policy" in line for line in console)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_a_picture_in_light_and_dark(report: Path, tmp_path: Path, scheme: str) -> None:
    picture = tmp_path / f"{scheme}.png"
    dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
    _, console = open_page(report, tmp_path, f"--screenshot={picture}", *dark)
    assert console == []
    image = pytest.importorskip("PIL.Image").open(picture).convert("L")
    background = image.getpixel((5, 5))
    assert background > 240 if scheme == "light" else background < 40
    # A page of text and plots has many shades; a blank or failed one has two or three.
    assert len(set(image.resize((300, 600)).tobytes())) > 50
