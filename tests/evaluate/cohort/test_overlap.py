"""A label map is held against its image's field of view."""

from __future__ import annotations

import numpy as np
import pytest
from highdicom import Volume

from pipeline.evaluate.cohort.overlap import lies_outside


def volume(labelled: tuple[slice, ...] = (), shift: float = 0.0, turn: float = 0.0) -> Volume:
    """A cube of 20 mm in voxels of 2 mm, moved along x and turned about z."""
    array = np.zeros((10, 10, 10), np.uint16)
    if labelled:
        array[labelled] = 1
    cos, sin = np.cos(turn), np.sin(turn)
    affine = np.array(
        [[2 * cos, -2 * sin, 0, shift], [2 * sin, 2 * cos, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1]]
    )
    return Volume(array, affine, coordinate_system="PATIENT")


EVERYWHERE = (slice(None),) * 3
LAST_SLAB = (slice(8, None), slice(None), slice(None))


@pytest.mark.parametrize(
    ("shift", "outside"), [(0, False), (19, False), (20, True), (-20, True), (500, True)]
)
def test_a_label_map_lies_outside_where_no_voxel_is_shared(shift: float, outside: bool) -> None:
    assert lies_outside(volume(EVERYWHERE, shift), volume()) is outside


def test_its_labels_count_and_not_its_empty_margin() -> None:
    assert lies_outside(volume(LAST_SLAB, 10), volume())
    assert not lies_outside(volume(LAST_SLAB, -10), volume())


def test_where_nothing_is_labelled_its_grid_counts() -> None:
    assert not lies_outside(volume(), volume())
    assert lies_outside(volume(shift=500), volume())


def test_grids_may_be_turned() -> None:
    assert not lies_outside(volume(EVERYWHERE, turn=0.6), volume())
    assert lies_outside(volume(EVERYWHERE, shift=40, turn=0.6), volume())
