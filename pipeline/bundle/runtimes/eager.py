"""PyTorch: on a CUDA device, in half precision where that was found to agree, or on the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

HALF = "float16"
# Of NVIDIA's kernel module, and of Windows' subsystem for Linux.
DRIVERS = ("/dev/nvidiactl", "/dev/dxg")


class TorchNetwork:
    """A torch network; axes last in memory, which is how convolutions like it best.

    Parameters
    ----------
    network : torch.nn.Module
        In evaluation mode.
    device : str
        ``cpu`` or ``cuda``.
    half : bool
        Let autocast run convolutions in float16, and an image that overflows it in float32 again;
        the output is float32 all the same.
    threads : int
        Cores to use; 0 leaves torch's own choice.
    """

    def __init__(
        self, network: Any, device: str = "cpu", half: bool = False, threads: int = 0
    ) -> None:
        import torch

        if threads:
            torch.set_num_threads(threads)
        self._device, self._half = torch.device(device), half
        if self._device.type == "cuda":
            # The same input gives the same bits; the fastest algorithm may differ from run to run.
            torch.backends.cudnn.deterministic = True
            torch.backends.cudnn.benchmark = False
            # By default convolutions in float32 round their inputs to ten bits, as float16 has.
            torch.backends.cudnn.allow_tf32 = False
        self._network = network.to(self._device, memory_format=torch.channels_last_3d).eval()

    @property
    def name(self) -> str:
        """``torch-cpu``, ``torch-cuda`` or ``torch-cuda-float16``."""
        return f"torch-{self._device.type}" + (f"-{HALF}" if self._half else "")

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Run one image through the network, without gradients."""
        import torch

        with torch.inference_mode():
            batch = self._upload(image)
            output = self._run(batch, self._half)
            if self._half and not output.isfinite().all():
                # Past 65504 float16 has infinity; the norms after it spread that everywhere.
                output = self._run(batch, half=False)
            if self._device.type == "cuda":
                # Classes first in memory, as what follows reads them: cheap on the device.
                output = output.contiguous().cpu()
            found: np.ndarray = output.numpy()
        return found

    def _run(self, batch: Any, half: bool) -> Any:
        import torch

        with torch.autocast(self._device.type, dtype=torch.float16, enabled=half):
            return self._network(batch)[0].float()

    def _upload(self, image: np.ndarray) -> Any:
        import torch

        batch = torch.from_numpy(np.ascontiguousarray(image, np.float32))[None]
        if self._device.type == "cuda":
            # From pinned memory the copy does not hold up this thread.
            batch = batch.pin_memory().to(self._device, non_blocking=True)
        return batch.contiguous(memory_format=torch.channels_last_3d)


def cuda() -> bool:
    """Whether PyTorch sees a CUDA device; torch is imported only where a driver is there."""
    if not any(Path(driver).exists() for driver in DRIVERS):
        return False
    import torch

    return bool(torch.cuda.is_available())


def device_name() -> str:
    """The first CUDA device's name, as its maker calls it."""
    import torch

    return str(torch.cuda.get_device_name(0))
