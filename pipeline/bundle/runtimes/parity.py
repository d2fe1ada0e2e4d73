"""Does another runtime say what PyTorch says: labels voxel by voxel, and the largest difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from pipeline.bundle.contract import Contract
from pipeline.bundle.contract_needs import Needs

PROBE = 64


@dataclass(frozen=True)
class Tolerance:
    """How far apart two runtimes may be.

    Attributes
    ----------
    agreement : float
        Least share of voxels with the same label, 0 to 1.
    difference : float
        Largest difference of an output, as a share of the reference's largest value.
    """

    agreement: float
    difference: float


# Same arithmetic in another order, and half the digits.
SINGLE = Tolerance(agreement=0.9999, difference=1e-4)
HALF = Tolerance(agreement=0.999, difference=2e-2)


@dataclass(frozen=True)
class Parity:
    """How near a runtime's output came to PyTorch's; see `Tolerance` for the units."""

    agreement: float
    difference: float

    def within(self, tolerance: Tolerance) -> bool:
        """Say whether both figures are good enough; NaN never is."""
        near = self.difference <= tolerance.difference
        return self.agreement >= tolerance.agreement and near


def probe(contract: Contract) -> np.ndarray:
    """An image like a normalised head, the same each time: a ball with blobs, zero outside.

    Returns
    -------
    ndarray of float32, shape (channels, x, y, z)
        Of the contract's own shape where that is fixed, else 64 voxels a side.
    """
    shape = contract.needs.shape or (PROBE,) * 3
    rng = np.random.default_rng(0)
    image = np.stack([_blobs(rng, shape) for _ in range(channels(contract.needs))])
    where = np.stack(np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij"))
    return np.asarray(image * (np.linalg.norm(where, axis=0) < 0.85), np.float32)


def channels(needs: Needs) -> int:
    """Channels of a network's input."""
    return 1 if needs.take == "first" else len(needs.roles)


def compare(reference: np.ndarray, other: np.ndarray, segments: int) -> Parity:
    """Compare two outputs (classes, …) of one image.

    Labels are the largest of the classes where there is one more than there are segments, and each
    class's sign (probability above a half) otherwise.
    """
    if reference.shape != other.shape:
        return Parity(0.0, float("inf"))
    scale = float(np.abs(reference).max()) or 1.0
    same = _labels(reference, segments) == _labels(other, segments)
    return Parity(float(same.mean()), float(np.abs(reference - other).max()) / scale)


def _blobs(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    smooth = ndimage.gaussian_filter(rng.standard_normal(shape), 3.0)
    return np.asarray(smooth / smooth.std() + 0.3 * rng.standard_normal(shape), np.float32)


def _labels(output: np.ndarray, segments: int) -> np.ndarray:
    return output.argmax(0) if len(output) == segments + 1 else output > 0
