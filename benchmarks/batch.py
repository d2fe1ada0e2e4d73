"""Wall time by stage, and memory as the batch grows from 2 to 20 studies."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

from pipeline.demo.cohort import write_cohort
from pipeline.workspace import create

CASE = "frontal"
SIZES = (2, 20)


def main() -> None:
    """Run copies of one demo study in processes of their own and compare what they report."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        source = write_cohort(place / "cohort", spacing=1).dicom / CASE
        create(place / "site")
        manifests = {size: _run(place, source, size) for size in SIZES}
    print("\nA batch of copies of one demo study (four contrasts, three networks), cold cache")
    for size, manifest in manifests.items():
        print(
            f"  {size:>3} studies: {manifest['seconds'] / size:6.1f} s a study, "
            f"peak memory {manifest['peak_memory_mib']} MiB"
        )
    few, many = (manifests[size]["peak_memory_mib"] for size in SIZES)
    print(f"  memory at {SIZES[1]} studies over memory at {SIZES[0]}: {many / few:.2f}")
    stages = manifests[SIZES[1]]["stages"]
    total = sum(stages.values())
    print(f"  by stage, share of the time of n={SIZES[1]} studies:")
    for stage, spent in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"    {stage:<10} {spent / total:6.1%}  {spent / SIZES[1]:6.2f} s a study")


def _run(place: Path, source: Path, size: int) -> dict:
    dicom, out = place / f"dicom{size}", place / f"out{size}"
    for number in range(size):
        _copy(source, dicom / str(number), number)
    command = [sys.executable, "-m", "pipeline", "run", str(dicom), "-o", str(out)]
    shutil.rmtree(place / "site" / ".tessera" / "cache", ignore_errors=True)
    subprocess.run(  # noqa: S603
        [*command, "--workspace", str(place / "site")], check=True, capture_output=True
    )
    manifest = json.loads((out / "run.json").read_text())
    stages: Counter[str] = Counter()
    for spent in manifest["stages"].values():
        stages.update(spent)
    return {**manifest, "stages": dict(stages)}


def _copy(source: Path, target: Path, number: int) -> None:
    """Another patient's study: other identifiers, and one voxel, so that nothing is cached."""
    for path in sorted(source.rglob("*.dcm")):
        dataset = pydicom.dcmread(path)
        for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            dataset[name].value = generate_uid(entropy_srcs=[str(dataset[name].value), str(number)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        pixels = dataset.pixel_array.copy()
        pixels[0, 0] = number
        dataset.PixelData = pixels.tobytes()
        to = target / path.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(to)
