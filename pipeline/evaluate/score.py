"""From a prediction and its reference to figures; see `pipeline.metrics` for each one's meaning."""

from __future__ import annotations

import math
from collections.abc import Iterator
from difflib import get_close_matches

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray
from scipy import ndimage

from pipeline.bundle.contract import Contract
from pipeline.errors import ConfigError
from pipeline.evaluate.cohort.cohort import Cohort, CohortCase, Structure
from pipeline.evaluate.cohort.value import ALIKE
from pipeline.grid.lattice import resample
from pipeline.metrics import count_lesions, dice, hd95, nsd, volume, volume_bias, volume_error
from pipeline.types import Prediction

Mask = NDArray[np.bool_]


def mask_scores(
    found: Volume, reference: Volume, image: Volume, cohort: Cohort, contract: Contract
) -> dict[str, float]:
    """Figures of each structure, in the reference's own voxels.

    Parameters
    ----------
    found : highdicom.Volume
        The module's label map, uint8, anywhere in the reference's frame.
    reference : highdicom.Volume
        Integer labels.
    image : highdicom.Volume
        The case's reference image, zero where nothing was recorded or the skull was stripped.
    cohort : Cohort
        Which labels and segments make up each structure.
    contract : Contract
        Numbers of the segments.

    Raises
    ------
    ConfigError
        The contract has none of the segments that a structure names.
    """
    placed = resample(found, reference.get_geometry(), nearest=True).array
    values: dict[str, float] = {}
    for structure in cohort.structures:
        predicted = _predicted(placed, reference, structure, contract)
        if structure.inside_image:
            predicted &= _recorded(image, reference)
        truth = np.isin(reference.array, structure.reference)
        for figure, value in _figures(predicted, truth, reference, cohort, structure):
            values[f"{figure}/{structure.name}"] = value
    return values


def chance_scores(prediction: Prediction, case: CohortCase) -> dict[str, float]:
    """``chance/<name>`` and ``truth/<name>`` for every probability the cohort knows the truth of.

    A case holds one series for these; where a module reports a probability for several, the
    highest counts. One that it does not report is NaN: versions may tell of different events.

    Raises
    ------
    ConfigError
        The cohort misspells an event that the module reports.
    """
    values: dict[str, float] = {}
    names = {m.name for m in prediction.measurements}
    for name, truth in case.truth.items():
        _require_spelt(case.name, name, names)
        reported = [m.value for m in prediction.measurements if m.name == name]
        values[f"chance/{name}"] = max(reported, default=math.nan)
        values[f"truth/{name}"] = truth
    return values


def _require_spelt(case: str, event: str, reported: set[str]) -> None:
    meant = get_close_matches(event, reported, n=1, cutoff=ALIKE)
    if meant and event not in reported:
        raise ConfigError(
            f"Case {case} tells the truth of {event}, which the module does not report.",
            f"Name it {meant[0]} in the cohort file, if that is what is meant.",
        )


def _recorded(image: Volume, reference: Volume) -> Mask:
    """Where the image is not zero, in the reference's voxels."""
    kept = image.with_array((image.array != 0).astype(np.uint8))
    return np.asarray(resample(kept, reference.get_geometry(), nearest=True).array > 0)


def _figures(
    predicted: Mask, truth: Mask, reference: Volume, cohort: Cohort, structure: Structure
) -> Iterator[tuple[str, float]]:
    spacing = tuple(float(side) for side in reference.spacing)
    yield "dice", dice(predicted, truth)
    yield "nsd", nsd(predicted, truth, spacing, cohort.tolerance_mm)
    yield "hd95", hd95(predicted, truth, spacing)
    yield "volume", volume(predicted, spacing)
    yield "volume_bias", volume_bias(predicted, truth)
    yield "volume_error", volume_error(predicted, truth)
    if structure.lesions:
        lesions = count_lesions(predicted, truth)
        yield "lesion_sensitivity", lesions.sensitivity
        yield "lesion_precision", lesions.precision
        yield "lesion_f1", lesions.f1
        yield "lesion_misses", float(lesions.missed)


def _predicted(
    placed: NDArray[np.uint8], reference: Volume, structure: Structure, contract: Contract
) -> Mask:
    """Where the structure's segments are, and those near them that count as well."""
    own = np.isin(placed, _numbers(structure.name, structure.segments, contract))
    if not structure.near or not own.any():
        return own
    spacing = tuple(float(side) for side in reference.spacing)
    close = ndimage.distance_transform_edt(~own, spacing) <= structure.near_mm
    near = np.isin(placed, _numbers(structure.name, structure.near, contract))
    return np.asarray(own | (near & close))


def _numbers(structure: str, segments: tuple[str, ...], contract: Contract) -> list[int]:
    """Numbers of a structure's segments; versions may divide it differently, so some suffice."""
    numbers = contract.numbers
    found = [numbers[name] for name in segments if name in numbers]
    if not found:
        raise ConfigError(
            f"Structure {structure}: {contract.name} has no segment named {' or '.join(segments)}.",
            f"Name some of these: {', '.join(numbers)}.",
        )
    return found
