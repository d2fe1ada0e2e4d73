"""The people's images and label maps, held where they are simulated from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from .series import Extent, Spacing, extent_of
from .subjects import Subject


@dataclass(frozen=True)
class Source:
    """One image, or one label map to paint images from.

    Attributes
    ----------
    name, image, group : str
        As those of `Subject`.
    voxels : torch.Tensor, shape (x, y, z)
        float16 and foreground about 1; of a label map uint8, positions in `numbers`.
    numbers : ndarray of int
        FreeSurfer's numbers of a label map, ascending.
    spacing_mm : tuple of float
        Voxel size.
    centre : ndarray of float, shape (3,)
        Centre of the field of view, in voxels.
    extent : tuple of (int, int)
        First voxel of the head along each axis, and the one behind its last.
    """

    name: str
    image: str
    group: str
    voxels: torch.Tensor
    numbers: NDArray[np.int64]
    spacing_mm: Spacing
    centre: NDArray[np.float64]
    extent: Extent


def hold(subject: Subject, device: torch.device | str = "cpu") -> Source:
    """Scale an image's foreground to about 1, or number a label map densely, on a device."""
    if subject.group == "labels":
        numbers, codes = np.unique(subject.array, return_inverse=True)
        array = codes.reshape(subject.array.shape).astype(np.uint8)
        head = torch.from_numpy((subject.array > 0).astype(np.float32))
    else:
        image = np.maximum(np.asarray(subject.array, np.float32), 0)
        inside, numbers = image[image > 0], np.zeros(0, np.int64)
        top = float(np.percentile(inside[::31], 97)) if inside.size else 1.0
        # Half precision ends at 65504; a metal artefact shall not.
        array = np.minimum(image / max(top, 1e-6), 100).astype(np.float16)
        head = torch.from_numpy(array.astype(np.float32))
    x, y, z = (float(side) for side in subject.spacing_mm)
    return Source(
        name=subject.name,
        image=subject.image,
        group=subject.group,
        voxels=torch.from_numpy(array).to(device),
        numbers=np.asarray(numbers, np.int64),
        spacing_mm=(x, y, z),
        centre=np.asarray(subject.centre, np.float64),
        extent=extent_of(head),
    )
