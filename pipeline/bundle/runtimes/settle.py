"""Bring a bundle to the wanted runtime once, and let PyTorch compute where that disagrees."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from pipeline.bundle.configuration import divisor, read_json
from pipeline.bundle.contract import Contract
from pipeline.bundle.runtimes.bring import bring
from pipeline.bundle.runtimes.choose import CUDA_HALF, OPENVINO, Runtime
from pipeline.bundle.runtimes.eager import TorchNetwork, device_name
from pipeline.bundle.runtimes.int8 import INT8, is_quantised
from pipeline.bundle.runtimes.parity import HALF, SINGLE, Parity, compare, probe
from pipeline.bundle.runtimes.store import Seal, place, read_seal, write
from pipeline.errors import BundleError, OutputError
from pipeline.result import ModuleRef

LIBRARIES = ("torch", "monai", "openvino")


@dataclass(frozen=True)
class Source:
    """A verified bundle folder, which version it is, and its contract."""

    bundle: Path
    ref: ModuleRef
    contract: Contract


def settle(source: Source, runtime: Runtime) -> str:
    """The name of the runtime that will compute this bundle; converted and compared at need.

    Once sealed, no network is read to answer. A quantised version runs as what it was validated as,
    or not at all.

    Warns
    -----
    RuntimeWarning
        The wanted runtime disagrees with PyTorch or cannot run the network.

    Raises
    ------
    BundleError
        The bundle's configuration or weights are missing or do not fit together, memory is full, or
        it is quantised and OpenVINO does not compute here.
    OutputError
        The folder for temporary files, or that of converted networks, cannot be written.
    """
    if is_quantised(source.bundle):
        return _own(source, runtime)
    if runtime.store is None or runtime.wanted == runtime.plain:
        return runtime.plain
    seal = read_seal(kept_at(source, runtime, runtime.store)) or try_out(source, runtime)
    if seal.accepted:
        return runtime.wanted
    warnings.warn(
        f"{source.ref.name} {source.ref.version}: {runtime.wanted} is refused, {runtime.plain} "
        f"computes: {seal.reason}.",
        RuntimeWarning,
        stacklevel=2,
    )
    return runtime.plain


def kept_at(source: Source, runtime: Runtime, store: Path) -> Path:
    """Where a comparison is kept: another bundle, runtime, library or graphics card elsewhere."""
    versions = {name: _version(name) for name in LIBRARIES}
    if runtime.wanted == CUDA_HALF:
        versions["device"] = device_name()
    return place(store, source.ref.digest, runtime.wanted, versions)


def try_out(source: Source, runtime: Runtime) -> Seal:
    """Bring the bundle to the runtime, compare it with PyTorch, write down what was found."""
    from pipeline.bundle.runtimes.weights import build

    network = build(source.bundle)
    image = probe(source.contract)
    expected = TorchNetwork(network)(image)
    files: Mapping[str, bytes] = {}
    try:
        multiple = divisor(read_json(source.bundle, "metadata.json"))
        files, other = bring(network, image, multiple, runtime)
        found = compare(expected, other(image), len(source.contract.segments))
        seal = _judged(found, runtime.wanted)
    except (OutputError, OSError):  # a full disk says nothing of the network: no seal is written
        raise
    except Exception as error:  # each library refuses a network in its own way
        _raise_if_full(error, source)
        unknown = Parity(float("nan"), float("nan"))
        seal = Seal(False, f"{type(error).__name__} while converting", unknown, {})
    assert runtime.store is not None  # noqa: S101
    return write(kept_at(source, runtime, runtime.store), seal, files if seal.accepted else {})


def _own(source: Source, runtime: Runtime) -> str:
    if runtime.wanted == OPENVINO:
        return INT8
    raise BundleError(
        f"{source.ref.name} {source.ref.version} is quantised for OpenVINO, and {runtime.wanted} "
        "computes here.",
        'Set run.runtime to "openvino" in pipeline.toml, or pin the version it was made from.',
    )


def _raise_if_full(error: Exception, source: Source) -> None:
    """Memory that others fill today says nothing of the network: no seal is written of it."""
    import torch

    if isinstance(error, MemoryError) or "DefaultCPUAllocator" in str(error):
        raise BundleError(
            f"There is no memory left to try {source.ref.name} on.",
            "Free some, or compute fewer studies at once (--jobs), and run again.",
        ) from error
    if isinstance(error, torch.OutOfMemoryError) or "ALLOC_FAILED" in str(error):
        raise BundleError(
            f"The graphics card has no memory left to try {source.ref.name} on.",
            "Wait until it is free, or hide it (CUDA_VISIBLE_DEVICES=) to compute on the CPU.",
        ) from error


def _judged(parity: Parity, wanted: str) -> Seal:
    if parity.within(HALF if wanted == CUDA_HALF else SINGLE):
        return Seal(True, "", parity, {})
    reason = f"labels agree in {parity.agreement:.4%}, outputs differ by {parity.difference:.1e}"
    return Seal(False, reason, parity, {})


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"
