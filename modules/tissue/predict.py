"""What the tissue network's classes mean: three tissues, a brain mask and their volumes."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from pipeline.types import Concept, Inputs, Measurement, Prediction

VENTRICULAR, SULCAL, CORTICAL, DEEP, WHITE = 1, 2, 3, 4, 5
CSF, GM, WM = 1, 2, 3
CUT = 3
TISSUE_OF = np.array([0, CSF, CSF, GM, GM, WM], np.uint8)
VOLUME = Concept("118565006", "SCT", "Volume")


def predict(output: np.ndarray, inputs: Inputs) -> Prediction:
    """Merge the network's classes into tissues inside the largest connected piece of brain.

    Parameters
    ----------
    output : ndarray, shape (1, x, y, z)
        Class per voxel: 0 background, 1 ventricular and 2 sulcal CSF, 3 cortical and 4 deep grey
        matter, 5 white matter.
    inputs : Inputs
        The series on the same grid.

    Returns
    -------
    Prediction
        Labels 1 CSF, 2 GM, 3 WM, and volumes in ml. The brain is everything inside the skull that
        the label maps call CSF, grey or white, sulcal CSF included.
    """
    classes = output[0].astype(np.uint8)
    classes = np.where(brain(classes > 0), classes, 0)
    volume = next(iter(inputs.volumes.values()))
    counts = np.bincount(classes.ravel(), minlength=6) * float(volume.voxel_volume) / 1000
    figures = {
        "CSF volume": (counts[VENTRICULAR] + counts[SULCAL], "CSF"),
        "GM volume": (counts[CORTICAL] + counts[DEEP], "GM"),
        "WM volume": (counts[WHITE], "WM"),
        "brain volume": (counts[1:].sum(), ""),
        "ventricular CSF volume": (counts[VENTRICULAR], ""),
        "deep GM volume": (counts[DEEP], ""),
    }
    return Prediction(
        labels=TISSUE_OF[classes],
        measurements=tuple(
            Measurement(name, float(value), "mL", VOLUME, segment=segment)
            for name, (value, segment) in figures.items()
        ),
    )


def brain(found: np.ndarray) -> np.ndarray:
    """The largest piece after cutting bridges up to six voxels wide, grown back to its border."""
    pieces, count = ndimage.label(ndimage.binary_erosion(found, iterations=CUT))
    if count == 0:
        return found
    largest = pieces == 1 + np.argmax(np.bincount(pieces.ravel())[1:])
    return np.asarray(ndimage.binary_dilation(largest, iterations=CUT + 1) & found)
