"""How a bundle's weights came about, in the bundle: docs/training.json and docs/training.csv.

A training may run where no registry is. What it followed, on what, for how long and its curve
travel with the weights, and every registry that the version comes to shows them.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BundleError

RECORD, CURVE = "docs/training.json", "docs/training.csv"
STEP = "step"
# MLflow takes no more parameters or tags at a time, and nobody reads a longer curve.
MOST_NAMES, MOST_POINTS = 100, 20_000


@dataclass(frozen=True)
class Point:
    """Figures at one step of a curve, such as the mean loss since the last point."""

    step: int
    figures: Mapping[str, float]


@dataclass(frozen=True)
class Training:
    """One training, from its first step to its last.

    Attributes
    ----------
    settings : mapping of str to str
        Steps, rates, seed.
    tags : mapping of str to str
        Digests of code and data, the cases, the hardware.
    wall_seconds : float
        Interruptions left out.
    curve : tuple of Point
        In the order of the steps.
    """

    settings: Mapping[str, str]
    tags: Mapping[str, str]
    wall_seconds: float
    curve: tuple[Point, ...]


def read_training(bundle: Path) -> Training | None:
    """Read the record of a bundle's training; None where it brings none.

    Raises
    ------
    BundleError
        The record or the curve is not what `tessera train` writes.
    """
    path = bundle / RECORD
    if not path.is_file():
        return None
    try:
        return _parse(path.read_text(encoding="utf-8"), bundle / CURVE)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BundleError(
            f"{path} or {CURVE} beside it is wrong: {type(error).__name__} {error}.",
            "Let `tessera train` write them, or remove them.",
        ) from error


def _parse(record: str, curve: Path) -> Training:
    document = json.loads(record)
    settings, tags = (
        {str(k): str(v) for k, v in document[p].items()} for p in ("settings", "tags")
    )
    points: tuple[Point, ...] = ()
    if curve.is_file():
        rows = csv.DictReader(io.StringIO(curve.read_text(encoding="utf-8")), strict=True)
        points = tuple(
            Point(int(row.pop(STEP)), {name: float(value) for name, value in row.items()})
            for row in rows
        )
    seconds = float(document["wall_seconds"])
    figures = [seconds, *(value for point in points for value in point.figures.values())]
    if not all(math.isfinite(value) for value in figures):
        raise ValueError("figures are finite")
    if max(len(settings), len(tags)) > MOST_NAMES or len(points) > MOST_POINTS:
        raise ValueError(f"at most {MOST_NAMES} settings or tags and {MOST_POINTS} points")
    return Training(settings, tags, seconds, points)
