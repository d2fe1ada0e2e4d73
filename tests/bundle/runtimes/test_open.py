from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from pipeline.bundle.runtimes.choose import OPENVINO, TORCH_CPU, Runtime
from pipeline.bundle.runtimes.open import open_network
from pipeline.bundle.runtimes.parity import probe
from pipeline.bundle.runtimes.settle import Source, settle


def test_openvino_says_what_torch_says(source: Source, wanted: Runtime) -> None:
    assert settle(source, wanted) == OPENVINO
    network = open_network(source, OPENVINO, wanted)
    plain = open_network(source, TORCH_CPU, wanted)
    assert (network.name, plain.name) == (OPENVINO, TORCH_CPU)
    for sides in ((16, 16, 16), (24, 18, 30), (16, 16, 16)):
        image = np.random.default_rng(1).normal(size=(1, *sides)).astype(np.float32)
        np.testing.assert_allclose(network(image), plain(image), rtol=1e-4, atol=1e-5)


def test_the_same_bits_every_time_and_with_any_number_of_threads(
    source: Source, wanted: Runtime
) -> None:
    settle(source, wanted)
    image = probe(source.contract)
    runs = [
        open_network(source, OPENVINO, Runtime(OPENVINO, wanted.store, threads))(image)
        for threads in (1, 2, 2)
    ]
    for other in runs[1:]:
        np.testing.assert_array_equal(runs[0], other)


def test_an_output_is_not_overwritten_by_the_next(source: Source, wanted: Runtime) -> None:
    settle(source, wanted)
    network = open_network(source, OPENVINO, wanted)
    first = network(probe(source.contract))
    kept = first.copy()
    network(-probe(source.contract))
    np.testing.assert_array_equal(first, kept)


def test_a_damaged_conversion_is_never_run(source: Source, wanted: Runtime) -> None:
    settle(source, wanted)
    (weights,) = Path(wanted.store or "").rglob("network.bin")
    whole = weights.read_bytes()
    weights.write_bytes(bytes(len(whole)))
    open_network(source, OPENVINO, wanted)
    assert weights.read_bytes() == whole


def test_a_converted_bundle_loads_without_torch_and_monai(source: Source, wanted: Runtime) -> None:
    settle(source, wanted)
    code = (
        "import sys; from pathlib import Path\n"
        "from pipeline.bundle.module import load_module\n"
        "from pipeline.bundle.runtimes.choose import Runtime\n"
        "from pipeline.result import ModuleRef\n"
        f"d = {source.ref.digest!r}\n"
        "ref = ModuleRef('tissue', '1.0.0', 1, d, d, d, d)\n"
        f"load_module(Path({str(source.bundle)!r}), ref, "
        f"Runtime('openvino-cpu', Path({str(wanted.store)!r})))\n"
        "assert not {'torch', 'monai'} & set(sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
