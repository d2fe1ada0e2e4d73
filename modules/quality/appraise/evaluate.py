"""How well defects are seen in people neither fitted nor calibrated on; every table of the card.

``python -m modules.quality.appraise.evaluate DATA [-o DIR]``, from the repository; needs the extra
``develop``. With -o the curves are drawn into DIR.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

from ..artefacts.movement import AT_WORST, changed
from ..judge.outputs import FOREIGN, MOVED, OUTPUTS
from ..scans.native import Scan, scan, spoil, vary
from ..scans.others import MAKERS, spoil_otherwise
from ..scans.simulate import foreign
from ..scans.subjects import Subject, split
from .curves import draw
from .tables import JOINED, abstention, alarms, defects, detection, reliability, verdicts
from .trial import Judge, Trial, as_acquired, phantoms, spread, strangers

GRADES = {"moderate": 0.5, "severe": 0.9}
# Another program's movements are graded by the share of the signal that they changed, of AT_WORST.
FAINT, BORDERS = 0.2, (0.35, 0.7)
SEEDS = {"motion": 3, "ghosting": 4}
REPEATS = 2
PHANTOMS = 60


def report(bundle: Path, data: Path, pictures: Path | None = None) -> Iterator[str]:
    """The tables, line by line; the curves where a folder is named for them."""
    judge, parts = Judge(bundle), split(bundle, data)
    parameters = json.loads((bundle / "configs" / "inference.json").read_text())["parameters"]
    ours = list(spread(partial(spoilt, judge), parts.test))
    theirs = list(spread(partial(spoilt_otherwise, judge), parts.test))
    clean = [trial for trial in ours if not trial.severities]
    people = tuple(subject for subject in parts.test if subject.group != "other")
    made = list(phantoms(judge, partial(foreign, people), PHANTOMS, seed=7))
    other = list(strangers(judge, parts.test))
    yield "## Artefacts as we simulate them"
    yield from detection(ours, clean, parameters)
    yield "\n## Artefacts as TorchIO and MONAI simulate them"
    yield from detection(theirs, clean, parameters)
    yield f"\n## {FOREIGN}"
    yield from detection([*made, *other], clean, parameters)
    yield "\n## What a chance means"
    yield from reliability([*ours, *made, *other], parameters)
    yield "\n## Leaving the most doubtful series to people"
    yield from abstention(ours, parameters)
    if pictures:
        draw(pictures, [*ours, *made, *other], ours, parameters)
    acquired = list(as_acquired(judge, parts.test))
    yield "\n## False alarms"
    yield from alarms(clean, parameters, "clean, varied")
    yield from alarms(acquired, parameters, "clean, as acquired")
    known = list(as_acquired(judge, parts.defective))
    rest = list(as_acquired(judge, (*parts.train, *parts.evidence_only, *parts.calibration)))
    yield "\n## Real defects"
    yield from defects(known, [*acquired, *rest], parameters)
    yield "\n## Every real series"
    more = strangers(judge, (*parts.train, *parts.evidence_only, *parts.calibration))
    yield from verdicts([*acquired, *rest, *known, *other, *more], parameters)


def spoilt(judge: Judge, subject: Subject) -> Iterator[Trial]:
    """Clean scans, and the same ones with each artefact at each grade."""
    for clean, repeat in _scans(subject):
        ways: list[Mapping[str, float]] = [{}]
        ways += [{name: severity} for name in OUTPUTS[:-1] for severity in GRADES.values()]
        for way in ways:
            seen = spoil(clean, way, _generator(subject, repeat, "".join(way)))
            yield Trial(subject.name, subject.image, seen.stripped, way, judge(seen))


def spoilt_otherwise(judge: Judge, subject: Subject) -> Iterator[Trial]:
    """The same clean scans with each artefact that another program simulates."""
    for clean, repeat in _scans(subject):
        for name in MAKERS:
            seeds = _generator(subject, repeat, name).integers(1 << 31, size=SEEDS.get(name, 1))
            for severity, seed in product(GRADES.values(), seeds.tolist()):
                seen = spoil_otherwise(clean, name, severity, seed)
                way = {name: graded(clean, seen) if JOINED.get(name) == MOVED else severity}
                yield Trial(subject.name, subject.image, seen.stripped, way, judge(seen))


def graded(clean: Scan, spoilt: Scan) -> float:
    """How severe a movement was: the faint, moderate or severe grade its share comes nearest to."""
    share = changed(spoilt.image, clean.image) / AT_WORST
    return (FAINT, *GRADES.values())[sum(share >= border for border in BORDERS)]


def _scans(subject: Subject) -> Iterator[tuple[Scan, int]]:
    """Clean scans of a subject; a painted head is another one each time it is painted."""
    count = {"labels": 2 * REPEATS, "other": 0}.get(subject.group, REPEATS)
    for repeat in range(count):
        rng = _generator(subject, repeat)
        yield vary(scan(subject, rng), rng), repeat


def _generator(subject: Subject, repeat: int, artefact: str = "") -> np.random.Generator:
    """Each image meets its own movement, spike or field; both severities the same one."""
    named = f"{subject.name}/{subject.image}/{artefact}"
    return np.random.default_rng([zlib.crc32(named.encode()), 99, repeat])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("-o", dest="pictures", type=Path, metavar="DIR", help="Draw curves there.")
    options = parser.parse_args()
    for line in report(Path(__file__).parents[1], options.data, options.pictures):
        print(line, flush=True)


if __name__ == "__main__":
    main()
