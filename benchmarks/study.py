"""One study of four contrasts and four networks: ours, a plain MONAI script, and the floor.

    python -m benchmarks.study [--rounds 3]

Interleaved, networks loaded and warm, results never cached; the files' own cache is warm for all.
Ours and the script have a process each. "in a batch" is a study's share of a batch of three, where
steps overlap, "two processes" of a batch of twenty-four with `--jobs 2`, their start counted.
Stages are taken one after the other. On a machine that others use, processor seconds say more than
wall time.
Where there is a CUDA device, ours, the script and the floor's arithmetic (in float16) are on it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import torch

from benchmarks.clock import Spent, clock
from benchmarks.floor import arithmetic, arithmetic_on_card, copy_bytes, gigaflop
from benchmarks.material import copy_study, write_material
from benchmarks.ours import note_shapes, open_ours, time_batch, time_stages
from benchmarks.script import load_networks, open_script, run_script, time_script
from pipeline.batch.setting import open_setting
from pipeline.bundle.runtimes.cores import cores, settle_threads
from pipeline.bundle.runtimes.eager import cuda, device_name
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.workspace import Workspace, create

BATCH, LARGE = 3, 24
FLOOR, SCRIPT = "floor", "plain MONAI script"
BY_TWO, IN_BATCH, ALONE = "ours, two processes", "ours, in a batch", "ours, alone"


@dataclass(frozen=True)
class Bench:
    """Two processes that are ready, and what is given them."""

    place: Path
    source: Path
    series: Mapping[str, Path]
    ours: ProcessPoolExecutor
    script: ProcessPoolExecutor
    gigaflop: float
    seconds: dict[str, list[Spent]] = field(default_factory=dict)
    stages: dict[str, list[Spent]] = field(default_factory=dict)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dicom", type=Path, help="another study with all four contrasts")
    options = parser.parse_known_args()[0]
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        if options.dicom:
            _measure(place, options.dicom, create(place / "site"), options.rounds)
        else:
            _measure(place, *write_material(place, spacing=1), options.rounds)


def _measure(place: Path, source: Path, site: Workspace, rounds: int) -> None:
    shelf = open_setting(site).shelf  # converts the networks, with what no later run needs
    case = assign(scan([source]).studies[0], ())
    series = {role.value: s.instances[0].path.parent for role, s in case.roles.items()}
    fresh, networks = get_context("spawn"), load_networks(site.modules)
    device = "cuda" if cuda() else "cpu"
    with (
        ProcessPoolExecutor(1, fresh, open_ours, (site.root,)) as ours,
        ProcessPoolExecutor(1, fresh, open_script, (site.modules, device)) as script,
    ):
        with patch.dict(os.environ):
            settle_threads(cores())  # before that process imports what asks
            shapes = ours.submit(note_shapes, source, place / "warm").result()
        met = [(name, shape) for name, found in shapes.items() for shape in found]
        work = sum(gigaflop(deepcopy(networks[name]), shape) for name, shape in met)
        script.submit(time_script, series, place / "script").result()
        bench = Bench(place, source, series, ours, script, work)
        print("  networks are warm", file=sys.stderr, flush=True)
        for number in range(rounds):
            _round(bench, number)
    runtimes = ", ".join(f"{name} {shelf.runtime_of(name)}" for name in shelf.order)
    more = _script_work(series, place / "script", networks)
    where = f"{cores()} cores" + (f", {device_name()}" if cuda() else "")
    print(f"\nOne study, four contrasts, {where}; {runtimes}; medians of n={rounds}")
    print(f"  networks: {work:.0f} GFLOP; the script's: {more:.0f} GFLOP")
    print("  where others use the machine, only the ratios of processor seconds mean something")
    _print(bench.seconds, bench.stages)


def _round(bench: Bench, number: int) -> None:
    place, source = bench.place / str(number), bench.source
    copy_study(source, place / "alone", 100 * number + 99)
    copy_study(source, place / "staged", 100 * number + 98)
    for copy in range(BATCH):
        copy_study(source, place / "many" / str(copy), 100 * number + copy)
    for copy in range(LARGE):
        copy_study(source, place / "large" / str(copy), 100 * number + BATCH + copy)
    print(f"  round {number + 1}, wall seconds:", file=sys.stderr, flush=True)
    _note(bench, ALONE, bench.ours.submit(time_batch, place / "alone", place / "out").result())
    copied: list[Spent] = []
    with clock(copied):
        files = [path for path in source.rglob("*") if path.is_file()]
        copy_bytes(files, (place / "out").glob("study-*/*"))
    least = (arithmetic_on_card if cuda() else arithmetic)(bench.gigaflop)
    _note(bench, FLOOR, Spent(*(sum(pair) for pair in zip(least, copied[0], strict=True))))
    _note(bench, SCRIPT, bench.script.submit(time_script, bench.series, place / "script").result())
    many = bench.ours.submit(time_batch, place / "many", place / "batch", BATCH)
    _note(bench, IN_BATCH, many.result())
    large = bench.ours.submit(time_batch, place / "large", place / "all", LARGE, 2)
    _note(bench, BY_TWO, large.result())
    taken = bench.ours.submit(time_stages, place / "staged", place / "stages").result()
    for name, spent in taken.items():
        bench.stages.setdefault(name, []).append(spent)


def _note(bench: Bench, name: str, spent: Spent) -> None:
    """Keep what was measured, and say it at once: a run that is cut off has told what it saw."""
    bench.seconds.setdefault(name, []).append(spent)
    print(f"    {name:<26}{spent.wall:6.2f}", file=sys.stderr, flush=True)


def _script_work(
    series: Mapping[str, Path], out: Path, networks: Mapping[str, torch.nn.Module]
) -> float:
    """Run the script once, and count the operations of its windows, in GFLOP."""
    shapes: list[tuple[str, tuple[int, ...]]] = []

    def watched(name: str) -> Callable[[torch.Tensor], torch.Tensor]:
        def run(batch: torch.Tensor) -> torch.Tensor:
            shapes.append((name, tuple(batch.shape)))
            output: torch.Tensor = networks[name](batch)
            return output

        return run

    run_script(series, out, {name: watched(name) for name in networks})
    return sum(gigaflop(deepcopy(networks[name]), shape) for name, shape in shapes)


def _print(seconds: Mapping[str, Sequence[Spent]], stages: Mapping[str, Sequence[Spent]]) -> None:
    for kind in Spent._fields:
        middle = {name: _median(values, kind) for name, values in seconds.items()}
        print(f"  {kind} seconds (least to most):")
        for name in (FLOOR, BY_TWO, IN_BATCH, ALONE, SCRIPT):
            print(
                f"    {name:<26}{_figures(seconds[name], kind)}"
                f"{middle[name] / middle[FLOOR]:6.2f} × floor"
                f"{middle[SCRIPT] / middle[name]:6.2f} × as fast as the script"
            )
        print("    of one study's stages, one after the other:")
        for name in sorted(stages, key=lambda stage: -_median(stages[stage], kind)):
            share = _median(stages[name], kind) / middle[FLOOR]
            print(f"    {name:<26}{_figures(stages[name], kind)}{share:6.2f} × floor")


def _figures(values: Sequence[Spent], kind: str) -> str:
    found = [getattr(spent, kind) for spent in values]
    return f"{statistics.median(found):7.2f} ({min(found):.2f} to {max(found):.2f})"


def _median(values: Sequence[Spent], kind: str) -> float:
    middle: float = statistics.median(getattr(spent, kind) for spent in values)
    return middle


if __name__ == "__main__":
    main()
