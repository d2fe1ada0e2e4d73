from __future__ import annotations

import math
import subprocess
import sys

import pytest

import pipeline.metrics
from pipeline.metrics import FIGURES, better
from pipeline.metrics.figures import best


@pytest.mark.parametrize(
    ("metric", "way"),
    [("dice/whole", "higher"), ("hd95/whole", "lower"), ("volume/GM", ""), ("beauty", "")],
)
def test_a_metric_is_better_one_way_whatever_the_structure(metric: str, way: str) -> None:
    assert better(metric) == way


def test_nothing_beats_the_best() -> None:
    assert best("dice/whole") == 1.0
    assert best("hd95/whole") == 0.0
    assert math.isnan(best("volume/GM"))


def test_every_figure_has_a_function_or_is_counted_with_the_lesions() -> None:
    counted = {f"lesion_{name}" for name in ("sensitivity", "precision", "f1", "misses")}
    assert {name for name in FIGURES if not hasattr(pipeline.metrics, name)} == counted


def test_importing_the_figures_loads_neither_torch_nor_monai() -> None:
    heavy = "{'torch', 'monai', 'sklearn', 'pandas'} & set(sys.modules)"
    program = f"import sys, pipeline.metrics; sys.exit(bool({heavy}))"
    subprocess.run([sys.executable, "-c", program], check=True)
