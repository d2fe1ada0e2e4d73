"""What a scanner or an operator might have done otherwise, in known strength; volumes in LPS."""

from __future__ import annotations

import numpy as np
from highdicom import Volume, VolumeGeometry
from scipy import ndimage
from scipy.spatial.transform import Rotation

from pipeline.grid.lattice import resample


def noise(image: Volume, share: float) -> Volume:
    """Rician noise; its standard deviation as a share of the 99th percentile."""
    sigma = share * _bright(image)
    real, imaginary = np.random.default_rng(0).normal(0, sigma, (2, *image.spatial_shape))
    return _with(image, np.hypot(image.array + real, imaginary))


def bias(image: Volume, strength: float) -> Volume:
    """A receive coil beside the head: the field falls off along a diagonal by exp(±strength)."""
    axes = (np.linspace(-1, 1, n) for n in image.spatial_shape)
    x, y, z = np.meshgrid(*axes, indexing="ij", sparse=True)
    return _with(image, image.array * np.exp(strength * np.clip((x + y + z) / 1.5, -1, 1)))


def contrast(image: Volume, gamma: float) -> Volume:
    """Another contrast curve: brightness to a power, or turned round where gamma is negative."""
    scaled = np.clip(image.array / _bright(image), 0, None)
    curved = scaled ** abs(gamma)
    turned = np.where(image.array > 0, np.clip(1.1 - curved, 0, None), 0)
    return _with(image, (turned if gamma < 0 else curved) * _bright(image))


def thick(image: Volume, millimetres: float) -> Volume:
    """Slices of a thickness, from feet to head, without gaps: a box over the thickness."""
    axis = int(np.argmax(np.abs(np.array(image.direction)[2])))
    voxel = float(image.spacing[axis])
    if millimetres <= voxel:
        return image
    width = millimetres / voxel
    blurred = ndimage.uniform_filter1d(image.array.astype(np.float32), round(width), axis)
    shape, affine = list(image.spatial_shape), np.array(image.affine)
    count = max(1, int(shape[axis] / width))
    affine[:3, 3] += affine[:3, axis] * (width - 1) / 2
    affine[:3, axis] *= width
    shape[axis] = count
    geometry = VolumeGeometry(affine, tuple(shape), coordinate_system="PATIENT")
    return resample(_with(image, blurred), geometry)


def turn(image: Volume, degrees: float) -> Volume:
    """The same head in a field of view turned about all three axes around its centre."""
    rotation = Rotation.from_euler("xyz", [degrees] * 3, degrees=True).as_matrix()
    centre, affine = np.array(image.center_position), np.array(image.affine)
    affine[:3, :3] = rotation @ affine[:3, :3]
    affine[:3, 3] = centre + rotation @ (affine[:3, 3] - centre)
    geometry = VolumeGeometry(affine, image.spatial_shape, coordinate_system="PATIENT")
    return resample(image, geometry)


def shift(image: Volume, voxels: float) -> Volume:
    """The same head sampled a part of a voxel further along every axis."""
    affine = np.array(image.affine)
    affine[:3, 3] += affine[:3, :3] @ np.full(3, voxels)
    geometry = VolumeGeometry(affine, image.spatial_shape, coordinate_system="PATIENT")
    return resample(image, geometry)


def mirror(image: Volume) -> Volume:
    """Left and right exchanged in the image; the affine stays, so that it is another person."""
    axis = int(np.argmax(np.abs(np.array(image.direction)[0])))
    return _with(image, np.flip(image.array, axis))


def _bright(image: Volume) -> float:
    return max(float(np.percentile(image.array[image.array > 0], 99)), 1e-6)


def _with(image: Volume, array: np.ndarray) -> Volume:
    """The image with other values; what was exactly zero, as extraction leaves it, stays so."""
    return image.with_array(np.where(image.array == 0, 0, array).astype(np.float32))
