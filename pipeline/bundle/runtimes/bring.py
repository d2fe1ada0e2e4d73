"""Bring a network from PyTorch to another runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.bundle.runtimes.choose import CUDA_HALF, OPENVINO, Runtime
from pipeline.bundle.runtimes.cores import cores
from pipeline.bundle.runtimes.eager import TorchNetwork
from pipeline.bundle.runtimes.network import Network


def bring(
    network: Any, image: np.ndarray, multiple: int, runtime: Runtime
) -> tuple[Mapping[str, bytes], Network]:
    """The network on the wanted runtime, and the files it was converted to, if any."""
    if runtime.wanted == CUDA_HALF:
        return {}, TorchNetwork(network, "cuda", half=True)
    from pipeline.bundle.runtimes.export import convert

    xml, weights = convert(network, image, multiple)
    files = {"network.xml": xml.encode(), "network.bin": weights}
    return files, from_files(files, runtime.threads)


def from_files(files: Mapping[str, bytes], threads: int) -> Network:
    """What `bring` converted, opened again."""
    return compiled(files["network.xml"].decode(), files["network.bin"], threads, OPENVINO)


def compiled(xml: str, weights: bytes, threads: int, name: str) -> Network:
    """A network that OpenVINO computes; 0 `threads` for all cores."""
    from pipeline.bundle.runtimes.compiled import OpenVinoNetwork

    return OpenVinoNetwork(xml, weights, threads or cores(), name)
