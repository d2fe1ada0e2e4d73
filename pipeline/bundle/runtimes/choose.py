"""Which runtime is wanted: from ``run.runtime`` in pipeline.toml to what is installed here."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from pipeline.bundle.runtimes.eager import cuda
from pipeline.errors import ConfigError

TORCH_CPU, TORCH_CUDA = "torch-cpu", "torch-cuda"
CUDA_HALF, OPENVINO = "torch-cuda-float16", "openvino-cpu"


@dataclass(frozen=True)
class Runtime:
    """What is wanted of every bundle.

    Attributes
    ----------
    wanted : str
        ``torch-cpu``, ``torch-cuda``, ``torch-cuda-float16`` or ``openvino-cpu``.
    store : pathlib.Path or None
        Where conversions and their seals are kept; PyTorch in float32 needs none.
    threads : int
        Cores for one network; 0 for all there are.
    """

    wanted: str = TORCH_CPU
    store: Path | None = None
    threads: int = 0

    @property
    def plain(self) -> str:
        """The runtime that computes where the wanted one is refused: PyTorch in float32."""
        return TORCH_CUDA if self.wanted.startswith(TORCH_CUDA) else TORCH_CPU


def resolve(setting: str, store: Path, threads: int = 0) -> Runtime:
    """Choose a runtime; nothing heavy is imported unless the machine has a CUDA driver.

    Parameters
    ----------
    setting : str
        ``torch``, ``torch-float16``, ``openvino``, or ``auto``: a CUDA device where PyTorch sees
        one, else OpenVINO, else PyTorch on the CPU. On a CUDA device all but ``torch-float16``
        compute in float32, which gave the CPU's labels where measured; float16 moves borders.
    store : pathlib.Path
        Where conversions are kept.
    threads : int
        Cores for one network; 0 for all there are.

    Raises
    ------
    ConfigError
        OpenVINO is asked for and not installed, or float16 where there is no CUDA device.
    """
    installed = importlib.util.find_spec("openvino") is not None
    if setting == "openvino" and not installed:
        raise ConfigError(
            "run.runtime is openvino, which is not installed.",
            'Install it with pip install openvino, or set run.runtime to "auto".',
        )
    if setting == "openvino" or (setting == "auto" and installed and not cuda()):
        return Runtime(OPENVINO, store, threads)
    if setting == "torch-float16":
        return Runtime(_half(), store, threads)
    return Runtime(TORCH_CUDA if cuda() else TORCH_CPU, store, threads)


def _half() -> str:
    if cuda():
        return CUDA_HALF
    raise ConfigError(
        "run.runtime is torch-float16, and PyTorch sees no CUDA device here.",
        'Set run.runtime to "auto", or run where there is one.',
    )
