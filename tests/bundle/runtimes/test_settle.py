from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

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
from pipeline.bundle.runtimes.parity import Tolerance
from pipeline.bundle.runtimes.settle import Source, settle
from pipeline.errors import BundleError, ConfigError, OutputError
from pipeline.result import ModuleRef


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

    monkeypatch.setattr(room, "bring", full)
    with pytest.raises(BundleError, match="no memory left to try tissue on"):
        settle(source, wanted)
    monkeypatch.undo()
    assert settle(source, wanted) == OPENVINO


def refuse(error: Exception) -> Callable[..., None]:
    def refuses(*_: object) -> None:
        raise error

    return refuses


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("DefaultCPUAllocator: not enough memory: you tried")]
)
def test_nothing_is_sealed_where_memory_is_full(
    source: Source, wanted: Runtime, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(room, "bring", refuse(error))
        with pytest.raises(BundleError, match="There is no memory left to try tissue on"):
            settle(source, wanted)
    assert settle(source, wanted) == OPENVINO


def test_nothing_is_sealed_where_too_many_files_are_open(
    source: Source, wanted: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(room, "bring", refuse(OSError(24, "Too many open files")))
        with pytest.raises(OSError, match="Too many"):
            settle(source, wanted)
    assert settle(source, wanted) == OPENVINO


def test_nothing_is_sealed_where_the_folder_for_temporary_files_is_full(
    source: Source, wanted: Runtime, limit: Callable[[int], None]
) -> None:
    limit(4096)
    with pytest.raises(OutputError, match="A converted network cannot be written to") as caught:
        settle(source, wanted)
    assert "TMPDIR" in caught.value.remedy
    limit(resource.RLIM_INFINITY)
    assert settle(source, wanted) == OPENVINO


def test_another_bundle_has_a_conversion_of_its_own(source: Source, wanted: Runtime) -> None:
    settle(source, wanted)
    other = ModuleRef(**{**vars(source.ref), "digest": "sha256:" + "b" * 64})
    settle(Source(source.bundle, other, source.contract), wanted)
    assert len(list(Path(wanted.store or "").iterdir())) == 2


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
