"""Where voxels are read: moved heads, and the module's grid as the runner lays it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from .series import Series

SIZE, SPACING_MM = 160, 1.25
Matrix = NDArray[np.float64]


def read(
    image: torch.Tensor,
    matrix: Matrix,
    at: Matrix,
    shape: Sequence[int],
    mode: str = "bilinear",
) -> torch.Tensor:
    """Read an image on another grid; zero outside.

    Parameters
    ----------
    image : torch.Tensor of float, shape (x, y, z)
        What is read.
    matrix : ndarray, shape (3, 3)
        From steps on the new grid to steps on the image's.
    at : ndarray, shape (3,)
        Voxel of `image` that lies in the middle of the new grid.
    shape : sequence of int
        The new grid's voxels.
    mode : str
        ``bilinear``, which is linear in three dimensions, or ``nearest``.
    """
    inner, outer = ((np.maximum(np.array(n), 2) - 1) / 2 for n in (image.shape, shape))
    scaled = np.asarray(matrix) * outer / inner[:, None]
    offset = np.asarray(at) / inner - 1
    # grid_sample counts the axes from the last.
    theta = np.column_stack([scaled[::-1, ::-1], offset[::-1]]).astype(np.float32)
    placed = torch.from_numpy(theta)[None].to(image.device)
    grid = functional.affine_grid(placed, [1, 1, *shape], align_corners=True)
    return functional.grid_sample(image[None, None], grid, mode=mode, align_corners=True)[0, 0]


def turned(degrees: Sequence[float]) -> Matrix:
    """Rotation by an axis-angle vector, 3×3."""
    vector = np.deg2rad(degrees)
    angle = float(np.linalg.norm(vector))
    x, y, z = vector / max(angle, 1e-9)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(
        np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross, np.float64
    )


def moved(
    image: torch.Tensor, degrees: Matrix, shift_mm: Matrix, spacing_mm: Sequence[float]
) -> torch.Tensor:
    """The head turned about the image's middle and shifted."""
    side = np.array(spacing_mm)
    matrix = turned(degrees) * side / side[:, None]
    middle = (np.array(image.shape) - 1) / 2
    return read(image, matrix, middle + shift_mm / side, image.shape)


def shown(series: Series, shift_mm: Sequence[float] = (0, 0, 0), scale: float = 1) -> torch.Tensor:
    """What the network is shown: 160³ voxels of 1.25 mm around the field of view's centre.

    `shift_mm` and `scale` make another head of the same voxels: elsewhere, larger or smaller.
    """
    side = np.array(series.spacing_mm)
    at = series.centre + np.asarray(shift_mm) / side
    return read(series.image, np.diag(SPACING_MM * scale / side), at, (SIZE,) * 3)
