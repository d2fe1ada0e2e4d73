"""Each network alone on every runtime, interleaved: what the runtime brings.

python -m benchmarks.networks [--side 128] [--rounds 5]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from benchmarks.floor import arithmetic, gigaflop
from benchmarks.script import load_networks
from pipeline.bundle.contract import read_contract
from pipeline.bundle.runtimes.choose import CUDA_HALF, OPENVINO, TORCH_CPU, TORCH_CUDA, Runtime
from pipeline.bundle.runtimes.eager import cuda
from pipeline.bundle.runtimes.parity import channels
from pipeline.bundle.runtimes.settle import Source, open_network, settle
from pipeline.result import ModuleRef
from pipeline.versions.bundles.digest import bundle_digest

MODULES = Path(__file__).parents[1] / "modules"
Run = Callable[[np.ndarray], np.ndarray]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_known_args()[0]
    rate = 1 / arithmetic(1).wall
    print(
        f"\nNetworks alone, {options.side} voxels a side; float32 matrix product {rate:.0f} GFLOP/s"
    )
    with tempfile.TemporaryDirectory() as scratch:
        for folder in sorted(path.parent for path in MODULES.glob("*/module.toml")):
            _measure(folder, Path(scratch), options.side, options.rounds)


def _measure(folder: Path, store: Path, side: int, rounds: int) -> None:
    source = _source(folder)
    needs = source.contract.needs
    image = (
        np.random.default_rng(0)
        .normal(size=(channels(needs), *(needs.shape or (side,) * 3)))
        .astype(np.float32)
    )
    eager = load_networks(MODULES)[folder.name]
    work = gigaflop(load_networks(MODULES)[folder.name], (1, *image.shape))
    runs: dict[str, Run] = {"eager torch": lambda array: _eager(eager, array)}
    for name in (TORCH_CPU, OPENVINO, *((TORCH_CUDA, CUDA_HALF) if cuda() else ())):
        runtime = Runtime(name, store)
        if settle(source, runtime) == name:
            runs[name] = open_network(source, name, runtime)
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            started = time.perf_counter()
            run(image)
            if number:  # the first compiles and fills memory
                seconds[name].append(time.perf_counter() - started)
    base = statistics.median(seconds["eager torch"])
    print(f"  {folder.name}, {work:.0f} GFLOP, median of n={rounds}")
    for name, values in seconds.items():
        median = statistics.median(values)
        spread = f"{min(values):.3f} to {max(values):.3f}"
        rate = f"{work / median:4.0f} GFLOP/s"
        print(f"    {name:<20}{median:7.3f} s  ({spread})  {base / median:4.1f} × eager  {rate}")


def _source(folder: Path) -> Source:
    found = bundle_digest(folder)
    parts = (found.digest, found.weights, found.code, found.contract)
    return Source(folder, ModuleRef(folder.name, "working", 0, *parts), read_contract(folder))


def _eager(network: torch.nn.Module, image: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        output: np.ndarray = network(torch.from_numpy(image)[None])[0].numpy()
    return output


if __name__ == "__main__":
    main()
