"""Every figure there is: which way is better, what values it can take, its unit."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What is known of a figure whatever the structure.

    Attributes
    ----------
    better : str
        ``higher``, ``lower``, or empty where it only describes.
    low, high : float
        The values it can take.
    unit : str
        UCUM; ``1`` for none.
    """

    better: str
    low: float = 0.0
    high: float = 1.0
    unit: str = "1"


FIGURES = {
    "dice": Figure("higher"),
    "nsd": Figure("higher"),
    "hd95": Figure("lower", high=math.inf, unit="mm"),
    "lesion_sensitivity": Figure("higher"),
    "lesion_precision": Figure("higher"),
    "lesion_f1": Figure("higher"),
    "lesion_misses": Figure("lower", high=math.inf),
    "volume": Figure("", high=math.inf, unit="mL"),
    "volume_bias": Figure("", low=-1.0, high=math.inf),
    "volume_error": Figure("lower", high=math.inf),
    "auroc": Figure("higher"),
    "auprc": Figure("higher"),
    "brier": Figure("lower"),
    "calibration_error": Figure("lower"),
}


def better(metric: str) -> str:
    """Which way a metric such as ``dice/whole`` is better; empty where it describes or is unknown.

    Parameters
    ----------
    metric : str
        ``<figure>/<structure>``, or the figure alone.
    """
    known = FIGURES.get(metric.partition("/")[0])
    return known.better if known else ""


def best(metric: str) -> float:
    """The value no prediction can beat, such as 1 for ``dice/whole``; NaN where neither is better.

    Parameters
    ----------
    metric : str
        As `better`.
    """
    way, known = better(metric), FIGURES.get(metric.partition("/")[0])
    if known is None or not way:
        return math.nan
    return known.high if way == "higher" else known.low
