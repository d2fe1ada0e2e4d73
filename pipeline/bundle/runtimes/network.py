"""A network as a plain function on arrays."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Network(Protocol):
    """A network ready to run; `name` says on what, and is part of every result's key."""

    @property
    def name(self) -> str:
        """Runtime, device and, where it is not float32, precision: ``torch-cuda-float16``."""

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Map float32 (channels, x, y, z) to float32 (classes, …), an array of its own."""
