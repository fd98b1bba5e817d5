"""CPU threads of torch, and the same numbers in every process."""

from __future__ import annotations


def use_threads(threads: int) -> None:
    """Keep torch to the CPU threads that the job was given, and let it choose its kernels with one of them.

    The MKL in torch 2.13 (2024.2) chooses the kernel of an elementwise function at the function's first call.
    Where several threads make that call at once, one may compute its share with a less exact kernel
    (pytorch/pytorch, issue 188792): AdamW's first square root, and with it the last digit of the tuned
    encoder's predictions, differed in 4 of 40 processes. One element is computed by one thread, so no two
    meet; then none of 60 differed.

    Args:
        threads: Threads that torch may use within an operation.
    """
    import torch  # takes seconds

    torch.set_num_threads(threads)
    for function in (torch.sqrt, torch.exp, torch.log, torch.tanh, torch.erf):
        function(torch.ones(1))
