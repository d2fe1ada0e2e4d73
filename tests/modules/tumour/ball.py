"""A round brain of 36 mm, ill or healthy, in files as the data sets keep them."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np

SHAPE = (48, 44, 40)
CENTRE = np.reshape([23.5, 21.5, 19.5], (3, 1, 1, 1))
RADIUS = np.sqrt(((np.indices(SHAPE) - CENTRE) ** 2).sum(0))
CONTRASTS = ("t1", "t1c", "t2", "flair")
# The brain begins at 6, 4 and 2. Cropped to it, these are 24 to 30 mm and 6 to 12 mm: voxels of
# 1.5 mm 16 to 19 and 4 to 7.
LEFT, RIGHT = slice(30, 36), slice(12, 18)


def block(number: int, x: slice) -> np.ndarray:
    """Labels of a tumour, in y and z 9 mm from 12 mm on: voxels of 1.5 mm 8 to 13."""
    labels = np.zeros(SHAPE, np.uint8)
    labels[x, 16:25, 14:23] = number
    return labels


def write_patient(
    folder: Path, labels: np.ndarray, missing: tuple[str, ...] = (), air: float = 0.0
) -> Path:
    """T1, T1c, T2 and FLAIR of 1 mm voxels, brighter towards the back and where labelled.

    `labels` runs to left, posterior and superior.
    """
    folder.mkdir(parents=True)
    image = (RADIUS < 18) * (100.0 + np.indices(SHAPE)[1]) + 80.0 * (labels > 0) + air
    for name in CONTRASTS:
        if name not in missing:
            _save(folder / f"{name}.nii.gz", image.astype(np.float32), 1.0)
    _save(folder / "seg.nii.gz", labels, 1.0)
    return folder


def write_healthy(folder: Path) -> Path:
    """A T1 with a fourth axis of one, in slices of 1.5 mm, as IBSR has them; its left is bright."""
    folder.mkdir(parents=True)
    x, y, z = np.indices(SHAPE) - CENTRE
    inside = x**2 + (1.5 * y) ** 2 + z**2 < 18**2
    _save(folder / "t1.nii.gz", (inside * (100 + x))[..., None].astype(np.int16), 1.5)
    return folder


def write_head(path: Path) -> Path:
    """A label map in FreeSurfer's numbers: ventricle in white matter, cortex, CSF and skull."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rings = [RADIUS < 4, RADIUS < 10, RADIUS < 15, RADIUS < 17, RADIUS < 19]
    _save(path, np.select(rings, [4, 2, 3, 24, 507], 0).astype(np.int16), 1.0)
    return path


def _save(path: Path, array: np.ndarray, slices: float) -> None:
    """Store left to right and back to front, as scanners of the neurological convention do."""
    affine = np.diag([1.0, slices, 1.0, 1.0])
    nibabel.save(nibabel.Nifti1Image(array[::-1, ::-1].copy(), affine), path)
