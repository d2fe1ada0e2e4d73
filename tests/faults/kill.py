"""Kill a batch at random points, run it again, compare with an undisturbed one.

python -m tests.faults.kill --times 100
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from pipeline.workspace import Workspace
from tests import bundles
from tests.conftest import write_study
from tests.faults.batch import Launcher, kill_and_resume, left, moments

STUDIES = 3


def main() -> None:
    """Print how many of the killed batches ended like the undisturbed one; exit 1 if not all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place, dicom = build(Path(scratch))
        launcher = Launcher()
        launcher.run(place, dicom, Path(scratch, "first"))
        shutil.rmtree(place.cache)
        seconds = launcher.run(place, dicom, Path(scratch, "undisturbed"))
        wanted = left(Path(scratch, "undisturbed"))
        same, early = 0, 0
        for number, moment in enumerate(moments(given.times, seconds, given.seed)):
            shutil.rmtree(place.cache, ignore_errors=True)
            out = Path(scratch, f"out{number}")
            found = kill_and_resume(launcher, place, dicom, out, moment)
            same, early = same + (found == wanted), early + (moment < seconds)
            shutil.rmtree(out)
    print(f"{STUDIES} studies, {len(wanted)} files, {seconds:.1f} s undisturbed")
    print(f"killed {given.times} times, {same} ended with the same digests")
    sys.exit(0 if same == given.times else 1)


def build(scratch: Path) -> tuple[Workspace, Path]:
    """A workspace of three small modules, and some studies."""
    place = Workspace(scratch / "site")
    place.configs.mkdir(parents=True)
    bundles.write_bundle(
        place.modules / "quality", level="series", code=bundles.GATE, parameters={"least_spread": 5}
    )
    bundles.write_bundle(
        place.modules / "tissue", code=bundles.LABELLER, parameters={"threshold": 500.0}
    )
    bundles.write_bundle(
        place.modules / "tumour", take="all", upstream=("tissue",), at_least=("T1c", "FLAIR")
    )
    for number in range(STUDIES):
        write_study(scratch / "dicom", f"study{number}")
    return place, scratch / "dicom"


if __name__ == "__main__":
    main()
