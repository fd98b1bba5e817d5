"""Where a network is trained, and in which precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from trailerflow.errors import TrailerflowError
from trailerflow.genres.encoder.settings import AUTO, BF16


def device() -> torch.device:
    """The GPU where this process sees one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half_precision(precision: str, place: torch.device) -> bool:
    """Whether a training multiplies in bf16.

    Args:
        precision: A word of `trailerflow.genres.encoder.settings`.
        place: Where it is trained.
    """
    return precision == BF16 or (precision == AUTO and _multiplies_in_bf16(place))


@contextmanager
def gpu_faults_told() -> Iterator[None]:
    """Tell a GPU that no longer answers in one sentence.

    Raises:
        TrailerflowError: It does not.
    """
    try:
        yield
    except torch.AcceleratorError as error:
        raise TrailerflowError(
            f"The GPU failed in mid-training ({str(error).splitlines()[0]}); what is finished was kept: run the same "
            "command again, or set CUDA_VISIBLE_DEVICES= to train on the CPU."
        ) from None


def _multiplies_in_bf16(place: torch.device) -> bool:
    if place.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
