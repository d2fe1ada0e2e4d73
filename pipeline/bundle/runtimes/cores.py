"""How many cores this process may use, and telling every library so, once."""

from __future__ import annotations

import math
import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
# Read by a library when it is first imported: OpenMP (torch, scikit-image), OpenBLAS, MKL, ITK.
VARIABLES = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS",
)


def cores() -> int:
    """Cores this process may run on: its affinity, or less where its container has a quota."""
    allowed = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return max(1, min(allowed, quota(QUOTA) or allowed))


def quota(path: Path) -> int | None:
    """Whole cores a cgroup's cpu.max grants, rounded up; None where there is no limit."""
    try:
        granted, period = path.read_text(encoding="ascii").split()
        return None if granted == "max" else math.ceil(int(granted) / int(period))
    except (OSError, ValueError):
        return None


def share(workers: int) -> int:
    """Cores for each of so many processes that compute at the same time."""
    return max(1, cores() // workers)


def settle_threads(threads: int) -> None:
    """Tell the libraries how many threads to use; call it before they are imported.

    A variable that the user has set is left alone.
    """
    for name in VARIABLES:
        os.environ.setdefault(name, str(threads))
