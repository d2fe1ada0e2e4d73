"""How well defects are seen in people neither fitted nor calibrated on; every table of the card.

``python -m modules.quality.evaluate DATA``, from the repository; needs the extra ``develop``.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from .artefacts import KINDS
from .evidence import OUTPUTS
from .others import MAKERS, spoil_otherwise
from .predict import FOREIGN
from .simulate import acquired, foreign, spoil, vary
from .sources import Source, hold
from .subjects import Subject, split
from .tables import abstention, alarms, defects, detection, reliability, verdicts
from .trial import Judge, Trial, as_acquired, phantoms, strangers

GRADES = {"moderate": 0.5, "severe": 0.9}
PAINTINGS = 2
PHANTOMS = 30


def report(bundle: Path, data: Path) -> Iterator[str]:
    """The tables, line by line."""
    judge, parts = Judge(bundle), split(bundle, data)
    tested, seen = _held(parts.test), _held((*parts.train, *parts.calibration))
    parameters = json.loads((bundle / "configs" / "inference.json").read_text())["parameters"]
    ours = list(spoilt(judge, tested, OUTPUTS[:-1], PAINTINGS))
    apart = [trial for trial in spoilt(judge, tested, [*KINDS]) if trial.severities]
    theirs = list(spoilt_otherwise(judge, tested))
    clean = [trial for trial in ours if not trial.severities]
    people = tuple(source for source in tested if source.group != "other")
    made = list(phantoms(judge, partial(foreign, people), PHANTOMS, seed=7))
    other = list(strangers(judge, tested))
    yield "## Artefacts as we simulate them"
    yield from detection([*ours, *apart], clean, parameters)
    yield "\n## Artefacts as TorchIO and MONAI simulate them"
    yield from detection(theirs, clean, parameters)
    yield f"\n## {FOREIGN}"
    yield from detection([*made, *other], clean, parameters)
    yield "\n## What a chance means"
    yield from reliability([*ours, *made, *other], parameters)
    yield "\n## Leaving the most doubtful series to people"
    yield from abstention(ours, parameters)
    plain = list(as_acquired(judge, tested))
    yield "\n## False alarms"
    yield from alarms(clean, parameters, "clean, varied")
    yield from alarms(plain, parameters, "clean, as acquired")
    known = list(as_acquired(judge, _held(parts.defective)))
    rest = list(as_acquired(judge, seen))
    yield "\n## Real defects"
    yield from defects(known, [*plain, *rest], parameters)
    yield "\n## Every real series"
    more = strangers(judge, seen)
    yield from verdicts([*plain, *rest, *known, *other, *more], parameters)


def spoilt(
    judge: Judge, sources: Iterable[Source], names: Sequence[str], paintings: int = 1
) -> Iterator[Trial]:
    """Clean scans, and the same ones with each of some artefacts at each grade."""
    for source, repeat in _scans(sources, paintings):
        rng = _generator(source, repeat)
        clean = vary(acquired(source, rng), rng)
        ways: list[Mapping[str, float]] = [{}]
        ways += [{name: severity} for name in names for severity in GRADES.values()]
        for way in ways:
            seen = spoil(clean, way, _generator(source, repeat, "".join(way)))
            yield Trial(source.name, source.image, seen.stripped, way, judge(seen))


def spoilt_otherwise(judge: Judge, sources: Iterable[Source]) -> Iterator[Trial]:
    """The same clean scans with each artefact that another program simulates, severe."""
    severity = GRADES["severe"]
    for source, repeat in _scans(sources):
        rng = _generator(source, repeat)
        clean = vary(acquired(source, rng), rng)
        for name in MAKERS:
            seed = int(_generator(source, repeat, name).integers(1 << 31))
            seen = spoil_otherwise(clean, name, severity, seed)
            yield Trial(source.name, source.image, seen.stripped, {name: severity}, judge(seen))


def _held(subjects: Iterable[Subject]) -> tuple[Source, ...]:
    return tuple(hold(subject) for subject in subjects)


def _scans(sources: Iterable[Source], paintings: int = 1) -> Iterator[tuple[Source, int]]:
    for source in sources:
        # A painted head is another one each time it is painted, an image is not.
        for repeat in range(paintings if source.group == "labels" else 1):
            if source.group != "other":
                yield source, repeat


def _generator(source: Source, repeat: int, artefact: str = "") -> np.random.Generator:
    """Each image meets its own movement, spike or field; both severities the same one."""
    named = f"{source.name}/{source.image}/{artefact}"
    return np.random.default_rng([zlib.crc32(named.encode()), 99, repeat])


if __name__ == "__main__":
    for line in report(Path(__file__).parent, Path(sys.argv[1])):
        print(line, flush=True)
