"""What a batch costs as it grows: time and memory a study, resuming, and filling from the cache.

    python -m benchmarks.growth [--sizes 1 10 100] [--shipped]

Copies of one study in voxels of 3 mm, each run in a process of its own with an empty cache. So that
a hundred are soon done, the modules are the tests' small ones (4 mm, a few weights), which leaves
reading, placing, writing and keeping books; `--shipped` takes the shipped ones.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.material import copy_study, small_workspace, write_material
from pipeline.workspace import Workspace

SIZES = (1, 10, 100)


@dataclass(frozen=True)
class Run:
    """Wall and processor time of the whole command, wall time of the batch in it, peak memory."""

    wall: float
    processor: float
    batch: float
    peak_mib: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--shipped", action="store_true")
    options = parser.parse_known_args()[0]
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        source, shipped = write_material(place, spacing=3)
        site = shipped if options.shipped else small_workspace(place / "small")
        _run(site, source, place / "warm")  # registers and converts, once for a workspace
        kind = "shipped modules" if options.shipped else "the tests' small modules"
        print(f"\nA batch as it grows: {kind}, studies of 3 mm, each run in a process of its own")
        for number, size in enumerate(options.sizes):
            for copy in range(size):
                copy_study(source, place / f"dicom{size}" / str(copy), 1000 * number + copy)
            _print(size, *_three(site, place / f"dicom{size}", place / f"out{size}"))


def _three(site: Workspace, dicom: Path, out: Path) -> tuple[Run, Run, Run]:
    """A first run, the same again, and one into another folder, filled from the cache."""
    first, again = _run(site, dicom, out), _run(site, dicom, out)
    return first, again, _run(site, dicom, out.with_name(f"{out.name}-again"))


def _print(size: int, first: Run, again: Run, filled: Run) -> None:
    print(
        f"  {size:>3} studies: {first.batch / size:6.2f} s a study "
        f"(processor, start included: {first.processor / size:.2f} s), "
        f"peak {first.peak_mib} MiB a process; "
        f"resumed in {again.batch:5.2f} s and {again.wall - again.batch:4.2f} s of start-up "
        f"(processor, both: {again.processor:.2f} s); "
        f"filled from the cache in {filled.batch / size:5.2f} s a study "
        f"({filled.processor / size:.2f} s)",
        flush=True,
    )


def _run(site: Workspace, dicom: Path, out: Path) -> Run:
    command = [sys.executable, "-m", "pipeline", "run", str(dicom), "-o", str(out)]
    started, before = time.perf_counter(), _spent()
    subprocess.run(  # noqa: S603
        [*command, "--workspace", str(site.root)], check=True, capture_output=True
    )
    wall, processor = time.perf_counter() - started, _spent() - before
    manifest = json.loads((out / "run.json").read_text())
    return Run(wall, processor, manifest["seconds"], manifest["peak_memory_mib"])


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
