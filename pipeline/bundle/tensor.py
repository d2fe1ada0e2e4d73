"""From volumes to a network's channels and back: mask, crop to what matters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from highdicom import Volume
from scipy import ndimage

from pipeline.bundle.contract_needs import Needs
from pipeline.types import Inputs, Prediction, Role

Box = tuple[slice, slice, slice]
MARGIN = 4


@dataclass(frozen=True)
class Channels:
    """A network's input.

    Attributes
    ----------
    array : ndarray of float32, shape (channels, x, y, z)
        Cropped to `box`; a missing role's channel is zero.
    box : tuple of slice
        Where the crop lies on the contract's grid.
    """

    array: np.ndarray
    box: Box


def chosen(needs: Needs, present: set[Role]) -> tuple[Role, ...]:
    """Which of the roles that are there the module will look at, in channel order."""
    there = tuple(role for role in needs.roles if role in present)
    return there[:1] if needs.take == "first" else there


def stack(needs: Needs, inputs: Inputs) -> Channels:
    """Build the input channels on the contract's grid."""
    roles = chosen(needs, set(inputs.volumes))
    order = roles if needs.take == "first" else needs.roles
    shape = inputs.volumes[roles[0]].spatial_shape
    mask = _mask(needs, inputs)
    if mask is None:
        mask = np.logical_or.reduce([inputs.volumes[role].array != 0 for role in roles])
    box = (slice(0, shape[0]), slice(0, shape[1]), slice(0, shape[2]))
    if not needs.shape:
        box = bounding_box(mask)
    # Resampled arrays run the other way in memory; turned once, it is not turned for each channel.
    inside = np.ascontiguousarray(mask[box])
    array = np.zeros((len(order), *inside.shape), np.float32)
    for channel, role in enumerate(order):
        if role in inputs.volumes:
            np.multiply(inputs.volumes[role].array[box], inside, out=array[channel])
    return Channels(array, box)


def bounding_box(mask: np.ndarray) -> Box:
    """The smallest box around the mask and 4 voxels more; everything if the mask is empty."""
    x, y, z = (_extent(mask, axis) for axis in range(3))
    return x, y, z


def _extent(mask: np.ndarray, axis: int) -> slice:
    others = tuple(other for other in range(3) if other != axis)
    inside, size = np.flatnonzero(mask.any(axis=others)), mask.shape[axis]
    if not inside.size:
        return slice(0, size)
    return slice(max(0, int(inside[0]) - MARGIN), min(size, int(inside[-1]) + 1 + MARGIN))


def crop(inputs: Inputs, box: Box) -> Inputs:
    """Keep what lies inside `box`, to be read only; patient positions stay true.

    The arrays are views of what the next module is given: a bundle's code that writes into one
    raises ValueError.
    """
    return replace(
        inputs,
        volumes={role: _inside(volume, box) for role, volume in inputs.volumes.items()},
        native={
            role: volume.with_array(_lent(volume.array)) for role, volume in inputs.native.items()
        },
        upstream={name: _cut(prediction, box) for name, prediction in inputs.upstream.items()},
        parameters=MappingProxyType(dict(inputs.parameters)),
    )


def restore(prediction: Prediction, box: Box, shape: tuple[int, ...]) -> Prediction:
    """Put the label map back into its place on the whole grid."""
    if prediction.labels is None:
        return prediction
    labels = np.zeros(shape, np.uint8)
    labels[box] = prediction.labels
    return replace(prediction, labels=labels)


def _mask(needs: Needs, inputs: Inputs) -> np.ndarray | None:
    prediction = inputs.upstream.get(needs.mask)
    if prediction is None or prediction.labels is None:
        return None
    return widened(prediction.labels > 0, round(needs.margin_mm / min(needs.spacing_mm)))


def widened(mask: np.ndarray, steps: int) -> np.ndarray:
    """The mask and what lies within so many steps from voxel to neighbour."""
    if steps < 1 or not mask.any():
        return mask
    wide = np.zeros_like(mask)
    box = tuple(
        slice(max(0, side.start - steps), side.stop + steps)
        for side in ndimage.find_objects(mask.astype(np.uint8))[0]
    )
    wide[box] = ndimage.binary_dilation(mask[box], iterations=steps)
    return wide


def _cut(prediction: Prediction, box: Box) -> Prediction:
    if prediction.labels is None:
        return prediction
    return replace(prediction, labels=_lent(prediction.labels[box]))


def _inside(volume: Volume, box: Box) -> Volume:
    affine = volume.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ np.array([s.start for s in box])
    return Volume(
        _lent(volume.array[box]),
        affine,
        coordinate_system="PATIENT",
        frame_of_reference_uid=volume.frame_of_reference_uid,
    )


def _lent(array: np.ndarray) -> np.ndarray:
    """The same memory, to be read only."""
    view = array.view()
    view.flags.writeable = False
    return view
