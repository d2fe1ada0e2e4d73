"""Load a series as one volume, fingerprint it, and list the headers it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from pipeline.dicom.read.decode import Stored, decode
from pipeline.dicom.read.header import quiet, read_header
from pipeline.dicom.read.plane import Plane, planes_of
from pipeline.dicom.read.source import Source, source_of
from pipeline.dicom.read.stack import Stack, stack
from pipeline.errors import Code, InputError
from pipeline.study import Instance, Series

if TYPE_CHECKING:
    from highdicom import Volume

Pixels = NDArray[np.float32]
Given = TypeVar("Given")
Made = TypeVar("Made")
# Digits of the affine that count: a tenth of a micrometre.
AFFINE_DIGITS = 4
GREY, INVERTED = "MONOCHROME2", "MONOCHROME1"


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

    sources = [_of_image(instance, source_of, instance) for instance in series.instances]
    arranged = _arrange(series, [source.header for source in sources])
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


def reference_headers(series: Series) -> list[Dataset]:
    """List the headers of a series in its volume's slice order, without pixel data.

    An enhanced series gives one header for each file, ordered by its first slice. Raises
    InputError as `load` does.
    """
    headers = _headers(series)
    order = (plane.instance for plane in _arrange(series, headers).planes)
    return [headers[instance] for instance in dict.fromkeys(order)]


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


def _headers(series: Series) -> list[Dataset]:
    return [_of_image(one, read_header, one.path) for one in series.instances]


def _of_image(instance: Instance, act: Callable[[Given], Made], given: Given) -> Made:
    """Do something with one image; an error says which by number, as file names may be names."""
    try:
        return act(given)
    except InputError as error:
        raise InputError(error.code, f"Image {instance.number}: {error.message}") from error


def _arrange(series: Series, headers: Sequence[Dataset]) -> Stack:
    _require_grey(headers)
    if "MOSAIC" in series.acquisition.image_type:
        raise InputError(Code.SEVERAL_VOLUMES, "Each image is a mosaic of a whole volume.")
    if len({instance.uid for instance in series.instances}) < len(series.instances):
        raise InputError(Code.DUPLICATE_SLICE, "Different images carry one instance UID.")
    try:
        with quiet():
            frames_of_reference = {str(h.get("FrameOfReferenceUID") or "") for h in headers}
            planes = [plane for i, header in enumerate(headers) for plane in planes_of(header, i)]
    except InputError:
        raise
    except Exception as error:  # absent, empty and damaged elements each raise their own
        raise InputError(Code.NO_GEOMETRY, "A slice has no position in the patient.") from error
    if len(frames_of_reference) > 1:
        raise InputError(Code.MIXED_GEOMETRY, "Slices differ in frame of reference.")
    return stack(planes)


def _require_grey(headers: Sequence[Dataset]) -> None:
    try:
        with quiet():
            samples = {header.get("SamplesPerPixel") for header in headers}
            kinds = {str(header.get("PhotometricInterpretation") or GREY) for header in headers}
    except Exception as error:  # as above
        raise InputError(Code.DECODE, "A slice has a damaged header.") from error
    # A palette's numbers look like grey values and are none.
    if samples != {1} or not kinds <= {GREY, INVERTED}:
        raise InputError(Code.COLOUR, "The series is in colour.")
    # Other readers differ on whether these values are to be turned round.
    if INVERTED in kinds:
        raise InputError(Code.DECODE, f"Its values run from white to black ({INVERTED}).")


def _pixels(sources: Sequence[Source], arranged: Stack) -> Pixels:
    """Fill the array file by file, so that no more than one file's stored values are held."""
    array = np.empty((len(arranged.planes), *arranged.planes[0].shape), np.float32)
    placed = sorted(enumerate(arranged.planes), key=lambda pair: pair[1].instance)
    for index, slices in groupby(placed, key=lambda pair: pair[1].instance):
        wanted = list(slices)
        stored = _of_image(sources[index].instance, decode, sources[index])
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
