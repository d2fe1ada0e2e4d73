from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.contract import read_contract
from pipeline.bundle.module import load_module
from pipeline.bundle.runtimes import settle as room
from pipeline.bundle.runtimes.choose import (
    CUDA_HALF,
    OPENVINO,
    TORCH_CPU,
    TORCH_CUDA,
    Runtime,
    resolve,
)
from pipeline.bundle.runtimes.parity import Tolerance, probe
from pipeline.bundle.runtimes.settle import Source, open_network, settle
from pipeline.errors import BundleError, ConfigError
from pipeline.result import ModuleRef
from tests.bundles import write_bundle


@pytest.fixture
def source(tmp_path: Path) -> Source:
    bundle = write_bundle(tmp_path / "tissue")
    digest = "sha256:" + "a" * 64
    ref = ModuleRef("tissue", "1.0.0", 1, digest, digest, digest, digest)
    return Source(bundle, ref, read_contract(bundle))


@pytest.fixture
def wanted(tmp_path: Path) -> Runtime:
    return Runtime(OPENVINO, tmp_path / "networks")


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


def test_a_runtime_that_disagrees_is_refused_once_and_for_all(
    source: Source, wanted: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SINGLE", Tolerance(agreement=1.0, difference=-1.0))
    with pytest.warns(RuntimeWarning, match=r"tissue 1\.0\.0: openvino-cpu is refused"):
        assert settle(source, wanted) == TORCH_CPU
    monkeypatch.undo()
    with pytest.warns(RuntimeWarning, match="labels agree in"):
        assert settle(source, wanted) == TORCH_CPU
    with pytest.warns(RuntimeWarning, match="refused"):
        assert load_module(source.bundle, source.ref, wanted).network.name == TORCH_CPU


@pytest.mark.parametrize(
    "error",
    [torch.OutOfMemoryError(), RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling")],
    ids=["torch", "cublas"],
)
def test_nothing_is_sealed_where_a_card_is_full(
    source: Source, wanted: Runtime, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(room, "_bring", full)
    with pytest.raises(BundleError, match="no memory left to try tissue on"):
        settle(source, wanted)
    monkeypatch.undo()
    assert settle(source, wanted) == OPENVINO


def test_a_damaged_conversion_is_never_run(source: Source, wanted: Runtime) -> None:
    settle(source, wanted)
    (weights,) = Path(wanted.store or "").rglob("network.bin")
    whole = weights.read_bytes()
    weights.write_bytes(bytes(len(whole)))
    open_network(source, OPENVINO, wanted)
    assert weights.read_bytes() == whole


def test_another_bundle_has_a_conversion_of_its_own(source: Source, wanted: Runtime) -> None:
    settle(source, wanted)
    other = ModuleRef(**{**vars(source.ref), "digest": "sha256:" + "b" * 64})
    settle(Source(source.bundle, other, source.contract), wanted)
    assert len(list(Path(wanted.store or "").iterdir())) == 2


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


def test_the_setting_is_heeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve("openvino", tmp_path).wanted == OPENVINO
    assert resolve("auto", tmp_path).wanted == OPENVINO  # no CUDA device here
    assert resolve("torch", tmp_path).wanted == TORCH_CPU
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert resolve("auto", tmp_path).wanted == TORCH_CPU
    with pytest.raises(ConfigError, match="not installed"):
        resolve("openvino", tmp_path)
    with pytest.raises(ConfigError, match="no CUDA device"):
        resolve("torch-float16", tmp_path)


def test_a_card_computes_in_float32_unless_float16_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.bundle.runtimes.choose.cuda", lambda: True)
    assert resolve("auto", tmp_path).wanted == TORCH_CUDA
    assert resolve("torch", tmp_path).wanted == TORCH_CUDA
    assert resolve("torch-float16", tmp_path).wanted == CUDA_HALF
    assert resolve("openvino", tmp_path).wanted == OPENVINO
