"""How long the command takes before it does anything, against a bare interpreter."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 7
PROGRAMS = {
    "python -c pass": ["-c", "pass"],
    "tessera --help": ["-m", "pipeline", "--help"],
    "import torch": ["-c", "import torch"],
}


def main() -> None:
    """Interleave the programs, so that the machine's moods hit all of them alike."""
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for run in range(RUNS + 1):
        for name, arguments in PROGRAMS.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603
            if run:  # the first fills the file cache
                seconds[name].append(time.perf_counter() - started)
    bare = statistics.median(seconds["python -c pass"])
    print(f"\nStart-up, median of n={RUNS}")
    for name, values in seconds.items():
        median = statistics.median(values)
        spread = f"{min(values):.2f} to {max(values):.2f}"
        print(f"  {name:<16} {median:6.2f} s  ({spread})  {median / bare:5.1f} × bare python")


if __name__ == "__main__":
    main()
