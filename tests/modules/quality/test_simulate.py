from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch


@pytest.fixture
def simulate(code):
    return code("simulate")


@pytest.fixture
def hold(code):
    def held(array, group, spacing_mm=(1.0, 1.0, 3.0)):
        centre = (np.array(array.shape) - 1) / 2
        return code("sources").hold(
            code("subjects").Subject("one", "t1", group, array, spacing_mm, centre)
        )

    return held


@pytest.fixture
def source(hold, head):
    """A head in voxels of 1 × 1 × 3 mm, 2 mm voxels of the phantom taken for that."""
    return hold(700 * head, "head")


@pytest.fixture
def labels(hold, head):
    """Skin (507), skull (515), grey (3) and white (2), 1 mm, lying off its middle."""
    numbers = np.select([head == 0.6, head > 0.85, head > 0.4, head > 0], [507, 2, 3, 515], 0)
    return hold(numbers[8:88, 4:88].astype(np.uint16), "labels", (1.0,) * 3)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_a_clean_scan_keeps_its_voxels(simulate, source):
    found = simulate.scan(source, rng())
    assert found.spacing_mm == (1.0, 1.0, 3.0)
    assert found.image.shape == source.voxels.shape
    assert 0.5 < found.image.max() < 2


def test_label_maps_are_painted_anew_each_time(simulate, labels):
    one, other = (simulate.scan(labels, rng(seed)).image for seed in (0, 1))
    assert one.shape == labels.voxels.shape
    assert not torch.allclose(one, other, atol=0.05)


def test_a_brain_that_was_painted_has_no_skin(simulate, labels):
    seen = [simulate.scan(labels, rng(seed)) for seed in range(12)]
    assert {scan.stripped for scan in seen} == {True, False}
    for scan in seen:
        # Smoothing spreads a voxel at most over its neighbours.
        assert bool(scan.image[2:5].any()) is not scan.stripped


@pytest.mark.parametrize("seed", range(6))
def test_what_was_cropped_gets_air_around_it(simulate, labels, seed):
    plain, found = simulate.scan(labels, rng(seed)), simulate.acquired(labels, rng(seed))
    assert all(n % simulate.MULTIPLE == 0 for n in found.image.shape)
    assert all(0 <= n - m < 40 for n, m in zip(found.image.shape, plain.image.shape, strict=True))
    assert float(found.image.sum()) == pytest.approx(float(plain.image.sum()), rel=1e-5)
    head = np.argwhere((found.image > 0).numpy()).mean(0)
    assert np.allclose(head - found.centre, _middle(plain) - plain.centre, atol=0.01)


def _middle(scan):
    return np.argwhere((scan.image > 0).numpy()).mean(0)


def test_a_scanners_own_field_of_view_is_left_alone(simulate, source):
    assert simulate.acquired(source, rng()).image.shape == source.voxels.shape


@pytest.mark.parametrize("seed", range(8))
def test_another_head_has_its_extent_and_centre_in_its_own_voxels(simulate, labels, seed):
    found = simulate.another(labels, rng(seed))
    assert found.voxels.dtype == torch.uint8
    inside = np.argwhere((found.voxels > 0).numpy())
    for axis, (low, high) in enumerate(found.extent):
        assert abs(inside[:, axis].min() - low) < 6
        assert abs(inside[:, axis].max() + 1 - high) < 6
    sides = np.array(found.voxels.shape) * found.spacing_mm
    assert np.allclose(sides, labels.voxels.shape, atol=2)


def test_images_are_mirrored_more_often_than_interpolated(simulate, source):
    same, flipped = 0, 0
    for seed in range(30):
        voxels = simulate.another(source, rng(seed)).voxels
        same += torch.equal(voxels, source.voxels)
        flipped += torch.equal(voxels, source.voxels.flip(0))
    # The phantom is its own mirror image.
    assert 15 < max(same, flipped) < 29


@pytest.mark.parametrize("seed", range(6))
def test_good_scans_differ_but_keep_their_head(simulate, source, seed):
    clean = simulate.scan(source, rng())
    other = simulate.vary(clean, rng(seed))
    assert torch.isfinite(other.image).all()
    assert not torch.equal(other.image, clean.image)
    sides = np.array(other.image.shape) * other.spacing_mm
    assert np.all(sides <= np.array(clean.image.shape) * clean.spacing_mm + 1e-6)
    assert np.all(sides > 70)


def test_slices_that_are_thick_already_get_no_thicker(simulate, source):
    seen = [simulate.vary(simulate.scan(source, rng()), rng(seed)) for seed in range(12)]
    assert {scan.spacing_mm for scan in seen} == {(1.0, 1.0, 3.0)}


def test_brain_extraction_comes_after_the_scanner(simulate, source):
    clean = replace(simulate.scan(source, rng()), stripped=True)
    noisy = simulate.spoil(clean, {"noise": 1.0}, rng())
    assert not noisy.image[clean.image == 0].any()


def test_nothing_is_added_that_was_not_asked_for(simulate, source):
    clean = simulate.scan(source, rng())
    assert torch.equal(simulate.spoil(clean, {}, rng()).image, clean.image)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_no_brain_is_an_image(simulate, source, labels, seed):
    found = simulate.foreign((source, labels), rng(seed))
    assert torch.isfinite(found.image).all()
    assert float(found.image.min()) >= 0
    assert float(found.image.max()) > 0.05


@pytest.mark.parametrize("kind", ["motion", "ghosting", "spikes in few slices"])
def test_a_kind_of_an_artefact_can_be_asked_for_by_name(simulate, code, source, kind):
    clean = simulate.scan(source, rng())
    found = simulate.spoil(clean, {kind: 0.8}, rng(1))
    expected = code("artefacts").KINDS[kind](clean.image, 0.8, rng(1), clean.spacing_mm)
    assert torch.equal(found.image, expected)
    assert not torch.allclose(found.image, clean.image, atol=0.01)
