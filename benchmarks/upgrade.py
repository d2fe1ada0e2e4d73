"""What revalidating one module costs against running everything again, in one run.

python -m benchmarks.upgrade
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.demo.cohort import write_cohort
from pipeline.demo.cohorts import write_cohorts
from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.upgrade.upgrade import carry_out, prepare_upgrade
from pipeline.evaluate.validate import validate
from pipeline.evaluation.scores import CaseScore
from pipeline.evaluation.unlabelled import Agreed
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace, create

COHORT, SPACING_MM = "demo-tumour", 2


class Silent:
    """Watches and says nothing."""

    def began(self, title: str, cases: int) -> None:
        """Begin."""

    def scored(self, score: CaseScore, known: bool) -> None:
        """Score."""

    def compared(self, case: Agreed) -> None:
        """Compare."""


def main() -> None:
    """Print seconds and ratios on the demo's studies in voxels of 2 mm."""
    with tempfile.TemporaryDirectory() as scratch:
        place = create(Path(scratch) / "site")
        for name in ("tissue-real", "tumour-real"):
            (place.cohorts / f"{name}.toml").unlink()
        made = write_cohort(Path(scratch) / "cohort", spacing=SPACING_MM)
        write_cohorts(place, made.folder, made.cases)
        champion = ensure(place).version("tumour")
        candidate = _candidate(place)
        cohort = read_cohort(place, COHORT)

        def judge(version: Version) -> Callable[[], object]:
            return lambda: validate(place, version, cohort, Silent())

        judge(champion)()  # converts the networks, which happens once per version
        _forget(place)
        cold, warm = _timed(judge(champion)), _timed(judge(champion))
        plan = prepare_upgrade(place, candidate, [COHORT])
        upgrade = _timed(lambda: carry_out(place, candidate, plan, Silent()))
        _forget(place)
        everything = _timed(judge(champion)) + _timed(judge(candidate))
    print(f"\nRevalidation on {COHORT} (n={len(cohort.cases)}, voxels of {SPACING_MM} mm)")
    print(f"  validate, cold cache            {cold:7.1f} s")
    print(f"  validate again                  {warm:7.1f} s   {warm / cold:.2f} of cold")
    print(f"  upgrade tumour alone            {upgrade:7.1f} s   {upgrade / everything:.2f} of all")
    print(f"  both versions, everything anew  {everything:7.1f} s")


def _candidate(place: Workspace) -> Version:
    """The tumour module with another threshold."""
    configs = place.modules / "tumour" / "configs"
    for name, change in (("inference.json", _threshold), ("metadata.json", _number)):
        document = json.loads((configs / name).read_text(encoding="utf-8"))
        change(document)
        (configs / name).write_text(json.dumps(document), encoding="utf-8")
    return ensure(place).register(place.modules / "tumour", trust=True)


def _threshold(document: dict) -> None:
    document["parameters"]["whole_threshold"] = 0.6


def _number(document: dict) -> None:
    document["version"] = "99.0.0"


def _forget(place: Workspace) -> None:
    for folder in (place.cache, place.scores):
        shutil.rmtree(folder, ignore_errors=True)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
