"""Stored pixel values of one file: native ones straight from disk, others by a decoder."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
)

from pipeline.dicom.read.claims import require_honest, require_modest
from pipeline.dicom.read.header import opened, quiet
from pipeline.dicom.read.source import Source
from pipeline.dicom.read.walk import UNDEFINED
from pipeline.dicom.read.whole import Extent
from pipeline.errors import Code, InputError

Stored = NDArray[np.integer]
NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian)
WIDTHS = (8, 16, 32)
# The fastest that are right on every sample of tests/dicom/oracle; see benchmarks/decoding.py.
FASTEST = {
    JPEGLossless: "pylibjpeg",
    JPEGLosslessSV1: "pylibjpeg",
    JPEGLSLossless: "pyjpegls",
    JPEG2000Lossless: "pylibjpeg",
}


def decode(source: Source) -> Stored:
    """Stored values, shape (frames, rows, columns), in the width the file uses.

    Raises
    ------
    InputError
        COLOUR, DECODE; VANISHED or NO_PERMISSION where the file changed since.
    """
    try:
        with quiet():
            return _stored(source)
    except InputError:
        raise
    except Exception as error:  # each decoder has exceptions of its own
        raise InputError(Code.DECODE, "Its pixels cannot be decoded.") from error


def _stored(source: Source) -> Stored:
    header = source.header
    if header.get("SamplesPerPixel") != 1:
        raise InputError(Code.COLOUR, "It is in colour.")
    if (header.get("HighBit") or 0) + 1 != header.get("BitsStored"):
        raise InputError(Code.DECODE, "It keeps its values in upper bits.")
    extent = source.extent if source.syntax in NATIVE else None
    if extent is not None and extent.length == UNDEFINED:
        raise InputError(Code.DECODE, "Its pixels are compressed, its header says they are not.")
    values = _native(source, extent) if extent else _decoded(source)
    return values.reshape(-1, int(header.Rows), int(header.Columns))


def _native(source: Source, extent: Extent) -> Stored:
    header = source.header
    bits, stored = int(header.BitsAllocated), int(header.BitsStored)
    big = source.syntax == ExplicitVRBigEndian
    # Big-endian bytes may be swapped in pairs, and bits may be packed: rare enough for pydicom.
    if bits not in WIDTHS or (big and bits == WIDTHS[0]):
        return _decoded(source)
    kind = np.dtype(f"{'>' if big else '<'}{'i' if header.PixelRepresentation else 'u'}{bits // 8}")
    frames = int(header.get("NumberOfFrames") or 1)
    count = frames * int(header.Rows) * int(header.Columns)
    with opened(source.instance.path) as stream:
        stream.seek(extent.begin)
        values = np.frombuffer(stream.read(count * kind.itemsize), kind, count)
    return _without_unused_bits(values.astype(kind.newbyteorder("="), copy=True), bits - stored)


def _without_unused_bits(values: Stored, unused: int) -> Stored:
    """Drop overlays above the stored bits, and extend the sign (PS3.5 8.1.1)."""
    if unused > 0:
        values <<= unused
        values >>= unused
    return values


def _decoded(source: Source) -> Stored:
    with opened(source.instance.path) as stream:
        require_modest(stream)
        dataset = dcmread(stream, force=True)
        require_honest(dataset)
        if plugin := FASTEST.get(source.syntax):
            dataset.pixel_array_options(decoding_plugin=plugin)
        return np.asarray(dataset.pixel_array)
