"""Pictures of the tissues found in every real head with a skull: no labels tell there, eyes must.

    python -m benchmarks.looks --data ../shared/data -o looks

Every MR series of data/dicom that has a role, and each contrast of data/clinical, goes alone
through brain and tissue as they lie in modules/, whatever quality thinks of it. One picture each,
three planes through the middle of the brain; the volumes are printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from highdicom import Volume
from PIL import Image

from benchmarks.scores import MODULES, onto, read, tissues
from pipeline.bundle.contract import read_contract
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.dicom.roles.assign import assign
from pipeline.errors import TesseraError
from pipeline.report.picture import planes
from pipeline.report.scene import crop, head_box, middle_mm
from pipeline.types import Role


def main() -> None:
    """Write one PNG a series and print its volumes in ml."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    segments = read_contract(MODULES / "tissue").segments
    for name, role, image in heads(options.data):
        found = tissues({role: image})
        labels = image.with_array(onto(found, image, image.get_geometry()))
        at = middle_mm(labels if labels.array.any() else image)
        box = head_box(image)
        cuts = [cut.image for cut in planes(crop(image, box), crop(labels, box), segments, at)]
        path = options.out / f"{name}.png"
        Image.fromarray(np.concatenate([np.asarray(cut) for cut in cuts], 1)).save(path)
        volumes = {m.name: m.value for m in found.measurements}
        told = "  ".join(f"{n} {volumes[f'{n} volume']:6.0f}" for n in ("CSF", "GM", "WM", "brain"))
        print(f"{path.name:<40}{told}  ml", flush=True)


def heads(data: Path) -> Iterator[tuple[str, Role, Volume]]:
    """Name, role and image of each."""
    for folder in sorted((data / "dicom").iterdir()):
        for number, study in enumerate(scan([folder]).studies, start=1):
            for role, series in assign(study).roles.items():
                try:
                    yield f"{folder.name}-{number}-{role}", role, load(series)
                except TesseraError as error:
                    print(f"{folder.name}: {error}")
    for folder in sorted((data / "clinical").iterdir()):
        for role in Role:
            yield f"{folder.name}-{role}", role, read(folder / f"{role.lower()}.nii.gz")


if __name__ == "__main__":
    main()
