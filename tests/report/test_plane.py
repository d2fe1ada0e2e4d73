from __future__ import annotations

import numpy as np
import pytest
from highdicom import Volume

from pipeline.report.plane import AXIAL, CORONAL, PLANES, SAGITTAL, Plane, cut, locate, on_screen

SHAPE = (6, 8, 10)


@pytest.mark.parametrize(
    ("plane", "towards", "corner"),
    [
        (AXIAL, (5, 0, 4), (0, 5)),
        (CORONAL, (5, 4, 9), (0, 5)),
        (SAGITTAL, (3, 0, 9), (0, 0)),
    ],
    ids=["left anterior", "left superior", "anterior superior"],
)
def test_a_corner_of_the_head_lands_where_a_radiologist_looks_for_it(
    plane: Plane, towards: tuple[int, int, int], corner: tuple[int, int]
) -> None:
    array = np.zeros(SHAPE, np.uint8)
    array[towards] = 1
    (found,) = np.argwhere(cut(array, plane, towards[plane.through]))
    assert tuple(found) == corner
    assert on_screen(towards, plane, SHAPE) == corner


@pytest.mark.parametrize("plane", PLANES, ids=lambda plane: plane.name)
def test_every_voxel_is_found_on_screen(plane: Plane) -> None:
    array = np.arange(np.prod(SHAPE)).reshape(SHAPE)
    index = (2, 5, 7)
    row, column = on_screen(index, plane, SHAPE)
    assert cut(array, plane, index[plane.through])[row, column] == array[index]


def test_a_point_outside_is_held_inside() -> None:
    volume = Volume(np.zeros(SHAPE), np.diag([2.0, 2.0, 2.0, 1.0]), "PATIENT")
    assert locate(volume, (4.0, 6.0, 8.0)) == (2, 3, 4)
    assert locate(volume, (-900.0, 6.0, 900.0)) == (0, 3, 9)
