"""What a runtime changes: one study on each that is here, twice, against PyTorch on the CPU.

    python -m benchmarks.agreement [--dicom DIR]

All modules run, each on what the same runtime made of those before it, and nothing comes from a
cache. Says what the comparison at conversion found, whether two runs gave the same bits, how far
label maps agree, and which measurements are furthest apart.
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.material import write_material
from pipeline.batch.setting import Setting, open_setting
from pipeline.bundle.runtimes import settle
from pipeline.bundle.runtimes.choose import CUDA_HALF, OPENVINO, TORCH_CPU, TORCH_CUDA, Runtime
from pipeline.bundle.runtimes.cores import cores
from pipeline.bundle.runtimes.eager import cuda, device_name
from pipeline.bundle.runtimes.store import read_seal
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.metrics import dice
from pipeline.result import CaseResult, Result
from pipeline.run.cache import Cache
from pipeline.run.clock import Clock
from pipeline.run.execute import Executor
from pipeline.run.prepare import read
from pipeline.run.runner import Runner
from pipeline.run.shelf import Shelf
from pipeline.study import Case
from pipeline.types import Prediction
from pipeline.workspace import create


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dicom", type=Path, help="another study with all four contrasts")
    options = parser.parse_known_args()[0]
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        if options.dicom:
            source, site = options.dicom, create(place / "site")
        else:
            source, site = write_material(place, spacing=1)
        setting, case = open_setting(site), assign(scan([source]).studies[0], ())
        print(f"\nRuntimes against {TORCH_CPU}: {device_name() if cuda() else f'{cores()} cores'}")
        base = _run(case, _runner(setting, Runtime(TORCH_CPU), place / "base"))
        for name in here():
            runtime = Runtime(name, place / "networks")
            runners = [_runner(setting, runtime, place / f"{name}-{n}") for n in range(2)]
            _print(name, runners[0], [_run(case, runner) for runner in runners], base)
        if cuda():
            _print_memory()


def here() -> tuple[str, ...]:
    """The runtimes that this machine has, beside the one that all are held to."""
    installed = importlib.util.find_spec("openvino") is not None
    return (*((TORCH_CUDA, CUDA_HALF) if cuda() else ()), *((OPENVINO,) if installed else ()))


def same_bits(one: Sequence[Result], other: Sequence[Result]) -> int:
    """How many results have the same output, bit for bit."""
    return sum(a.output == b.output for a, b in paired(one, other))


def paired(one: Sequence[Result], other: Sequence[Result]) -> list[tuple[Result, Result]]:
    """The same module's results on the same series; what failed on one side has no pair."""
    known = {(result.module.name, result.role): result for result in other}
    return [
        (result, known[key])
        for result in one
        if (key := (result.module.name, result.role)) in known
    ]


def labelled(one: np.ndarray, other: np.ndarray) -> tuple[float, list[float]]:
    """Share of all voxels with the same label, and Dice of each label of `other`."""
    numbers = [number for number in np.unique(other) if number]
    return float((one == other).mean()), [dice(one == n, other == n) for n in numbers]


def furthest(one: Prediction, other: Prediction) -> Iterator[tuple[float, str]]:
    """Difference of each measurement that both have, as a share of `other`'s, with what it is."""
    found = {(m.name, m.segment): m.value for m in one.measurements}
    for measured in other.measurements:
        if (measured.name, measured.segment) in found:
            value = found[measured.name, measured.segment]
            off = abs(value - measured.value) / max(abs(measured.value), 1e-9)
            name = " ".join(filter(None, (measured.segment, measured.name)))
            yield off, f"{name} {value:.6g} for {measured.value:.6g}"


def _runner(setting: Setting, runtime: Runtime, cache: Path) -> Runner:
    shelf = Shelf(setting.shelf.refs, setting.shelf.bundles, runtime)
    return Runner(Executor(shelf, Cache(cache, setting.lock), True), setting.settings, setting.lock)


def _run(case: Case, runner: Runner) -> CaseResult:
    started = time.perf_counter()
    clock = Clock()
    done = runner.run(case, "study", runner.appraise(read(case), clock), clock)
    names = {name: runner.executor.shelf.module(name).network.name for name in done.segments}
    print(f"  {time.perf_counter() - started:6.1f} s, networks loaded first: {names}", flush=True)
    return done


def _print(name: str, runner: Runner, runs: Sequence[CaseResult], base: CaseResult) -> None:
    one, two = runs
    print(f"  {name}:")
    for module in runner.executor.shelf.order:
        print(f"    {module} computed by {_settled(runner.executor.shelf, module)}")
    count = len(one.results)
    print(f"    the same bits twice: {same_bits(one.results, two.results)} of {count} results")
    print(f"    the same bits as {TORCH_CPU}: {same_bits(one.results, base.results)} of {count}")
    for found, expected in paired(one.results, base.results):
        _print_result(found, expected)
    if count != len(base.results):
        print(f"    {count} results for {len(base.results)}: a module FAILED on one side")


def _settled(shelf: Shelf, module: str) -> str:
    """Which runtime computes, and how near it was to PyTorch on the CPU at conversion."""
    source = settle.Source(shelf.bundles[module], shelf.refs[module], shelf.contracts[module])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        name = shelf.runtime_of(module)
    if shelf.runtime.wanted == shelf.runtime.plain or shelf.runtime.store is None:
        return f"{name}, not compared"
    seal = read_seal(settle.kept_at(source, shelf.runtime, shelf.runtime.store))
    assert seal is not None  # noqa: S101 - `settle` has written it
    near = f"labels agree in {seal.parity.agreement:.4%}, off by {seal.parity.difference:.1e}"
    return f"{name}: {near}{'' if seal.accepted else f', REFUSED: {seal.reason}'}"


def _print_result(found: Result, expected: Result) -> None:
    told = [f"key {'the same' if found.key == expected.key else 'differs'}"]
    ours, theirs = found.prediction, expected.prediction
    if ours.labels is not None and theirs.labels is not None:
        share, overlaps = labelled(ours.labels, theirs.labels)
        told.append(f"labels {share:.5%}, Dice {' '.join(f'{value:.5f}' for value in overlaps)}")
    if off := sorted(furthest(ours, theirs), reverse=True)[:1]:
        told.append(
            f"of {len(theirs.measurements)} measurements at most {off[0][0]:.2%} off, {off[0][1]}"
        )
    if theirs.assessments:
        same = [a.verdict for a in ours.assessments] == [a.verdict for a in theirs.assessments]
        told.append(f"verdict {'the same' if same else 'DIFFERS'}")
    if theirs.findings or ours.findings:
        told.append(f"{len(ours.findings)} findings for {len(theirs.findings)}")
    print(f"    {found.module.name} {found.role or ''}: {'; '.join(told)}", flush=True)


def _print_memory() -> None:
    import torch

    used, held = torch.cuda.max_memory_allocated(), torch.cuda.max_memory_reserved()
    print(f"  the card's memory: {used / 2**20:.0f} MiB at most, {held / 2**20:.0f} MiB held")


if __name__ == "__main__":
    main()
