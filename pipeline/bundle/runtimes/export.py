"""From PyTorch to OpenVINO: trace, convert, and nothing leaves this machine meanwhile."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pipeline.bundle.runtimes.serialise import serialise
from pipeline.bundle.runtimes.silent import openvino


def convert(network: Any, probe: np.ndarray, multiple: int) -> tuple[str, bytes]:
    """Convert a torch network to OpenVINO's intermediate representation, all in float32.

    Parameters
    ----------
    network : torch.nn.Module
        In evaluation mode, on the CPU.
    probe : ndarray of float32, shape (channels, x, y, z)
        What it is traced with; the converted network takes any size.
    multiple : int
        What divides the sides of every image it will see.

    Returns
    -------
    tuple of str and bytes
        The description and the weights it points into.

    Raises
    ------
    OutputError
        The folder for temporary files is full or cannot be written.
    Exception
        Whatever torch or OpenVINO raise on a network they cannot trace or convert.
    """
    import torch

    from pipeline.bundle.runtimes.norm import stage

    openvino()
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    example = torch.from_numpy(probe)[None]
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of its own deprecation
        staged = stage(network, example, multiple)
        traced = torch.jit.trace(staged, example, check_trace=False)
        decoder = TorchScriptPythonDecoder(traced, example_input=example)
        frontend = FrontEndManager().load_by_framework("pytorch")
        model = frontend.convert(frontend.load(decoder))
    model.reshape([1, probe.shape[0], *(-1 for _ in probe.shape[1:])])
    return serialise(model)
