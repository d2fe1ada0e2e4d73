"""Random geometry shared by the training recipes; axes are voxels of a box."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from pipeline.train.smooth import Size, field, sides, thick


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


def cube(
    centre: np.ndarray,
    size: Size,
    matrix: np.ndarray,
    bend: float,
    rng: np.random.Generator,
    device: torch.device | str = "cpu",
) -> torch.Tensor:
    """Voxel positions, float32 (3, voxels), of a warped cube or box around `centre`."""
    axes = [torch.arange(n, dtype=torch.float32, device=device) - (n - 1) / 2 for n in sides(size)]
    grid = torch.stack(torch.meshgrid(*axes, indexing="ij")).reshape(3, -1)
    turn = torch.from_numpy(np.asarray(matrix, np.float32)).to(device)
    at = turn @ grid + torch.from_numpy(np.asarray(centre, np.float32)).to(device)[:, None]
    if bend:
        at += field(size, int(rng.integers(4, 9)), rng, 3, device).reshape(3, -1) * bend
    return at


def bend(rng: np.random.Generator) -> float:
    """How strongly to bend, voxels: not at all in one draw of three."""
    return float(rng.uniform(0, 5)) if rng.random() < 0.67 else 0.0


def sample(volume: torch.Tensor, at: torch.Tensor, size: Size, mode: str) -> torch.Tensor:
    """Values of `volume` (channels, x, y, z) at positions `at` (3, voxels); zero outside."""
    limit = torch.tensor(volume.shape[1:], device=at.device)[:, None] - 1
    grid = (at / limit * 2 - 1).flip(0).T.reshape(1, *sides(size), 3)
    return functional.grid_sample(volume[None], grid, mode=mode, align_corners=True)[0]


def smooth_field(size: Size, knots: int, rng: np.random.Generator, channels: int = 1) -> np.ndarray:
    """`field` as an array."""
    return field(size, knots, rng, channels).numpy()


def thicken(image: np.ndarray, axis: int, thickness: float) -> np.ndarray:
    """`thick` of an array."""
    return thick(torch.from_numpy(np.ascontiguousarray(image)), axis, thickness).numpy()


def _cosines_and_sines(degrees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    radians = np.deg2rad(degrees)
    return np.cos(radians), np.sin(radians)
