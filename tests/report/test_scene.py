from __future__ import annotations

import numpy as np
import pytest

from pipeline.report.scene import crop, head_box, middle_mm, scene, window_of

from .phantom import LESION_MM, ORIGIN, SHAPE, head, on_grid, tumour


def test_fat_does_not_set_the_window_and_tissue_is_not_black_as_air() -> None:
    image = np.zeros((40, 40, 40), np.float32)
    image[10:30, 10:30, 10:30] = np.linspace(400, 600, 8000).reshape(20, 20, 20)
    image[10, 10, :5] = 30_000
    grey = window_of(image).grey(image)
    assert grey[0, 0, 0] == 0
    assert grey[11:30, 11:30, 11:30].min() > 80
    assert grey[29, 29, 29] > 250


@pytest.mark.parametrize("value", [0.0, -7.0, np.nan])
def test_an_image_without_contrast_is_black(value: float) -> None:
    image = np.full((4, 4, 4), value, np.float32)
    assert not window_of(image).grey(image).any()


def test_what_is_above_a_level_is_what_is_drawn_brighter() -> None:
    image = np.random.default_rng(0).gamma(2.0, 100.0, (20, 20, 20)).astype(np.float32)
    image[0, 0, 0] = np.inf
    window = window_of(image)
    assert np.array_equal(window.above(image, 30), window.grey(image) > 30)


def test_the_head_is_cropped_without_moving_it() -> None:
    padded = on_grid(np.pad(head(800.0).array, 30))
    cropped = crop(padded, head_box(padded))
    assert cropped.spatial_shape < padded.spatial_shape
    assert middle_mm(cropped) == pytest.approx(middle_mm(padded))
    assert cropped.array.sum() == pytest.approx(padded.array.sum(), rel=1e-3)


def test_nothing_is_cropped_where_nothing_is_seen() -> None:
    empty = on_grid(np.zeros(SHAPE, np.float32))
    assert crop(empty, head_box(empty)).spatial_shape == SHAPE
    assert middle_mm(empty) == tuple(o + (n - 1) / 2 for o, n in zip(ORIGIN, SHAPE, strict=True))


def test_the_middle_of_a_lesion_is_a_patient_position() -> None:
    assert middle_mm(tumour()) == pytest.approx(LESION_MM, abs=0.1)


def test_labels_follow_the_image_whatever_the_order_of_their_axes() -> None:
    expected = scene(head(800.0), tumour(), ()).labels
    turned = scene(head(800.0).to_patient_orientation("RAH"), tumour(), ()).labels
    other = scene(head(800.0), tumour().to_patient_orientation("HRA"), ()).labels
    assert np.array_equal(expected, turned)
    assert np.array_equal(expected, other)
