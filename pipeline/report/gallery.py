"""Which pictures show what a module found, on which contrast and through which point."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pipeline.report.picture import Picture, contrasts, mosaic, planes
from pipeline.report.scene import Box, crop, middle_mm
from pipeline.result import CaseResult, Result
from pipeline.types import Point, Role, Segment

# Contrast agent shows a tumour best, T1 the tissues.
LESION_ROLES = (Role.T1C, Role.FLAIR, Role.T2, Role.T1)
TISSUE_ROLES = (Role.T1, Role.T1C, Role.FLAIR, Role.T2)


@dataclass(frozen=True)
class Gallery:
    """The pictures of one module.

    Attributes
    ----------
    views : tuple of Picture
        Large: three planes through the largest lesion, or one mosaic of slices.
    strip : tuple of Picture
        Small: the lesion in every contrast; empty beside a mosaic.
    background : Role
        The contrast under the large pictures.
    legend : tuple of Segment
        What the colours mean.
    """

    views: tuple[Picture, ...]
    strip: tuple[Picture, ...]
    background: Role
    legend: tuple[Segment, ...]


def gallery(result: CaseResult, outcome: Result, head: Box) -> Gallery | None:
    """Draw what a module marked, within `head`; None where it marked nothing."""
    labels = result.labels.get(outcome.module.name)
    if labels is None or not labels.array.any():
        return None
    findings = outcome.prediction.findings
    if not findings:
        return _filled(result, outcome.module.name, head)
    largest = max(findings, key=lambda finding: finding.volume_ml)
    return _through(result, outcome.module.name, head, largest.centroid_mm)


def overview(result: CaseResult, head: Box) -> tuple[Picture, ...]:
    """Cut three planes through the middle of the brain, for a case without lesions."""
    shown = crop(result.volumes[result.reference], head)
    marked = next((labels for labels in result.labels.values() if labels.array.any()), shown)
    return planes(shown, None, (), middle_mm(marked))


def _through(result: CaseResult, module: str, head: Box, at_mm: Point) -> Gallery:
    volumes = {role: crop(volume, head) for role, volume in result.volumes.items()}
    labels, segments = crop(result.labels[module], head), result.segments.get(module, ())
    role = _first(LESION_ROLES, volumes)
    views = planes(volumes[role], labels, segments, at_mm)
    return Gallery(views, contrasts(volumes, labels, segments, at_mm), role, segments)


def _filled(result: CaseResult, module: str, head: Box) -> Gallery:
    role = _first(TISSUE_ROLES, result.volumes)
    labels, segments = crop(result.labels[module], head), result.segments.get(module, ())
    shown = crop(result.volumes[role], head)
    return Gallery((mosaic(shown, labels, segments),), (), role, segments)


def _first(preferred: tuple[Role, ...], there: Collection[Role]) -> Role:
    return next(role for role in preferred if role in there)
