from __future__ import annotations

import numpy as np
import pytest
import torch


@pytest.fixture
def series(code, head):
    module = code("series")
    image = torch.from_numpy(head)
    return module.Series(image, (1.0,) * 3, False, np.full(3, 47.5), module.extent_of(image))


def test_extent_is_the_heads(series, head):
    for axis in range(3):
        across = tuple(a for a in range(3) if a != axis)
        filled = np.flatnonzero(np.count_nonzero(head > 0.12, axis=across) > 0.01 * 96 * 96)
        assert series.extent[axis] == (filled[0], filled[-1] + 1)


def test_what_is_kept_keeps_its_place(code, series):
    found = code("series").kept(series, [10, -4, 0], [90, 100, 60])
    assert found.image.shape == (80, 104, 60)
    assert torch.equal(found.image[:, 4:100], series.image[10:90, :, :60])
    assert not found.image[:, :4].any()
    np.testing.assert_array_equal(found.centre, [37.5, 51.5, 47.5])
    assert found.extent[0] == (0, series.extent[0][1] - 10)
    assert found.extent[1] == tuple(end + 4 for end in series.extent[1])


def test_a_new_field_of_view_has_its_own_middle(code, series):
    found = code("series").kept(series, [10, 0, 0], [90, 96, 60], recentred=True)
    np.testing.assert_array_equal(found.centre, [39.5, 47.5, 29.5])


def test_thicker_slices_cover_the_same_head_with_fewer_voxels(code, series):
    found = code("series").thicker(series, 2, 5.0)
    assert found.image.shape == (96, 96, 19)
    assert found.spacing_mm == (1.0, 1.0, 5.0)
    assert torch.allclose(found.image[:, :, 3], series.image[:, :, 15:20].mean(2))
    middle = np.argwhere((found.image > 0.2).numpy()).mean(0)
    assert np.allclose(middle, found.centre, atol=0.5)
    low, high = found.extent[2]
    assert low * 5 <= series.extent[2][0]
    assert high * 5 >= series.extent[2][1] - 5
