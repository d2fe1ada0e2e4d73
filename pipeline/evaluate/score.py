"""From a prediction and its reference to figures; see `pipeline.metrics` for each one's meaning."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray

from pipeline.bundle.contract import Contract
from pipeline.errors import ConfigError
from pipeline.evaluate.cohort.cohort import Cohort, CohortCase, Structure
from pipeline.grid.lattice import resample
from pipeline.metrics.lesions import match_lesions
from pipeline.metrics.overlap import dice
from pipeline.metrics.surface import hausdorff_95, normalised_surface_distance
from pipeline.types import Prediction

Mask = NDArray[np.bool_]
BETTER = {
    "dice": "higher",
    "nsd": "higher",
    "hd95": "lower",
    "lesion_f1": "higher",
    "lesion_sensitivity": "higher",
    "lesion_precision": "higher",
    "lesion_misses": "lower",
    "absolute_volume_error": "lower",
    "auroc": "higher",
    "auprc": "higher",
    "brier": "lower",
    "calibration_error": "lower",
}


def better(metric: str) -> str:
    """``higher`` or ``lower``, empty for a figure that only describes, such as a volume."""
    return BETTER.get(metric.partition("/")[0], "")


def mask_scores(
    found: Volume, reference: Volume, cohort: Cohort, contract: Contract
) -> dict[str, float]:
    """Figures of each structure, in the reference's own voxels.

    Parameters
    ----------
    found : highdicom.Volume
        The module's label map, uint8, anywhere in the reference's frame.
    reference : highdicom.Volume
        Integer labels.
    cohort : Cohort
        Which labels and segments make up each structure.
    contract : Contract
        Numbers of the segments.

    Raises
    ------
    ConfigError
        The cohort names a segment that the contract lacks.
    """
    placed = resample(found, reference.get_geometry(), nearest=True).array
    values: dict[str, float] = {}
    for structure in cohort.structures:
        predicted = np.isin(placed, _numbers(structure, contract))
        truth = np.isin(reference.array, structure.reference)
        for figure, value in _figures(predicted, truth, reference, cohort, structure):
            values[f"{figure}/{structure.name}"] = value
    return values


def chance_scores(prediction: Prediction, case: CohortCase) -> dict[str, float]:
    """``chance/<name>`` and ``truth/<name>`` for every probability the cohort knows the truth of.

    A case holds one series for these; where a module reports a probability for several, the
    highest counts.
    """
    values: dict[str, float] = {}
    for name, truth in case.truth.items():
        reported = [m.value for m in prediction.measurements if m.name == name]
        values[f"chance/{name}"] = max(reported, default=math.nan)
        values[f"truth/{name}"] = truth
    return values


def undefined_scores(cohort: Cohort) -> dict[str, float]:
    """What a case without a prediction scores: the worst of what is bounded, NaN of what is not."""
    return {
        f"{figure}/{structure.name}": 0.0
        for structure in cohort.structures
        for figure in ("dice", "nsd")
    }


def _figures(
    predicted: Mask, truth: Mask, reference: Volume, cohort: Cohort, structure: Structure
) -> Iterator[tuple[str, float]]:
    spacing = (
        float(reference.spacing[0]),
        float(reference.spacing[1]),
        float(reference.spacing[2]),
    )
    millilitres = float(reference.voxel_volume) / 1000
    volume, known = float(predicted.sum()) * millilitres, float(truth.sum()) * millilitres
    yield "dice", dice(predicted, truth)
    yield "nsd", normalised_surface_distance(predicted, truth, spacing, cohort.tolerance_mm)
    yield "hd95", hausdorff_95(predicted, truth, spacing)
    yield "volume_ml", volume
    yield "volume_error", (volume - known) / known if known else math.nan
    yield "absolute_volume_error", abs(volume - known) / known if known else math.nan
    if structure.lesions:
        lesions = match_lesions(predicted, truth, spacing)
        yield "lesion_sensitivity", lesions.sensitivity
        yield "lesion_precision", lesions.precision
        yield "lesion_f1", lesions.f1
        yield "lesion_misses", float(lesions.missed)


def _numbers(structure: Structure, contract: Contract) -> list[int]:
    numbers: Mapping[str, int] = {segment.name: segment.number for segment in contract.segments}
    unknown = [name for name in structure.segments if name not in numbers]
    if unknown:
        raise ConfigError(
            f"Structure {structure.name}: {contract.name} has no segment {unknown[0]!r}.",
            f"Name some of these: {', '.join(numbers)}.",
        )
    return [numbers[name] for name in structure.segments]
