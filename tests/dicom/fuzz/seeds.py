"""The whole series that are damaged: every encoding, classic and enhanced, and real ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pydicom.data
from pydicom import dcmread

from tests.dicom.oracle.catalogue import samples
from tests.dicom.oracle.phantom import write

MOST_BYTES = 700_000
KEPT = 4


def seeds(scratch: Path, data: Path | None) -> list[list[Path]]:
    """Lists of files, each a short series; with `data`, neighbours from its folders too."""
    made = [*_synthesised(scratch), *_pydicoms()]
    if data is not None:
        made += _real(data)
    return made


def _synthesised(scratch: Path) -> Iterator[list[Path]]:
    for number, sample in enumerate(samples()):
        if sample.refused is None and not sample.name.startswith("rows and columns"):
            folder = write(sample, scratch / f"seed{number}")
            yield sorted(folder.iterdir())[: 2 * KEPT]


def _pydicoms() -> Iterator[list[Path]]:
    folder = Path(pydicom.data.__file__).parent / "test_files"
    for path in sorted(folder.glob("*.dcm")):
        if path.stat().st_size < MOST_BYTES:
            yield [path]


def _real(data: Path) -> Iterator[list[Path]]:
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        small = [p for p in sorted(folder.iterdir()) if p.stat().st_size < MOST_BYTES]
        small = [p for p in small if "PixelData" in dcmread(p, force=True)]
        if small:
            yield small[:KEPT]


def lay_out(files: list[Path], folder: Path) -> None:
    """Copy a seed into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in files:
        shutil.copyfile(path, folder / path.name)
