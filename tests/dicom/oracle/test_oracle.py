"""Every voxel and the affine against other readers; `python -m benchmarks.oracle` prints it all."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pydicom.data
import pytest

from pipeline.dicom.read.scan import scan
from pipeline.errors import Code
from tests.dicom.oracle.catalogue import samples
from tests.dicom.oracle.compare import Image, compare
from tests.dicom.oracle.phantom import Sample, volume, write
from tests.dicom.oracle.verdict import Line, judge, judge_sample

pytestmark = [
    pytest.mark.skipif(shutil.which("dcm2niix") is None, reason="needs dcm2niix as the oracle"),
    pytest.mark.skipif(shutil.which("dcmcjpeg") is None, reason="needs dcmtk to encode JPEG"),
]
PYDICOMS = Path(pydicom.data.__file__).parent / "test_files"
# Neither dcm2niix nor SimpleITK nor highdicom makes one volume of a concatenation.
TRUTH_ALONE = {"concatenation"}


@pytest.mark.parametrize("sample", list(samples()), ids=lambda sample: sample.name)
def test_a_synthesised_series_is_read_exactly_or_refused(sample: Sample, tmp_path: Path) -> None:
    line = judge_sample(sample, write(sample, tmp_path))
    assert not line.wrong, line
    assert line.code is sample.refused
    assert line.equal or line.code or sample.name in TRUTH_ALONE, line


def all_series(folder: Path) -> list[Line]:
    return [judge(str(one.number), one) for study in scan([folder]).studies for one in study.series]


def test_every_series_of_pydicoms_own_files_is_read_exactly_or_refused() -> None:
    lines = all_series(PYDICOMS)
    assert not [line for line in lines if line.wrong]
    assert [line.name for line in lines if line.equal] == ["5"]
    assert {line.code for line in lines if line.code} == {
        Code.COLOUR,
        Code.DECODE,  # radiographs from white to black
        Code.MISSING_SLICE,
        Code.MIXED_ORIENTATION,
        Code.NO_GEOMETRY,
        Code.TOO_FEW_SLICES,
    }


@pytest.mark.slow
def test_every_real_series_is_read_exactly_or_refused(real_dicom: Path) -> None:
    lines = all_series(real_dicom)
    assert not [line for line in lines if line.wrong]
    read = sorted(line.name for line in lines if line.equal)
    assert read == sorted(["2", "2", "2", "5", "6", "21", "28", "1301", "1901", "201"])
    refused = Counter(line.code for line in lines if line.code)
    assert refused == {Code.SEVERAL_VOLUMES: 4, Code.COLOUR: 1}


def test_the_comparison_itself_notices_a_flip_a_shift_and_a_value() -> None:
    truth = volume()
    image = Image(truth.array, truth.affine)
    assert compare(image, image).within()
    flipped = Image(truth.array[:, :, ::-1], truth.affine)
    assert not compare(flipped, image).within()
    shifted = truth.affine.copy()
    shifted[0, 3] += 0.01
    assert not compare(Image(truth.array, shifted), image).within()
    brighter = truth.array.copy()
    brighter[3, 2, 1] += 1
    assert not compare(Image(brighter, truth.affine), image).within()


def test_the_comparison_sees_through_another_order_of_the_axes() -> None:
    truth = volume()
    turn = np.array([[0.0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
    turned = Image(truth.array.transpose(1, 2, 0), truth.affine @ turn)
    assert compare(Image(truth.array, truth.affine), turned).within()
