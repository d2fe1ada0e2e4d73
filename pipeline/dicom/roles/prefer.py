"""Choose between series that claim the same role, or decline to choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.study import Acquisition, Series
from pipeline.types import Role

# Evidence this much apart is not the same evidence.
MARGIN = 0.2
# How many times better a figure must be to decide.
CLEARLY = 1.25
# Siemens writes each series with and without intensity normalisation and distortion correction.
CORRECTED = frozenset({"NORM", "DIS2D", "DIS3D"})


@dataclass(frozen=True)
class Choice:
    """The series taken, or None, with a note where rivals could not be told apart."""

    series: Series | None
    note: str = ""


def prefer(role: Role, rivals: Sequence[tuple[Series, float]]) -> Choice:
    """Take the rival with the best evidence, then 3-D, resolution, plane, slices and corrections.

    Parameters
    ----------
    role : Role
        For the note.
    rivals : sequence of (Series, float)
        Series that claim the role, with the rules' score.
    """
    if not rivals:
        return Choice(None)
    best = max(score for _, score in rivals)
    left = [series for series, score in rivals if score > best - MARGIN]
    for figure in (_three_dimensional, _fineness, _axial, _slices, _corrections):
        left = _clearly_best(left, [figure(series) for series in left])
    if len(left) == 1:
        return Choice(left[0])
    numbers = ", ".join(str(series.number) for series in left)
    return Choice(None, f"{role}: series {numbers} fit equally well, none was taken.")


def _clearly_best(series: Sequence[Series], figures: Sequence[float]) -> list[Series]:
    best = max(figures)
    return [one for one, figure in zip(series, figures, strict=True) if figure * CLEARLY > best]


def _three_dimensional(series: Series) -> float:
    return 2.0 if series.acquisition.acquisition_type == "3D" else 1.0


def _fineness(series: Series) -> float:
    """One over the longest edge of a voxel, per mm; 1e-3 where the header does not give it."""
    edges = _edges(series.acquisition)
    return 1 / max(edges) if edges and max(edges) > 0 else 1e-3


def _edges(acquisition: Acquisition) -> tuple[float, ...]:
    if acquisition.pixel_spacing is None or acquisition.slice_thickness is None:
        return ()
    return (*acquisition.pixel_spacing, acquisition.slice_thickness)


def _axial(series: Series) -> float:
    """Of one sequence in three planes, the axial one is the one read first."""
    return 2.0 if series.acquisition.orientation == "axial" else 1.0


def _slices(series: Series) -> float:
    return float(series.frames)


def _corrections(series: Series) -> float:
    return 2.0 ** len(CORRECTED & set(series.acquisition.image_type))
