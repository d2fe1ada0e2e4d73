"""Write one study's folder: DICOM SEG and SR, the page, and the record."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import numpy as np

import pipeline
from pipeline.batch.folder import whole
from pipeline.batch.record import study_record
from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.write.identity import require_one_patient
from pipeline.dicom.write.provenance import Stamp
from pipeline.dicom.write.seg.segmentation import write_segmentation
from pipeline.dicom.write.sr.report import write_report
from pipeline.dicom.write.sr.section import Section
from pipeline.grid.lattice import resample
from pipeline.report.row import Row
from pipeline.report.study import write_study as write_page
from pipeline.report.write import write_whole
from pipeline.result import CaseResult, Result

# Far above what scanners number their series, so that ours stand last in a viewer.
FIRST_SERIES = 9700


def write_study(folder: Path, result: CaseResult, row: Row, request: str) -> None:
    """Write everything about a study into `folder`, which appears whole or not at all.

    Raises
    ------
    InputError
        DISK_FULL, a source file that vanished meanwhile, or SEVERAL_PATIENTS.
    OutputError
        The folder cannot be written.
    """
    with whole(folder) as partial, ThreadPoolExecutor(1) as other:
        # Objects are Python's work, pictures mostly that of libraries: a core for each.
        page = other.submit(write_page, partial / "report.html", result)
        _write_dicom(partial, result)
        page.result()
        files = {path.name: _settled(path) for path in partial.iterdir()}
        record = study_record(result, row, request, files)
        write_whole(partial / "result.json", json.dumps(record, indent=2) + "\n")


def _write_dicom(folder: Path, result: CaseResult) -> None:
    sources = {role: reference_headers(result.case.roles[role]) for role in result.fingerprints}
    require_one_patient(chain.from_iterable(sources.values()))
    sections = []
    for number, entry in enumerate(result.results):
        name = entry.module.name
        path = None
        if name in result.labels and result.segments[name]:
            path = folder / f"{name}.seg.dcm"
            labels = resample(result.labels[name], result.geometry, nearest=True)
            write_segmentation(
                path,
                labels.astype(np.uint8),
                result.segments[name],
                sources[result.reference],
                _stamp(entry, result),
                FIRST_SERIES + number,
                f"Tessera {name} {entry.module.version}",
            )
        segments = result.segments.get(name, ())
        section = Section(_stamp(entry, result), entry.prediction, entry.role, segments, path)
        sections.append(section)
    if sections:
        write_report(
            folder / "report.sr.dcm",
            sections=sections,
            sources=sources,
            reference=result.reference,
            series_number=FIRST_SERIES + len(sections),
            description="Tessera report",
        )


def _stamp(entry: Result, result: CaseResult) -> Stamp:
    looked_at = [entry.role] if entry.role else list(result.fingerprints)
    inputs = tuple(result.fingerprints[role] for role in looked_at)
    return Stamp(entry.module, result.lock, pipeline.__version__, inputs)


def _settled(path: Path) -> bytes:
    """A file's content once it is on the disk: the record that vouches for it comes after."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
        return file.read()
