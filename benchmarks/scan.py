"""How fast headers are scanned, against pydicom reading each, on 5,000 files in one run.

    python -m benchmarks.scan --data ../shared/data/dicom

The files are real ones below ``--data``, copied with new identifiers until there are enough;
without it, synthesised ones of about as many elements. Both readers see them in turn, so the file
cache serves both alike, and processor time is taken, which other work on the machine does not
stretch.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.uid import MRImageStorage, generate_uid

from pipeline.dicom.read.scan import scan
from tests.dicom.synthetic import mr_series, store

SERIES, SLICES, RUNS = 25, 200, 3
ORDINARY, PRIVATE = 60, 40
MOST_BYTES = 400_000


def main(data: Path | None = None) -> None:
    """Print microseconds a file and the ratio, median of a few interleaved runs."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = _copy(data, Path(scratch)) if data else _write(Path(scratch))
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(RUNS):
            ours.append(_seconds(lambda: scan([Path(scratch)])))
            theirs.append(_seconds(lambda: [dcmread(p, stop_before_pixels=True) for p in paths]))
    ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    print(f"\nScan of {len(paths)} files, median of n={RUNS} interleaved runs, shared machine")
    for name, values in (("tessera scan, sorted", ours), ("pydicom dcmread", theirs)):
        spent = statistics.median(values) / len(paths) * 1e6
        print(f"  {name:<22}{spent:8.0f} µs of processor time a file")
    print(f"  pydicom takes {ratio:.1f} times as long")


def _seconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def _copy(data: Path, folder: Path) -> list[Path]:
    """Copy real files, each round as another patient's study."""
    images = [image for path in sorted(data.rglob("*")) if (image := _image(path)) is not None]
    paths: list[Path] = []
    for number in range(SERIES * SLICES):
        dataset, turn = images[number % len(images)], number // len(images)
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            uid = generate_uid(entropy_srcs=[str(dataset[keyword].value), str(turn)])
            dataset[keyword].value = uid
        paths.append(folder / str(turn) / f"{number}.dcm")
        paths[-1].parent.mkdir(exist_ok=True)
        dataset.save_as(paths[-1])
    return paths


def _image(path: Path) -> Dataset | None:
    """A single-frame MR image that is not too large to be copied many times over."""
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        return None
    dataset = dcmread(path, force=True)
    return dataset if dataset.get("SOPClassUID") == MRImageStorage else None


def _write(folder: Path) -> list[Path]:
    paths = []
    for number in range(SERIES):
        for dataset in mr_series(f"bench {number}", SLICES):
            _fill(dataset)
            path = folder / str(number) / f"{int(dataset.InstanceNumber):05d}.dcm"
            path.parent.mkdir(exist_ok=True)
            dataset.save_as(path, enforce_file_format=True)
            paths.append(path)
    return paths


def _fill(dataset: Dataset) -> None:
    """Bring a header to the size scanners give it."""
    store(dataset, np.zeros((64, 64), np.uint16))
    for element in range(ORDINARY):
        dataset.add_new((0x0018, 0x9300 + element), "LO", f"value {element}")
    first, second = (
        dataset.private_block(group, "TEST", create=True) for group in (0x0019, 0x0029)
    )
    for element in range(PRIVATE):
        first.add_new(element, "DS", f"{element}.5")
        second.add_new(element, "LO", f"private {element}")
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = "1.2.3", "1.2.3.4"
    dataset.ReferencedImageSequence = [item] * 3


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    main(parser.parse_args().data)
