"""What a cohort is: cases by role, reference labels with their meaning, subgroups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.types import Role


@dataclass(frozen=True)
class Structure:
    """A structure that is scored, and what it is called on either side.

    Attributes
    ----------
    name : str
        Ends the metrics' names, as in ``dice/whole``.
    reference : tuple of int
        Labels in the reference that make it up.
    segments : tuple of str
        Segments of the module's contract that make it up; versions may divide it differently, so
        those that a version lacks are passed over.
    lesions : bool
        Whether its connected pieces are counted one by one.
    inside_image : bool
        Whether only voxels count in which the case's reference image is not zero, because the
        reference ends where the skull was stripped.
    near : tuple of str
        Segments that count as well where they lie within `near_mm` of the structure's own, because
        the reference's border lies further out than the module's.
    near_mm : float
        How far that is, mm.
    """

    name: str
    reference: tuple[int, ...]
    segments: tuple[str, ...]
    lesions: bool = False
    inside_image: bool = False
    # Outside repr: a cohort without it keeps the digest it had before there was such a key.
    near: tuple[str, ...] = field(default=(), repr=False)
    near_mm: float = field(default=0.0, repr=False)


@dataclass(frozen=True)
class CohortCase:
    """One case.

    Attributes
    ----------
    name : str
        Unique in the cohort.
    study : Path or None
        A folder of DICOM whose series take their roles by the rules.
    images : mapping of Role to Path
        NIfTI files or DICOM folders of one series each; used where there is no `study`.
    reference : Path or None
        Label map, NIfTI or DICOM SEG.
    truth : mapping of str to float
        By the name of a probability the module reports: 1 where it ought to be high, 0 where low.
    groups : mapping of str to str
        Subgroup by column.
    """

    name: str
    study: Path | None
    images: Mapping[Role, Path]
    reference: Path | None
    truth: Mapping[str, float] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def places(self) -> tuple[Path, ...]:
        """Every file or folder it is made of."""
        named = (self.study, *(self.images[role] for role in sorted(self.images)), self.reference)
        return tuple(path for path in named if path is not None)


@dataclass(frozen=True)
class Cohort:
    """A cohort's definition; its images are read when a case's turn comes.

    Attributes
    ----------
    name, title : str
        The file's name without ``.toml``, and a line about it.
    module : str
        Which module it judges.
    tolerance_mm : float
        For the normalised surface distance.
    structures : tuple of Structure
        What is scored; empty for a module without a label map.
    cases : tuple of CohortCase
        In the file's order.
    """

    name: str
    title: str
    module: str
    tolerance_mm: float
    structures: tuple[Structure, ...]
    cases: tuple[CohortCase, ...]
