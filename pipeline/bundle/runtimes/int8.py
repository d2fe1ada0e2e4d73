"""int8: a version that brings its own quantised network, so that it is judged like any other."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.bundle.configuration import read_json
from pipeline.bundle.runtimes.serialise import serialise
from pipeline.bundle.runtimes.silent import core, openvino
from pipeline.errors import BundleError, ConfigError

INT8 = "openvino-int8"
NETWORK = Path("models") / "int8.xml"
# Sums over a whole head: eight bits would cost what `norm` takes care to keep.
SUMS = ("ReduceMean", "ReduceSum", "AvgPool", "MVN")


def is_quantised(bundle: Path) -> bool:
    """Whether ``runtime`` in the bundle's inference.json says that it computes in int8."""
    return read_json(bundle, "inference.json").get("runtime") == INT8


def read_quantised(bundle: Path) -> tuple[str, bytes]:
    """OpenVINO's description of the quantised network, and the weights it points into.

    Raises
    ------
    BundleError
        A file is missing; that they are unchanged the bundle's digest has vouched for.
    """
    path = bundle / NETWORK
    try:
        return path.read_text(encoding="utf-8"), path.with_suffix(".bin").read_bytes()
    except OSError as error:
        raise BundleError(
            f"{path} or its weights are missing.", "Make it anew with `tessera quantise`."
        ) from error


def require_readable(bundle: Path) -> None:
    """See that OpenVINO reads the quantised network; whatever it raises where it does not."""
    xml, weights = read_quantised(bundle)
    core().read_model(xml, openvino().Tensor(np.frombuffer(weights, np.uint8)))


def quantise(network: Any, images: Sequence[np.ndarray], multiple: int) -> tuple[str, bytes]:
    """Quantise convolutions to eight bits with NNCF, ranges taken from what the network sees.

    Parameters
    ----------
    network : torch.nn.Module
        In evaluation mode, on the CPU.
    images : sequence of ndarray of float32, shape (channels, x, y, z)
        Inputs as the module prepares them; a few dozen.
    multiple : int
        What divides the sides of every image it will see.

    Returns
    -------
    tuple of str and bytes
        OpenVINO's description and the weights it points into.

    Raises
    ------
    ConfigError
        NNCF is not installed.
    OutputError
        The folder for temporary files is full or cannot be written.
    """
    library = openvino()
    if importlib.util.find_spec("nncf") is None:
        raise ConfigError(
            "Quantising needs NNCF, which is not installed.",
            'Install it with pip install "tessera-mri[int8]".',
        )
    import nncf

    from pipeline.bundle.runtimes.export import convert

    nncf.set_log_level(logging.ERROR)
    xml, weights = convert(network, images[0], multiple)
    model = core().read_model(xml, library.Tensor(np.frombuffer(weights, np.uint8)))
    small = nncf.quantize(
        model,
        nncf.Dataset([np.ascontiguousarray(image, np.float32)[None] for image in images]),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(images),
        ignored_scope=nncf.IgnoredScope(types=list(SUMS), validate=False),
    )
    return serialise(small)
