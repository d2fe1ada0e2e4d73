"""How fast headers are scanned, against pydicom reading each, on 5,000 files in one run.

    python -m benchmarks.scan --data ../shared/data

The files are real ones below ``--data``, copied with new identifiers until there are enough;
without it, synthesised ones of about as many elements. Each reader goes through all of them once
before anything is timed, so that the file cache is warm, and then once a round, in turn. Wall time
is what a user waits; processor time is not stretched by other work on the machine.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.uid import MRImageStorage, generate_uid

from pipeline.dicom.read.glimpse import KEYWORDS
from pipeline.dicom.read.scan import scan
from tests.dicom.synthetic import mr_series, store

SERIES, SLICES, ROUNDS = 25, 200, 5
ORDINARY, PRIVATE = 60, 40
MOST_BYTES = 400_000
OURS = "tessera scan, sorted"
KINDS = ("wall", "processor")


@dataclass(frozen=True)
class Time:
    """Seconds one reader took for all files in one round."""

    wall: float
    processor: float


def main(data: Path | None = None, rounds: int = ROUNDS) -> None:
    """Print microseconds a file, wall and processor, and how many times as long pydicom takes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        paths = _copy(data, folder) if data else _write(folder)
        times = _times(_readers(folder, paths), rounds)
    kind = "real" if data else "synthesised"
    print(f"\nScan of {len(paths)} {kind} files, cache warm; median (least to most) of n={rounds}")
    for name, taken in times.items():
        wall, processor = ([getattr(t, k) for t in taken] for k in KINDS)
        print(f"  {name:<28} wall {_micro(wall, paths)}, processor {_micro(processor, paths)}")
    for name, taken in times.items():
        if name != OURS:
            pairs = list(zip(times[OURS], taken, strict=True))
            wall, processor = ([getattr(t, k) / getattr(o, k) for o, t in pairs] for k in KINDS)
            print(f"  {name} / {OURS}: wall {_ratio(wall)}, processor {_ratio(processor)}")


def _readers(folder: Path, paths: Sequence[Path]) -> dict[str, Callable[[], object]]:
    whole = partial(dcmread, stop_before_pixels=True)
    wanted = partial(whole, specific_tags=KEYWORDS)
    return {
        OURS: lambda: scan([folder]),
        "pydicom, all elements": lambda: [whole(path) for path in paths],
        "pydicom, wanted elements": lambda: [wanted(path) for path in paths],
    }


def _times(readers: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[Time]]:
    for read in readers.values():
        read()
    print("files are written and in the cache", flush=True)
    taken: dict[str, list[Time]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            taken[name].append(_time(read))
    return taken


def _time(act: Callable[[], object]) -> Time:
    wall, processor = time.perf_counter(), time.process_time()
    act()
    return Time(time.perf_counter() - wall, time.process_time() - processor)


def _micro(seconds: Sequence[float], paths: Sequence[Path]) -> str:
    least, middle, most = (1e6 * s / len(paths) for s in _spread(seconds))
    return f"{middle:5.0f} µs ({least:.0f} to {most:.0f})"


def _ratio(ratios: Sequence[float]) -> str:
    least, middle, most = _spread(ratios)
    return f"{middle:.1f} ({least:.1f} to {most:.1f})"


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    return min(values), statistics.median(values), max(values)


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
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    main(given.data, given.rounds)
