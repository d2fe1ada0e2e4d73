"""The images to learn from and to be judged on, in memory, each with its place in the split."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

SCANS = ("philips_mixed", "siemens_hfp", "siemens_hfdl", "siemens_enhanced_mixed", "ge_pd_axial")
STRUCTURAL = ("mprage", "t1w", "t1_", "fse pd")
DESCRIPTION = "0008|103e"
# In the order of Split; who is in no list of configs/train.json is learnt from.
PARTS = ("train", "evidence_only", "calibration", "held_out", "defective")


@dataclass(frozen=True)
class Subject:
    """One image, or one label map to paint images from.

    Attributes
    ----------
    name : str
        Folder of the patient; all images of one person share it.
    image : str
        Which of the person's images this is.
    group : str
        ``stripped`` (brain only), ``head`` (skull on), ``labels`` (whole-head label map), ``other``
        (no structural brain MRI).
    array : ndarray of float32, or uint16 for labels, shape (x, y, z)
        Axes LPS, cropped to what is not background.
    spacing_mm : tuple of float
        Voxel size.
    centre : ndarray of float, shape (3,)
        Centre of the uncropped field of view, in voxels of `array`.
    files : tuple of pathlib.Path
        What it was read from.
    """

    name: str
    image: str
    group: str
    array: NDArray[np.float32] | NDArray[np.uint16]
    spacing_mm: tuple[float, ...]
    centre: NDArray[np.float64]
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Split:
    """Who is learnt from, who sets the thresholds, who is only tested; and known bad images.

    `evidence_only`: those by whom evidence is weighed as well, but whom the network has not met.
    """

    train: tuple[Subject, ...]
    evidence_only: tuple[Subject, ...]
    calibration: tuple[Subject, ...]
    test: tuple[Subject, ...]
    defective: tuple[Subject, ...]


def split(bundle: Path, data: Path) -> Split:
    """Read everything under `data` and divide it by person, as configs/train.json says."""
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    parts: dict[str, list[Subject]] = {key: [] for key in PARTS}
    for subject in read(data):
        key = next((key for key in PARTS[-2:0:-1] if subject.name in settings[key]), PARTS[0])
        bad = f"{subject.name}/{subject.image}" in settings[PARTS[-1]]
        parts[PARTS[-1] if bad else key].append(subject)
    return Split(*(tuple(parts[key]) for key in PARTS))


def read(data: Path) -> Iterator[Subject]:
    """Every image under `data`, in a fixed order."""
    for group, folders in (("stripped", ("tumour", "tissue")), ("head", ("clinical",))):
        for path in sorted(p for f in folders for p in (data / f).glob("*/*.nii.gz")):
            if path.name != "seg.nii.gz":
                name = path.name.removesuffix(".nii.gz")
                image = sitk.ReadImage(str(path), sitk.sitkFloat32)
                yield subject(image, path.parent.name, name, group, (path,))
    for path in sorted((data / "labelmaps").glob("*.nii.gz")):
        image = sitk.ReadImage(str(path), sitk.sitkUInt16)
        yield subject(image, path.name.removesuffix(".nii.gz"), "labels", "labels", (path,))
    for folder in (*SCANS, "ct_head", "philips_enhanced_epi"):
        if (data / "dicom" / folder).is_dir():
            yield from scans(data / "dicom" / folder)


def scans(folder: Path) -> Iterator[Subject]:
    """The image volumes among DICOM files; what is no structural MRI becomes ``other``."""
    for files in sorted(_series(folder)):
        image, description = _stack(files)
        structural = any(word in description.lower() for word in STRUCTURAL)
        if image.GetDimension() == 3 and min(image.GetSize()) > 5:
            group = "head" if structural else "other"
            yield subject(image, folder.name, description, group, tuple(map(Path, files)))


def subject(
    image: sitk.Image, name: str, title: str, group: str, files: tuple[Path, ...] = ()
) -> Subject:
    """Turn to LPS, crop to what is there, remember where the field of view was centred."""
    while image.GetDimension() > 3:
        image = image[..., 0]
    image = sitk.DICOMOrient(image, "LPS")
    array = np.ascontiguousarray(sitk.GetArrayViewFromImage(image).transpose(2, 1, 0))
    if group == "stripped" and array.min() < 0:
        array = np.where(array != array[0, 0, 0], array - array.min() + 0.1, 0).astype(np.float32)
    found = ndimage.find_objects((array != 0).astype(np.uint8))
    box = found[0] if found else (slice(None),) * 3
    centre = (np.array(array.shape) - 1) / 2 - [s.start or 0 for s in box]
    return Subject(name, title, group, array[box].copy(), image.GetSpacing(), centre, files)


def _series(folder: Path) -> Iterator[tuple[str, ...]]:
    """Files by series; SimpleITK's reader splits a folder by Series Instance UID and geometry."""
    reader = sitk.ImageSeriesReader()
    for uid in reader.GetGDCMSeriesIDs(str(folder)):
        files = reader.GetGDCMSeriesFileNames(str(folder), uid)
        # Enhanced objects hold a whole volume each.
        if len(files) < 10:
            yield from ((file,) for file in files)
        else:
            yield tuple(files)


def _stack(files: tuple[str, ...]) -> tuple[sitk.Image, str]:
    header = sitk.ReadImage(files[0])
    description = (
        header.GetMetaData(DESCRIPTION).strip() if header.HasMetaDataKey(DESCRIPTION) else ""
    )
    image = sitk.ReadImage(files) if len(files) > 1 else header
    if image.GetNumberOfComponentsPerPixel() > 1:
        image = sitk.VectorIndexSelectionCast(image, 0)
    return sitk.Cast(image, sitk.sitkFloat32), description
