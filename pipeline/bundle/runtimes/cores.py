"""How many cores and how much memory there are, and telling every library of the cores, once."""

from __future__ import annotations

import math
import os
from pathlib import Path

QUOTA, CEILING = Path("/sys/fs/cgroup/cpu.max"), Path("/sys/fs/cgroup/memory.max")
# Read by a library when it is first imported: OpenMP (torch, scikit-image), MKL, ITK; and OpenBLAS,
# whose products are small here, while its threads would spin long after each of them.
VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS")
SINGLE = "OPENBLAS_NUM_THREADS"
# Names those of them that Tessera has set itself, for the processes it starts.
SETTLED = "TESSERA_SETTLED_THREADS"


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


def memory_mib() -> float:
    """Memory of this machine, MiB, or less where its container has a limit."""
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20
    return min(installed, ceiling(CEILING) or installed)


def ceiling(path: Path) -> float | None:
    """MiB that a cgroup's memory.max grants; None where there is no limit."""
    try:
        return int(path.read_text(encoding="ascii")) / 2**20
    except (OSError, ValueError):  # "max" is no number
        return None


def share(workers: int) -> int:
    """Cores for each of so many processes that compute at the same time, to the nearest."""
    return max(1, round(cores() / workers))


def settle_threads(threads: int) -> None:
    """Tell the libraries how many threads to use; call it before they are imported.

    A variable that the user has set is left alone; one that the process which started this one has
    settled is settled anew.
    """
    wanted = {**dict.fromkeys(VARIABLES, str(threads)), SINGLE: "1"}
    before = os.environ.get(SETTLED, "").split()
    ours = {name for name in wanted if name not in os.environ or name in before}
    os.environ.update({name: wanted[name] for name in ours})
    os.environ[SETTLED] = " ".join(sorted(ours))
