"""One study of four contrasts and three networks: ours, a plain MONAI script, and the floor.

    python -m benchmarks.study [--rounds 3]

Interleaved, networks loaded and warm, results never cached; the files' own cache is warm for all.
The script has a process of its own, where nothing of ours is set. "in a batch" is a study's share
of a batch of three, where steps overlap; stages are taken one after the other. On a machine that
others use, processor seconds say more than wall time.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from benchmarks.floor import Spent, arithmetic, clock, copy_bytes, gigaflop
from benchmarks.material import copy_study, write_material
from benchmarks.script import load_networks, open_script, run_script, time_script
from benchmarks.stages import Watched, take_stages
from pipeline.batch.batch import run_batch
from pipeline.batch.setting import Setting, open_setting
from pipeline.bundle.runtimes.cores import cores
from pipeline.bundle.runtimes.memory import keep_freed_memory
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dicom", type=Path, help="another study with all four contrasts")
    options = parser.parse_known_args()[0]
    keep_freed_memory()  # as `tessera run` does
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
    script = ProcessPoolExecutor(1, get_context("spawn"), open_script, (site.modules,))
    script.submit(time_script, series, place / "script").result()
    gc.freeze()  # what the script needs is loaded here too, which a run does not have to search
    print("  networks are warm", file=sys.stderr, flush=True)
    seconds: dict[str, list[Spent]] = {}
    stages: dict[str, list[Spent]] = {}
    for number in range(rounds):
        alone, many, out = (place / f"{name}{number}" for name in ("alone", "many", "out"))
        copy_study(source, alone, 10 * number + 9)
        copy_study(source, place / f"staged{number}", 10 * number + 8)
        for copy in range(BATCH):
            copy_study(source, many / str(copy), 10 * number + copy)
        with clock(seconds.setdefault("ours, alone", [])):
            _batch(setting, alone, out)
        files = [path for path in source.rglob("*") if path.is_file()]
        copied: list[Spent] = []
        with clock(copied):
            copy_bytes(files, out.glob("study-*/*"))
        floor = [sum(pair) for pair in zip(arithmetic(work), copied[0], strict=True)]
        seconds.setdefault("floor", []).append(Spent(*floor))
        told = script.submit(time_script, series, place / "script")
        seconds.setdefault("plain MONAI script", []).append(told.result())
        with clock(seconds.setdefault("ours, in a batch", []), BATCH):
            _batch(setting, many, place / f"batch{number}")
        taken = take_stages(setting, place / f"staged{number}", place / f"stages{number}")
        for name, spent in taken.items():
            stages.setdefault(name, []).append(spent)
        said = ", ".join(f"{name} {values[-1].wall:.1f} s" for name, values in seconds.items())
        print(f"  round {number + 1}: {said}", file=sys.stderr, flush=True)
    runtimes = ", ".join(f"{n} {setting.shelf.runtime_of(n)}" for n in setting.shelf.order)
    print(f"\nOne study, four contrasts, {cores()} cores; {runtimes}; medians of n={rounds}")
    print(f"  networks: {work:.0f} GFLOP; the script's: {more:.0f} GFLOP")
    _print(seconds, stages)


def _warm(
    setting: Setting, source: Path, place: Path, networks: Mapping[str, torch.nn.Module]
) -> float:
    """Run once, and count the operations for the sizes the networks met, in GFLOP."""
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for name in setting.shelf.order:
        module = setting.shelf.module(name)
        watched = _noting(module.network, shapes.setdefault(name, []))
        setting.shelf._loaded[name] = replace(module, network=watched)
    run_batch([source], place / "warm", setting, Silent())
    return sum(gigaflop(deepcopy(networks[n]), s) for n, found in shapes.items() for s in found)


def _noting(network: Network, shapes: list[tuple[int, ...]]) -> Network:
    def run(image: np.ndarray) -> np.ndarray:
        shapes.append((1, *image.shape))
        return network(image)

    return Watched(network, run)


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


def _batch(setting: Setting, source: Path, out: Path) -> None:
    done = run_batch([source], out, setting, Silent())
    assert all(row.status == "done" for row in done.rows), done.rows  # noqa: S101


def _print(seconds: Mapping[str, Sequence[Spent]], stages: Mapping[str, Sequence[Spent]]) -> None:
    for kind in Spent._fields:
        middle = {name: _median(values, kind) for name, values in seconds.items()}
        print(f"  {kind} seconds (least to most):")
        for name in ("floor", "ours, in a batch", "ours, alone", "plain MONAI script"):
            print(
                f"    {name:<24}{_figures(seconds[name], kind)}"
                f"{middle[name] / middle['floor']:6.2f} × floor"
                f"{middle['plain MONAI script'] / middle[name]:6.2f} × as fast as the script"
            )
        print("    of one study's stages, one after the other:")
        for name in sorted(stages, key=lambda stage: -_median(stages[stage], kind)):
            share = _median(stages[name], kind) / middle["floor"]
            print(f"    {name:<24}{_figures(stages[name], kind)}{share:6.2f} × floor")


def _figures(values: Sequence[Spent], kind: str) -> str:
    found = [getattr(spent, kind) for spent in values]
    return f"{statistics.median(found):7.2f} ({min(found):.2f} to {max(found):.2f})"


def _median(values: Sequence[Spent], kind: str) -> float:
    return statistics.median(getattr(spent, kind) for spent in values)


if __name__ == "__main__":
    main()
