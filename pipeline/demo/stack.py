"""Where a series' slices lie: what the technologist prescribes, and the affine it amounts to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

# Direction of increasing column and of increasing row for each plane, LPS; PS3.3 C.7.6.2.1.1.
PLANES = {
    "axial": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    "sagittal": ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
    "coronal": ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
}
# Slices are averaged from samples at most this far apart, so that thick ones blur as they do.
SAMPLE_MM = 1.7


@dataclass(frozen=True)
class Stack:
    """Parallel slices.

    Attributes
    ----------
    plane : str
        axial, sagittal or coronal before tilting.
    rows, columns, slices : int
        Matrix.
    pixel_mm, thickness_mm, spacing_mm : float
        In plane, slice thickness, distance between slice centres.
    centre_mm : tuple of float
        Middle of the stack, LPS.
    tilt_degrees : float
        Turn about the patient's x axis: an oblique axial follows the skull base.
    """

    plane: str
    rows: int
    columns: int
    slices: int
    pixel_mm: float
    thickness_mm: float
    spacing_mm: float
    centre_mm: tuple[float, float, float] = (0.0, 8.0, 5.0)
    tilt_degrees: float = 0.0

    @property
    def directions(self) -> NDArray[np.float64]:
        """Unit vectors of increasing column, row and slice as matrix columns, LPS."""
        along_row, along_column = (np.array(axis) for axis in PLANES[self.plane])
        axes = np.stack([along_row, along_column, np.cross(along_row, along_column)], axis=1)
        angle = np.deg2rad(self.tilt_degrees)
        cosine, sine = np.cos(angle), np.sin(angle)
        turn = np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])
        directions: NDArray[np.float64] = turn @ axes
        return directions

    @property
    def steps(self) -> NDArray[np.float64]:
        """Mm from one column, row and slice to the next, shape (3,)."""
        return np.array([self.pixel_mm, self.pixel_mm, self.spacing_mm])

    @property
    def lengths(self) -> NDArray[np.float64]:
        """Slice thickness and distance between slices, mm."""
        return np.array([self.thickness_mm, self.spacing_mm])

    @property
    def origin(self) -> NDArray[np.float64]:
        """Position of the centre of the first slice's first pixel, LPS mm."""
        last = np.array([self.columns, self.rows, self.slices]) - 1
        corner: NDArray[np.float64] = np.array(self.centre_mm) - self.directions @ (
            self.steps * last / 2
        )
        return corner

    def position(self, index: int) -> NDArray[np.float64]:
        """Image Position (Patient) of slice `index`."""
        place: NDArray[np.float64] = self.origin + self.directions[:, 2] * self.spacing_mm * index
        return place

    @property
    def samples(self) -> int:
        """Samples through one slice."""
        return max(1, int(np.ceil(self.thickness_mm / SAMPLE_MM)))

    def sampling_grid(self, sample: int) -> sitk.Image:
        """Empty image (column, row, slice) at one depth of every slice."""
        depth = ((sample + 0.5) / self.samples - 0.5) * self.thickness_mm
        grid = sitk.Image([self.columns, self.rows, self.slices], sitk.sitkUInt8)
        grid.SetOrigin((self.origin + self.directions[:, 2] * depth).tolist())
        grid.SetSpacing(self.steps.tolist())
        grid.SetDirection(self.directions.ravel().tolist())
        return grid

    def coarser(self, factor: int) -> Stack:
        """The same field of view in larger voxels."""
        spacing = max(self.spacing_mm, 1.5 * factor) if factor > 1 else self.spacing_mm
        return replace(
            self,
            rows=self.rows // factor,
            columns=self.columns // factor,
            slices=max(1, round(self.slices * self.spacing_mm / spacing)),
            pixel_mm=self.pixel_mm * factor,
            thickness_mm=max(self.thickness_mm, min(spacing, 1.5 * factor)),
            spacing_mm=spacing,
        )
