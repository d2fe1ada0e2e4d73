from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from pipeline.train.smooth import bias, blur, dilate, field, field_like, noise_like, sides, thick


def image(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).random(shape, np.float32))


def test_one_number_is_the_side_of_a_cube() -> None:
    assert sides(7) == (7, 7, 7)
    assert sides((3, 4, 5)) == (3, 4, 5)


@pytest.mark.parametrize("sigma", [1, 0.6, (0.0, 1.4, 0.3)])
def test_blur_is_scipys_gaussian(sigma: float | tuple[float, ...]) -> None:
    values = image(12, 9, 10)
    wanted = ndimage.gaussian_filter(values.numpy(), sigma)
    np.testing.assert_allclose(blur(values, sigma).numpy(), wanted, atol=1e-5)


@settings(deadline=None, max_examples=40)
@given(
    shape=st.tuples(*[st.integers(9, 16)] * 3),
    sigma=st.tuples(*[st.floats(0, 2)] * 3),
    seed=st.integers(0, 99),
)
def test_blur_is_scipys_gaussian_in_any_shape_that_holds_it(
    shape: tuple[int, int, int], sigma: tuple[float, float, float], seed: int
) -> None:
    values = image(*shape, seed=seed)
    wanted = ndimage.gaussian_filter(values.numpy(), sigma)
    np.testing.assert_allclose(blur(values, sigma).numpy(), wanted, atol=1e-5)


def test_blur_leaves_the_image_it_was_given_alone() -> None:
    values = image(8, 8, 8)
    before = values.clone()
    blur(values, 1.0)
    assert torch.equal(values, before)


@pytest.mark.parametrize("axis", range(3))
def test_thick_slices_average_along_one_axis_only(axis: int) -> None:
    plane = torch.zeros(20, 20, 20)
    plane.select(axis, 10).fill_(1)
    along, across = thick(plane, axis, 4.0), thick(plane, (axis + 1) % 3, 4.0)
    assert along.shape == across.shape == plane.shape
    assert float(along.max()) < 0.5, "the plane is spread over its neighbours"
    assert float(along.sum(axis).std()) < 1e-4, "and alike wherever one looks"
    torch.testing.assert_close(across, plane)


@pytest.mark.parametrize("thickness", [1.0, 2.5, 7.0])
def test_thick_slices_keep_the_shape_and_an_even_image(thickness: float) -> None:
    even = torch.full((9, 12, 10), 0.7)
    torch.testing.assert_close(thick(even, 1, thickness), even)


@settings(deadline=None, max_examples=40)
@given(mask=arrays(bool, array_shapes(min_dims=3, max_dims=3, max_side=7)), steps=st.integers(1, 3))
def test_dilation_is_scipys_with_its_cross(mask: np.ndarray, steps: int) -> None:
    wide = dilate(torch.from_numpy(mask.copy()), steps).numpy()
    np.testing.assert_array_equal(wide, ndimage.binary_dilation(mask, iterations=steps))


def test_no_step_is_no_dilation() -> None:
    mask = image(5, 6, 7) > 0.8
    assert torch.equal(dilate(mask, 0), mask)


def test_the_same_generator_gives_the_same_noise() -> None:
    like = torch.zeros(20, 18, 16)
    first, again, other = (noise_like(like, np.random.default_rng(s)) for s in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == like.shape
    assert float(first.mean()) == pytest.approx(0, abs=0.05)
    assert float(first.std()) == pytest.approx(1, abs=0.05)


def test_the_same_generator_gives_the_same_field() -> None:
    first, again, other = (field((10, 12, 14), 4, np.random.default_rng(s), 2) for s in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == (2, 10, 12, 14)
    assert not torch.equal(first[0], first[1])


def test_a_field_is_smooth_between_its_knots() -> None:
    rough, smooth = (
        field_like(torch.zeros(33, 30, 31), knots, np.random.default_rng(0)) for knots in (30, 3)
    )
    assert smooth.shape == (33, 30, 31)
    assert float(smooth.diff(dim=0).abs().max()) < 0.5 * float(rough.diff(dim=0).abs().max())


@settings(deadline=None, max_examples=20)
@given(strength=st.floats(0, 2), seed=st.integers(0, 999))
def test_a_coil_changes_brightness_but_never_its_sign(strength: float, seed: int) -> None:
    lit = bias(torch.full((9, 8, 7), 0.5), strength, np.random.default_rng(seed))
    assert lit.shape == (9, 8, 7)
    assert float(lit.min()) > 0


def test_a_coil_of_no_strength_is_even() -> None:
    values = image(6, 7, 8)
    assert torch.equal(bias(values, 0.0, np.random.default_rng(0)), values)
    assert not torch.equal(bias(values, 0.3, np.random.default_rng(0)), values)
