"""Our volumes against dcm2niix and SimpleITK: every voxel, and the affine within 1e-3 mm.

    python -m benchmarks.oracle --data ../shared/data/dicom

Series: every one below each ``--data`` folder, pydicom's own test files, and those that
tests/dicom/oracle synthesises, whose true volume is known as well.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pydicom.data

from pipeline.dicom.read.scan import scan
from tests.dicom.oracle.catalogue import samples
from tests.dicom.oracle.phantom import write
from tests.dicom.oracle.verdict import Line, judge, judge_sample


def main() -> None:
    """Print one line a series and the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, action="append", default=[])
    lines = []
    for line in every(parser.parse_args().data):
        lines.append(line)
        print(f"  {line.name:<58}{line.verdict:<18}{line.agreement}", flush=True)
    print("\n" + ", ".join(f"{count} {kind}" for kind, count in Counter(map(_kind, lines)).items()))


def every(folders: list[Path]) -> Iterator[Line]:
    """Real series, pydicom's, synthesised ones."""
    for folder in [*folders, Path(pydicom.data.__file__).parent / "test_files"]:
        for study in scan([folder]).studies:
            for series in study.series:
                where = series.instances[0].path.relative_to(folder).parent
                yield judge(f"{folder.name}/{where} {series.number}", series)
    with tempfile.TemporaryDirectory() as scratch:
        for number, sample in enumerate(samples()):
            yield judge_sample(sample, write(sample, Path(scratch, str(number))))


def _kind(line: Line) -> str:
    if line.wrong:
        return "WRONG"
    if line.code:
        return "refused"
    return "equal to an oracle" if line.equal else "equal to the truth, which no oracle reads"


if __name__ == "__main__":
    main()
