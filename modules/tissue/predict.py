"""What the tissue network's scores mean: five tissues, a brain mask without holes, volumes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from pipeline.types import Concept, Inputs, Measurement, Prediction

VENTRICULAR, SULCAL, CORTICAL, DEEP, WHITE = 1, 2, 3, 4, 5
NAMES = ("ventricular CSF", "sulcal CSF", "cortical GM", "deep GM", "WM")
TISSUES = {"CSF": (VENTRICULAR, SULCAL), "GM": (CORTICAL, DEEP), "WM": (WHITE,)}
VOLUME = Concept("118565006", "SCT", "Volume")
RATIO = Concept("118586006", "SCT", "Ratio")
COARSE = 2
# Of the sulcal CSF within the mask; bone is darker on T1 and T2, a voxel of both lies between.
DARKEST = 0.6


def predict(output: np.ndarray, inputs: Inputs) -> Prediction:
    """Give every voxel of the brain its likeliest tissue.

    Parameters
    ----------
    output : ndarray of float32, shape (6, x, y, z)
        Scores: 0 background, 1 ventricular and 2 sulcal CSF, 3 cortical and 4 deep grey matter,
        5 white matter.
    inputs : Inputs
        The series on the same grid.

    Returns
    -------
    Prediction
        Labels numbered as the classes; volumes in ml and as shares of the intracranial volume. The
        brain is everything inside the skull that the label maps call CSF, grey or white, sulcal
        CSF included; a hole in it, such as a tumour leaves, is part of it. Sulcal CSF ends a voxel
        beyond the brain module's mask, which is a little small, and where the image gets darker.
        Both kinds of CSF are likelier by the bundle's parameters than the network says, which sees
        too little of them in painted heads, whose truth is known.
    """
    more = [inputs.parameters.get(name, 0.0) for name in ("ventricular_csf", "sulcal_csf")]
    tissue, score = likeliest(output[1:], more)
    volume = next(iter(inputs.volumes.values()))
    found = believed(score > output[0], tissue, inputs.upstream.get("brain"), volume.array)
    labels = np.where(brain(found), tissue, 0).astype(np.uint8)
    counts = np.bincount(labels.ravel(), minlength=6) * float(volume.voxel_volume) / 1000
    return Prediction(labels=labels, measurements=measure(counts[1:]))


def measure(millilitres: np.ndarray) -> tuple[Measurement, ...]:
    """Volumes of the five tissues (5,) in ml, what they add up to, and shares of the whole."""
    whole = float(millilitres.sum())
    parts = {
        tissue: sum(float(millilitres[number - 1]) for number in numbers)
        for tissue, numbers in TISSUES.items()
    }
    totals = {**{name: ml for name, ml in parts.items() if name not in NAMES}, "brain": whole}
    return (
        *(
            Measurement(f"{name} volume", float(ml), "mL", VOLUME, segment=name)
            for name, ml in zip(NAMES, millilitres, strict=True)
        ),
        *(Measurement(f"{name} volume", ml, "mL", VOLUME) for name, ml in totals.items()),
        *(
            Measurement(f"{name} intracranial fraction", ml / whole, "1", RATIO)
            for name, ml in parts.items()
            if whole
        ),
    )


def likeliest(scores: np.ndarray, more: Sequence[float] = ()) -> tuple[np.ndarray, np.ndarray]:
    """Number, from 1, and score of the largest of the classes (5, x, y, z), voxel by voxel.

    `more` is added to the scores of the first classes.
    """
    number = np.ones(scores.shape[1:], np.uint8)
    best = scores[0] + np.float32(more[0] if more else 0)
    for candidate, score in enumerate(scores[1:], start=2):
        added = score + np.float32(more[candidate - 1]) if candidate <= len(more) else score
        number[added > best] = candidate
        np.maximum(best, added, out=best)
    return number, best


def believed(
    found: np.ndarray, tissue: np.ndarray, upstream: Prediction | None, image: np.ndarray
) -> np.ndarray:
    """Where there is brain (x, y, z), without sulcal CSF that lies beyond the mask's.

    A voxel further it is believed where the image is not zero, as it is outside a brain that was
    cut out, and not much darker than the sulcal CSF within.
    """
    if upstream is None or upstream.labels is None:
        return found
    mask = upstream.labels > 0
    fluid = found & (tissue == SULCAL)
    within = image[fluid & mask]
    darkest = DARKEST * float(np.median(within)) if within.size else np.inf
    near = mask | ((image != 0) & (image > darkest) & ndimage.binary_dilation(mask))
    return np.asarray(found & (near | ~fluid))


def brain(found: np.ndarray) -> np.ndarray:
    """The largest piece after cutting bridges up to six voxels wide, without holes."""
    coarse = found[::COARSE, ::COARSE, ::COARSE]
    pieces, count = ndimage.label(ndimage.binary_erosion(coarse))
    if count == 0:
        return found
    largest = pieces == 1 + np.argmax(np.bincount(pieces.ravel())[1:])
    near = ndimage.binary_dilation(largest, np.ones((3, 3, 3)), iterations=2)
    for axis in range(3):
        near = near.repeat(COARSE, axis)
    return filled(near[tuple(slice(0, n) for n in found.shape)] & found)


def filled(mask: np.ndarray) -> np.ndarray:
    """The mask and what it encloses; faster than growing the outside inwards voxel by voxel."""
    outside, count = ndimage.label(~np.pad(mask, 1))
    inside = outside != outside[0, 0, 0] if count > 1 else np.pad(mask, 1)
    return np.asarray(inside[1:-1, 1:-1, 1:-1])
