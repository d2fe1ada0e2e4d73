"""A case's reference labels and what versions of a module found, on the same slice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from highdicom import Volume

from pipeline.evaluate.cohort.cohort import Cohort, CohortCase, Structure
from pipeline.evaluate.cohort.images import case_images, case_labels
from pipeline.evaluate.stage import Stage
from pipeline.grid.lattice import resample
from pipeline.report.picture import Picture, planes
from pipeline.report.scene import crop, head_box, middle_mm
from pipeline.run.prepare import Images


def case_pictures(case: CohortCase, cohort: Cohort, stages: Sequence[Stage]) -> tuple[Picture, ...]:
    """One axial slice: labels of the reference, then of each version.

    Drawn on the first contrast that is there of those the module cannot do without. Predictions
    come from the cache of the validation.

    Raises
    ------
    InputError
        The case's images cannot be read.
    """
    return tuple(_pictures(case, cohort, stages))


def _pictures(case: CohortCase, cohort: Cohort, stages: Sequence[Stage]) -> Iterator[Picture]:
    images = case_images(case)
    truth = _as_segments(case_labels(case), cohort, stages[-1])
    needs = stages[-1].contract.needs
    role = next(r for r in (*needs.at_least, *needs.roles) if r in images.native)
    volume = images.native[role]
    shown = [("reference labels", truth)]
    for stage in stages:
        empty = truth.with_array(np.zeros(truth.spatial_shape, np.uint8))
        title = f"{stage.module.name} {stage.module.version}"
        shown.append((title, _found(stage, images) or empty))
    grid, box = volume.get_geometry(), head_box(volume)
    placed = [(caption, resample(labels, grid, nearest=True)) for caption, labels in shown]
    at = middle_mm(next((labels for _, labels in placed if labels.array.any()), volume))
    for caption, labels in placed:
        segments = stages[-1].contract.segments
        cut = planes(crop(volume, box), crop(labels, box), segments, at)[0]
        yield Picture(cut.image, f"{caption}: {cut.alt}", caption)


def _found(stage: Stage, images: Images) -> Volume | None:
    done = stage.runner.on_images(images)
    own = stage.own(done.outcomes)
    return stage.runner.place(own[0], done.scene) if own else None


def _as_segments(known: Volume, cohort: Cohort, stage: Stage) -> Volume:
    """Reference labels in the module's own numbers.

    A structure takes the first of its segments that this version has.
    """
    numbers = stage.contract.numbers
    labels = np.zeros(known.spatial_shape, np.uint8)
    for structure in outermost_first(cohort.structures):
        there = [numbers[name] for name in structure.segments if name in numbers]
        if there:
            labels[np.isin(known.array, structure.reference)] = there[0]
    return known.with_array(labels)


def outermost_first(structures: Sequence[Structure]) -> tuple[Structure, ...]:
    """In which order to draw them, so that none hides a part of it; the first of equals on top."""
    last_first = structures[::-1]
    return tuple(sorted(last_first, key=lambda one: -len(one.reference)))
