"""Set the thresholds on people the network was not trained on and is not tested on.

``python -m modules.quality.calibrate DATA``, from the repository, rewrites ``parameters`` in
configs/inference.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .artefacts import OUTPUTS
from .subjects import split
from .trial import Judge, Trial, as_is, varied

REPEATS = 24
QUANTILE = {"warn": 0.985, "fail": 0.996}
LEAST = {"warn": 0.2, "fail": 0.3}
# Uneven intensity can be corrected afterwards: it warns, and fails only where it is extreme.
LENIENT = {"bias_fail": 0.8}


def thresholds(clean: Sequence[Trial]) -> dict[str, float]:
    """So high that nearly all clean scans stay below, and never under LEAST or LENIENT."""
    chances = np.array([trial.chances for trial in clean])
    found = {
        f"{name}_{grade}": max(LEAST[grade], float(np.quantile(chances[:, i], q)))
        for i, name in enumerate(OUTPUTS)
        for grade, q in QUANTILE.items()
    }
    return {key: round(max(value, LENIENT.get(key, 0)), 3) for key, value in found.items()}


def calibrate(bundle: Path, data: Path) -> dict[str, float]:
    """Thresholds from the calibration subjects' clean scans, written into the bundle."""
    judge, subjects = Judge(bundle), split(bundle, data).calibration
    found = thresholds([*as_is(judge, subjects), *varied(judge, subjects, {}, REPEATS)])
    path = bundle / "configs" / "inference.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["parameters"] = found
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return found


if __name__ == "__main__":
    print(json.dumps(calibrate(Path(__file__).parent, Path(sys.argv[1])), indent=2))
