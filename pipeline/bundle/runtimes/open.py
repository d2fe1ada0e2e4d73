"""Open a bundle's network on the runtime that was settled."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.bundle.runtimes.bring import compiled, from_files
from pipeline.bundle.runtimes.choose import CUDA_HALF, OPENVINO, Runtime
from pipeline.bundle.runtimes.eager import TorchNetwork
from pipeline.bundle.runtimes.int8 import INT8, read_quantised
from pipeline.bundle.runtimes.memory import keep_freed_memory
from pipeline.bundle.runtimes.network import Network
from pipeline.bundle.runtimes.settle import Source, kept_at, try_out
from pipeline.bundle.runtimes.store import read_files, read_seal
from pipeline.errors import BundleError


def open_network(source: Source, name: str, runtime: Runtime) -> Network:
    """The bundle's network on the runtime that `settle` named.

    Raises
    ------
    BundleError
        The bundle's configuration or weights are missing or do not fit together, or what was
        converted from them has changed since.
    """
    if "cuda" not in name:
        keep_freed_memory()
    if name == INT8:
        return compiled(*read_quantised(source.bundle), runtime.threads, INT8)
    if name == OPENVINO:
        return from_files(_converted(source, runtime), runtime.threads)
    from pipeline.bundle.runtimes.weights import build

    device = "cuda" if "cuda" in name else "cpu"
    return TorchNetwork(build(source.bundle), device, name == CUDA_HALF, runtime.threads)


def _converted(source: Source, runtime: Runtime) -> Mapping[str, bytes]:
    """The sealed files; made again where they are damaged or gone."""
    assert runtime.store is not None  # noqa: S101 - only `settle` names a runtime that has one
    folder = kept_at(source, runtime, runtime.store)
    for _ in range(2):
        seal = read_seal(folder)
        files = read_files(folder, seal) if seal else None
        if files:
            return files
        try_out(source, runtime)
    raise BundleError(
        f"{source.ref.name} {source.ref.version} could not be converted for {runtime.wanted}.",
        'Set run.runtime to "torch" in pipeline.toml.',
    )
