"""What it costs to turn a whole series into a volume: ours, pydicom file by file, SimpleITK.

    python -m benchmarks.series

Ours reads headers, sorts, decodes and applies the rescale; so do the others. A method whose values
differ from what was written ends the run; one that cannot read a syntax is said to.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from pydicom import dcmread, dcmwrite

from benchmarks.decoding import CODECS, image, packed
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from tests.dicom.synthetic import mr_series, store

SLICES, RUNS = 64, 5
Reader = Callable[[Path], np.ndarray]


def main() -> None:
    """Print each method's median processor time and spread, and how many times ours it is."""
    print(f"\nReading a series of {SLICES} images, processor time, n={RUNS} interleaved runs")
    for name in ("native", "RLE", "JPEG lossless", "JPEG-LS", "JPEG 2000"):
        with tempfile.TemporaryDirectory() as place:
            truth = write(Path(place), name)
            spent = {
                method: timed(reader, Path(place), truth) for method, reader in READERS.items()
            }
            for _ in range(RUNS - 1):
                for method, reader in READERS.items():
                    spent[method] += timed(reader, Path(place), truth)
        ours = statistics.median(spent["ours"])
        for method, seconds in spent.items():
            print(f"  {name:<16}{method:<12}" + line(seconds, ours))


def line(seconds: list[float], ours: float) -> str:
    """Median, range and ratio; a method that never came to an end could not read it."""
    if not seconds:
        return "cannot read it"
    middle = statistics.median(seconds)
    spread = f"({min(seconds) * 1e3:.0f} to {max(seconds) * 1e3:.0f})"
    return f"{middle * 1e3:7.0f} ms {spread:<16}{middle / ours:6.1f} x ours"


def write(place: Path, name: str) -> np.ndarray:
    """A series of `SLICES` different images in one transfer syntax; its values (z, y, x)."""
    planes = []
    for number, plain in enumerate(mr_series(f"series {name}", slices=SLICES)):
        planes.append(np.roll(image(), 3 * number, 0))
        store(plain, planes[-1])
        file = packed(plain, name) if name in CODECS else plain
        dcmwrite(place / f"{number:03}.dcm", file, enforce_file_format=True)
    return np.stack(planes)


def timed(reader: Reader, place: Path, truth: np.ndarray) -> list[float]:
    """Processor seconds of one reading; empty where the method cannot."""
    started = time.process_time()
    try:
        values = reader(place)
    except RuntimeError:
        return []
    spent = time.process_time() - started
    if not np.array_equal(values, truth):
        raise SystemExit(f"{reader.__name__} reads other values")
    return [spent]


def ours(place: Path) -> np.ndarray:
    """Scan the folder and load its one series."""
    (study,) = scan([place]).studies
    return load(study.series[0]).to_patient_orientation("LPS").array.transpose(2, 1, 0)


def pydicom(place: Path) -> np.ndarray:
    """Every file by dcmread, sorted by position."""
    files = [dcmread(path) for path in place.iterdir()]
    files.sort(key=lambda file: float(file.ImagePositionPatient[2]))
    slopes = [(float(f.get("RescaleSlope", 1)), float(f.get("RescaleIntercept", 0))) for f in files]
    scaled = (f.pixel_array * a + b for f, (a, b) in zip(files, slopes, strict=True))
    return np.stack(list(scaled)).astype(np.float32)


def simpleitk(place: Path) -> np.ndarray:
    """ITK's series reader with GDCM."""
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(place)))
    return np.asarray(sitk.GetArrayFromImage(reader.Execute()))


READERS: dict[str, Reader] = {"ours": ours, "pydicom": pydicom, "SimpleITK": simpleitk}


if __name__ == "__main__":
    main()
