"""The card's curves as pictures: what a chance means, what leaving doubtful series out gains."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..judge.outputs import OUTPUTS, SPOKEN
from .tables import Parameters, said_and_so, surest_first, tenths
from .trial import Trial

WIDTH_IN, HEIGHT_IN, DOTS_PER_INCH = 6.0, 5.0, 110


def draw(
    folder: Path, asked: Sequence[Trial], spoilt: Sequence[Trial], parameters: Parameters
) -> tuple[Path, Path]:
    """Write reliability.png, of the trials `asked`, and abstention.png, of those `spoilt`."""
    folder.mkdir(parents=True, exist_ok=True)
    return (
        _saved(_reliability(asked, parameters), folder / "reliability.png"),
        _saved(_abstention(spoilt, parameters), folder / "abstention.png"),
    )


def _reliability(trials: Sequence[Trial], parameters: Parameters) -> Figure:
    figure, axes = _empty("chance that was said", "share that was so")
    axes.plot((0, 1), (0, 1), color="0.7", linewidth=1)
    for output in OUTPUTS:
        chances, truth = said_and_so(trials, output, parameters)
        _, counts, said, so = zip(*tenths(chances, truth), strict=True)
        (line,) = axes.plot(said, so, label=f"{SPOKEN[output]} (n={len(chances)})", linewidth=1)
        axes.scatter(said, so, s=4 + 3 * np.sqrt(counts), color=line.get_color())
    axes.set_title("What a chance means: dots grow with the number of series", fontsize=10)
    axes.legend(fontsize=8)
    return figure


def _abstention(trials: Sequence[Trial], parameters: Parameters) -> Figure:
    wrong = surest_first(trials, parameters)
    kept = np.arange(1, len(wrong) + 1)
    figure, axes = _empty("share of series kept, surest first", "share judged wrongly")
    axes.plot(kept / len(wrong), np.cumsum(wrong) / kept, linewidth=1)
    axes.set_ylim(0, None)
    axes.set_title(f"Leaving the most doubtful series to people (n={len(wrong)})", fontsize=10)
    return figure


def _empty(across: str, up: str) -> tuple[Figure, Any]:
    figure = Figure((WIDTH_IN, HEIGHT_IN), DOTS_PER_INCH, layout="constrained")
    axes = figure.subplots()
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(color="0.92")
    return figure, axes


def _saved(figure: Figure, path: Path) -> Path:
    figure.savefig(path)
    return path
