from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Code, InputError
from pipeline.evaluate.cohort.cohort import CohortCase
from pipeline.evaluate.cohort.images import case_images, case_labels
from pipeline.types import Role
from tests.conftest import ball, write_study
from tests.evaluate.conftest import write_nifti
from tests.wrap import wrap


def case(**parts: object) -> CohortCase:
    return CohortCase(**{"name": "a", "study": None, "images": {}, "reference": None, **parts})


def test_nifti_and_dicom_of_one_volume_lie_in_one_place(tmp_path: Path) -> None:
    volume = ball()
    raised = volume.array - volume.array.min()
    # As the wrapper stores it: twelve bits.
    rounded = volume.with_array(np.rint(raised * (4095 / raised.max())).astype(np.float32))
    write_nifti(tmp_path / "t1.nii.gz", rounded.array, rounded.affine)
    wrap(rounded, tmp_path / "dicom", Role.T1, "study", 1)
    stored = case_images(case(images={Role.T1: tmp_path / "t1.nii.gz"})).native[Role.T1]
    sent = case_images(case(images={Role.T1: tmp_path / "dicom"})).native[Role.T1]
    stored, sent = (v.to_patient_orientation("LPS") for v in (stored, sent))
    np.testing.assert_allclose(stored.affine, sent.affine, atol=1e-3)
    np.testing.assert_allclose(stored.array, sent.array, atol=1)


def test_a_study_takes_its_roles_by_the_rules(tmp_path: Path) -> None:
    folder = write_study(tmp_path, "first")
    assert set(case_images(case(study=folder)).native) == {Role.T1, Role.FLAIR}


def test_a_background_that_is_not_zero_becomes_zero(tmp_path: Path) -> None:
    array = np.full((8, 8, 8), -1.5, np.float32)
    array[2:6, 2:6, 2:6] = np.linspace(-1, 1, 64).reshape(4, 4, 4)
    write_nifti(tmp_path / "t1.nii", array, np.eye(4))
    read = case_images(case(images={Role.T1: tmp_path / "t1.nii"})).native[Role.T1].array
    assert read[0, 0, 0] == 0
    assert (read[2:6, 2:6, 2:6] > 0).all()


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_becomes_zero(tmp_path: Path, nothing: float) -> None:
    array = np.full((8, 8, 8), nothing, np.float32)
    array[2:6, 2:6, 2:6] = np.arange(1, 65).reshape(4, 4, 4)
    write_nifti(tmp_path / "t1.nii", array, np.eye(4))
    read = case_images(case(images={Role.T1: tmp_path / "t1.nii"})).native[Role.T1].array
    assert read.sum() == np.arange(1, 65).sum()
    assert read[0, 0, 0] == 0


@pytest.mark.parametrize(
    ("everywhere", "said"),
    [
        (np.nan, r"t1\.nii holds no voxel that is a number"),
        (0.0, r"t1\.nii is blank"),
        (7.0, r"t1\.nii is blank"),
    ],
)
def test_an_image_that_shows_nothing_is_refused(
    tmp_path: Path, everywhere: float, said: str
) -> None:
    write_nifti(tmp_path / "t1.nii", np.full((4, 4, 4), everywhere, np.float32), np.eye(4))
    with pytest.raises(InputError, match=said) as caught:
        case_images(case(images={Role.T1: tmp_path / "t1.nii"}))
    assert caught.value.code is Code.BLANK


@pytest.mark.parametrize(
    ("stored", "label"), [(2.0000001, 2), (1024, 1024), (65535, 65535), (np.nan, 0)]
)
def test_labels_are_whole_numbers(tmp_path: Path, stored: float, label: int) -> None:
    array = np.full((4, 4, 4), stored, np.float32)
    array[0] = 0
    write_nifti(tmp_path / "seg.nii", array, np.eye(4))
    labels = case_labels(case(reference=tmp_path / "seg.nii"))
    assert labels.array.dtype == np.uint16
    assert set(np.unique(labels.array)) == {0, label}


@pytest.mark.parametrize(
    ("stored", "said"), [(-1, "from -1 to 0"), (65536, "from 0 to 65536"), (1.5, "fractions")]
)
def test_what_cannot_be_labels_is_refused(tmp_path: Path, stored: float, said: str) -> None:
    array = np.zeros((4, 4, 4), np.float32)
    array[1] = stored
    write_nifti(tmp_path / "seg.nii", array, np.eye(4))
    with pytest.raises(InputError, match=rf"seg\.nii is no label map.*{said}"):
        case_labels(case(reference=tmp_path / "seg.nii"))


@pytest.mark.parametrize("content", [b"", b"no segmentation"])
def test_what_is_no_segmentation_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "seg.dcm").write_bytes(content)
    with pytest.raises(InputError, match=r"seg\.dcm is no DICOM segmentation"):
        case_labels(case(reference=tmp_path / "seg.dcm"))


def test_an_image_is_no_segmentation(tmp_path: Path) -> None:
    image = next(path for path in write_study(tmp_path, "first").rglob("*") if path.is_file())
    with pytest.raises(InputError, match="is no DICOM segmentation"):
        case_labels(case(reference=image))


@pytest.mark.parametrize("kind", [[("R", "u1"), ("G", "u1"), ("B", "u1")], np.complex64])
def test_voxels_that_are_not_one_number_are_an_error_of_the_case(
    tmp_path: Path, kind: object
) -> None:
    write_nifti(tmp_path / "t1.nii", np.ones((4, 4, 4), dtype=kind), np.eye(4))
    with pytest.raises(InputError, match=r"t1\.nii holds colours or complex numbers") as caught:
        case_images(case(images={Role.T1: tmp_path / "t1.nii"}))
    assert caught.value.code is Code.COLOUR


@pytest.mark.parametrize("content", [b"", b"no image"])
def test_what_is_no_image_is_an_error_of_the_case(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t1.nii").write_bytes(content)
    with pytest.raises(InputError) as caught:
        case_images(case(images={Role.T1: tmp_path / "t1.nii"}))
    assert caught.value.code is Code.NOT_IMAGE


def test_two_series_in_one_role_are_refused(tmp_path: Path) -> None:
    write_study(tmp_path, "first")
    with pytest.raises(InputError) as caught:
        case_images(case(images={Role.T1: tmp_path}))
    assert caught.value.code is Code.SEVERAL_VOLUMES
