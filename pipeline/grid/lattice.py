"""Working grids and resampling; axes (x, y, z) run to patient left, posterior, superior (LPS)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import SimpleITK as sitk
from highdicom import Volume, VolumeGeometry

from pipeline.grid.linear import linear_voxels
from pipeline.grid.nearest import nearest_voxels

# Half a voxel of slack, so that rounding never costs a slice at the border.
SLACK = 1e-3


def working_geometry(
    reference: Volume, spacing_mm: Sequence[float], shape: Sequence[int] = ()
) -> VolumeGeometry:
    """Lay a grid of `spacing_mm` along the reference's own axes, in their order nearest to LPS.

    The axes are the scanner's, not the patient's: an oblique series is not turned, so at its own
    spacing nothing is interpolated.

    Parameters
    ----------
    reference : highdicom.Volume
        The series that defines axes and field of view.
    spacing_mm : sequence of float
        Voxel size along x, y, z.
    shape : sequence of int
        Fixed voxel counts; empty to cover the reference's field of view.

    Returns
    -------
    highdicom.VolumeGeometry
        Centred on the reference's centre, in its frame of reference.
    """
    turned = reference.get_geometry().to_patient_orientation("LPS")
    directions = np.array(turned.direction)
    spacing = np.array(spacing_mm, float)
    extent = np.array(turned.spatial_shape) * np.array(turned.spacing)
    counts = np.array(shape) if len(shape) else np.ceil(extent / spacing - SLACK).astype(int)
    centre = np.array(turned.center_position)
    affine = np.eye(4)
    affine[:3, :3] = directions * spacing
    affine[:3, 3] = centre - affine[:3, :3] @ ((counts - 1) / 2)
    return VolumeGeometry(
        affine,
        tuple(int(n) for n in counts),
        coordinate_system="PATIENT",
        frame_of_reference_uid=reference.frame_of_reference_uid,
    )


def resample(
    volume: Volume,
    onto: VolumeGeometry,
    transform: sitk.Transform | None = None,
    nearest: bool = False,
) -> Volume:
    """Read `volume` at the voxel centres of `onto`; zero outside its field of view.

    Parameters
    ----------
    volume : highdicom.Volume
        What to read.
    onto : highdicom.VolumeGeometry
        Where to read it.
    transform : SimpleITK.Transform, optional
        Maps a point of `onto` to the point of `volume` that shows the same anatomy, LPS mm.
    nearest : bool
        Take the nearest voxel (label maps) in place of a linear mean (images).

    Returns
    -------
    highdicom.Volume
        On `onto`, of the volume's own dtype.
    """
    turned = volume.to_patient_orientation("LPS")
    if transform is None and _same(turned, onto):
        return _on(onto, turned.array)
    if transform is None and (nearest or volume.dtype == np.float32):
        found = nearest_voxels(volume, onto) if nearest else linear_voxels(volume, onto)
        if found is not None:
            return _on(onto, found)
    image = sitk.Resample(
        to_image(volume),
        [int(n) for n in onto.spatial_shape],
        transform or sitk.Transform(3, sitk.sitkIdentity),
        sitk.sitkNearestNeighbor if nearest else sitk.sitkLinear,
        *_placement(onto),
        0.0,
        sitk.sitkUnknown,
    )
    return _on(onto, sitk.GetArrayFromImage(image).transpose(2, 1, 0))


def to_image(volume: Volume) -> sitk.Image:
    """The same voxels as a SimpleITK image; its axes are the volume's array axes, last one first.

    In this order nothing has to be turned in memory.
    """
    image = sitk.GetImageFromArray(volume.array)
    origin, spacing, _ = _placement(volume)
    image.SetOrigin(origin)
    image.SetSpacing(spacing[::-1])
    image.SetDirection(np.asarray(volume.direction, float)[:, ::-1].ravel().tolist())
    return image


def _placement(grid: Volume | VolumeGeometry) -> tuple[list[float], list[float], list[float]]:
    """Origin, spacing and direction as SimpleITK takes them."""
    position, spacing = ([float(x) for x in values] for values in (grid.position, grid.spacing))
    return position, spacing, np.asarray(grid.direction, float).ravel().tolist()


def _same(volume: Volume, onto: VolumeGeometry) -> bool:
    return volume.spatial_shape == onto.spatial_shape and np.allclose(
        volume.affine, onto.affine, atol=1e-4
    )


def _on(geometry: VolumeGeometry, array: np.ndarray) -> Volume:
    return Volume(
        array,
        geometry.affine,
        coordinate_system="PATIENT",
        frame_of_reference_uid=geometry.frame_of_reference_uid,
    )
