"""Write one study: scan its subject series by series, save the objects, write down the truth."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from pipeline.demo import labels
from pipeline.demo.classic import slices
from pipeline.demo.enhanced import multiframe
from pipeline.demo.header import Identity, frame_of_reference, study_uid
from pipeline.demo.phantom import Phantom
from pipeline.demo.protocol import Plan, Scan
from pipeline.demo.scanner import acquire, quantise
from pipeline.demo.stack import Stack
from pipeline.demo.subject import Subject, after, make_subject, rigid
from pipeline.demo.truth import Move, TruthCase, truth_folder, write_case

# How the patient lies after being taken out and put back: degrees about x, y, z, then mm; LPS.
REPOSITIONED = rigid((3.0, -2.0, 5.0), (7.0, -4.0, 9.0))
# What remains of the file that is cut short.
REMAINDER = 0.6


def write_study(folder: Path, phantom: Phantom, plan: Plan, number: int, seed: int) -> TruthCase:
    """Write a plan's objects and its truth below `folder`; `number`, from 1, names the patient."""
    generator = np.random.default_rng([seed, zlib.crc32(plan.name.encode())])
    subject = make_subject(phantom, plan.growth, generator)
    entropy = f"{seed}/{phantom.spacing}/{plan.name}"
    place = folder / "dicom" / plan.name
    for position, scan in enumerate(plan.scans, start=1):
        identity = Identity(entropy, number, plan, scan, position)
        objects = _acquired(subject, identity, generator)
        _save(place / f"{position:02d}", _without_middle(objects) if plan.damaged else objects)
    if plan.damaged:
        _cut_short(min((place / "01").iterdir()))
    return _write_truth(folder, subject, plan, entropy)


def _acquired(
    subject: Subject, identity: Identity, generator: np.random.Generator
) -> list[Dataset]:
    """The objects of one series, in the order of acquisition."""
    objects: list[Dataset] = []
    for prescribed in identity.scan.stacks:
        stack = prescribed.coarser(round(subject.phantom.spacing))
        pixels = _pixels(subject, identity, stack, generator)
        if identity.scan.enhanced:
            return [multiframe(identity, stack, pixels)]
        objects += slices(identity, stack, pixels, first=len(objects) + 1)
    return objects


def _pixels(
    subject: Subject, identity: Identity, stack: Stack, generator: np.random.Generator
) -> NDArray[np.uint16]:
    """Stored values, shape (slice, row, column)."""
    plan, scan = identity.plan, identity.scan
    image = acquire(
        subject, scan.weighting.sequence, stack, _lying(subject, scan), plan.conditions, generator
    )
    return quantise(image, plan.machine.white, (1 << (plan.machine.bits - plan.machine.signed)) - 1)


def _lying(subject: Subject, scan: Scan) -> sitk.Transform:
    """From the series' own frame of reference to the phantom."""
    if not scan.elsewhere:
        return subject.into_phantom
    return after(REPOSITIONED.GetInverse(), subject.into_phantom)


def _save(place: Path, objects: list[Dataset]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for earlier in place.glob("IM*.dcm"):
        earlier.unlink()
    for item in objects:
        item.save_as(place / f"IM{item.InstanceNumber:05d}.dcm", enforce_file_format=True)


def _without_middle(objects: list[Dataset]) -> list[Dataset]:
    """A slice between others is missing."""
    middle = len(objects) // 2
    return objects[:middle] + objects[middle + 1 :]


def _cut_short(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * REMAINDER)])


def _write_truth(folder: Path, subject: Subject, plan: Plan, entropy: str) -> TruthCase:
    spacing = subject.phantom.spacing
    grid = labels.patient_grid(spacing)
    tissue, tumour = labels.label_maps(subject, grid)
    case = TruthCase(
        name=plan.name,
        study_uid=study_uid(entropy),
        frame_of_reference=frame_of_reference(entropy),
        roles=tuple(scan.role for scan in plan.scans if scan.role),
        verdict=plan.verdict,
        code=plan.code,
        tumour_ml=labels.tumour_volumes(tumour, spacing),
        tissue_ml=labels.tissue_volumes(tissue, spacing),
        moves=tuple(
            Move(scan.role, _matrix(REPOSITIONED))
            for scan in plan.scans
            if scan.role and scan.elsewhere
        ),
    )
    place = truth_folder(folder, plan.name)
    place.mkdir(parents=True, exist_ok=True)
    labels.write_labels(place / "tissue.nii.gz", tissue, grid)
    labels.write_labels(place / "tumour.nii.gz", tumour, grid)
    write_case(folder, case)
    return case


def _matrix(transform: sitk.Euler3DTransform) -> tuple[float, ...]:
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(transform.GetMatrix(), (3, 3))
    matrix[:3, 3] = transform.GetTranslation()
    return tuple(matrix.ravel().tolist())
