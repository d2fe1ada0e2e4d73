"""A cohort in 64 hexadecimal digits: its definition and every byte it points to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.evaluate.cohort.cohort import Cohort, CohortCase


def cohort_digest(cohort: Cohort) -> str:
    """``sha256:`` and the digest of module, tolerance, structures and cases with their files.

    Where the files lie does not count, so the same cohort on another machine has the same digest.

    Raises
    ------
    ConfigError
        A file cannot be read.
    """
    total = hashlib.sha256()
    total.update(f"{cohort.module}\n{cohort.tolerance_mm}\n{cohort.structures}\n".encode())
    for structure in cohort.structures:
        if structure.near:
            near = (structure.name, structure.near, structure.near_mm)
            total.update(f"{near}\n".encode())
    for case in cohort.cases:
        total.update(f"{case_digest(case)}\n".encode())
    return f"sha256:{total.hexdigest()}"


def case_digest(case: CohortCase) -> str:
    """``sha256:`` and the digest of one case: names, groups, truth and the bytes of its files."""
    total = hashlib.sha256()
    fixed = (case.name, sorted(case.truth.items()), sorted(case.groups.items()))
    total.update(f"{fixed}\n{sorted(case.images)}\n".encode())
    try:
        for place in case.places:
            for path in _files(place):
                inside = path.relative_to(place).as_posix()
                with path.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
                total.update(f"{inside}\0{found}\n".encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise ConfigError(
            f"Case {case.name}: {error.filename} cannot be read: {error.strerror}.",
            "Restore the file, or take the case out of the cohort.",
        ) from error
    return f"sha256:{total.hexdigest()}"


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from sorted(path for path in place.rglob("*") if path.is_file())
    else:
        yield place
