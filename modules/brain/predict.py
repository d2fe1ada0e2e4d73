"""What the brain network's scores mean: one piece without holes, and its volume."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from pipeline.types import Concept, Inputs, Measurement, Prediction

VOLUME = Concept("118565006", "SCT", "Volume")


def predict(output: np.ndarray, inputs: Inputs) -> Prediction:
    """Keep the brain in one piece.

    Parameters
    ----------
    output : ndarray of float32, shape (1, x, y, z)
        Scores, above 0 inside the skull.
    inputs : Inputs
        The series on the same grid.

    Returns
    -------
    Prediction
        Label 1 inside the skull; the intracranial volume in ml.
    """
    labels = brain(output[0] > 0).astype(np.uint8)
    volume = next(iter(inputs.volumes.values()))
    millilitres = float(labels.sum()) * float(volume.voxel_volume) / 1000
    measured = Measurement("intracranial volume", millilitres, "mL", VOLUME, segment="brain")
    return Prediction(labels=labels, measurements=(measured,))


def brain(found: np.ndarray) -> np.ndarray:
    """The largest piece after cutting bridges up to two voxels wide, without holes."""
    pieces, count = ndimage.label(ndimage.binary_erosion(found))
    if count == 0:
        return found
    largest = pieces == 1 + np.argmax(np.bincount(pieces.ravel())[1:])
    near = ndimage.binary_dilation(largest, np.ones((3, 3, 3)))
    return np.asarray(ndimage.binary_fill_holes(near & found))
