"""One study of four contrasts and three networks: ours, a plain MONAI script, and the floor.

    python -m benchmarks.study [--rounds 3]

Interleaved in one process, networks loaded and warm, results never cached; the files' own cache is
warm for all. "in a batch" is a study's share of a batch of three, where steps overlap. On a machine
that others use, processor seconds say more than wall time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.floor import Spent, arithmetic, clock, copy_bytes, gigaflop
from benchmarks.material import copy_study, write_material
from benchmarks.script import load_networks, run_script
from pipeline.batch.batch import run_batch
from pipeline.batch.setting import Setting, open_setting
from pipeline.bundle.runtimes.cores import cores
from pipeline.bundle.runtimes.network import Network
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.workspace import Workspace, create

BATCH = 3


class Silent:
    """A watch that says nothing."""

    def scanned(self, found: object) -> None:
        """Nothing."""

    def started(self, name: str) -> None:
        """Nothing."""

    def done(self, row: object, resumed: bool) -> None:
        """Nothing."""


class Watched:
    """A network that notes the sizes it is given."""

    def __init__(self, network: Network, shapes: list[tuple[int, ...]]) -> None:
        self._network, self._shapes = network, shapes
        self.name = network.name

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Run it."""
        self._shapes.append((1, *image.shape))
        return self._network(image)


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
    setting = open_setting(site)
    case = assign(scan([source]).studies[0], ())
    series = {role.value: s.instances[0].path.parent for role, s in case.roles.items()}
    networks = load_networks(site.modules)
    work = _warm(setting, source, place, networks)
    more = _script_work(series, place / "script", networks)
    seconds: dict[str, list[Spent]] = {}
    stages: Counter[str] = Counter()
    for number in range(rounds):
        alone, many, out = (place / f"{name}{number}" for name in ("alone", "many", "out"))
        copy_study(source, alone, 10 * number + 9)
        for copy in range(BATCH):
            copy_study(source, many / str(copy), 10 * number + copy)
        with clock(seconds.setdefault("ours, alone", [])):
            _batch(setting, alone, out, stages)
        files = [path for path in source.rglob("*") if path.is_file()]
        copied: list[Spent] = []
        with clock(copied):
            copy_bytes(files, out.glob("study-*/*"))
        floor = [sum(pair) for pair in zip(arithmetic(work), copied[0], strict=True)]
        seconds.setdefault("floor", []).append(Spent(*floor))
        with clock(seconds.setdefault("plain MONAI script", [])):
            run_script(series, place / "script", networks)
        with clock(seconds.setdefault("ours, in a batch", []), BATCH):
            _batch(setting, many, place / f"batch{number}", Counter())
        said = ", ".join(f"{name} {values[-1].wall:.1f} s" for name, values in seconds.items())
        print(f"  round {number + 1}: {said}", file=sys.stderr, flush=True)
    _print(seconds, stages, (work, more), rounds, setting)


def _warm(
    setting: Setting, source: Path, place: Path, networks: Mapping[str, torch.nn.Module]
) -> float:
    """Run once, and count the operations for the sizes the networks met, in GFLOP."""
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for name in setting.shelf.order:
        module = setting.shelf.module(name)
        watched = Watched(module.network, shapes.setdefault(name, []))
        setting.shelf._loaded[name] = replace(module, network=watched)
    run_batch([source], place / "warm", setting, Silent())
    return sum(gigaflop(deepcopy(networks[n]), s) for n, found in shapes.items() for s in found)


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


def _batch(setting: Setting, source: Path, out: Path, stages: Counter[str]) -> None:
    """Run the studies; add each stage's seconds to `stages`."""
    started = time.perf_counter()
    done = run_batch([source], out, setting, Silent())
    spent = time.perf_counter() - started
    assert all(row.status == "done" for row in done.rows), done.rows  # noqa: S101
    record = json.loads((out / "run.json").read_text())["stages"]
    known: Counter[str] = Counter()
    for found in record.values():
        known.update(found)
    stages.update(known)
    stages["scan and summary"] += spent - known.total()


def _print(
    seconds: dict[str, list[Spent]],
    stages: Counter[str],
    work: tuple[float, float],
    rounds: int,
    setting: Setting,
) -> None:
    runtimes = ", ".join(f"{n} {setting.shelf.runtime_of(n)}" for n in setting.shelf.order)
    print(f"\nOne study, four contrasts, {cores()} cores; {runtimes}")
    print(f"  networks: {work[0]:.0f} GFLOP; the script's: {work[1]:.0f} GFLOP")
    for kind in Spent._fields:
        print(f"  {kind} seconds:")
        middle = {
            name: statistics.median(getattr(spent, kind) for spent in values)
            for name, values in seconds.items()
        }
        for name in ("floor", "ours, in a batch", "ours, alone", "plain MONAI script"):
            values = [getattr(spent, kind) for spent in seconds[name]]
            print(
                f"    {name:<20}{middle[name]:7.2f} ({min(values):.2f} to {max(values):.2f}, "
                f"n={rounds})  {middle[name] / middle['floor']:5.2f} × floor  "
                f"{middle['plain MONAI script'] / middle[name]:5.2f} × as fast as the script"
            )
    print("  ours alone, by stage:")
    for stage, spent in stages.most_common():
        print(f"    {stage:<10}{spent / rounds:7.2f} s")


if __name__ == "__main__":
    main()
