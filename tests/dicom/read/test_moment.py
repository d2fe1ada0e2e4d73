from __future__ import annotations

from datetime import datetime

import pytest
from pydicom import Dataset

from pipeline.dicom.read.acquisition import read_acquisition
from pipeline.dicom.read.moment import moment

NOON = datetime(2024, 2, 29, 12, 0, 5, 250000)


@pytest.mark.parametrize(
    "said",
    [
        ("20240229120005.250000+0100", "", ""),
        ("20240229120005.25", "19990101", "010101"),
        ("", "20240229", "120005.25"),
        ("", "2024.02.29", "12:00:05.25"),
    ],
)
def test_a_moment_is_read_however_it_is_written(said: tuple[str, str, str]) -> None:
    assert moment(*said) == NOON


@pytest.mark.parametrize(
    "said",
    [
        ("", "", ""),
        ("", "20240229", ""),
        ("", "", "120005"),
        ("20240229", "", ""),
        ("", "20240231", "120005"),
        ("", "20240229", "noon"),
        ("", "00000000", "000000"),
    ],
)
def test_half_a_moment_is_none(said: tuple[str, str, str]) -> None:
    assert moment(*said) is None


def test_only_the_scanners_time_counts() -> None:
    header = Dataset()
    header.SeriesDate = header.ContentDate = "20240229"
    header.SeriesTime = header.ContentTime = "130000"
    assert read_acquisition(header).acquired is None
    header.AcquisitionTime = "120005.25"
    assert read_acquisition(header).acquired == NOON
    assert "2024" not in repr(read_acquisition(header))


def test_a_frames_time_is_found() -> None:
    frame, group, header = Dataset(), Dataset(), Dataset()
    frame.FrameAcquisitionDateTime = "20240229120005.25"
    group.FrameContentSequence = [frame]
    header.PerFrameFunctionalGroupsSequence = [group]
    assert read_acquisition(header).acquired == NOON
