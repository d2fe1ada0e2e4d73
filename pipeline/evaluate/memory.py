"""How much memory a piece of work needed at its peak; Linux can say, elsewhere it is NaN."""

from __future__ import annotations

import math
from pathlib import Path

RESET, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


def reset_peak() -> None:
    """Let the peak begin anew from what is in use now."""
    try:
        RESET.write_text("5", encoding="ascii")
    except OSError:  # not Linux, or not allowed
        return


def peak_mib() -> float:
    """Largest resident memory since the last reset, MiB."""
    try:
        lines = STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return math.nan
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) / 1024 if found else math.nan
