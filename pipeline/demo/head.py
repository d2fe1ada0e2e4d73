"""Skull, scalp, eyes, face and neck around a brain that comes without them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from pipeline.demo.contrast import Tissue

# The surround varies slowly, so distances are measured on a coarser grid and interpolated.
COARSE_MM = 3.0

# Thickness of each layer from the brain's surface outward, mm; a real head's order of size.
CSF_MM, SKULL_MM, SCALP_MM = 2.0, 7.0, 6.0
TABLE_MM = 2.0

# Centres and radii in mm, MNI space as LPS (x to the left, y to the back, z up).
FACE = ((0.0, -36.0, -62.0), (62.0, 52.0, 62.0))
NECK = ((0.0, 32.0, -105.0), (52.0, 56.0, 85.0))
NOSE = ((0.0, -78.0, -62.0), (12.0, 22.0, 22.0))
SINUS = ((0.0, -55.0, -62.0), (13.0, 24.0, 20.0))
THROAT = ((0.0, -12.0, -95.0), (12.0, 10.0, 45.0))
EYES = ((33.0, -62.0, -38.0), (-33.0, -62.0, -38.0))
EYE_MM, ORBIT_MM = 12.0, 18.0

Axes = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


def surround(
    brain: NDArray[np.bool_], origin: NDArray[np.float64], spacing: float
) -> NDArray[np.uint8]:
    """Label what lies around the brain.

    Parameters
    ----------
    brain : ndarray of bool, shape (x, y, z)
        Brain without holes, axes LPS.
    origin : ndarray, shape (3,)
        Position of the first voxel in MNI space, LPS mm.
    spacing : float
        Voxel size in mm.

    Returns
    -------
    ndarray of uint8, shape (x, y, z)
        A `Tissue` per voxel: AIR far outside, CSF in the gap below the skull and inside the brain.
    """
    x, y, z = axes = _axes(brain.shape, origin, spacing)
    depth = outside_mm(brain, spacing)
    skin = np.minimum(
        depth - (CSF_MM + SKULL_MM + SCALP_MM),
        np.minimum(
            _ellipsoid(axes, *FACE), np.minimum(_ellipsoid(axes, *NECK), _ellipsoid(axes, *NOSE))
        ),
    )
    labels = np.full(brain.shape, Tissue.AIR, np.uint8)
    labels[skin < 0] = Tissue.FAT
    labels[(skin < -4) & (z < -35)] = Tissue.MUSCLE
    labels[(skin < -3.0) & (depth < CSF_MM + SKULL_MM + 3) & (z < 20)] = Tissue.MUSCLE
    labels[(labels == Tissue.MUSCLE) & (_marbling(brain.shape, spacing) > 1.1)] = Tissue.FAT
    labels[(skin < 0) & (skin > -1.5)] = Tissue.MUSCLE
    bony = (depth < CSF_MM + SKULL_MM) & (skin < 0)
    labels[bony] = Tissue.SKULL
    inner = depth - CSF_MM
    labels[bony & (inner > TABLE_MM) & (inner < SKULL_MM - TABLE_MM)] = Tissue.MARROW
    for cavity in (SINUS, THROAT):
        labels[(_ellipsoid(axes, *cavity) < 0) & (depth > CSF_MM + TABLE_MM)] = Tissue.AIR
    for eye in EYES:
        around = _ellipsoid(axes, eye, (ORBIT_MM,) * 3)
        labels[(around < 0) & (depth > CSF_MM + 3) & (skin < -2)] = Tissue.FAT
        labels[(_ellipsoid(axes, eye, (EYE_MM,) * 3) < 0) & (depth > CSF_MM + 1)] = Tissue.EYE
    labels[depth < CSF_MM] = Tissue.CSF
    # The superior sagittal sinus runs along the vault's midline.
    vault = (np.abs(x) < 5 - depth) & (depth > 0.5) & (depth < 4.0) & (z + 0.35 * np.abs(y) > 20)
    labels[vault] = Tissue.BLOOD
    return labels


def outside_mm(brain: NDArray[np.bool_], spacing: float) -> NDArray[np.float32]:
    """Distance to a smoothed brain surface, mm, negative inside; shape of `brain`."""
    step = max(1, round(COARSE_MM / spacing))
    coarse = brain[::step, ::step, ::step]
    closed = ndimage.binary_closing(np.pad(coarse, 6), iterations=3)[6:-6, 6:-6, 6:-6] | coarse
    distance = ndimage.distance_transform_edt(~closed) - ndimage.distance_transform_edt(closed)
    smooth = ndimage.gaussian_filter((distance * step * spacing).astype(np.float32), 0.8)
    steps = np.full(3, 1 / step)
    hull: NDArray[np.float32] = ndimage.affine_transform(
        smooth, steps, output_shape=brain.shape, order=1, mode="nearest"
    )
    return hull


def _marbling(shape: tuple[int, ...], spacing: float) -> NDArray[np.float32]:
    """Streaks of fat between muscles: smooth noise of unit variance, the same in every head."""
    noise = np.random.default_rng(0).standard_normal(tuple(size // 2 + 1 for size in shape))
    smooth = ndimage.gaussian_filter(noise, np.array((1.2, 1.2, 4.0)) / spacing)
    x, y, z = shape
    streaks: NDArray[np.float32] = smooth.repeat(2, 0).repeat(2, 1).repeat(2, 2)[:x, :y, :z]
    return streaks / np.float32(streaks.std())


def _axes(shape: tuple[int, ...], origin: NDArray[np.float64], spacing: float) -> Axes:
    x, y, z = (
        (np.arange(size) * spacing + start).astype(np.float32)
        for size, start in zip(shape, origin, strict=True)
    )
    return x[:, None, None], y[None, :, None], z[None, None, :]


def _ellipsoid(
    axes: Axes, centre: tuple[float, ...], radii: tuple[float, ...]
) -> NDArray[np.float32]:
    """Distance to its surface in mm along rays from the centre, negative inside."""
    scaled = [(axis - c) / r for axis, c, r in zip(axes, centre, radii, strict=True)]
    radius = np.sqrt(scaled[0] ** 2 + scaled[1] ** 2 + scaled[2] ** 2)
    distance: NDArray[np.float32] = ((radius - 1) * min(radii)).astype(np.float32)
    return distance
