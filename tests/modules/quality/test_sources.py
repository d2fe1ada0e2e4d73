from __future__ import annotations

import numpy as np
import pytest
import torch


@pytest.fixture
def held(code):
    def hold(array, group):
        return code("sources").hold(
            code("subjects").Subject("one", "t1", group, array, (1.0,) * 3, np.full(3, 47.5))
        )

    return hold


def test_images_have_a_foreground_of_about_one_and_nothing_below_none(held, head):
    found = held(700 * head - 5, "head")
    assert found.voxels.dtype == torch.float16
    assert float(found.voxels.min()) == 0
    assert 0.9 < float(found.voxels.max()) < 1.1


def test_an_outlier_does_not_overflow(held, head):
    spoilt = head.copy()
    spoilt[0, 0, 0] = 1e9
    assert torch.isfinite(held(spoilt, "head").voxels).all()


def test_label_maps_keep_every_number(held, head):
    labels = np.select([head == 0.6, head > 0.85, head > 0.4], [507, 2, 3], 0).astype(np.uint16)
    found = held(labels, "labels")
    np.testing.assert_array_equal(found.numbers[found.voxels.numpy()], labels)


def test_the_extent_is_that_of_the_head(held, head):
    assert held(head, "head").extent[0] == held((head > 0.1).astype(np.uint16), "labels").extent[0]
