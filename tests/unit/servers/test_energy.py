"""The energy counters, on a machine of the test's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trailerflow.costs.energy import joules_per_second
from trailerflow.servers import energy
from trailerflow.servers.energy import EnergyMeter, RequestEnergy


@pytest.fixture(autouse=True)
def _no_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(energy, "_cards", lambda: iter(()))


def count(root: Path, name: str, microjoules: int, most: int = 10_000_000) -> None:
    (root / name).mkdir(exist_ok=True)
    (root / name / "energy_uj").write_text(f"{microjoules}\n")
    (root / name / "max_energy_range_uj").write_text(f"{most}\n")


def test_all_packages_count_and_their_parts_do_not(tmp_path):
    count(tmp_path, "intel-rapl:0", 1_000_000)
    count(tmp_path, "intel-rapl:1", 2_000_000)
    count(tmp_path, "intel-rapl:0:0", 0)
    meter = EnergyMeter(tmp_path)
    count(tmp_path, "intel-rapl:0", 1_500_000)
    count(tmp_path, "intel-rapl:1", 4_000_000)
    count(tmp_path, "intel-rapl:0:0", 9_000_000)
    assert meter.joules() == pytest.approx(2.5)
    assert meter.joules() == 0


def test_a_counter_that_begins_anew(tmp_path):
    count(tmp_path, "intel-rapl:0", 9_000_000)
    meter = EnergyMeter(tmp_path)
    count(tmp_path, "intel-rapl:0", 500_000)
    assert meter.joules() == pytest.approx(1.5)


def test_a_machine_without_counters_notes_nothing(tmp_path):
    noted = RequestEnergy(tmp_path / "energy/m.json", EnergyMeter(tmp_path))
    noted.watch(1, 60)
    assert not (tmp_path / "energy").exists()
    assert joules_per_second(tmp_path / "energy") == {}


def test_only_what_is_taken_while_requests_are_open_counts(tmp_path):
    count(tmp_path, "intel-rapl:0", 0)
    noted = RequestEnergy(tmp_path / "energy/m.json", EnergyMeter(tmp_path))
    for open_requests, microjoules in [(0, 1_000_000), (2, 3_000_000), (1, 4_000_000), (0, 9_000_000)]:
        count(tmp_path, "intel-rapl:0", microjoules)
        noted.watch(open_requests, 3.0)
    assert json.loads((tmp_path / "energy/m.json").read_text()) == {"joules": 3.0, "request_seconds": 9.0}
    assert joules_per_second(tmp_path / "energy") == {"m": pytest.approx(1 / 3)}
