"""Show the network images whose defects are known, and keep what it answers."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from monai.bundle.config_parser import ConfigParser
from numpy.typing import NDArray
from safetensors.torch import load_file

from .artefacts import OUTPUTS
from .scene import Scene, scene, vary
from .simulate import spoil
from .subjects import Subject
from .train import prepare

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Trial:
    """One answer.

    Attributes
    ----------
    subject : Subject
        Whose image it was.
    stripped : bool
        Brain only.
    artefact : str
        What was added; empty for a clean image.
    severity : float
        How much of it, 0 to 1.
    chances : ndarray of float, shape (7,)
        The network's probabilities in the order of OUTPUTS.
    """

    subject: Subject
    stripped: bool
    artefact: str
    severity: float
    chances: NDArray[np.float64]

    def chance(self, artefact: str) -> float:
        """The probability of one artefact."""
        return float(self.chances[OUTPUTS.index(artefact)])


class Judge:
    """The bundle's network with its released weights."""

    def __init__(self, bundle: Path) -> None:
        parser = ConfigParser()
        parser.read_config(str(bundle / "configs" / "inference.json"))
        weights = load_file(bundle / "models" / "model.safetensors")
        self._network = parser.get_parsed_content("network_def").eval()
        self._network.load_state_dict(
            {k: v.float() if v.is_floating_point() else v for k, v in weights.items()}
        )

    def __call__(self, image: Image) -> NDArray[np.float64]:
        """Probabilities (7,) for an image on the module's grid, float32 (96, 96, 96)."""
        with torch.inference_mode():
            logits = self._network(prepare(image)[None])[0]
        return np.asarray(torch.sigmoid(logits.double()).numpy())


def as_is(judge: Judge, subjects: Iterable[Subject]) -> Iterator[Trial]:
    """Real images just as the runner would show them: its own grid, nothing added or varied."""
    for subject in subjects:
        if subject.group in ("stripped", "head"):
            shown = scene(subject, np.random.default_rng(0), strength=0.0)
            yield Trial(subject, shown.stripped, "", 0.0, judge(shown.image))


def varied(
    judge: Judge,
    subjects: Iterable[Subject],
    severities: Mapping[str, tuple[float, ...]],
    repeats: int,
) -> Iterator[Trial]:
    """Each image `repeats` times as another good scan of the person, clean and then spoilt.

    The same clean scan is spoilt by every artefact at every severity, so differences are the
    artefact's own.
    """
    for subject in subjects:
        for repeat in range(repeats if subject.group != "other" else 0):
            rng = np.random.default_rng([zlib.crc32(subject.name.encode()), repeat])
            clean = vary(scene(subject, rng), rng, thicker=max(subject.spacing_mm) < 3)
            yield Trial(subject, clean.stripped, "", 0.0, judge(clean.image))
            yield from _spoilt(judge, subject, clean, severities, repeat)


def _spoilt(
    judge: Judge,
    subject: Subject,
    clean: Scene,
    severities: Mapping[str, tuple[float, ...]],
    repeat: int,
) -> Iterator[Trial]:
    for artefact, grades in severities.items():
        for severity in grades:
            rng = np.random.default_rng([zlib.crc32(artefact.encode()), repeat])
            image = spoil(clean, {artefact: severity}, rng)
            yield Trial(subject, clean.stripped, artefact, severity, judge(image))
