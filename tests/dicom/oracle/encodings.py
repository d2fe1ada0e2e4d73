"""Encode an instance in each transfer syntax a scanner or an archive may use, losing nothing."""

from __future__ import annotations

import numpy as np
from pydicom import FileDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

# dcmtk's encoders: selection value 1, then any predictor.
JPEG_LOSSLESS = ("dcmcjpeg", "+e1")
JPEG_LOSSLESS_ANY = ("dcmcjpeg", "+el")


def implicit(dataset: FileDataset) -> None:
    """Implicit VR Little Endian."""
    _as(dataset, ImplicitVRLittleEndian)


def deflated(dataset: FileDataset) -> None:
    """Deflated Explicit VR Little Endian."""
    _as(dataset, DeflatedExplicitVRLittleEndian)


def big_endian(dataset: FileDataset) -> None:
    """Explicit VR Big Endian, retired, still in archives."""
    dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
    _as(dataset, ExplicitVRBigEndian)


def rle(dataset: FileDataset) -> None:
    """RLE Lossless."""
    dataset.compress(RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)


def jpeg_ls(dataset: FileDataset) -> None:
    """JPEG-LS Lossless."""
    dataset.compress(JPEGLSLossless, encoding_plugin="pyjpegls", generate_instance_uid=False)


def jpeg_2000(dataset: FileDataset) -> None:
    """JPEG 2000 Lossless."""
    dataset.compress(JPEG2000Lossless, encoding_plugin="pylibjpeg", generate_instance_uid=False)


def in_fragments(dataset: FileDataset) -> None:
    """JPEG 2000 with each frame spread over fragments."""
    jpeg_2000(dataset)
    frames = int(dataset.get("NumberOfFrames") or 1)
    whole = list(generate_frames(dataset.PixelData, number_of_frames=frames))
    dataset.PixelData = encapsulate(whole, fragments_per_frame=3)


def _as(dataset: FileDataset, syntax: UID) -> None:
    dataset.file_meta.TransferSyntaxUID = syntax
