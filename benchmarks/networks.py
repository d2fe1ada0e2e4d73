"""Each network alone on every runtime, interleaved: what the runtime brings.

    python -m benchmarks.networks [--side 128] [--rounds 5] [--int8 BUNDLE …]

A bundle made by `tessera quantise` is measured beside the network it was made from.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from benchmarks.agreement import here
from benchmarks.floor import arithmetic, gigaflop
from benchmarks.script import load_networks
from pipeline.bundle.contract import read_contract
from pipeline.bundle.runtimes.choose import OPENVINO, TORCH_CPU, Runtime
from pipeline.bundle.runtimes.eager import cuda, device_name
from pipeline.bundle.runtimes.int8 import INT8, is_quantised
from pipeline.bundle.runtimes.open import open_network
from pipeline.bundle.runtimes.parity import channels
from pipeline.bundle.runtimes.settle import Source, settle
from pipeline.result import ModuleRef
from pipeline.versions.bundles.digest import bundle_digest

MODULES = Path(__file__).parents[1] / "modules"
Run = Callable[[np.ndarray], np.ndarray]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--int8", type=Path, nargs="*", default=(), metavar="BUNDLE")
    options = parser.parse_known_args()[0]
    small = {source.ref.name: source for source in map(_source, options.int8)}
    rate, card = 1 / arithmetic(1).wall, f" {device_name()};" if cuda() else ""
    print(
        f"\nNetworks alone, {options.side} voxels a side;{card} float32 matrix product on the "
        f"processor {rate:.0f} GFLOP/s"
    )
    with tempfile.TemporaryDirectory() as scratch:
        for folder in sorted(path.parent for path in MODULES.glob("*/module.toml")):
            source = _source(folder)
            sources = [source, *([small[folder.name]] if folder.name in small else [])]
            runs = {"eager torch": _eager(folder.name), **dict(_runtimes(sources, Path(scratch)))}
            _measure(source, runs, options.side, options.rounds)


def _measure(source: Source, runs: Mapping[str, Run], side: int, rounds: int) -> None:
    needs = source.contract.needs
    image = (
        np.random.default_rng(0)
        .normal(size=(channels(needs), *(needs.shape or (side,) * 3)))
        .astype(np.float32)
    )
    work = gigaflop(load_networks(MODULES)[source.ref.name], (1, *image.shape))
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            started = time.perf_counter()
            run(image)
            if number:  # the first compiles and fills memory
                seconds[name].append(time.perf_counter() - started)
    base = statistics.median(seconds["eager torch"])
    print(f"  {source.ref.name}, {work:.0f} GFLOP, median of n={rounds}")
    for name, values in seconds.items():
        median = statistics.median(values)
        spread = f"{min(values):.3f} to {max(values):.3f}"
        rate = f"{work / median:4.0f} GFLOP/s"
        print(f"    {name:<20}{median:7.3f} s  ({spread})  {base / median:4.1f} × eager  {rate}")


def _runtimes(sources: Sequence[Source], store: Path) -> Iterator[tuple[str, Run]]:
    """Every runtime that agrees, by name; a quantised bundle has but its own."""
    for source in sources:
        for wanted in (TORCH_CPU, *here()):
            if is_quantised(source.bundle) and wanted != OPENVINO:
                continue
            runtime = Runtime(wanted, store)
            name = settle(source, runtime)
            if name in (wanted, INT8):
                yield name, open_network(source, name, runtime)


def _source(folder: Path) -> Source:
    found, contract = bundle_digest(folder), read_contract(folder)
    parts = (found.digest, found.weights, found.code, found.contract)
    return Source(folder, ModuleRef(contract.name, "working", 0, *parts), contract)


def _eager(name: str) -> Run:
    network = load_networks(MODULES)[name]

    def run(image: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            output: np.ndarray = network(torch.from_numpy(image)[None])[0].numpy()
        return output

    return run


if __name__ == "__main__":
    main()
