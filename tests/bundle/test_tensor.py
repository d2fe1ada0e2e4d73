from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from highdicom import Volume
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bundle.contract_needs import Needs
from pipeline.bundle.tensor import bounding_box, crop, restore, stack, widened
from pipeline.types import Inputs, Prediction, Role

SHAPE = (20, 22, 24)


def volume(value: float) -> Volume:
    array = np.zeros(SHAPE, np.float32)
    array[8:12, 9:13, 10:14] = value
    return Volume(array, np.diag([1.0, 1.0, 2.0, 1.0]), coordinate_system="PATIENT")


def needs(take: str, mask: str = "") -> Needs:
    roles = (Role.T1, Role.T1C, Role.FLAIR)
    return Needs("case", roles, roles, take, (1.0, 1.0, 2.0), mask=mask)


def test_every_role_has_its_channel_and_a_missing_one_is_zero() -> None:
    channels = stack(needs("all"), Inputs({Role.FLAIR: volume(3), Role.T1: volume(1)}, {}))
    assert channels.array.max((1, 2, 3)).tolist() == [1.0, 0.0, 3.0]


def test_first_takes_one_channel_by_preference() -> None:
    channels = stack(needs("first"), Inputs({Role.FLAIR: volume(3), Role.T1C: volume(2)}, {}))
    assert channels.array.shape[0] == 1
    assert channels.array.max() == 2.0


def test_the_crop_keeps_all_that_is_not_zero() -> None:
    channels = stack(needs("first"), Inputs({Role.T1: volume(1)}, {}))
    assert channels.array.shape[1:] == (12, 12, 12)
    assert channels.array.sum() == volume(1).array.sum()


def test_outside_the_upstream_mask_the_input_is_zero() -> None:
    labels = np.zeros(SHAPE, np.uint8)
    labels[8:10] = 1
    inputs = Inputs({Role.T1: volume(1)}, {}, {"tissue": Prediction(labels)})
    channels = stack(needs("first", mask="tissue"), inputs)
    assert channels.array.sum() == 2 * 4 * 4


def test_a_margin_keeps_voxels_a_little_beyond_the_mask() -> None:
    labels = np.zeros(SHAPE, np.uint8)
    labels[8:10, 9:13, 10:14] = 1
    wide = replace(needs("first", mask="tissue"), margin_mm=2.0)
    inputs = Inputs({Role.T1: volume(1)}, {}, {"tissue": Prediction(labels)})
    assert stack(wide, inputs).array.sum() == 4 * 4 * 4


@given(st.integers(0, 3), st.tuples(*(st.integers(0, 8),) * 3))
def test_a_mask_grows_by_so_many_steps_and_stays_inside_the_grid(
    steps: int, at: tuple[int, int, int]
) -> None:
    mask = np.zeros((9, 9, 9), bool)
    mask[at] = True
    distance = sum(
        abs(axis - place) for axis, place in zip(np.indices(mask.shape), at, strict=True)
    )
    np.testing.assert_array_equal(widened(mask, steps), distance <= steps)


def test_an_empty_image_keeps_its_whole_grid() -> None:
    box = bounding_box(np.zeros(SHAPE, bool))
    assert tuple(s.stop - s.start for s in box) == SHAPE


def test_positions_stay_true_inside_the_crop_and_labels_return_to_their_place() -> None:
    inputs = Inputs({Role.T1: volume(1)}, {})
    box = (slice(4, 16), slice(5, 17), slice(6, 18))
    inside = crop(inputs, box).volumes[Role.T1]
    np.testing.assert_allclose(
        inside.map_indices_to_reference(np.array([[0, 0, 0]])), [[4.0, 5.0, 12.0]]
    )
    back = restore(Prediction((inside.array > 0).astype(np.uint8)), box, SHAPE)
    np.testing.assert_array_equal(back.labels, inputs.volumes[Role.T1].array > 0)


def test_what_is_handed_on_cannot_be_written_into() -> None:
    mine = Inputs(
        {Role.T1: volume(1)},
        {Role.T1: volume(2)},
        {"tissue": Prediction(np.ones(SHAPE, np.uint8))},
        {"threshold": 0.5},
    )
    given = crop(mine, (slice(0, 20), slice(0, 22), slice(0, 24)))
    labels = given.upstream["tissue"].labels
    assert labels is not None
    for array in (given.volumes[Role.T1].array, given.native[Role.T1].array, labels):
        with pytest.raises(ValueError, match="read-only"):
            array -= 1
    with pytest.raises(TypeError):
        given.parameters["threshold"] = 0.7  # type: ignore[index]
    given.native[Role.T1].array = np.zeros(SHAPE)
    assert mine.native[Role.T1].array.max() == 2
    assert np.shares_memory(mine.volumes[Role.T1].array, given.volumes[Role.T1].array)
