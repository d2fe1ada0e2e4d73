"""A case's images and reference labels as volumes, from NIfTI or DICOM."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
from highdicom import UID, Volume
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError
from pydicom.errors import InvalidDicomError

from pipeline.dicom.read.labels import read_labels
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import fingerprint, load
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError
from pipeline.evaluate.cohort.cohort import CohortCase
from pipeline.run.ground import grounded
from pipeline.run.prepare import Images, read

# NIfTI files of one case lie in one space; they get one frame of reference, so nobody aligns them.
NIFTI_FRAME = UID("2.25.248301734629340128367119520738911")
UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    EOFError,
    ImageFileError,
    HeaderDataError,
    WrapStructError,
)
NO_SEGMENTATION = (OSError, ValueError, AttributeError, RuntimeError, InvalidDicomError)
ROUNDING, LARGEST_LABEL = (
    0.01,
    65535,
)  # labels come scaled to float32, of which the last bits are lost
RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def case_images(case: CohortCase) -> Images:
    """Read what a module looks at.

    Raises
    ------
    InputError
        A file is no image, a folder is not one study or one series, or no series can be read.
    """
    if case.study is not None:
        studies = scan([case.study]).studies
        if len(studies) != 1:
            raise InputError(Code.NO_ROLE, f"{len(studies)} studies lie in the case, not one.")
        return read(assign(studies[0], ()))
    native = {role: _image(path) for role, path in case.images.items()}
    return Images(native, {role: fingerprint(volume) for role, volume in native.items()}, ())


def case_labels(case: CohortCase) -> Volume:
    """Read the reference: labels from 0 to 65535, axes as stored, patient coordinates LPS.

    Raises
    ------
    InputError
        It is missing or no label map.
    """
    if case.reference is None:
        raise InputError(Code.NOT_IMAGE, f"Case {case.name} has no reference labels.")
    if case.reference.name.endswith((".nii", ".nii.gz")):
        return _labels(_nifti(case.reference), case.reference.name)
    try:
        return read_labels(case.reference)
    except NO_SEGMENTATION as error:
        raise InputError(
            Code.NOT_IMAGE, f"{case.reference.name} is no DICOM segmentation."
        ) from error


def _labels(volume: Volume, name: str) -> Volume:
    whole = np.rint(volume.array)
    if np.abs(volume.array - whole).max() > ROUNDING:
        raise InputError(Code.NOT_IMAGE, f"{name} is no label map: it holds fractions.")
    if whole.min() < 0 or whole.max() > LARGEST_LABEL:
        span = f"{whole.min():g} to {whole.max():g}"
        raise InputError(Code.NOT_IMAGE, f"{name} is no label map: its values go from {span}.")
    return volume.with_array(whole.astype(np.uint16))


def _image(path: Path) -> Volume:
    if not path.is_file():
        return _series(path)
    volume = _nifti(path)
    if volume.array.min() == volume.array.max():
        raise InputError(Code.BLANK, f"{path.name} is blank.")
    return grounded(volume)


def _series(folder: Path) -> Volume:
    found = [series for study in scan([folder]).studies for series in study.series]
    if len(found) != 1:
        raise InputError(Code.SEVERAL_VOLUMES, f"{len(found)} series lie in a role's folder.")
    return grounded(load(found[0]))


def _nifti(path: Path) -> Volume:
    try:
        image = nibabel.nifti1.load(path)
        stored = np.squeeze(np.asarray(image.dataobj))
        if stored.dtype.kind not in "biuf":
            raise InputError(Code.COLOUR, f"{path.name} holds colours or complex numbers.")
        array = stored.astype(np.float32)
    except UNREADABLE as error:
        raise InputError(Code.NOT_IMAGE, f"{path.name} is no NIfTI image.") from error
    if array.ndim != 3:
        raise InputError(Code.SEVERAL_VOLUMES, f"{path.name} has {array.ndim} axes, not three.")
    # Tools that strip the skull write NaN around the brain; one of them would spoil all the rest.
    known = np.isfinite(array)
    if not known.any():
        raise InputError(Code.BLANK, f"{path.name} holds no voxel that is a number.")
    array = np.where(known, array, np.float32(0))
    affine = RAS_TO_LPS @ np.asarray(image.affine)
    return Volume(array, affine, coordinate_system="PATIENT", frame_of_reference_uid=NIFTI_FRAME)
