"""Show the module series whose defects are known, and keep all it knows of each."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from highdicom import Volume
from monai.bundle.config_parser import ConfigParser
from numpy.typing import NDArray
from safetensors.torch import load_file

from pipeline.bundle.runtimes.cores import cores

from ..figures.measure import measure
from ..judge.evidence import evidence
from ..judge.outputs import FOREIGN, OUTPUTS
from ..judge.weigh import Judgement, weigh
from ..scans.native import Scan, scan, shown, spoil, vary
from ..scans.subjects import Subject
from ..train import prepare

Image = NDArray[np.float32]
Choose = Callable[[np.random.Generator], dict[str, float]]
# Whose images the made-up ones are said to be.
PHANTOM = "phantom"


@dataclass(frozen=True)
class Trial:
    """One series that was looked at.

    Attributes
    ----------
    person, image : str
        Whose series it was, and which.
    stripped : bool
        Brain only.
    severities : mapping of str to float
        What was added, 0 to 1 each; empty for a clean series.
    evidence : mapping of str to float
        From the network and the metrics.
    foreign : bool
        No structural brain MRI.
    """

    person: str
    image: str
    stripped: bool
    severities: Mapping[str, float]
    evidence: Mapping[str, float]
    foreign: bool = False

    @property
    def whose(self) -> str:
        """The person; made-up images have nothing in common, so each stands for itself."""
        return self.image if self.person == PHANTOM else self.person

    def severity(self, output: str) -> float:
        """How severe one artefact is, 0 to 1; 1 for what is no structural brain MRI at all."""
        return float(self.foreign) if output == FOREIGN else self.severities.get(output, 0.0)

    def judged(self, parameters: Mapping[str, float]) -> dict[str, Judgement]:
        """What the module says of it with these parameters."""
        return weigh(self.evidence, parameters)


class Judge:
    """The bundle's network with its released weights, and the metrics."""

    def __init__(self, bundle: Path) -> None:
        parser = ConfigParser()
        parser.read_config(str(bundle / "configs" / "inference.json"))
        weights = load_file(bundle / "models" / "model.safetensors")
        self._network = parser.get_parsed_content("network_def").eval()
        self._network.load_state_dict(
            {k: v.float() if v.is_floating_point() else v for k, v in weights.items()}
        )

    def __call__(self, seen: Scan) -> dict[str, float]:
        """All evidence of a series."""
        with torch.inference_mode():
            logits = self._network(prepare(shown(seen))[None])[0]
        chances = dict(zip(OUTPUTS, torch.sigmoid(logits.double()).tolist(), strict=True))
        affine = np.diag([*seen.spacing_mm, 1.0])
        volume = Volume(seen.image, affine, coordinate_system="PATIENT")
        return evidence(chances, measure(volume), seen.spacing_mm)


def spread(
    make: Callable[[Subject], Iterable[Trial]], subjects: Iterable[Subject]
) -> Iterator[Trial]:
    """Each subject's trials, several subjects at a time, in the order of the subjects."""
    with ThreadPoolExecutor(cores()) as pool:
        for trials in pool.map(lambda subject: list(make(subject)), subjects):
            yield from trials


def as_acquired(judge: Judge, subjects: Iterable[Subject]) -> Iterator[Trial]:
    """Real series just as they are."""
    for subject in subjects:
        if subject.group in ("stripped", "head"):
            seen = scan(subject, np.random.default_rng(0))
            yield Trial(subject.name, subject.image, seen.stripped, {}, judge(seen))


def varied(judge: Judge, subject: Subject, choose: Choose, scans: range) -> Iterator[Trial]:
    """A series as another scan of the person for each number, spoilt as `choose` says."""
    for repeat in scans if subject.group != "other" else ():
        rng = np.random.default_rng(
            [zlib.crc32(f"{subject.name}/{subject.image}".encode()), repeat]
        )
        clean, severities = vary(scan(subject, rng), rng), choose(rng)
        seen = spoil(clean, severities, rng)
        yield Trial(subject.name, subject.image, seen.stripped, severities, judge(seen))


def strangers(judge: Judge, subjects: Iterable[Subject]) -> Iterator[Trial]:
    """Real images that are no structural brain MRI, as acquired."""
    for subject in subjects:
        if subject.group == "other":
            seen = scan(subject, np.random.default_rng(0))
            yield Trial(subject.name, subject.image, False, {}, judge(seen), foreign=True)


def phantoms(
    judge: Judge, make: Callable[[np.random.Generator], Image], count: int, seed: int
) -> Iterator[Trial]:
    """Made-up images that are no structural brain MRI, on the module's grid of 2 mm."""
    for number in range(count):
        image = make(np.random.default_rng([seed, number]))
        seen = Scan(image, (2.0, 2.0, 2.0), False, (np.array(image.shape) - 1) / 2)
        yield Trial(PHANTOM, str(number), False, {}, judge(seen), foreign=True)
