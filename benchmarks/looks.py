"""Pictures of what is found in every real head with a skull: no labels tell there, eyes must.

    python -m benchmarks.looks --data ../shared/data -o looks

Every MR series of data/dicom that has a role, and each contrast of data/clinical, goes alone
through brain and tissue as they lie in modules/, whatever quality thinks of it. One picture each,
three planes through the middle of the brain; the volumes are printed. The patients of data/clinical
go through tumour as well, their contrasts aligned.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from highdicom import Volume
from PIL import Image

from benchmarks.scores import MILLIMETRE, MODULES, onto, read, run, tissues
from benchmarks.scores import load as load_module
from pipeline.bundle.contract import read_contract
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.dicom.roles.assign import assign
from pipeline.errors import TesseraError
from pipeline.report.picture import planes
from pipeline.report.scene import crop, head_box, middle_mm
from pipeline.run.prepare import arrange
from pipeline.types import Prediction, Role


def main() -> None:
    """Write one PNG a series and print its volumes in ml."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("-o", "--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, role, image in heads(options.data):
        found = tissues({role: image})
        _draw(options.out / f"{name}.png", image, found, "tissue")
        _tell(name, found, ("CSF", "GM", "WM", "brain"))
    tumour = load_module("tumour")
    for name, images in patients(options.data):
        found = run(tumour, images, {"tissue": tissues(images)})
        _draw(options.out / f"{name}-tumour.png", images[Role.FLAIR], found, "tumour")
        _tell(name, found, ("whole tumour", "tumour core", "enhancing"))
        for lesion in found.findings:
            print(f"    lesion of {lesion.volume_ml:.1f} ml, confidence {lesion.confidence:.2f}")


def _draw(path: Path, image: Volume, found: Prediction, module: str) -> None:
    segments = read_contract(MODULES / module).segments
    labels = image.with_array(onto(found, image, image.get_geometry()))
    at = middle_mm(labels if labels.array.any() else image)
    box = head_box(image)
    cuts = [cut.image for cut in planes(crop(image, box), crop(labels, box), segments, at)]
    Image.fromarray(np.concatenate([np.asarray(cut) for cut in cuts], 1)).save(path)


def _tell(name: str, found: Prediction, regions: tuple[str, ...]) -> None:
    volumes = {m.name: m.value for m in found.measurements}
    told = "  ".join(f"{region} {volumes[f'{region} volume']:6.0f}" for region in regions)
    print(f"{name:<36}{told}  ml", flush=True)


def patients(data: Path) -> Iterator[tuple[str, dict[Role, Volume]]]:
    """Each patient of data/clinical, all contrasts on the finest one's grid of 1 mm."""
    for folder in sorted((data / "clinical").iterdir()):
        images = {role: read(folder / f"{role.lower()}.nii.gz") for role in Role}
        scene = arrange(images, images)
        yield folder.name, dict(scene.on(MILLIMETRE, scene.native))


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
