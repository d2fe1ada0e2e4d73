"""From a case's series to aligned volumes: read, choose the reference, bring onto its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from highdicom import Volume

from pipeline.dicom.read.volume import fingerprint, load
from pipeline.errors import Code, InputError
from pipeline.grid.align import Anchor, align, anchor
from pipeline.grid.lattice import resample, working_geometry
from pipeline.result import Alignment, Failure
from pipeline.run.ground import grounded
from pipeline.study import Case
from pipeline.types import Role

if TYPE_CHECKING:
    import SimpleITK as sitk

POSE_POINTS = ((0.0, 0.0, 0.0), (100.0, 0.0, 0.0), (0.0, 100.0, 0.0), (0.0, 0.0, 100.0))


@dataclass(frozen=True)
class Images:
    """A case's series as acquired, and those that could not be read."""

    native: Mapping[Role, Volume]
    prints: Mapping[Role, str]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Scene:
    """A case's series in one place: the reference and how each other series maps onto it.

    Attributes
    ----------
    reference : Role
        Whose geometry defines the working grids.
    native : mapping of Role to highdicom.Volume
        The series that passed the gate, as acquired; all of them where none did.
    transforms : mapping of Role to SimpleITK.Transform or None
        From reference points to the role's points, LPS mm; None for the identity.
    alignment : tuple of Alignment
        What was done and why.
    failures : tuple of Failure
        Series that could not be aligned.
    """

    reference: Role
    native: Mapping[Role, Volume]
    transforms: Mapping[Role, sitk.Transform | None]
    alignment: tuple[Alignment, ...]
    failures: tuple[Failure, ...] = ()
    _placed: dict[tuple[Role, tuple[float, ...]], Volume] = field(default_factory=dict, repr=False)

    def on(self, spacing_mm: tuple[float, ...], roles: Iterable[Role]) -> Mapping[Role, Volume]:
        """Series on the reference's working grid of this spacing; each is computed once."""
        geometry = working_geometry(self.native[self.reference], spacing_mm)
        found: dict[Role, Volume] = {}
        for role in roles:
            if (role, spacing_mm) not in self._placed:
                volume = resample(self.native[role], geometry, self.transforms[role])
                self._placed[role, spacing_mm] = volume
            found[role] = self._placed[role, spacing_mm]
        return found

    def pose(self, role: Role) -> str:
        """The role's transform as text, to a hundredth of a millimetre, for cache keys."""
        transform = self.transforms[role]
        if transform is None:
            return "identity"
        corners = [transform.TransformPoint(point) for point in POSE_POINTS]
        return " ".join(f"{x:.2f}" for corner in corners for x in corner)


def read(case: Case) -> Images:
    """Load every series that plays a role; a series that cannot be read leaves the others be.

    Raises
    ------
    InputError
        No series at all could be read; the first one's reason. NO_ROLE, NOT_MR or
        SEVERAL_PATIENTS, where none has a role.
    """
    if not case.roles:
        raise _no_role(case)
    native: dict[Role, Volume] = {}
    failures: list[Failure] = []
    for role, series in case.roles.items():
        try:
            native[role] = grounded(_not_blank(load(series)))
        except InputError as error:
            failures.append(Failure("", role, error.code, error.message, error.remedy))
    if not native:
        raise InputError(failures[0].code, failures[0].message)
    return Images(native, {role: fingerprint(v) for role, v in native.items()}, tuple(failures))


def _no_role(case: Case) -> InputError:
    """Why no series of the case has a role: not MR at all, not one patient's, or nothing fits."""
    if case.patients > 1:
        return InputError(Code.SEVERAL_PATIENTS, "; ".join(case.notes))
    modalities = {series.acquisition.shown_modality for series in case.study.series}
    if modalities and "MR" not in modalities:
        return InputError(Code.NOT_MR, f"The study is {', '.join(sorted(modalities))}, not MR.")
    notes = "; ".join(case.notes)
    return InputError(Code.NO_ROLE, notes or f"None of {len(case.study.series)} series has a role.")


def _not_blank(volume: Volume) -> Volume:
    if volume.array.min() == volume.array.max():
        raise InputError(Code.BLANK, "The image is blank.")
    return volume


def reference(native: Mapping[Role, Volume]) -> Role:
    """The finest series: smallest greatest voxel side, to half a millimetre; ties in role order."""
    return min(native, key=lambda r: (round(2 * max(native[r].spacing)), list(Role).index(r)))


def arrange(native: Mapping[Role, Volume], roles: Iterable[Role]) -> Scene:
    """Choose the reference among `roles` and align the others to it."""
    kept = {role: native[role] for role in native if role in set(roles)}
    chosen = reference(kept)
    transforms: dict[Role, sitk.Transform | None] = {chosen: None}
    records = [Alignment(chosen, "reference", 0.0, "finest series of the case")]
    failures: list[Failure] = []
    fixed: Anchor | None = None
    for role, volume in kept.items():
        if role == chosen:
            continue
        fixed = fixed or anchor(kept[chosen])
        try:
            transforms[role], record = align(fixed, volume, role)
            records.append(record)
        except InputError as error:
            failures.append(Failure("", role, error.code, error.message, error.remedy))
    placed = {role: kept[role] for role in kept if role in transforms}
    return Scene(chosen, placed, transforms, tuple(records), tuple(failures))
