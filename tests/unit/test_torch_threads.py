"""Every process computes the same numbers: torch chooses its kernels before several threads call them."""

from __future__ import annotations

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from trailerflow.torch_threads import use_threads

pytestmark = pytest.mark.slow


class Called(TorchDispatchMode):
    """Writes down which operation was called on how many elements."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: set[tuple[str, int]] = set()

    def __torch_dispatch__(self, function, types, arguments=(), named=None):
        result = function(*arguments, **(named or {}))
        self.calls.add((str(function), result.numel()))
        return result


@pytest.fixture
def threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_the_threads_are_those_of_the_job(threads):
    use_threads(1)
    assert torch.get_num_threads() == 1
    use_threads(2)
    assert torch.get_num_threads() == 2


def test_kernels_are_chosen_on_one_element_by_one_thread(threads):
    with Called() as called:
        use_threads(2)
    assert {(f"aten.{name}.default", 1) for name in ("sqrt", "exp", "log", "tanh", "erf")} <= called.calls
    assert {elements for _, elements in called.calls} == {1}
