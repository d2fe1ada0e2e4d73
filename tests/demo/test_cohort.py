from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
import pytest

from pipeline.demo.catalogue import PLANS
from pipeline.demo.cohort import Cohort, write_cohort
from pipeline.demo.truth import TruthCase
from pipeline.errors import Code, OutputError
from pipeline.types import Role, Verdict

MULTI_FRAME = pydicom.uid.EnhancedMRImageStorage


def _series(cohort: Cohort, case: str, number: int) -> list[pydicom.Dataset]:
    return [
        pydicom.dcmread(path) for path in sorted((cohort.dicom / case / f"{number:02d}").iterdir())
    ]


def _case(cohort: Cohort, name: str) -> TruthCase:
    return next(case for case in cohort.cases if case.name == name)


def _voxels(image: pydicom.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """LPS positions, by the equation of PS3.3 C.7.6.2.1.1, and stored values, of all pixels."""
    if image.SOPClassUID != MULTI_FRAME:
        return _plane(image, image, image, image.pixel_array)
    shared = image.SharedFunctionalGroupsSequence[0]
    measures, orientation = shared.PixelMeasuresSequence[0], shared.PlaneOrientationSequence[0]
    planes = [
        _plane(group.PlanePositionSequence[0], orientation, measures, frame)
        for group, frame in zip(
            image.PerFrameFunctionalGroupsSequence, image.pixel_array, strict=True
        )
    ]
    points, values = zip(*planes, strict=True)
    return np.concatenate(points), np.concatenate(values)


def _plane(
    position: pydicom.Dataset,
    orientation: pydicom.Dataset,
    measures: pydicom.Dataset,
    pixels: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    row, column = (axis.ravel()[:, None] for axis in np.indices(pixels.shape))
    along_row, along_column = np.reshape(orientation.ImageOrientationPatient, (2, 3)).astype(float)
    down, across = (float(value) for value in measures.PixelSpacing)
    first = np.array(position.ImagePositionPatient, float)
    return first + column * across * along_row + row * down * along_column, pixels.ravel().astype(
        float
    )


def _series_voxels(cohort: Cohort, case: str, number: int) -> tuple[np.ndarray, np.ndarray]:
    points, values = zip(*map(_voxels, _series(cohort, case, number)), strict=True)
    return np.concatenate(points), np.concatenate(values)


def _truth_at(cohort: Cohort, case: str, points: np.ndarray) -> np.ndarray:
    """Tumour label at LPS positions; 0 outside."""
    image = nib.load(cohort.folder / "truth" / case / "tumour.nii.gz")
    labels = np.asanyarray(image.dataobj)
    ras = np.c_[points * [-1, -1, 1], np.ones(len(points))]
    index = np.rint(ras @ np.linalg.inv(image.affine).T)[:, :3].astype(int)
    inside = ((index >= 0) & (index < labels.shape)).all(1)
    return np.where(inside, labels[tuple(np.clip(index, 0, np.array(labels.shape) - 1).T)], 0)


def _best_shift(cohort: Cohort, case: str, number: int, into_truth: np.ndarray) -> list[int]:
    """The truth's shift, none or 8 mm along an axis, under which the series is brightest."""
    points, signal = _series_voxels(cohort, case, number)
    points = (np.c_[points, np.ones(len(points))] @ into_truth.T)[:, :3]
    lesion = points[_truth_at(cohort, case, points) > 0]
    near = ((points > lesion.min(0) - 10) & (points < lesion.max(0) + 10)).all(1)
    shifts = [np.zeros(3, int), *(8 * np.eye(3, dtype=int)), *(-8 * np.eye(3, dtype=int))]
    lesions = [_truth_at(cohort, case, points[near] - shift) > 0 for shift in shifts]
    brightness = [signal[near][inside].mean() for inside in lesions]
    return [int(step) for step in shifts[int(np.argmax(brightness))]]


def test_every_file_but_one_is_readable_dicom(cohort: Cohort) -> None:
    unreadable = []
    for path in sorted(cohort.dicom.rglob("*.dcm")):
        image = pydicom.dcmread(path)
        assert str(image.PatientName).startswith("DEMO^")
        try:
            frames = np.atleast_3d(image.pixel_array)
        except ValueError:
            unreadable.append(path.relative_to(cohort.dicom).as_posix())
        else:
            assert frames.max() > 0
    assert unreadable == ["incomplete/01/IM00001.dcm"]


def test_incomplete_study_lacks_a_slice_between_others_in_every_series(cohort: Cohort) -> None:
    for number in (1, 2):
        heights = sorted(
            float(
                np.cross(*np.reshape(image.ImageOrientationPatient, (2, 3)))
                @ image.ImagePositionPatient
            )
            for image in _series(cohort, "incomplete", number)
        )
        gaps = np.diff(heights)
        assert np.isclose(gaps, 2 * gaps.min(), rtol=1e-3).sum() == 1
    assert _case(cohort, "incomplete").code == Code.MISSING_SLICE


@pytest.mark.parametrize(
    ("case", "number"), [("frontal", 4), ("repositioned", 3), ("two-contrasts", 1)]
)
def test_flair_shows_the_tumour_where_the_truth_says(
    cohort: Cohort, case: str, number: int
) -> None:
    assert _best_shift(cohort, case, number, np.eye(4)) == [0, 0, 0]


def test_series_in_another_frame_of_reference_shows_the_tumour_moved(cohort: Cohort) -> None:
    (move,) = _case(cohort, "repositioned").moves
    there = np.reshape(move.matrix, (4, 4))
    assert move.role == Role.T2
    assert np.linalg.det(there[:3, :3]) == pytest.approx(1)
    assert _best_shift(cohort, "repositioned", 2, np.linalg.inv(there)) == [0, 0, 0]
    assert _best_shift(cohort, "repositioned", 2, np.eye(4)) != [0, 0, 0]
    frames = [_series(cohort, "repositioned", n)[0].FrameOfReferenceUID for n in (1, 2, 3, 4)]
    assert frames[0] == frames[2] == frames[3] == _case(cohort, "repositioned").frame_of_reference
    assert frames[1] != frames[0]


def test_enhancing_rim_is_bright_after_the_agent_only(cohort: Cohort) -> None:
    def rim(number: int) -> float:
        points, signal = _series_voxels(cohort, "repositioned", number)
        return float(signal[_truth_at(cohort, "repositioned", points) == 3].mean())

    assert rim(4) > 1.25 * rim(1)


def test_contrast_agent_is_named_where_it_was_given(cohort: Cohort) -> None:
    named = [
        bool(_series(cohort, "frontal", n)[0].get("ContrastBolusAgent")) for n in (1, 2, 3, 4, 5)
    ]
    assert named == [False, False, False, False, True]


def test_multi_frame_study_holds_one_object_a_series(cohort: Cohort) -> None:
    for number in (1, 2):
        (image,) = _series(cohort, "two-contrasts", number)
        assert image.SOPClassUID == MULTI_FRAME
        assert (
            len(image.PerFrameFunctionalGroupsSequence)
            == image.NumberOfFrames
            == len(image.pixel_array)
        )


def test_restless_patient_leaves_ghosts_in_the_air(cohort: Cohort) -> None:
    def air(case: str, number: int) -> float:
        image = _series(cohort, case, number)[6].pixel_array.astype(float)
        return float(image[:4].mean() / image.mean())

    assert air("restless", 1) > 1.5 * air("healthy", 1)
    assert _case(cohort, "restless").verdict == Verdict.FAIL


def test_volumes_are_those_of_the_label_maps(cohort: Cohort) -> None:
    for case in cohort.cases:
        folder = cohort.folder / "truth" / case.name
        tumour = np.asanyarray(nib.load(folder / "tumour.nii.gz").dataobj)
        tissue = np.asanyarray(nib.load(folder / "tissue.nii.gz").dataobj)
        assert case.tumour_ml.whole == pytest.approx((tumour > 0).sum() * 0.027)
        assert case.tumour_ml.core == pytest.approx((tumour > 1).sum() * 0.027)
        assert case.tissue_ml.white == pytest.approx((tissue == 3).sum() * 0.027)
        assert (tissue[tumour > 0] > 0).all(), "tissue is defined below the tumour"


def test_healthy_brains_have_no_tumour(cohort: Cohort) -> None:
    assert {case.name for case in cohort.cases if case.tumour_ml.whole == 0} == {
        "healthy",
        "single",
        "restless",
    }


def test_truth_reads_back_as_written(cohort: Cohort) -> None:
    for case in cohort.cases:
        text = (cohort.folder / "truth" / case.name / "truth.json").read_text(encoding="utf-8")
        assert json.loads(text) == json.loads(json.dumps(asdict(case)))
    assert len(list(cohort.folder.glob("truth/*/truth.json"))) == len(cohort.cases)
    assert [case.name for case in cohort.cases] == [plan.name for plan in PLANS]


def test_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_cohort(tmp_path / "file", spacing=8)


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    write_cohort(tmp_path / "a", seed=7, spacing=8, progress=lambda *step: seen.append(step))
    write_cohort(tmp_path / "b", seed=7, spacing=8)
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")
    assert seen[0] == ("frontal", 1, 7)
    assert len(seen) == 7


def test_another_seed_writes_other_images(tmp_path: Path, cohort: Cohort) -> None:
    other = write_cohort(tmp_path, seed=7, spacing=8)
    assert not set(_digests(cohort.dicom).values()) & set(_digests(other.dicom).values())
    assert not {case.study_uid for case in cohort.cases} & {case.study_uid for case in other.cases}


@pytest.mark.skipif(
    shutil.which("dciodvfy") is None, reason="dciodvfy (dicom3tools) is not installed"
)
def test_an_independent_validator_finds_no_error(cohort: Cohort) -> None:
    for series in sorted(cohort.dicom.glob("*/*")):
        path = max(series.iterdir())  # not the first: one of those is cut short on purpose
        answer = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False)
        lines = (answer.stdout + answer.stderr).splitlines()
        assert {"MRImage", "EnhancedMRImage"} & set(lines), "it knows what it looks at"
        assert not [line for line in lines if line.startswith("Error")], path
