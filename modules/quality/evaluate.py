"""How well defects are seen in people neither fitted nor calibrated on; every table of the card.

``python -m modules.quality.evaluate DATA``, from the repository; needs the extra ``develop``.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from .artefacts import OUTPUTS
from .native import scan, spoil, vary
from .others import MAKERS, spoil_otherwise
from .predict import FOREIGN
from .simulate import foreign
from .subjects import Subject, split
from .tables import abstention, alarms, defects, detection, reliability, verdicts
from .trial import Judge, Trial, as_acquired, phantoms, strangers

GRADES = {"moderate": 0.5, "severe": 0.9}
REPEATS = 1
PHANTOMS = 60


def report(bundle: Path, data: Path) -> Iterator[str]:
    """The tables, line by line."""
    judge, parts = Judge(bundle), split(bundle, data)
    parameters = json.loads((bundle / "configs" / "inference.json").read_text())["parameters"]
    ours = list(spoilt(judge, parts.test))
    theirs = list(spoilt_otherwise(judge, parts.test))
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
    acquired = list(as_acquired(judge, parts.test))
    yield "\n## False alarms"
    yield from alarms(clean, parameters, "clean, varied")
    yield from alarms(acquired, parameters, "clean, as acquired")
    known = list(as_acquired(judge, parts.defective))
    rest = list(as_acquired(judge, (*parts.train, *parts.calibration)))
    yield "\n## Real defects"
    yield from defects(known, [*acquired, *rest], parameters)
    yield "\n## Every real series"
    more = strangers(judge, (*parts.train, *parts.calibration))
    yield from verdicts([*acquired, *rest, *known, *other, *more], parameters)


def spoilt(judge: Judge, subjects: Iterable[Subject]) -> Iterator[Trial]:
    """Clean scans, and the same ones with each artefact at each grade."""
    for subject, repeat in _scans(subjects):
        rng = _generator(subject, repeat)
        clean = vary(scan(subject, rng), rng)
        ways: list[Mapping[str, float]] = [{}]
        ways += [{name: severity} for name in OUTPUTS[:-1] for severity in GRADES.values()]
        for way in ways:
            seen = spoil(clean, way, _generator(subject, repeat, "".join(way)))
            yield Trial(subject.name, subject.image, seen.stripped, way, judge(seen))


def spoilt_otherwise(judge: Judge, subjects: Iterable[Subject]) -> Iterator[Trial]:
    """The same clean scans with each artefact that another program simulates."""
    for subject, repeat in _scans(subjects):
        rng = _generator(subject, repeat)
        clean = vary(scan(subject, rng), rng)
        for name in MAKERS:
            seed = int(_generator(subject, repeat, name).integers(1 << 31))
            for severity in GRADES.values():
                seen = spoil_otherwise(clean, name, severity, seed)
                yield Trial(
                    subject.name, subject.image, seen.stripped, {name: severity}, judge(seen)
                )


def _scans(subjects: Iterable[Subject]) -> Iterator[tuple[Subject, int]]:
    for subject in subjects:
        # A painted head is another one each time it is painted, an image is not.
        for repeat in range(2 * REPEATS if subject.group == "labels" else REPEATS):
            if subject.group != "other":
                yield subject, repeat


def _generator(subject: Subject, repeat: int, artefact: str = "") -> np.random.Generator:
    """Each image meets its own movement, spike or field; both severities the same one."""
    named = f"{subject.name}/{subject.image}/{artefact}"
    return np.random.default_rng([zlib.crc32(named.encode()), 99, repeat])


if __name__ == "__main__":
    for line in report(Path(__file__).parent, Path(sys.argv[1])):
        print(line, flush=True)
