"""Every kind of series the oracle test holds against other readers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
from pydicom import Dataset, FileDataset
from pydicom.uid import generate_uid

from pipeline.errors import Code
from tests.dicom.oracle import encodings
from tests.dicom.oracle.enhanced import concatenation, enhanced, identify, scaled
from tests.dicom.oracle.phantom import Pack, Sample, Truth, cut, place, volume

OBLIQUE = (0.9848077530, 0.1736481777, 0.0, -0.1631759112, 0.9254165784, -0.3420201433)
DOUBLE_OBLIQUE = (
    0.8137976814,
    0.4698463104,
    -0.3420201433,
    -0.5438381425,
    0.8231729446,
    -0.1631759112,
)
CODECS: dict[str, Pack | tuple[str, ...]] = {
    "implicit": encodings.implicit,
    "deflated": encodings.deflated,
    "big endian": encodings.big_endian,
    "RLE": encodings.rle,
    "JPEG lossless": encodings.JPEG_LOSSLESS,
    "JPEG lossless, any predictor": encodings.JPEG_LOSSLESS_ANY,
    "JPEG-LS": encodings.jpeg_ls,
    "JPEG 2000": encodings.jpeg_2000,
    "JPEG 2000 in fragments": encodings.in_fragments,
}


def samples() -> Iterator[Sample]:
    """All of them; every call builds them anew, as writing encodes in place."""
    yield from _orientations()
    yield from _orders()
    yield from _geometries()
    yield from _several()
    yield from _broken()
    yield from _multi_frame()
    yield from _encoded()
    yield from _values()


def _orientations() -> Iterator[Sample]:
    """Rows and columns along every pair of patient axes, either way: 24 in all."""
    for axes in permutations(range(3), 2):
        for signs in product((1, -1), repeat=2):
            orientation = np.zeros((2, 3))
            orientation[0, axes[0]], orientation[1, axes[1]] = signs
            label = "".join("RLAPFH"[2 * a + (s > 0)] for a, s in zip(axes, signs, strict=True))
            yield _plain(f"rows and columns to {label}", volume(orientation.ravel()))
    yield _plain("oblique", volume(OBLIQUE))
    yield _plain("oblique, slices against the normal", volume(OBLIQUE, backwards=True))
    yield _plain("double oblique", volume(DOUBLE_OBLIQUE))


def _orders() -> Iterator[Sample]:
    truth = volume(OBLIQUE)
    n = len(truth.array)
    yield Sample("numbered downwards", cut(truth, "down", range(n)[::-1]), truth)
    interleaved = [*range(0, n, 2), *range(1, n, 2)]
    yield Sample("interleaved", cut(truth, "interleaved", interleaved), truth)


def _geometries() -> Iterator[Sample]:
    yield _plain("pixels not square", volume(spacing=(3.0, 1.5, 0.75)))
    yield _plain("isotropic", volume(spacing=(1.0, 1.0, 1.0)))
    yield _plain("slices finer than pixels", volume(spacing=(0.5, 1.25, 1.25)))
    tilted = volume()
    tilted.affine[:3, 0] += [0.0, 0.9, 0.0]
    datasets = cut(tilted, "tilt")
    yield Sample("gantry tilt", datasets, refused=Code.MIXED_GEOMETRY)
    uneven = cut(volume(), "uneven")
    for k, dataset in enumerate(uneven):
        place(dataset, volume(), k if k < 4 else 1.5 * k - 2)
    yield Sample("variable spacing", uneven, refused=Code.MIXED_GEOMETRY)
    rounded = cut(volume(spacing=(0.9, 1.25, 1.25)), "one slice askew")
    rounded[3].ImageOrientationPatient = [0.9848, 0.1736, 0, -0.1736, 0.9848, 0]
    yield Sample("one slice turned", rounded, refused=Code.MIXED_ORIENTATION)


def _several() -> Iterator[Sample]:
    yield _doubled("multi-echo", Code.SEVERAL_VOLUMES, EchoTime=90, EchoNumbers=2)
    yield _doubled("multi-phase by time", Code.SEVERAL_VOLUMES, TriggerTime=500)
    yield _doubled("multi-phase by index", Code.SEVERAL_VOLUMES, TemporalPositionIdentifier=2)
    yield _doubled("repeated acquisition", Code.SEVERAL_VOLUMES, AcquisitionNumber=2)
    yield _doubled(
        "magnitude and phase", Code.SEVERAL_VOLUMES, ImageType=["ORIGINAL", "PRIMARY", "P"]
    )
    partly = cut(volume(), "stack one") + _renamed(cut(volume(), "stack one"), "two")[2:6]
    yield Sample("overlapping stacks, same positions", partly, refused=Code.DUPLICATE_SLICE)
    shifted = _renamed(cut(volume(), "stack one"), "shifted")
    for k, dataset in enumerate(shifted):
        place(dataset, volume(), k + 5.4)
    both = cut(volume(), "stack one") + shifted
    yield Sample("overlapping stacks, other positions", both, refused=Code.MIXED_GEOMETRY)
    mosaic = cut(volume(), "mosaic")[:1]
    mosaic[0].ImageType = ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]
    yield Sample("Siemens mosaic", mosaic, refused=Code.SEVERAL_VOLUMES)


def _broken() -> Iterator[Sample]:
    truth = volume()
    copies = cut(truth, "copies")
    yield Sample("each file twice", copies + cut(truth, "copies"), truth)
    twice = cut(truth, "twins") + _renamed(cut(truth, "twins"), "again")[:2]
    yield Sample("two slices sent again as new", twice, refused=Code.DUPLICATE_SLICE)
    gap = cut(truth, "gap")
    del gap[4]
    yield Sample("missing slice", gap, refused=Code.MISSING_SLICE)
    yield Sample("single slice", cut(truth, "single")[:1], refused=Code.TOO_FEW_SLICES)
    yield Sample("two slices", cut(truth, "two")[:2], refused=Code.TOO_FEW_SLICES)


def _multi_frame() -> Iterator[Sample]:
    truth = volume(OBLIQUE)
    yield Sample("enhanced, shared groups", [enhanced(truth, "shared")], truth)
    yield Sample("enhanced, per-frame groups", [enhanced(truth, "own", shared=False)], truth)
    mixed = [3, 0, 7, 1, 5, 2, 6, 4]
    yield Sample("enhanced, frames in no order", [enhanced(truth, "mixed", frames=mixed)], truth)
    yield from _untidy(truth)
    slopes = enhanced(truth, "slopes", scale=True)
    yield Sample("enhanced, a slope for each frame", [slopes], scaled(truth))
    yield Sample("concatenation", concatenation(truth, "parts", 3), truth)
    lost = concatenation(truth, "lost", 3)[::2]
    yield Sample("concatenation without its middle", lost, refused=Code.MISSING_SLICE)
    frames = [0, 1, 2, 3, 4, 5, 6, 7] * 2
    echoes = enhanced(truth, "echoes", frames=frames)
    for group in echoes.PerFrameFunctionalGroupsSequence[8:]:
        group.MREchoSequence[0].EffectiveEchoTime = 90.0
    yield Sample("enhanced, two echoes", [echoes], refused=Code.SEVERAL_VOLUMES)
    short = enhanced(truth, "short")
    short.PerFrameFunctionalGroupsSequence = short.PerFrameFunctionalGroupsSequence[:5]
    yield Sample("enhanced, groups for five of eight", [short], refused=Code.NO_GEOMETRY)
    bare = enhanced(truth, "bare")
    del bare.PerFrameFunctionalGroupsSequence
    place(bare, truth, 0)
    yield Sample("frames without groups", [bare], refused=Code.NO_GEOMETRY)


def _untidy(truth: Truth) -> Iterator[Sample]:
    """Functional groups that are not where most writers put them."""
    unshared = enhanced(truth, "unshared", shared=False)
    del unshared.SharedFunctionalGroupsSequence
    yield Sample("enhanced, nothing shared", [unshared], truth)
    outside = enhanced(truth, "outside")
    (shared,) = outside.SharedFunctionalGroupsSequence
    outside.PixelSpacing = shared.PixelMeasuresSequence[0].PixelSpacing
    del shared.PixelMeasuresSequence
    yield Sample("enhanced, spacing outside its groups", [outside], truth)
    private, other = enhanced(truth, "private"), Dataset()
    other.PixelSpacing, other.RescaleSlope, other.ImageOrientationPatient = (
        [9, 9],
        7,
        [0, 1, 0, 0, 0, -1],
    )
    for group in private.PerFrameFunctionalGroupsSequence:
        block = group.private_block(0x2005, "Philips MR Imaging DD 005", create=True)
        block.add_new(0x0F, "SQ", [other])
    yield Sample("enhanced, private groups that say otherwise", [private], truth)


def _encoded() -> Iterator[Sample]:
    truth = volume(OBLIQUE)
    for name, codec in CODECS.items():
        for datasets, kind in (
            (cut(truth, f"packed {name}"), ""),
            ([enhanced(truth, f"frames {name}")], ", enhanced"),
        ):
            if isinstance(codec, tuple):
                yield Sample(name + kind, datasets, truth, tool=codec)
            else:
                yield Sample(name + kind, datasets, truth, pack=codec)


def _values() -> Iterator[Sample]:
    truth = volume()
    philips = cut(truth, "philips")
    slopes = 0.5 + 0.25 * np.arange(len(philips))
    for dataset, slope in zip(philips, slopes, strict=True):
        dataset.Manufacturer = "Philips Medical Systems"
        dataset.RescaleSlope, dataset.RescaleIntercept = str(slope), "-12"
        block = dataset.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
        block.add_new(0x0E, "FL", 0.0125)
    worth = truth.array * slopes[:, None, None] - 12
    yield Sample("Philips scaling, a slope a slice", philips, Truth(worth, truth.affine))
    yield Sample("signed", _signed(truth, 16, extend=True), _centred(truth))
    yield Sample("signed in twelve bits", _signed(truth, 12, extend=False), _centred(truth))
    yield Sample("eight bits", *_eight_bits(truth))
    overlay = cut(truth, "overlay")
    for dataset in overlay:
        stored = np.frombuffer(dataset.PixelData, "<u2") | 0x8000
        dataset.PixelData = stored.tobytes()
    yield Sample("an overlay in the unused bits", overlay, truth)
    shifted = cut(truth, "shifted")
    for dataset in shifted:
        dataset.HighBit = 15
    yield Sample("values in the upper bits", shifted, refused=Code.DECODE)
    yield _changed("a slope of zero", Code.DECODE, RescaleSlope=0, RescaleIntercept=0)
    yield _changed("a slope beyond measure", Code.DECODE, RescaleSlope="1e300", RescaleIntercept=0)
    inverted = {"PhotometricInterpretation": "MONOCHROME1"}
    yield _changed("values from white to black", Code.DECODE, **inverted)
    palette = {"PhotometricInterpretation": "PALETTE COLOR"}
    yield _changed("numbers of a palette", Code.COLOUR, **palette)
    colour = cut(truth, "colour")
    dataset = colour[4]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, "RGB"
    dataset.PlanarConfiguration = 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PixelData = bytes(dataset.Rows * dataset.Columns * 3)
    yield Sample("a slice in colour", colour, refused=Code.COLOUR)


def _plain(name: str, truth: Truth) -> Sample:
    return Sample(name, cut(truth, name), truth)


def _changed(name: str, refused: Code, **changes: object) -> Sample:
    datasets = cut(volume(), name)
    for keyword, value in changes.items():
        setattr(datasets[4], keyword, value)
    return Sample(name, datasets, refused=refused)


def _renamed(datasets: list[FileDataset], what: str) -> list[FileDataset]:
    for number, dataset in enumerate(datasets, 101):
        identify(dataset, what, str(dataset.SOPInstanceUID))
        dataset.InstanceNumber = number
    return datasets


def _doubled(name: str, refused: Code, **changes: object) -> Sample:
    second = _renamed(cut(volume(), name), name)
    for dataset in second:
        for keyword, value in changes.items():
            setattr(dataset, keyword, value)
    return Sample(name, cut(volume(), name) + second, refused=refused)


def _centred(truth: Truth) -> Truth:
    return Truth(truth.array - 2048, truth.affine)


def _signed(truth: Truth, bits: int, *, extend: bool) -> list[FileDataset]:
    datasets = cut(truth, f"signed {bits}")
    for dataset, values in zip(datasets, truth.array, strict=True):
        stored = (values - 2048).astype("<i2")
        dataset.PixelRepresentation, dataset.BitsStored, dataset.HighBit = 1, bits, bits - 1
        dataset.PixelData = (stored if extend else stored & 0x0FFF).tobytes()
    return datasets


def _eight_bits(truth: Truth) -> tuple[list[FileDataset], Truth]:
    datasets, small = cut(truth, "eight"), Truth(truth.array // 16, truth.affine)
    for dataset, values in zip(datasets, small.array, strict=True):
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
        dataset.PixelData = values.astype(np.uint8).tobytes()
        dataset["PixelData"].VR = "OW"
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=["eight", str(dataset.InstanceNumber)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return datasets, small
