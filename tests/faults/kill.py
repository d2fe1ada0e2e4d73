"""Kill a batch at random points, run it again, compare with an undisturbed one.

    python -m tests.faults.kill --times 100 --minutes 25

A moment is drawn evenly from the seconds an undisturbed batch takes. A batch that ended before its
moment is no kill and is not counted. Exit status 1 where a killed batch, run again, left something
half written, something temporary, or a file that differs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.workspace import Workspace
from tests import bundles
from tests.conftest import write_study
from tests.faults.batch import Killed, Launcher, Stage, kill_and_resume, left, moments

STUDIES = 3


@dataclass
class Tally:
    """What became of the killed batches."""

    stages: Counter[Stage] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """Batches that were killed while they ran."""
        return sum(count for stage, count in self.stages.items() if stage is not Stage.ENDED)

    def add(self, moment: float, found: Killed | str, wanted: dict[str, str]) -> None:
        """Count one, and print it."""
        stage = found if isinstance(found, str) else str(found.stage)
        if isinstance(found, str):
            self.faults.append(f"at {moment:.2f} s: {found}")
        else:
            self.stages[found.stage] += 1
            if found.left != wanted:
                self.faults.append(f"at {moment:.2f} s, {found.stage}: other digests")
        print(f"{self.killed:4} killed, {len(self.faults)} faults; {moment:5.2f} s: {stage}")


def main() -> None:
    """Print each kill as it happens, then how many fell where; exit 1 if one left a trace."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60, help="Begin no kill after so many.")
    given = parser.parse_args()
    # On few cores, threads of one network that wait for each other only make a batch longer.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # A line at a time, into a file too.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as scratch:
        tally = kill(Path(scratch), given.times, given.seed, time.monotonic() + 60 * given.minutes)
    for stage in Stage:
        print(f"  {tally.stages[stage]:4} {stage}")
    print("\n".join([f"{len(tally.faults)} faults", *tally.faults]))
    sys.exit(1 if tally.faults or not tally.killed else 0)


def kill(scratch: Path, times: int, seed: int, until: float) -> Tally:
    """Kill so many batches, or as many as there is time for."""
    place, dicom = build(scratch)
    launcher, tally = Launcher(), Tally()
    launcher.run(place, dicom, scratch / "first")
    shutil.rmtree(place.cache)
    seconds = launcher.run(place, dicom, scratch / "undisturbed")
    wanted = left(scratch / "undisturbed")
    print(f"{STUDIES} studies, {len(wanted)} files, {seconds:.1f} s undisturbed")
    for moment in moments(seconds, seed):
        if max(tally.killed, len(tally.faults)) >= times or time.monotonic() > until:
            break
        shutil.rmtree(place.cache, ignore_errors=True)
        shutil.rmtree(scratch / "out", ignore_errors=True)
        try:
            found: Killed | str = kill_and_resume(launcher, place, dicom, scratch / "out", moment)
        except (AssertionError, RuntimeError) as error:
            found = str(error)
        tally.add(moment, found, wanted)
    return tally


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
