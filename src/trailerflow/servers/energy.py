"""The energy that this machine's processors and graphics cards have taken, where it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from trailerflow.files import write_json

POWERCAP = Path("/sys/class/powercap")
"""Where Linux shows the counters of Intel's and AMD's processor packages (RAPL)."""

_MILLIJOULES = 1e-3
_MICROJOULES = 1e-6
WRITE_SECONDS = 5.0


class EnergyMeter:
    """Adds up the energy of all processor packages (RAPL) and NVIDIA cards (NVML) of this machine.

    Args:
        root: Folder of the processors' counters.
    """

    def __init__(self, root: Path = POWERCAP) -> None:
        self._root = root
        self._last = dict(self._counters())

    @property
    def can_read(self) -> bool:
        """Whether there is any counter that may be read; RAPL's are often for root alone."""
        return bool(self._last)

    def joules(self) -> float:
        """Joules since the last call, or since the meter was made."""
        now = dict(self._counters())
        spent = sum(self._spent(name, now[name]) for name in now.keys() & self._last.keys())
        self._last = now
        return spent

    def _spent(self, name: str, joules: float) -> float:
        difference = joules - self._last[name]
        if difference >= 0:
            return difference
        with suppress(OSError, ValueError):  # the counter has begun anew
            return difference + int((self._root / name / "max_energy_range_uj").read_text()) * _MICROJOULES
        return 0.0

    def _counters(self) -> Iterator[tuple[str, float]]:
        for folder in sorted(self._root.glob("intel-rapl:*")):
            if folder.name.count(":") == 1:  # a package; its parts are in its count
                with suppress(OSError, ValueError):
                    yield folder.name, int((folder / "energy_uj").read_text()) * _MICROJOULES
        yield from _cards()


def _cards() -> Iterator[tuple[str, float]]:
    """Energy of each NVIDIA card since its driver was loaded; nothing without the package or the driver."""
    try:
        import pynvml

        pynvml.nvmlInit()
        for number in range(pynvml.nvmlDeviceGetCount()):
            card = pynvml.nvmlDeviceGetHandleByIndex(number)
            yield f"card {number}", pynvml.nvmlDeviceGetTotalEnergyConsumption(card) * _MILLIJOULES
    except Exception:  # of whatever kind: a card that tells no energy is no reason to stop
        return


class RequestEnergy:
    """What a model's requests took: the machine's energy while any was open, and how long they were open.

    Args:
        path: File to write it to, read by `trailerflow.costs.energy.joules_per_second`.
        meter: The machine's meter.
    """

    def __init__(self, path: Path, meter: EnergyMeter) -> None:
        self._path = path
        self._meter = meter
        self._joules = self._request_seconds = self._unwritten = 0.0

    def watch(self, open_requests: int, seconds: float) -> None:
        """Count that so many requests were open during the last seconds."""
        if not self._meter.can_read:
            return
        joules = self._meter.joules()
        if open_requests:
            self._joules += joules
            self._request_seconds += open_requests * seconds
            self._unwritten += seconds
        if self._unwritten >= WRITE_SECONDS or (self._unwritten and not open_requests):
            note = {"joules": self._joules, "request_seconds": self._request_seconds}
            write_json(self._path, note, private=True)
            self._unwritten = 0.0
