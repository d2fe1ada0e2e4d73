"""Hold our volume against what another program makes of the same files."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK as sitk
from highdicom import Volume, imread
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WITHIN_MM = 1e-3
# float32 keeps seven digits.
WITHIN_VALUE = 1e-6


@dataclass(frozen=True)
class Image:
    """An array of three axes and the affine of its indices, LPS, mm."""

    array: Floats
    affine: Floats


@dataclass(frozen=True)
class Agreement:
    """Greatest difference of values, as a fraction of the greatest, and of the affine, mm."""

    values: float
    affine_mm: float

    def within(self, millimetres: float = WITHIN_MM) -> bool:
        """Whether values agree, and the affine to `millimetres`."""
        return self.values <= WITHIN_VALUE and self.affine_mm <= max(WITHIN_MM, millimetres)


def of(volume: Volume) -> Image:
    """Our own volume."""
    return Image(np.asarray(volume.array, np.float64), np.asarray(volume.affine))


def compare(ours: Image, theirs: Image) -> Agreement:
    """Turn our axes into theirs, which must be a mere permutation with flips, and subtract."""
    turn = np.linalg.inv(theirs.affine) @ ours.affine
    axes = np.abs(turn[:3, :3]).argmax(axis=1)
    if sorted(axes) != [0, 1, 2]:
        return Agreement(np.inf, np.inf)
    flips = np.array([np.sign(turn[row, axis]) for row, axis in enumerate(axes)])
    array = np.flip(ours.array.transpose(axes), tuple(np.flatnonzero(flips < 0)))
    if array.shape != theirs.array.shape:
        return Agreement(np.inf, np.inf)
    affine = _turned(ours, axes, flips)
    scale = float(np.abs(theirs.array).max()) or 1.0
    return Agreement(
        float(np.abs(array - theirs.array).max()) / scale,
        float(np.abs(affine - theirs.affine).max()),
    )


def _turned(image: Image, axes: NDArray[np.intp], flips: Floats) -> Floats:
    affine = image.affine.copy()
    affine[:3, :3] = image.affine[:3, axes] * flips
    last = np.array(image.array.shape)[axes] - 1
    affine[:3, 3] += image.affine[:3, axes] @ (last * (flips < 0))
    return affine


def dcm2niix(files: Sequence[Path]) -> Image | str:
    """The one volume dcm2niix makes, scaled as the header says (``-p n``), or what it made."""
    with tempfile.TemporaryDirectory() as scratch:
        given, made = Path(scratch, "given"), Path(scratch, "made")
        given.mkdir()
        made.mkdir()
        for number, path in enumerate(files):
            (given / f"{number:05d}").symlink_to(path.resolve())
        options = ["-z", "n", "-b", "n", "-p", "n", "-m", "n", "-f", "v%s", "-o", str(made)]
        subprocess.run(["dcm2niix", *options, str(given)], check=False, capture_output=True)
        images = sorted(made.glob("*.nii"))
        if len(images) != 1:
            return f"{len(images)} images" if images else "nothing"
        return _nifti(images[0])


def _nifti(path: Path) -> Image | str:
    image = nibabel.load(path)
    if len(image.shape) != 3:
        return "shape " + "×".join(map(str, image.shape))
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    return Image(np.asanyarray(image.dataobj).astype(np.float64), affine)


def simpleitk(files: Sequence[Path]) -> Image | str:
    """The volume SimpleITK reads, or why it cannot."""
    names = [str(path) for path in files]
    if len(names) > 1:
        found: list[str] = []
        with tempfile.TemporaryDirectory() as scratch:
            for number, path in enumerate(files):
                Path(scratch, f"{number:05d}").symlink_to(path.resolve())
            series = sitk.ImageSeriesReader.GetGDCMSeriesIDs(scratch)
            if len(series) == 1:
                found = list(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(scratch, series[0]))
                names = [str(Path(name).resolve()) for name in found]
    try:
        image = sitk.ReadImage(names if len(names) > 1 else names[0])
    except RuntimeError:
        return "an error"
    if image.GetDimension() != 3 or image.GetNumberOfComponentsPerPixel() != 1:
        return f"{image.GetDimension()} dimensions"
    affine = np.eye(4)
    direction = np.reshape(image.GetDirection(), (3, 3))
    affine[:3, :3] = direction * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    return Image(sitk.GetArrayFromImage(image).astype(np.float64).transpose(2, 1, 0), affine)


def highdicom(files: Sequence[Path]) -> Image | str:
    """The volume highdicom reads from one multi-frame object, or why it cannot."""
    if len(files) != 1:
        return f"{len(files)} objects"
    try:
        volume = imread(files[0]).get_volume(apply_real_world_transform=False)
    except Exception as error:
        return f"{type(error).__name__}"
    return of(volume)
