"""How much memory this process needed at its peak."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

RESET, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


def reset_peak() -> None:
    """Let the peak begin anew from what is in use now, where the system can."""
    try:
        RESET.write_text("5", encoding="ascii")
    except OSError:  # not Linux, or not allowed
        return


def peak_mib() -> float:
    """Largest resident memory since the last reset, MiB; since the start where none can be.

    A process inherits its parent's figure in ``getrusage``, so Linux is asked elsewhere.
    """
    try:
        lines = STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        unit = 1024**2 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
