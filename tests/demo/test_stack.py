from __future__ import annotations

import numpy as np
import pytest

from pipeline.demo.stack import Stack


@pytest.mark.parametrize(
    ("plane", "normal"),
    [("axial", (0, 0, 1)), ("sagittal", (-1, 0, 0)), ("coronal", (0, 1, 0))],
)
def test_slices_follow_the_plane_s_normal(plane: str, normal: tuple[float, ...]) -> None:
    stack = Stack(plane, 64, 48, 10, 1.0, 5.0, 6.0)
    step = stack.position(1) - stack.position(0)
    assert step == pytest.approx(6.0 * np.array(normal))


def test_stack_is_centred_where_it_was_put() -> None:
    stack = Stack("axial", 64, 48, 11, 2.0, 5.0, 6.0, centre_mm=(3.0, 4.0, 5.0), tilt_degrees=20.0)
    middle = stack.position(5) + stack.directions[:, :2] @ np.array([23.5, 31.5]) * 2.0
    assert middle == pytest.approx([3.0, 4.0, 5.0])


def test_tilt_turns_the_slices_but_keeps_directions_orthonormal() -> None:
    directions = Stack("axial", 64, 64, 10, 1.0, 5.0, 6.0, tilt_degrees=-14.0).directions
    assert directions.T @ directions == pytest.approx(np.eye(3))
    assert np.degrees(np.arccos(directions[2, 2])) == pytest.approx(14.0)


def test_coarser_keeps_the_field_of_view() -> None:
    stack = Stack("axial", 192, 192, 96, 1.0, 1.5, 1.5)
    coarse = stack.coarser(3)
    assert coarse.rows * coarse.pixel_mm == pytest.approx(192)
    assert coarse.slices * coarse.spacing_mm == pytest.approx(144, rel=0.05)


def test_sampling_grids_lie_symmetrically_about_the_slice() -> None:
    stack = Stack("axial", 8, 8, 4, 1.0, 5.0, 6.0)
    depths = [stack.sampling_grid(sample).GetOrigin()[2] for sample in range(stack.samples)]
    assert np.mean(depths) == pytest.approx(stack.origin[2])
    assert max(depths) - min(depths) < 5.0
