"""Random geometry and scanner effects shared by the training recipes; axes are voxels of a box."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from torch.nn import functional

Size = int | tuple[int, int, int]


def affine(rng: np.random.Generator, degrees: float, scale: float, mirror: bool) -> np.ndarray:
    """Draw a 3×3 voxel-to-voxel matrix: rotation, per-axis scaling, optional mirror."""
    (a, b, c), (x, y, z) = _cosines_and_sines(rng.uniform(-degrees, degrees, 3))
    about_x = np.array([[1, 0, 0], [0, a, -x], [0, x, a]])
    about_y = np.array([[b, 0, y], [0, 1, 0], [-y, 0, b]])
    about_z = np.array([[c, -z, 0], [z, c, 0], [0, 0, 1]])
    matrix = about_z @ about_y @ about_x @ np.diag(rng.uniform(1 - scale, 1 + scale, 3))
    if mirror and rng.random() < 0.5:
        matrix[:, 0] *= -1
    return np.asarray(matrix, np.float32)


def sides(size: Size) -> tuple[int, int, int]:
    """Sides of a box; one number means a cube."""
    return (size, size, size) if isinstance(size, int) else size


def smooth_field(size: Size, knots: int, rng: np.random.Generator, channels: int = 1) -> np.ndarray:
    """Random smooth fields of about unit height, float32 (channels, x, y, z)."""
    coarse = torch.from_numpy(rng.standard_normal((1, channels, knots, knots, knots), np.float32))
    fine = functional.interpolate(coarse, sides(size), mode="trilinear", align_corners=True)
    return fine[0].numpy()


def cube(
    centre: np.ndarray,
    size: Size,
    matrix: np.ndarray,
    bend: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Voxel positions, float32 (3, voxels), of a warped cube or box around `centre`."""
    shape = np.array(sides(size), np.float32)[:, None]
    grid = np.indices(sides(size), dtype=np.float32).reshape(3, -1) - (shape - 1) / 2
    if not bend:
        return np.asarray(matrix @ grid + centre[:, None].astype(np.float32))
    knots = int(rng.integers(4, 9))
    warp = smooth_field(size, knots, rng, 3).reshape(3, -1) * np.float32(bend)
    return np.asarray(matrix @ grid + warp + centre[:, None].astype(np.float32))


def bend(rng: np.random.Generator) -> float:
    """How strongly to bend, voxels: not at all in one draw of three."""
    return float(rng.uniform(0, 5)) if rng.random() < 0.67 else 0.0


def bias(image: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Multiply by the exponential of a smooth field, as an uneven receive coil does."""
    x, y, z = image.shape
    field = smooth_field((x, y, z), int(rng.integers(2, 5)), rng)[0]
    return np.asarray(image * np.exp(np.float32(strength) * field))


def thicken(image: np.ndarray, axis: int, thickness: float) -> np.ndarray:
    """Average along one axis as a slice of `thickness` voxels would, then interpolate back."""
    sigma = [0.0, 0.0, 0.0]
    sigma[axis] = thickness / 2.355
    blurred = torch.from_numpy(ndimage.gaussian_filter(image, sigma))[None, None]
    shape = list(image.shape)
    shape[axis] = max(2, round(shape[axis] / thickness))
    coarse = functional.interpolate(blurred, shape, mode="trilinear", align_corners=True)
    fine = functional.interpolate(coarse, image.shape, mode="trilinear", align_corners=True)
    return fine[0, 0].numpy()


def _cosines_and_sines(degrees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    radians = np.deg2rad(degrees)
    return np.cos(radians), np.sin(radians)
