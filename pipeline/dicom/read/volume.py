"""Load a series as one volume, and fingerprint it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.dicom.read.decode import Stored, decode
from pipeline.dicom.read.order import in_order
from pipeline.dicom.read.plane import Plane
from pipeline.dicom.read.source import Source, of_image, source_of
from pipeline.dicom.read.stack import Stack
from pipeline.errors import Code, InputError
from pipeline.study import Series

if TYPE_CHECKING:
    from highdicom import Volume

Pixels = NDArray[np.float32]
# Digits of the affine that count: a tenth of a micrometre.
AFFINE_DIGITS = 4


def load(series: Series) -> Volume:
    """Read a series, classic or enhanced, as one volume in patient space.

    Parameters
    ----------
    series : Series
        All its images must lie parallel, evenly spaced, one at each position.

    Returns
    -------
    highdicom.Volume
        float32, shape (slices, rows, columns), slices in order along the normal; stored values
        times rescale slope plus intercept, frame by frame. The affine takes an index (slice, row,
        column) to a position in mm, LPS.

    Raises
    ------
    InputError
        VANISHED, NO_PERMISSION, TRUNCATED, NOT_DICOM: a file changed since the scan. NO_GEOMETRY,
        TOO_LARGE, TOO_FEW_SLICES, MIXED_GEOMETRY, MIXED_ORIENTATION, SEVERAL_VOLUMES,
        DUPLICATE_SLICE, MISSING_SLICE: the images are not one regular volume. COLOUR, DECODE.
    """
    from highdicom import Volume

    sources = [of_image(instance, source_of, instance) for instance in series.instances]
    arranged = in_order(series, [source.header for source in sources])
    array = _pixels(sources, arranged)
    lowest = arranged.planes[0]
    return Volume.from_attributes(
        array=array,
        image_position=lowest.position,
        image_orientation=lowest.orientation,
        pixel_spacing=lowest.spacing,
        spacing_between_slices=arranged.spacing_mm,
        coordinate_system="PATIENT",
        frame_of_reference_uid=series.frame_of_reference or None,
    )


def fingerprint(volume: Volume) -> str:
    """Digest of what a module can see of a volume: shape, float32 pixels in C order, affine.

    The affine counts to four decimals, so that rounding in its last bits changes nothing.

    Returns
    -------
    str
        ``sha256:`` and 64 hexadecimal digits.
    """
    # Adding zero turns -0.0 into 0.0, which would otherwise hash differently.
    affine = np.round(np.asarray(volume.affine, "<f8"), AFFINE_DIGITS) + 0.0
    digest = hashlib.sha256(repr(tuple(volume.shape)).encode())
    digest.update(np.ascontiguousarray(affine, "<f8").tobytes())
    digest.update(np.ascontiguousarray(volume.array, "<f4").tobytes())
    return f"sha256:{digest.hexdigest()}"


def _pixels(sources: Sequence[Source], arranged: Stack) -> Pixels:
    """Fill the array file by file, so that no more than one file's stored values are held."""
    array = np.empty((len(arranged.planes), *arranged.planes[0].shape), np.float32)
    placed = sorted(enumerate(arranged.planes), key=lambda pair: pair[1].instance)
    for index, slices in groupby(placed, key=lambda pair: pair[1].instance):
        wanted = list(slices)
        stored = of_image(sources[index].instance, decode, sources[index])
        if len(stored) != len(wanted):
            detail = f"Image {sources[index].instance.number} holds {len(stored)} frames."
            raise InputError(Code.DECODE, detail)
        for number, plane in wanted:
            array[number] = _rescaled(stored[plane.frame], plane)
    return array


def _rescaled(stored: Stored, plane: Plane) -> Pixels:
    if (plane.slope, plane.intercept) == (1.0, 0.0):
        return stored.astype(np.float32)
    # In double precision first: float32 cannot hold every 16-bit value times a slope.
    return (stored.astype(np.float64) * plane.slope + plane.intercept).astype(np.float32)
