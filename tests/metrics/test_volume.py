from __future__ import annotations

import math

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given

from pipeline.metrics import volume, volume_bias, volume_error
from tests.metrics.masks import EMPTY, SPACINGS, blobs, cube, disturbed, masks, pads


@pytest.mark.parametrize("spacing", SPACINGS)
def test_volumes_agree_with_simpleitk(spacing: tuple) -> None:
    mask = blobs(3)
    image = sitk.GetImageFromArray(mask.T.astype(np.uint8))
    image.SetSpacing(spacing)
    measured = sitk.LabelShapeStatisticsImageFilter()
    measured.Execute(image)
    assert volume(mask, spacing) * 1000 == pytest.approx(measured.GetPhysicalSize(1))


def test_the_error_agrees_with_simpleitks_overlap_measures() -> None:
    prediction, truth = disturbed(1)
    measured = sitk.LabelOverlapMeasuresImageFilter()
    images = [sitk.GetImageFromArray(mask.astype(np.uint8)) for mask in (truth, prediction)]
    measured.Execute(*images)
    similarity = measured.GetVolumeSimilarity(1)  # 2 (V_T - V_P) / (V_T + V_P)
    bias = volume_bias(prediction, truth)
    assert 2 * bias / (2 + bias) == pytest.approx(-similarity)


def test_half_the_voxels_are_half_the_volume() -> None:
    truth = cube((2, 2, 2), 4)
    half = truth & (np.arange(20) < 4)
    assert volume(truth, (1, 1, 2)) == pytest.approx(0.128)
    assert volume_bias(half, truth) == -0.5
    assert volume_error(half, truth) == 0.5


@given(masks, masks, pads)
def test_padding_changes_nothing(a: np.ndarray, b: np.ndarray, pad: tuple) -> None:
    wide = volume_bias(np.pad(a, pad), np.pad(b, pad))
    assert wide == pytest.approx(volume_bias(a, b), nan_ok=True)
    assert math.isnan(wide) or wide >= -1


def test_an_empty_truth_has_no_relative_error() -> None:
    assert math.isnan(volume_error(cube((0, 0, 0), 2, EMPTY.shape), EMPTY))
    assert volume(EMPTY, (1, 1, 1)) == 0.0


@given(masks, masks)
def test_the_bias_is_undefined_exactly_where_the_truth_is_empty(
    prediction: np.ndarray, truth: np.ndarray
) -> None:
    assert math.isnan(volume_bias(prediction, truth)) == (not truth.any())
    assert math.isnan(volume_bias(prediction, np.zeros_like(truth)))
