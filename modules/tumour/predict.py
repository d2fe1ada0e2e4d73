"""What the tumour network's probabilities mean: nested regions, single lesions and their size."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from highdicom import Volume
from scipy.spatial import ConvexHull, QhullError
from scipy.spatial.distance import pdist
from skimage.measure import label, regionprops

from pipeline.types import Concept, Finding, Inputs, Measurement, Prediction

from .confidence import Line, calibrated

OEDEMA, CORE, ENHANCING = 1, 2, 3
VOLUME = Concept("118565006", "SCT", "Volume")


def predict(output: np.ndarray, inputs: Inputs) -> Prediction:
    """Threshold the regions, nest them, drop specks and measure what is left.

    Parameters
    ----------
    output : ndarray, shape (3, x, y, z)
        Probability of whole tumour, tumour core and enhancing part; up to two voxels
        longer than the volumes along each axis.
    inputs : Inputs
        The contrasts on the same grid, and the bundle's thresholds.

    Returns
    -------
    Prediction
        Labels 1 oedema, 2 non-enhancing core, 3 enhancing; volumes in ml; one finding per lesion.
    """
    volume = next(iter(inputs.volumes.values()))
    x, y, z = volume.spatial_shape
    output = output[:, :x, :y, :z]
    parameters = inputs.parameters
    voxel_ml = float(volume.voxel_volume) / 1000
    whole = output[0] > parameters["whole_threshold"]
    pieces = label(whole, connectivity=3)
    sizes = np.bincount(pieces.ravel()) * voxel_ml
    sizes[0] = 0
    pieces[sizes[pieces] < parameters["smallest_lesion_ml"]] = 0
    labels = nest(
        output, pieces > 0, parameters["core_threshold"], parameters["enhancing_threshold"]
    )
    return Prediction(
        labels=labels,
        measurements=volumes(labels, voxel_ml),
        findings=lesions(pieces, output[0], volume, parameters),
    )


def nest(output: np.ndarray, whole: np.ndarray, core: float, enhancing: float) -> np.ndarray:
    """Disjoint labels from nested regions: enhancing within core within whole tumour."""
    inner = whole & (output[1] > core)
    active = inner & (output[2] > enhancing)
    labels = whole.astype(np.uint8) * np.uint8(OEDEMA)
    labels[inner] = CORE
    labels[active] = ENHANCING
    return labels


def volumes(labels: np.ndarray, voxel_ml: float) -> tuple[Measurement, ...]:
    """Volumes of the labels and of the nested regions they make up, ml."""
    oedema, core, enhancing = (np.bincount(labels.ravel(), minlength=4)[1:4] * voxel_ml).tolist()
    figures = (
        ("whole tumour volume", oedema + core + enhancing, ""),
        ("tumour core volume", core + enhancing, ""),
        ("enhancing volume", enhancing, "enhancing"),
        ("oedema volume", oedema, "oedema"),
        ("non-enhancing core volume", core, "non-enhancing core"),
    )
    return tuple(
        Measurement(name, ml, "mL", VOLUME, segment=segment) for name, ml, segment in figures
    )


def lesions(
    pieces: np.ndarray, probability: np.ndarray, volume: Volume, parameters: Mapping[str, float]
) -> tuple[Finding, ...]:
    """One finding per connected piece, largest first; positions in patient mm, LPS."""
    line = Line(*(parameters[f"confidence_{part}"] for part in ("slope", "volume_slope", "offset")))
    voxel_ml = float(volume.voxel_volume) / 1000
    regions = sorted(regionprops(pieces, probability), key=lambda r: (-r.area, r.label))
    return tuple(
        Finding(
            number=number,
            volume_ml=float(region.area) * voxel_ml,
            longest_diameter_mm=diameter(volume.map_indices_to_reference(region.coords)),
            centroid_mm=_point(volume.affine, region.centroid),
            confidence=calibrated(
                float(region.intensity_mean), float(region.area) * voxel_ml, line
            ),
        )
        for number, region in enumerate(regions, start=1)
    )


def diameter(points: np.ndarray) -> float:
    """Greatest distance between two of the points (n, 3), mm; found on corners of their hull."""
    try:
        points = points[ConvexHull(points).vertices]
    except QhullError:  # flat or tiny: few enough to compare all
        points = points[:2000]
    return float(pdist(points).max(initial=0.0))


def _point(affine: np.ndarray, index: tuple[float, ...]) -> tuple[float, float, float]:
    x, y, z = (affine[:3, :3] @ np.array(index) + affine[:3, 3]).tolist()
    return x, y, z
