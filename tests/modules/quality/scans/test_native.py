from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def subject(code, head):
    """A head in voxels of 1 × 1 × 3 mm, 2 mm voxels of the phantom taken for that."""
    return code("scans.subjects").Subject(
        "one", "t1", "head", 700 * head, (1.0, 1.0, 3.0), np.full(3, 47.5)
    )


@pytest.fixture
def native(code):
    return code("scans.native")


def rng(seed=0):
    return np.random.default_rng(seed)


def test_a_clean_scan_keeps_its_voxels(native, subject):
    found = native.scan(subject, rng())
    assert found.spacing_mm == (1.0, 1.0, 3.0)
    assert found.image.shape == subject.array.shape
    assert 0.5 < found.image.max() < 2


@pytest.mark.parametrize("seed", range(4))
def test_good_scans_differ_but_stay_good(native, subject, seed):
    clean = native.scan(subject, rng())
    other = native.vary(clean, rng(seed))
    assert other.image.shape == clean.image.shape
    assert np.corrcoef(other.image.ravel(), clean.image.ravel())[0, 1] > 0.9


def test_thicker_slices_cover_the_same_head_with_fewer_voxels(native, subject):
    from dataclasses import replace

    clean = native.scan(replace(subject, spacing_mm=(1.0, 1.0, 1.0)), rng())
    seen = [native.vary(clean, rng(seed)) for seed in range(12)]
    thick = [scan for scan in seen if max(scan.spacing_mm) > 1]
    assert 1 <= len(thick) <= 9
    for scan in thick:
        sides = np.array(scan.image.shape) * scan.spacing_mm
        assert np.all(np.abs(sides - 96) <= max(scan.spacing_mm))
        middle = np.argwhere(scan.image > 0.2).mean(0)
        assert np.allclose(middle, scan.centre, atol=1.5)


def test_a_blur_is_as_wide_in_millimetres_along_every_axis(native, subject, code):
    clean = native.scan(subject, rng())
    blurred = (
        code("artefacts.scanner").blur(clean.image, 1.0, rng(seed), clean.spacing_mm)
        for seed in range(9)
    )
    soft = next(image for image in blurred if _width(image, clean.image, 2) > 0)
    assert _width(soft, clean.image, 0) > 2 * _width(soft, clean.image, 2)


def _width(soft, sharp, axis):
    """How many more voxels along an axis are neither air nor full skin."""
    line = tuple(slice(None) if a == axis else 48 for a in range(3))
    partial = [((image[line] > 0.01) & (image[line] < 0.4)).sum() for image in (soft, sharp)]
    return partial[0] - partial[1]


@pytest.mark.parametrize("seed", range(6))
def test_a_field_of_view_that_ends_early_is_smaller_or_empty_there(native, subject, seed):
    clean = native.scan(subject, rng())
    ended = native.spoil(clean, {"field_of_view": 0.8}, rng(seed))
    assert (ended.image > 0).sum() < (
        clean.image > 0
    ).sum() or ended.image.sum() <= clean.image.sum()
    assert ended.centre.shape == (3,)


def test_brain_extraction_comes_after_the_scanner(native, subject):
    from dataclasses import replace

    clean = replace(native.scan(subject, rng()), stripped=True)
    noisy = native.spoil(clean, {"noise": 1.0}, rng())
    assert not noisy.image[clean.image == 0].any()


def test_the_network_sees_it_on_its_own_grid(native, subject):
    assert native.shown(native.scan(subject, rng())).shape == (96, 96, 96)
