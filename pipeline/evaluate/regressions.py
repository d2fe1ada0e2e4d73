"""The cases a candidate does worst on against the reference version, as pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from highdicom import Volume, VolumeGeometry

from pipeline.errors import InputError
from pipeline.evaluate.cohort.cohort import Cohort, CohortCase
from pipeline.evaluate.cohort.images import case_images, case_labels
from pipeline.evaluate.stage import Stage
from pipeline.evaluation.comparison import Comparison, Paired
from pipeline.grid.lattice import resample
from pipeline.report.comparison.page import Regression
from pipeline.report.picture import Picture, planes
from pipeline.report.scene import crop, head_box, middle_mm
from pipeline.result import Result
from pipeline.run.clock import Clock
from pipeline.types import Segment

MOST = 3
PICTURE_MM = (1.0, 1.0, 1.0)


def regressions(
    found: Comparison, cohort: Cohort, before: Stage, after: Stage
) -> tuple[Regression, ...]:
    """Draw the `MOST` cases with the greatest loss in the cohort's first structure.

    Predictions come from the cache of the validation.
    """
    wanted = {f"dice/{structure.name}" for structure in cohort.structures[:1]}
    judged = next((p for p in found.metrics if p.metric in wanted), None)
    if judged is None:
        return ()
    cases = {case.name: case for case in cohort.cases}
    drawn = []
    for name, difference in worst(judged):
        try:
            pictures = tuple(_pictures(cases[name], before, after, cohort))
        except InputError:
            continue  # the tables say why the case has no prediction
        drawn.append(Regression(name, judged.metric, difference, pictures))
    return tuple(drawn)


def worst(paired: Paired, most: int = MOST) -> tuple[tuple[str, float], ...]:
    """Cases and differences, greatest loss first; only cases that got worse."""
    sign = -1 if paired.better == "lower" else 1
    lost = [(case, d) for case, d in paired.differences.items() if sign * d < 0]
    return tuple(sorted(lost, key=lambda entry: sign * entry[1])[:most])


def _pictures(case: CohortCase, before: Stage, after: Stage, cohort: Cohort) -> Iterator[Picture]:
    """The same axial slice three times: labels of the reference, of either version."""
    images = case_images(case)
    known = case_labels(case)
    truth = _as_segments(known, cohort, after)
    role = next(role for role in after.contract.needs.roles if role in images.native)
    volume = images.native[role]
    grid = volume.get_geometry()
    shown = [("reference labels", _onto(truth, grid))]
    for stage in (before, after):
        done = stage.runner.compute(images, Clock())
        placed = [
            stage.runner.place(r, done.scene)
            for r in done.outcomes
            if isinstance(r, Result) and r.module.name == stage.module.name
        ]
        labels = placed[0] if placed else None
        empty = truth.with_array(np.zeros(truth.spatial_shape, np.uint8))
        title = f"{stage.module.name} {stage.module.version}"
        shown.append((title, _onto(labels if labels is not None else empty, grid)))
    box = head_box(volume)
    at = middle_mm(next((v for _, v in shown if v.array.any()), volume))
    for caption, labels in shown:
        cut = planes(crop(volume, box), crop(labels, box), after.contract.segments, at)[0]
        yield Picture(cut.image, f"{caption}: {cut.alt}", caption)


def _as_segments(known: Volume, cohort: Cohort, stage: Stage) -> Volume:
    """Reference labels in the module's own numbers, innermost structure last."""
    numbers: dict[str, Segment] = {segment.name: segment for segment in stage.contract.segments}
    labels = np.zeros(known.spatial_shape, np.uint8)
    for structure in cohort.structures:
        labels[np.isin(known.array, structure.reference)] = numbers[structure.segments[0]].number
    return known.with_array(labels)


def _onto(labels: Volume, grid: VolumeGeometry) -> Volume:
    return resample(labels, grid, nearest=True)
