from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from highdicom import Volume
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.run.ground import grounded
from pipeline.run.prepare import read
from tests.conftest import write_study

SHAPE = (24, 26, 20)
HEAD = np.linalg.norm(np.indices(SHAPE).T - np.array(SHAPE) / 2, axis=-1).T < 8


def on_grid(array: np.ndarray) -> Volume:
    return Volume(array.astype(np.float32), np.eye(4), "PATIENT")


def scanned(seed: int = 0) -> np.ndarray:
    """A head in air that is noise, as a scanner records it: nothing below zero."""
    noise = np.abs(np.random.default_rng(seed).normal(0, 12, SHAPE))
    return np.asarray(np.rint(HEAD * 600 + noise), np.float32)


def test_an_image_of_nothing_below_zero_is_left_as_it_is() -> None:
    volume = on_grid(scanned())
    assert grounded(volume) is volume


@given(seed=st.integers(0, 50), intercept=st.integers(-4000, -100))
def test_an_intercept_moves_nothing(seed: int, intercept: int) -> None:
    image = scanned(seed)
    assert np.array_equal(grounded(on_grid(image + intercept)).array, image - image.min())


@pytest.mark.parametrize("intercept", [0, -1000])
def test_what_fills_the_place_around_a_turned_image_is_outside(intercept: int) -> None:
    image = scanned() + intercept
    around = np.indices(SHAPE).sum(axis=0) < 18
    found = grounded(on_grid(np.where(around, -2000, image))).array
    inside = image[~around] - (image[~around].min() if intercept else 0)
    assert found[~around] == pytest.approx(inside, abs=1)
    assert not found[around].any()


def test_a_little_filling_leaves_air_where_it_is() -> None:
    image = scanned()
    filled = image.copy()
    filled[:2, :2, :2] = -32768
    assert np.array_equal(grounded(on_grid(filled)).array[2:], image[2:])


def test_a_z_scored_head_keeps_the_zero_around_it() -> None:
    volume = on_grid(np.where(HEAD, np.random.default_rng(0).normal(0, 1, SHAPE), 0))
    assert grounded(volume) is volume


def test_a_masked_head_below_its_surroundings_is_moved_with_them() -> None:
    head = np.random.default_rng(0).normal(0, 1, SHAPE)
    found = grounded(on_grid(np.where(HEAD, head, -5.0))).array
    assert not found[~HEAD].any()
    assert np.ptp(found[HEAD]) == pytest.approx(np.ptp(head[HEAD]))
    assert found[HEAD].min() > 0


def test_a_resampled_image_that_swings_below_zero_is_left_as_it_is() -> None:
    image = scanned()
    image[10:12, 3, 3] = -20
    assert np.array_equal(grounded(on_grid(image)).array, image)


def test_a_series_with_a_negative_intercept_is_read_as_without(tmp_path: Path) -> None:
    plain, lower = write_study(tmp_path / "plain", "a"), write_study(tmp_path / "lower", "a")
    for path in lower.rglob("*.dcm"):
        dataset = pydicom.dcmread(path)
        dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, -1000, "US"
        dataset.save_as(path)
    one, other = (read(assign(scan([p]).studies[0], ())) for p in (plain, lower))
    assert one.native.keys() == other.native.keys()
    for role, volume in one.native.items():
        assert np.array_equal(volume.array, other.native[role].array)
